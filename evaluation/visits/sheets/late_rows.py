"""Rows that a device sends when their author does not record any more: kept, then taken into the sheets or left out."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from evaluation.models import LateRow, SheetRow, Step, User, Visit
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import find_waiting_rows
from evaluation.visits.sheets.rows import (
    MOST_ROWS,
    WRITTEN,
    InvalidRow,
    RowInput,
    find_problems,
    find_row,
    lock_visit,
    open_sheets,
    remove_sheet_row,
    row_as_input,
    save_sheet_row,
    write_row,
    write_version,
)
from evaluation.visits.sheets.templates import SheetTemplate
from evaluation.workflow import act_of

Templates = Mapping[str, SheetTemplate]
"""The template of a new row by kind of sheet."""
Keys = Collection[str]
"""The chosen rows, as `LateRow.as_shown` names them. The uid of a row is unique for its author only."""


@transaction.atomic
def keep_late_row(
    visit: Visit, template: SheetTemplate, uid: UUID, wanted: RowInput | None, *, version: int, by: User
) -> LateRow | None:
    """Keep a row of `by`, or its removal if `wanted` is None, until it is decided. Raises InvalidRow.

    A row that is sent again unchanged keeps its decision; a changed one waits again. Returns None if a row is to be
    removed that the server does not know.
    """
    visit = lock_visit(visit)
    late = visit.late_rows.filter(by=by, uid=uid).first()
    values, is_removed = wanted, wanted is None
    if values is None:
        known = late or SheetRow.objects.filter(sheet__visit=visit, uid=uid, by=by).last()
        if known is None:
            return None
        values = row_as_input(known)
    elif problems := find_problems(template, values, visit):
        raise InvalidRow(problems)
    if late and (row_as_input(late), late.is_removed) == (values, is_removed):
        return late
    if late is None and visit.late_rows.filter(by=by, kind=template.kind).count() >= MOST_ROWS:
        raise InvalidRow({"words": "too_many"})
    late = late or LateRow(visit=visit, by=by, uid=uid, kind=template.kind)
    for name in WRITTEN:
        setattr(late, name, getattr(values, name))
    late.is_removed, late.version, late.at = is_removed, version, timezone.now()
    late.decision, late.reason = LateRow.Decision.WAITING, ""
    late.save()
    return late


def find_own_late_rows(visit: Visit, by: User) -> list[LateRow]:
    """Return the rows of `by` that came too late for this visit and were not taken in. At most two queries."""
    own = [late for late in visit.late_rows.all() if late.by_id == by.pk and late.decision != LateRow.Decision.TAKEN]
    since = visit.planned_again_at if own else None
    return [late for late in own if since is None or late.at > since]


@transaction.atomic
def take_back_late_rows(visit: Visit, templates: Templates, *, by: User) -> int:
    """Write the undecided rows of `by`, who records again, into the sheets; return the number of those left.

    A row that was changed elsewhere since the device had seen it, or whose criteria were changed, keeps waiting.
    """
    left = 0
    for late in find_waiting_rows(visit):
        if late.by_id == by.pk:
            if _take_back(visit, templates, late, by):
                visit.late_rows.filter(pk=late.pk).delete()
            else:
                left += 1
    return left


def _take_back(visit: Visit, templates: Templates, late: LateRow, by: User) -> bool:
    present = find_row(visit, late.kind, late.uid, by=by)
    if late.is_removed:
        return present is None or isinstance(remove_sheet_row(present, by=by, version=late.version), SheetRow)
    template, values = templates[late.kind], row_as_input(late)
    try:
        saved = save_sheet_row(visit, template, late.uid, values, version=late.version, by=by)
    except InvalidRow:
        return False
    return isinstance(saved, SheetRow)


def _find_chosen(visit: Visit, rows: Keys) -> list[LateRow]:
    return [late for late in find_waiting_rows(visit) if late.as_shown in rows]


def _are_waiting(visit: Visit, rows: Keys) -> Iterator[Reason]:
    """Yield the reasons against deciding on these rows: each must wait, and be as the lead saw it."""
    if not rows:
        yield Reason("no_late_row_chosen")
    waiting = find_waiting_rows(visit)
    differing = set(rows) - {late.as_shown for late in waiting}
    changed = {str(late.pk): late.by.name for late in waiting} if differing else {}
    keys = {row.partition(".")[0] for row in differing}
    if names := {name for key, name in changed.items() if key in keys}:
        yield Reason("late_rows_changed", names=tuple(sorted(names)))
    if keys - changed.keys():
        yield Reason("late_rows_decided")


def _may_take(visit: Visit, *, by: User | None, note: str, rows: Keys, templates: Templates) -> Iterator[Reason]:
    yield from _are_waiting(visit, rows)
    invalid = {
        late.by.name
        for late in _find_chosen(visit, rows)
        if not late.is_removed and find_problems(templates[late.kind], row_as_input(late), visit)
    }
    if invalid:
        yield Reason("late_rows_invalid", names=tuple(sorted(invalid)))


def _may_leave_out(visit: Visit, *, by: User | None, note: str, rows: Keys) -> Iterator[Reason]:
    return _are_waiting(visit, rows)


@act_of(Visit.kind, "take_late_rows", check=_may_take)
def _take(visit: Visit, _step: Step, *, rows: Keys, templates: Templates) -> None:
    """Write the rows into the sheets of their authors; the history keeps what they replace."""
    for late in _find_chosen(visit, rows):
        if late.is_removed:
            present = find_row(visit, late.kind, late.uid, by=late.by)
            if present:
                present.is_removed = True
                write_version(present)
        else:
            sheet = open_sheets(visit).filter(kind=late.kind).last()
            write_row(visit, sheet, templates[late.kind], late.uid, row_as_input(late), by=late.by)
        late.decision = LateRow.Decision.TAKEN
        late.save(update_fields=["decision"])


@act_of(Visit.kind, "leave_out_late_rows", check=_may_leave_out)
def _leave_out(visit: Visit, step: Step, *, rows: Keys) -> None:
    for late in _find_chosen(visit, rows):
        late.decision, late.reason = LateRow.Decision.LEFT_OUT, step.words.note
        late.save(update_fields=["decision", "reason"])
