"""The rows of the sheets of a visit: each assessor writes their own; the team reads all once everyone has finished."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from evaluation.answers.judgements import Closed, Conflict
from evaluation.figures.problems.screening import looks_personal
from evaluation.models import Channel, Evaluation, SheetRow, SheetRowVersion, User, Visit, VisitSheet
from evaluation.models.visits.sheet import RowValues
from evaluation.visits.recording import is_recording
from evaluation.visits.sheets.templates import Kind, SheetTemplate

MET, NOT_MET, DOES_NOT_APPLY = "met", "not_met", "na"
MARKS = {
    MET: gettext_lazy("met"),
    NOT_MET: gettext_lazy("not met"),
    DOES_NOT_APPLY: gettext_lazy("does not apply"),
}
"""The labels of the marks of a criterion, in order."""
MOST_ROWS = 200
"""The number of rows per user and sheet."""
MOST_FILES = 9_999
LONGEST_WORDS = 4_000

FIELDS: dict[str, tuple[str, ...]] = {
    Kind.CONTACTS: ("channel", "language", "day", "starts"),
    Kind.LISTENING: ("channel", "language", "day", "starts"),
    Kind.FILES: ("topic", "looked_at"),
    Kind.INTERVIEWS: ("role", "topic", "day"),
}
"""The fields of a row by kind of sheet, without the marks and the words, which every row has."""
_OPTIONAL = {(Kind.FILES, "topic")}
_LENGTHS = {"role": SheetRow.LONGEST_ROLE, "topic": SheetRow.LONGEST_TOPIC, "words": LONGEST_WORDS}


@dataclass(frozen=True, slots=True)
class RowInput:
    """The submitted values of a row. A field that the kind of sheet does not have keeps its default."""

    channel: str = ""
    language: str = ""
    day: date | None = None
    starts: time | None = None
    looked_at: int | None = None
    role: str = ""
    topic: str = ""
    marks: Mapping[str, str | int] = field(default_factory=dict)
    words: str = ""


WRITTEN = tuple(RowInput.__slots__)
"""The names of the fields that a row and its input have in common."""


class InvalidRow(ValueError):
    """A row cannot be saved. `problems` has a code by field name; the field of a criterion is `marks.` with its key.

    The codes are `required`, `unknown`, `too_long`, `too_many`, `looks_personal`, `in_the_future`,
    `not_of_the_visit`, `more_than_looked_at`.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(", ".join(problems.values()))
        self.problems = dict(problems)


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet with its criteria, its rows in the order of the model, and its removed rows."""

    template: SheetTemplate
    rows: tuple[SheetRow, ...] = ()
    removed: tuple[SheetRow, ...] = ()


def _signed_off() -> Exists:
    return Exists(SheetRow.objects.filter(sheet=OuterRef("pk"), signed_off_at__isnull=False))


def open_sheets(visit: Visit) -> QuerySet[VisitSheet]:
    """Return the sheets of the visit to which rows can be added: those that are not signed off."""
    return visit.sheets.exclude(_signed_off())


def read_sheets(visit: Visit, *, by: User | None) -> dict[str, ReadSheet]:
    """Return the sheets by kind, with the rows of `by`, or of the whole team if `by` is None. At most three queries.

    Kinds without a sheet are left out. With `by`, only open sheets are read. For the whole team, a signed-off sheet is
    read until a newer one of the kind is begun, with the rows that were signed off.
    """
    sheets = {sheet.kind: sheet for sheet in (open_sheets(visit) if by else visit.sheets.all())}
    rows = SheetRow.objects.filter(sheet__in=[sheet.pk for sheet in sheets.values()]).select_related("by")
    signed = {row.sheet_id for row in rows if row.signed_off_at}
    people = [by.pk] if by else [member.user_id for member in visit.team.all()]
    found: dict[int, list[SheetRow]] = {}
    for row in rows:
        if row.signed_off_at if row.sheet_id in signed else row.by_id in people:
            found.setdefault(row.sheet_id, []).append(row)
    return {
        kind: ReadSheet(
            SheetTemplate.read(sheet.template),
            tuple(row for row in found.get(sheet.pk, ()) if not row.is_removed),
            tuple(row for row in found.get(sheet.pk, ()) if row.is_removed),
        )
        for kind, sheet in sheets.items()
    }


def find_row(visit: Visit, kind: str, uid: UUID, *, by: User) -> SheetRow | None:
    """Return the row with this `uid` that `by` wrote on an open sheet, or None."""
    return SheetRow.objects.filter(sheet__in=open_sheets(visit), sheet__kind=kind, uid=uid, by=by).first()


def find_save(visit: Visit, uid: UUID, wanted: RowInput | None, *, version: int, by: User) -> int | None:
    """Return the version that saved `wanted` on top of `version`, or None if there is none. `wanted` None is a removal.

    A device that got no response learns from it that its row was saved, even if it was changed or signed off since.
    """
    sheets = list(visit.sheets.values_list("pk", flat=True))
    versions = SheetRowVersion.objects.filter(sheet_id__in=sheets, uid=uid, by_id=by.pk)
    made = versions.filter(version=version + 1).first()
    if made is None or made.is_removed != (wanted is None):
        return None
    return made.version if wanted is None or row_as_input(made) == wanted else None


# --- Writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_sheet_row(
    visit: Visit, template: SheetTemplate, uid: UUID, wanted: RowInput, *, version: int, by: User
) -> SheetRow | Conflict | Closed:
    """Save a row of `by` if `version` is current; 0 for a new row. Raises InvalidRow.

    The first row of a kind copies the criteria of `template` to the visit; later rows use the copy. A repeated request
    has no effect. A removed row is restored.
    """
    visit = lock_visit(visit)
    if not is_recording(visit, by) or visit.evaluation.state == Evaluation.State.EXCUSED:
        return Closed()
    sheet = open_sheets(visit).filter(kind=template.kind).last()
    present = sheet.rows.filter(by=by, uid=uid).first() if sheet else None
    if problems := find_problems(SheetTemplate.read(sheet.template) if sheet else template, wanted, visit):
        raise InvalidRow(problems)
    if present and not present.is_removed and row_as_input(present) == wanted:
        return present
    if version != (present.version if present else 0):
        return Conflict(present) if present else Closed()
    saved = write_row(visit, sheet, template, uid, wanted, by=by)
    visit.late_rows.filter(by=by, uid=uid).delete()  # its author records again
    return saved


def write_row(
    visit: Visit, sheet: VisitSheet | None, template: SheetTemplate, uid: UUID, wanted: RowInput, *, by: User
) -> SheetRow:
    """Write a valid row into `sheet`, which is begun if it is None. The visit must be locked. Raises InvalidRow."""
    if sheet is None:
        number = 1 + visit.sheets.filter(kind=template.kind).count()
        sheet = VisitSheet.objects.create(visit=visit, kind=template.kind, number=number, template=template.write())
    present = sheet.rows.filter(by=by, uid=uid).first()
    if present is None and sheet.rows.filter(by=by).count() >= MOST_ROWS:
        raise InvalidRow({"words": "too_many"})
    row = present or SheetRow.objects.create(sheet=sheet, uid=uid, by=by, at=timezone.now())
    for name in WRITTEN:
        setattr(row, name, getattr(wanted, name))
    row.is_removed = False
    return write_version(row)


@transaction.atomic
def remove_sheet_row(
    row: SheetRow, *, by: User, is_removed: bool = True, version: int | None = None
) -> SheetRow | Conflict | Closed:
    """Mark a row of `by` as removed, or restore it, if `version` is current or None. The history keeps all versions."""
    visit = lock_visit(row.sheet.visit)
    if not is_recording(visit, by) or visit.evaluation.state == Evaluation.State.EXCUSED:
        return Closed()
    present = SheetRow.objects.get(pk=row.pk, by=by)
    if present.signed_off_at is not None:
        return Closed()
    if present.is_removed == is_removed:
        return present
    if version not in (None, present.version):
        return Conflict(present)
    present.is_removed = is_removed
    visit.late_rows.filter(by=by, uid=row.uid).delete()
    return write_version(present)


def sign_off_sheets(visit: Visit, at: datetime) -> None:
    """Freeze the rows of the current team when the findings are signed off. Rows of former members are left out."""
    team = visit.team.values("user")
    SheetRow.objects.filter(sheet__visit=visit, signed_off_at=None, by__in=team).update(signed_off_at=at)


def lock_visit(visit: Visit) -> Visit:
    """Lock the visit, so that nobody can finish recording concurrently, and return its current row."""
    return Visit.objects.select_for_update(of=("self",)).select_related("evaluation__round").get(pk=visit.pk)


def write_version(row: SheetRow) -> SheetRow:
    """Save a row as its next version."""
    row.version, row.at = row.version + 1, timezone.now()
    row.save()
    return row


def row_as_input(row: RowValues | SheetRowVersion) -> RowInput:
    return RowInput(**{name: getattr(row, name) for name in WRITTEN})


# --- Validating ------------------------------------------------------------------------------------------------------


def find_problems(template: SheetTemplate, wanted: RowInput, visit: Visit) -> dict[str, str]:
    """Return the code of the problem of each invalid field, by field name."""
    kind = Kind(template.kind)
    problems = {
        name: "required"
        for name in FIELDS[kind]
        if (kind, name) not in _OPTIONAL and getattr(wanted, name) in ("", None)
    }
    if kind == Kind.INTERVIEWS and not wanted.words:
        problems["words"] = "required"
    if wanted.channel and wanted.channel not in Channel.values:
        problems["channel"] = "unknown"
    if wanted.day and wanted.day > visit.evaluation.round.today:
        problems["day"] = "in_the_future"
    elif wanted.day and not _is_of_the_visit(visit, wanted.day):
        problems["day"] = "not_of_the_visit"
    if wanted.looked_at is not None and not 1 <= wanted.looked_at <= MOST_FILES:
        problems["looked_at"] = "unknown"
    for name, longest in _LENGTHS.items():
        text = getattr(wanted, name)
        if len(text) > longest:
            problems[name] = "too_long"
        elif looks_personal(text):
            problems[name] = "looks_personal"
    return problems | _find_problems_of_marks(template, wanted)


def _is_of_the_visit(visit: Visit, day: date) -> bool:
    days = visit.held_days
    return days is None or days[0] <= day <= days[1]


def _find_problems_of_marks(template: SheetTemplate, wanted: RowInput) -> dict[str, str]:
    problems = {f"marks.{key}": "unknown" for key in wanted.marks if template.criterion(key) is None}
    for criterion in template.criteria:
        if code := _problem_of_mark(template.kind, wanted.marks.get(criterion.key), wanted.looked_at):
            problems[f"marks.{criterion.key}"] = code
    return problems


def _problem_of_mark(kind: str, mark: Any, looked_at: int | None) -> str:
    if mark in (None, ""):
        return "required"
    if kind != Kind.FILES:
        return "" if mark in MARKS else "unknown"
    if not isinstance(mark, int) or mark < 0:
        return "unknown"
    return "more_than_looked_at" if looked_at is not None and mark > looked_at else ""
