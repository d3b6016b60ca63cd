"""Unresolved texts: they conflict, came too late or were replaced. They are stored until their author resolves them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from evaluation.answers.judgements import (
    AnswerInput,
    Closed,
    Conflict,
    InvalidAnswer,
    Saved,
    own_observation,
    own_observation_versions,
    save_answer,
    save_finding,
    save_observation,
)
from evaluation.models import (
    Answer,
    AnswerVersion,
    Evaluation,
    Finding,
    FindingVersion,
    UnresolvedText,
    User,
)

Kind = UnresolvedText.Kind
Reason = UnresolvedText.Reason

Rows = Callable[[Evaluation, str, User], QuerySet[Any]]
"""Finds rows by the evaluation, the code of an indicator and the user who asks."""


@dataclass(frozen=True, slots=True)
class TextStore:
    """How one kind of text is stored: its save function, its row and its versions."""

    save: Callable[..., Saved | Conflict | Closed]
    row: Rows
    versions: Rows


def rows_of(model: type[Model]) -> Rows:
    """Return what finds the rows of a model by evaluation and code, whoever asks."""
    return lambda evaluation, code, _by: model._base_manager.filter(evaluation_id=evaluation.pk, code=code)


STORES = {
    Kind.ANSWER: TextStore(save_answer, rows_of(Answer), rows_of(AnswerVersion)),
    Kind.FINDING: TextStore(save_finding, rows_of(Finding), rows_of(FindingVersion)),
    Kind.OBSERVATION: TextStore(save_observation, own_observation, own_observation_versions),
}
"""How each kind of text is stored. Replies and remarks register theirs."""

_FIELDS = tuple(field.name for field in fields(AnswerInput))


def as_input(text: Any) -> AnswerInput:
    """Return the values of a row as input, without author and time."""
    return AnswerInput(**{name: getattr(text, name) for name in _FIELDS if hasattr(text, name)})


def save_text(
    kind: str,
    evaluation: Evaluation,
    code: str,
    submitted: AnswerInput,
    *,
    version: int,
    by: User,
    save_uid: UUID | None = None,
    draft_uid: UUID | None = None,
    resolves: bool = False,
) -> Saved | Conflict | Closed:
    """Save a text of this kind, or store it as unresolved if it cannot become the current text.

    `draft_uid` identifies the form in which it was entered. With `resolves`, the author has seen both texts of a
    conflict and chooses this one: its unresolved row is deleted, and the replaced text is stored as unresolved for its
    author. Raises InvalidAnswer for values that are not valid for the indicator.
    """
    if not resolves:
        return _save(kind, evaluation, code, submitted, version, by, save_uid, draft_uid)
    with transaction.atomic():
        result = _save(kind, evaluation, code, submitted, version, by, save_uid, draft_uid)
        if isinstance(result, Saved) and _delete_draft(by, draft_uid):
            _store_replaced(kind, evaluation, code, submitted, version, by)
    return result


def _delete_draft(author: User, draft_uid: UUID | None) -> int:
    """Delete the unresolved text that the author entered in a form. Return the number of deleted rows."""
    if draft_uid is None:
        return 0
    return UnresolvedText.objects.filter(author=author, draft_uid=draft_uid).delete()[0]


def _save(
    kind: str,
    evaluation: Evaluation,
    code: str,
    submitted: AnswerInput,
    version: int,
    by: User,
    save_uid: UUID | None,
    draft_uid: UUID | None,
) -> Saved | Conflict | Closed:
    result = STORES[Kind(kind)].save(evaluation, code, submitted, version=version, by=by, save_uid=save_uid)
    if isinstance(result, Conflict):
        if as_input(result.theirs) == submitted:  # both texts are the same: there is nothing to resolve
            _delete_draft(by, draft_uid)
            return Saved(result.theirs.version)
        _store_unresolved(
            *(kind, evaluation, code, submitted, Reason.CONFLICT, by, draft_uid or save_uid, result.theirs.by),
            version=version,
        )
    elif (
        isinstance(result, Closed) and submitted != AnswerInput() and submitted != _current(kind, evaluation, code, by)
    ):
        _store_unresolved(
            kind, evaluation, code, submitted, Reason.CLOSED, by, draft_uid or save_uid, None, version=version
        )
    return result


def _current(kind: str, evaluation: Evaluation, code: str, by: User) -> AnswerInput | None:
    """Return the current values, or None if there is no row."""
    row = STORES[Kind(kind)].row(evaluation, code, by).first()
    return row and as_input(row)


def _store_unresolved(
    kind: str,
    evaluation: Evaluation,
    code: str,
    submitted: AnswerInput,
    reason: Reason,
    author: User,
    draft_uid: UUID | None,
    other: User | None,
    *,
    version: int,
) -> None:
    UnresolvedText.objects.update_or_create(
        author=author,
        draft_uid=draft_uid or uuid4(),
        defaults={
            "evaluation": evaluation,
            "kind": kind,
            "code": code,
            "reason": reason,
            "other": other,
            "version": max(version, 0),  # below 0 if the form did not say it
            "at": timezone.now(),
            **{name: getattr(submitted, name) for name in _FIELDS},
        },
    )


def _store_replaced(
    kind: str, evaluation: Evaluation, code: str, submitted: AnswerInput, version: int, by: User
) -> None:
    """Store the replaced text of `version` as unresolved for its author."""
    replaced = STORES[Kind(kind)].versions(evaluation, code, by).filter(version=version).first()
    if replaced is None or replaced.by_id in (None, by.pk) or as_input(replaced) == submitted:
        return
    author = User.objects.get(pk=replaced.by_id)
    _store_unresolved(kind, evaluation, code, as_input(replaced), Reason.REPLACED, author, uuid4(), by, version=version)


def texts_of(author: User) -> QuerySet[UnresolvedText]:
    """Return the unresolved texts of an author, oldest first. One short query where there is none, which is usual."""
    return UnresolvedText.objects.filter(author=author).prefetch_related("other", "evaluation__hotline")


def texts_by_code(evaluation: Evaluation, kind: str, author: User) -> dict[str, list[UnresolvedText]]:
    """Return an author's unresolved texts of one evaluation and kind, by indicator code."""
    found: dict[str, list[UnresolvedText]] = {}
    for text in evaluation.unresolved_texts.filter(kind=kind, author=author).select_related("other"):
        found.setdefault(text.code, []).append(text)
    return found


def late_texts_of(author: User, evaluation: Evaluation, kind: str) -> QuerySet[UnresolvedText]:
    """Return the texts of an author that came too late, by indicator."""
    return texts_of(author).filter(evaluation=evaluation, kind=kind, reason=Reason.CLOSED).order_by("code", "at")


def take_back_late_texts(evaluation: Evaluation, kind: str, *, by: User) -> int:
    """Make every late text of `by` the current one, the newest of an indicator first; return the number of those left.

    A text is left unchanged if another was saved since its author had seen the current one, also by the author.
    """
    newest_first = late_texts_of(by, evaluation, kind).order_by("code", "-at")
    return sum(not _take_back(evaluation, kind, text, by) for text in newest_first)


def _take_back(evaluation: Evaluation, kind: str, text: UnresolvedText, by: User) -> bool:
    submitted = as_input(text)
    present = STORES[Kind(kind)].row(evaluation, text.code, by).first()
    if present and present.version != text.version and as_input(present) != submitted:
        return False
    about = (kind, evaluation, text.code, submitted)
    try:
        saved = save_text(*about, version=text.version, by=by, draft_uid=text.draft_uid, resolves=True)
    except InvalidAnswer:  # the limits of the indicator are narrower now
        return False
    return isinstance(saved, Saved)


def make_current(text: UnresolvedText, *, version: int) -> Saved | Conflict | Closed:
    """Save an unresolved text as the current one if `version`, which its author has seen, is still current.

    A newer version of the author alone is no conflict: it is replaced, and stays in the earlier versions.
    """
    submitted = as_input(text)

    def save(over: int) -> Saved | Conflict | Closed:
        about = (text.kind, text.evaluation, text.code, submitted)
        return save_text(*about, version=over, by=text.author, draft_uid=text.draft_uid, resolves=True)

    result = save(version)
    if isinstance(result, Conflict) and result.theirs.by_id == text.author_id:
        result = save(result.theirs.version)
    return result
