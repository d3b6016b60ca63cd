"""Writes what a confirmed workbook changes: one save an answer, and nothing over a newer one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid5

from django.db import transaction

from evaluation.assessment.judgements import Conflict, Saved, save_answer
from evaluation.assessment.unresolved_texts import Kind, save_text
from evaluation.assessment.workbook.comparing import ComparedRow, Difference, compare_workbook
from evaluation.assessment.workbook.reading import FilledWorkbook
from evaluation.files.documents import attach_addresses, detach
from evaluation.models import Evaluation, User

_NAMESPACE = UUID("6f3c1d0e-6a0f-4f0b-9a51-5d1f5f1d7a10")


class Resolution(StrEnum):
    """What becomes of a conflict."""

    MINE = "mine"
    """The answer of the workbook replaces the newer one, whose author is shown it."""
    THEIRS = "theirs"
    """The stored answer stays."""
    LATER = "later"
    """The stored answer stays, and that of the workbook waits beside it in the questionnaire."""


@dataclass(frozen=True, slots=True)
class ConflictChoice:
    """A resolution, and the version of the stored answer that was shown with it."""

    resolution: Resolution
    version: int


@dataclass(slots=True)
class Confirmed:
    """What a confirmation did, as codes of indicators. Nothing is written if the self-assessment is closed."""

    saved: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Conflicts in which the stored answer stays."""
    undecided: list[str] = field(default_factory=list)
    """Conflicts without a choice on what is stored now."""
    fixed: list[str] = field(default_factory=list)
    """Answers that stay as submitted, as others are sent back; what the workbook says waits beside them."""
    is_closed: bool = False


@transaction.atomic
def confirm_workbook(
    evaluation: Evaluation, workbook: FilledWorkbook, choices: Mapping[str, ConflictChoice], *, token: str, by: User
) -> Confirmed:
    """Write the changes of the workbook and what was decided on its conflicts.

    `token` identifies what was confirmed: doing it twice, or by two people, writes nothing twice.
    """
    locked = Evaluation.objects.select_for_update(no_key=True).only("state", "fixed_codes").get(pk=evaluation.pk)
    if not locked.is_open:
        return Confirmed(is_closed=True)
    evaluation.fixed_codes = locked.fixed_codes
    done = Confirmed()
    rows = compare_workbook(evaluation, workbook).rows
    _write_addresses(evaluation, rows, by=by)
    for compared in rows:
        if compared.added or compared.removed:
            done.saved.append(compared.code)
        if compared.difference is Difference.CHANGE:
            _save_change(evaluation, compared, token=token, by=by, done=done)
        elif compared.difference is Difference.CONFLICT:
            _settle(evaluation, compared, choices.get(compared.code), token=token, by=by, done=done)
        elif compared.is_fixed:
            _keep_beside(evaluation, compared, token=token, by=by)
            done.fixed.append(compared.code)
    done.saved = list(dict.fromkeys(done.saved))
    return done


def _uid(token: str, code: str, version: int, purpose: str) -> UUID:
    """Return the same identifier for the same save of the same workbook."""
    return uuid5(_NAMESPACE, f"{token}:{code}:{version}:{purpose}")


def _save_change(evaluation: Evaluation, compared: ComparedRow, *, token: str, by: User, done: Confirmed) -> None:
    row = compared.row
    save_uid = _uid(token, row.code, row.version, "save")
    result = save_answer(evaluation, row.code, row.answer, version=row.version, by=by, save_uid=save_uid)
    match result:
        case Saved():
            done.saved.append(row.code)
        case Conflict():
            done.undecided.append(row.code)
        case _:
            done.is_closed = True


def _settle(
    evaluation: Evaluation,
    compared: ComparedRow,
    choice: ConflictChoice | None,
    *,
    token: str,
    by: User,
    done: Confirmed,
) -> None:
    """Do what was decided on a conflict, if the stored answer is still the one that was shown."""
    row, code = compared.row, compared.code
    if choice is None or choice.version != compared.stored.version:
        done.undecided.append(code)
        return
    if choice.resolution is Resolution.THEIRS:
        done.left.append(code)
        return
    draft_uid = _uid(f"{token}:{by.uid}", code, choice.version, "draft")
    # Against the older version this is a conflict, which keeps the words beside the stored answer.
    save_text(Kind.ANSWER, evaluation, code, row.answer, version=row.version, by=by, draft_uid=draft_uid)
    if choice.resolution is Resolution.LATER:
        done.left.append(code)
        return
    result = save_text(
        *(Kind.ANSWER, evaluation, code, row.answer),
        version=choice.version,
        by=by,
        save_uid=_uid(token, code, choice.version, "save"),
        draft_uid=draft_uid,
        resolves=True,
    )
    (done.saved if isinstance(result, Saved) else done.undecided).append(code)


def _keep_beside(evaluation: Evaluation, compared: ComparedRow, *, token: str, by: User) -> None:
    """Keep what the workbook says on an answer that stays as submitted, as an unresolved text."""
    row = compared.row
    draft_uid = _uid(f"{token}:{by.uid}", row.code, row.version, "draft")
    save_text(Kind.ANSWER, evaluation, row.code, row.answer, version=row.version, by=by, draft_uid=draft_uid)


def _write_addresses(evaluation: Evaluation, rows: Sequence[ComparedRow], *, by: User) -> None:
    """Add and remove the addresses of all rows."""
    attach_addresses(evaluation, [(row.code, address) for row in rows for address in row.added], by=by)
    for link in (link for row in rows for link in row.removed):
        detach(link)
