"""Save the changes of a confirmed workbook: one save per answer, which never overwrites a newer one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid5

from django.db import transaction

from evaluation.answers.judgements import Conflict, Saved
from evaluation.answers.unresolved_texts import STORES, save_text
from evaluation.answers.workbook.comparing import ComparedRow, Difference, compare_workbook
from evaluation.answers.workbook.reading import FilledWorkbook
from evaluation.answers.workbook.subject import Subject
from evaluation.files.documents import attach_addresses, detach
from evaluation.models import User

_NAMESPACE = UUID("6f3c1d0e-6a0f-4f0b-9a51-5d1f5f1d7a10")


class Resolution(StrEnum):
    """The resolution of a conflict."""

    MINE = "mine"
    """The answer of the workbook replaces the newer one, which is stored as unresolved for its author."""
    THEIRS = "theirs"
    """The stored answer is kept."""
    LATER = "later"
    """The stored answer is kept; the answer of the workbook is stored as unresolved and shown in the questionnaire."""


@dataclass(frozen=True, slots=True)
class ConflictChoice:
    """A resolution, and the version of the stored answer that was shown with it."""

    resolution: Resolution
    version: int


@dataclass(slots=True)
class Confirmed:
    """The result of a confirmation, as indicator codes. Nothing is written if the subject is closed."""

    saved: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Conflicts in which the stored answer is kept."""
    undecided: list[str] = field(default_factory=list)
    """Conflicts without a resolution for the currently stored version."""
    fixed: list[str] = field(default_factory=list)
    """Fixed answers, because only others were sent back; the text of the workbook is stored as unresolved."""
    further: int = 0
    """The number of changes written from the further sheets."""
    is_closed: bool = False


@transaction.atomic
def confirm_workbook(
    subject: Subject, workbook: FilledWorkbook, choices: Mapping[str, ConflictChoice], *, token: str, by: User
) -> Confirmed:
    """Save the changes of the workbook, and resolve its conflicts as chosen.

    `token` identifies the uploaded workbook: confirming it twice, or by two users, writes nothing twice.
    """
    if not subject.lock():
        return Confirmed(is_closed=True)
    done = Confirmed()
    rows = compare_workbook(subject, workbook).rows
    _write_addresses(subject, rows, by=by)
    for compared in rows:
        if compared.added or compared.removed:
            done.saved.append(compared.code)
        if compared.difference is Difference.CHANGE:
            _save_change(subject, compared, token=token, by=by, done=done)
        elif compared.difference is Difference.CONFLICT:
            _settle(subject, compared, choices.get(compared.code), token=token, by=by, done=done)
        elif compared.is_fixed:
            _store_unresolved(subject, compared, token=token, by=by)
            done.fixed.append(compared.code)
    done.saved = list(dict.fromkeys(done.saved))
    done.further = subject.save_further(workbook.further)
    return done


def _uid(token: str, code: str, version: int, purpose: str) -> UUID:
    """Return an identifier that is the same for the same save of the same workbook."""
    return uuid5(_NAMESPACE, f"{token}:{code}:{version}:{purpose}")


def _save_change(subject: Subject, compared: ComparedRow, *, token: str, by: User, done: Confirmed) -> None:
    row = compared.row
    save_uid = _uid(token, row.code, row.version, "save")
    save = STORES[subject.kind].save
    result = save(subject.evaluation, row.code, row.answer, version=row.version, by=by, save_uid=save_uid)
    match result:
        case Saved():
            done.saved.append(row.code)
        case Conflict():
            done.undecided.append(row.code)
        case _:
            done.is_closed = True


def _settle(
    subject: Subject,
    compared: ComparedRow,
    choice: ConflictChoice | None,
    *,
    token: str,
    by: User,
    done: Confirmed,
) -> None:
    """Resolve a conflict as chosen, if the stored answer is still the version that was shown."""
    row, code = compared.row, compared.code
    if choice is None or choice.version != compared.stored.version:
        done.undecided.append(code)
        return
    if choice.resolution is Resolution.THEIRS:
        done.left.append(code)
        return
    draft_uid = _uid(f"{token}:{by.uid}", code, choice.version, "draft")
    # Saving against the older version is a conflict, which stores the text as unresolved.
    about = (subject.kind, subject.evaluation, code, row.answer)
    save_text(*about, version=row.version, by=by, draft_uid=draft_uid)
    if choice.resolution is Resolution.LATER:
        done.left.append(code)
        return
    result = save_text(
        *about,
        version=choice.version,
        by=by,
        save_uid=_uid(token, code, choice.version, "save"),
        draft_uid=draft_uid,
        resolves=True,
    )
    (done.saved if isinstance(result, Saved) else done.undecided).append(code)


def _store_unresolved(subject: Subject, compared: ComparedRow, *, token: str, by: User) -> None:
    """Store the workbook's text on a fixed answer as an unresolved text."""
    row = compared.row
    draft_uid = _uid(f"{token}:{by.uid}", row.code, row.version, "draft")
    about = (subject.kind, subject.evaluation, row.code, row.answer)
    save_text(*about, version=row.version, by=by, draft_uid=draft_uid)


def _write_addresses(subject: Subject, rows: Sequence[ComparedRow], *, by: User) -> None:
    """Add and remove the addresses of all rows."""
    attach_addresses(subject.evaluation, [(row.code, address) for row in rows for address in row.added], by=by)
    for link in (link for row in rows for link in row.removed):
        detach(link, by=by)
