"""The rows of sheets on a device: the forms that it caches, the user's own rows, and saving the rows that it sends."""

import html
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import LateRow, SheetRow, User, Visit
from evaluation.visits.sheets.late_rows import find_own_late_rows, keep_late_row
from evaluation.visits.sheets.rows import (
    FIELDS,
    InvalidRow,
    ReadSheet,
    find_row,
    find_save,
    read_sheets,
    remove_sheet_row,
    save_sheet_row,
)
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.access import find_visit
from portal.requests.signed_in import SignedInRequest
from portal.visits.recording.batches import Batch, Text, Version, describe_unknown, note_device, read_batch
from portal.visits.sheet_templates.reader import find_templates
from portal.visits.sheets.forms import ADD, RowForm, describe_checks, values_of
from portal.visits.sheets.reading import find_current

MOST_FIELDS = 60
"""The most fields of a row: its own, and one for each criterion that a sheet may have."""


# --- Fetched ---------------------------------------------------------------------------------------------------------


def read_own_sheets(visit: Visit, user: User) -> dict[str, Any]:
    """Return the form of each kind of sheet, and the user's own rows. Three queries."""
    read = read_sheets(visit, by=user)
    templates = find_templates() | {kind: sheet.template for kind, sheet in read.items()}
    return {
        "sheets": [_describe_sheet(visit, kind, templates[kind]) for kind in Kind],
        "rows": _rows_of(read, find_own_late_rows(visit, user)),
    }


def _describe_sheet(visit: Visit, kind: Kind, template: SheetTemplate) -> dict[str, Any]:
    """Return a kind of sheet with the HTML form of a row, and the checks of each field."""
    form = RowForm(template=template, visit=visit, auto_id="row-%s")
    return {
        "kind": kind,
        "label": kind.label,
        "add": ADD[kind],
        "asked": template.asked,
        "names": FIELDS[kind],
        "checks": describe_checks(form),
        # a device may still have the version of the view that reads this
        "required": [name for name, field in form.fields.items() if field.required],
        "language": next(iter(visit.evaluation.hotline.language_codes), ""),
        "form": _render("fields.html", {"form": form}),
    }


def _render(name: str, context: dict[str, Any]) -> str:
    return render_to_string(f"visits/sheets/{name}", context).strip()


def _rows_of(read: Mapping[str, ReadSheet], late: Iterable[LateRow]) -> dict[str, Any]:
    """Return the rows by uid. One that came too late replaces the stored one, and has its state as a sentence."""
    stored = {
        str(row.uid): {"sheet": kind, **_describe_row(row, kind)}
        for kind, sheet in read.items()
        for row in (*sheet.rows, *sheet.removed)
    }
    return stored | {str(row.uid): _describe_late(row) for row in late}


def _describe_late(row: LateRow) -> dict[str, Any]:
    waits = row.decision == LateRow.Decision.WAITING
    return {"sheet": row.kind, **_describe_row(row, row.kind), "late": describe_late(row), "waits": waits}


def describe_late(row: LateRow) -> str:
    """Return what becomes of a row that came too late, for its author."""
    if row.decision == LateRow.Decision.LEFT_OUT:
        return _("It came too late, and the lead assessor left it out: %(reason)s") % {"reason": row.reason}
    return _(
        "It came too late and is kept on the server: the lead assessor takes it in or leaves it out, or you record "
        "again."
    )


def _describe_row(row: SheetRow | LateRow, kind: str) -> dict[str, Any]:
    fields = {name: _as_form_value(value) for name, value in values_of(row, kind).items()}
    return {"version": row.version, "fields": {**fields, "is_removed": row.is_removed}}


def _as_form_value(value: Any) -> str:
    """Return a value as its form control has it."""
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value).replace("\r\n", "\n")


# --- Sent ------------------------------------------------------------------------------------------------------------


class Row(BaseModel):
    """A row with the version that the device had seen; `fields` has the submitted values of its form."""

    uid: UUID
    sheet: Kind
    version: Version
    is_removed: bool = False
    fields: Annotated[dict[Annotated[str, StringConstraints(max_length=80)], Text], Field(max_length=MOST_FIELDS)] = {}


@require_POST
def receive_rows(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Save the rows that a device sends; return a result for each, then all rows of the user."""
    visit = find_visit(request, uid, "visit.observe")
    batch = read_batch(request, Batch)
    if isinstance(batch, HttpResponse):
        return batch
    templates = find_current(visit)
    results = [_read_and_save(visit, templates, sent, by=request.user) for sent in batch.items]
    note_device(visit, batch, batch.unsent - sum(one["kind"] in ("saved", "late") for one in results), by=request.user)
    rows = _rows_of(read_sheets(visit, by=request.user), find_own_late_rows(visit, request.user))
    return JsonResponse({"results": results, "rows": rows})


def _read_and_save(
    visit: Visit, templates: Mapping[str, SheetTemplate], sent: dict[str, Any], *, by: User
) -> dict[str, Any]:
    """Save or remove one submitted row as `_save` does; the kind is `problem` if it is invalid."""
    try:
        row = Row.model_validate(sent)
    except ValidationError:
        return {"uid": str(sent.get("uid", "")), "kind": "problem", "problem": describe_unknown()}
    template = templates[row.sheet]
    result = _remove(visit, template, row, by=by) if row.is_removed else _save(visit, template, row, by=by)
    return {"uid": str(row.uid), **result}


def _save(visit: Visit, template: SheetTemplate, row: Row, *, by: User) -> dict[str, Any]:
    """Save a row. The kind is `saved`, `conflict` with the newer row, `late`, or `problem` with its fields."""
    form = RowForm(row.fields, template=template, visit=visit)
    is_valid = form.is_valid()
    if is_valid and (made := find_save(visit, row.uid, form.row(), version=row.version, by=by)):
        return {"kind": "saved", "version": made}
    if not is_valid:
        return _describe_problems(form)
    try:
        saved: Any = save_sheet_row(visit, template, row.uid, form.row(), version=row.version, by=by)
        if isinstance(saved, Closed):
            saved = keep_late_row(visit, template, row.uid, form.row(), version=row.version, by=by)
    except InvalidRow as invalid:
        form.add_problems(invalid)
        return _describe_problems(form)
    return _describe(saved, row.sheet)


def _remove(visit: Visit, template: SheetTemplate, row: Row, *, by: User) -> dict[str, Any]:
    """Remove a row, with the results of `_save`. A row that was never stored counts as removed."""
    if made := find_save(visit, row.uid, None, version=row.version, by=by):
        return {"kind": "saved", "version": made}
    present = find_row(visit, row.sheet, row.uid, by=by)
    removed: Any = present and remove_sheet_row(present, by=by, version=row.version)
    if present is None or isinstance(removed, Closed):
        removed = keep_late_row(visit, template, row.uid, None, version=row.version, by=by)
    return _describe(removed, row.sheet) if removed else {"kind": "saved", "version": 0}


def _describe(result: SheetRow | LateRow | Conflict, kind: Kind) -> dict[str, Any]:
    match result:
        case SheetRow():
            return {"kind": "saved", "version": result.version}
        case Conflict(theirs):
            return {"kind": "conflict", "theirs": _describe_row(theirs, kind)}
        case LateRow():
            return {"kind": "late", "problem": describe_late(result)}


def _describe_problems(form: RowForm) -> dict[str, Any]:
    """Return the message of each field, and all of them for the row."""
    found = {name: html.unescape(str(errors[0])) for name, errors in form.errors.items()}
    fields = {name: sentence for name, sentence in found.items() if name in form.fields}
    return {"kind": "problem", "problem": " ".join(dict.fromkeys(found.values())), "fields": fields}


urlpatterns = [path("recording/<uuid:uid>/rows/", receive_rows, name="receive_rows")]
