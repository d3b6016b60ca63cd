"""A sheet of a visit as a page: its results, its rows, and the form of a row."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation.answers.judgements import Closed, Conflict
from evaluation.models import SheetRow, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.recording import READABLE_IN, is_recording
from evaluation.visits.sheets.results import compute_result
from evaluation.visits.sheets.rows import InvalidRow, ReadSheet, find_row, remove_sheet_row, save_sheet_row
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.access import find_visit
from portal.requests.signed_in import SignedInRequest
from portal.visits.sheets.forms import ADD, RowForm, first_values, values_of
from portal.visits.sheets.reading import find_current, readable_sheets
from portal.visits.shown.sheets import name_row, show_result, show_rows


def _kind(sent: str) -> Kind:
    """Return the kind of sheet in an address. Raises Http404."""
    if sent not in Kind.values:
        raise Http404
    return Kind(sent)


def _may_write(visit: Visit, user: User) -> bool:
    return is_allowed("visit.observe", user, visit) and is_recording(visit, user)


def _address(visit: Visit, kind: str) -> str:
    return reverse("workspace:sheet", args=[visit.evaluation.uid, kind])


@require_safe
def sheet(request: SignedInRequest, uid: UUID, kind: str) -> HttpResponse:
    """Show a sheet: its results, and its rows."""
    chosen = _kind(kind)
    visit = find_visit(request, uid, "visit.view")
    read = readable_sheets(visit, request.user).get(chosen) or ReadSheet(find_current(visit)[chosen])
    context = {
        "evaluation": visit.evaluation,
        "kind": chosen,
        "add": ADD[chosen],
        "result": show_result(compute_result(read)),
        "rows": show_rows(read, read.rows),
        "removed": show_rows(read, read.removed),
        "may_write": _may_write(visit, request.user),
        "is_compared": visit.state in READABLE_IN,
        "is_apart": visit.state == Visit.State.UNDER_WAY and is_allowed("visit.observe", request.user, visit),
    }
    return render(request, "visits/sheets/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_row(request: SignedInRequest, uid: UUID, kind: str) -> HttpResponse:
    """Add a row. The form contains the row's uid, so that a repeated submission adds one row."""
    chosen = _kind(kind)
    visit = find_visit(request, uid)
    try:
        row = UUID(request.POST.get("uid", ""))
    except ValueError:
        row = uuid4()
    return _answer(request, visit, find_current(visit)[chosen], row, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_row(request: SignedInRequest, uid: UUID, kind: str, row: UUID) -> HttpResponse:
    """Edit an own row."""
    visit = find_visit(request, uid)
    present = _find_own(request, visit, kind, row)
    return _answer(request, visit, SheetTemplate.read(present.sheet.template), row, present)


def _find_own(request: SignedInRequest, visit: Visit, kind: str, row: UUID) -> SheetRow:
    found = find_row(visit, _kind(kind), row, by=request.user)
    if found is None:
        raise Http404
    return found


def _answer(
    request: SignedInRequest, visit: Visit, template: SheetTemplate, uid: UUID, present: SheetRow | None
) -> HttpResponse:
    """Show the form of a row, or save the submitted one."""
    hotline = visit.evaluation.hotline
    if request.method != "POST":
        if not _may_write(visit, request.user):
            messages.error(request, _("Rows are written while the visit is under way and you have not finished."))
            return HttpResponseRedirect(_address(visit, template.kind))
        initial = values_of(present, template.kind) if present else first_values(hotline, visit.evaluation.round.today)
        form = RowForm(initial=initial, template=template, visit=visit)
        return _draw(request, visit, form, uid, present)
    form = RowForm(request.POST, template=template, visit=visit)
    if not form.is_valid():
        return _draw(request, visit, form, uid, present, status=422)
    try:
        saved = save_sheet_row(visit, template, uid, form.row(), version=_version(request), by=request.user)
    except InvalidRow as invalid:
        form.add_problems(invalid)
        return _draw(request, visit, form, uid, present, status=422)
    if isinstance(saved, Closed):
        return _draw(request, visit, form, uid, present, is_closed=True, status=423)
    if isinstance(saved, Conflict):
        return _draw(request, visit, form, uid, saved.theirs, is_conflict=True, status=409)
    messages.success(request, _("Saved: %(row)s.") % {"row": name_row(saved, template.kind)})
    return HttpResponseRedirect(_address(visit, template.kind))


def _version(request: SignedInRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


def _draw(
    request: SignedInRequest,
    visit: Visit,
    form: RowForm,
    uid: UUID,
    present: SheetRow | None,
    *,
    is_closed: bool = False,
    is_conflict: bool = False,
    status: int = 200,
) -> HttpResponse:
    stored = show_rows(ReadSheet(form.sheet), [present])[0] if present else None
    context: dict[str, Any] = {
        "evaluation": visit.evaluation,
        "kind": Kind(form.sheet.kind),
        "add": ADD[Kind(form.sheet.kind)],
        "form": form,
        "uid": uid,
        "stored": stored,
        "version": present.version if present and (is_conflict or request.method != "POST") else _version(request),
        "is_closed": is_closed,
        "is_conflict": is_conflict,
    }
    return render(request, "visits/sheets/row.html", context, status=status)


def _change(request: SignedInRequest, uid: UUID, kind: str, row: UUID, *, is_removed: bool) -> HttpResponse:
    visit = find_visit(request, uid)
    present = _find_own(request, visit, kind, row)
    if isinstance(remove_sheet_row(present, by=request.user, is_removed=is_removed), Closed):
        messages.error(request, _("Rows are written while the visit is under way and you have not finished."))
    elif is_removed:
        messages.success(request, _("Removed. You can put it back below."))
    else:
        messages.success(request, _("Put back."))
    return HttpResponseRedirect(_address(visit, kind))


@require_POST
def remove_row(request: SignedInRequest, uid: UUID, kind: str, row: UUID) -> HttpResponse:
    """Remove an own row; it can be restored."""
    return _change(request, uid, kind, row, is_removed=True)


@require_POST
def restore_row(request: SignedInRequest, uid: UUID, kind: str, row: UUID) -> HttpResponse:
    """Restore a removed row."""
    return _change(request, uid, kind, row, is_removed=False)


_SHEET = "evaluations/<uuid:uid>/visit/sheets/<str:kind>/"
urlpatterns = [
    path(_SHEET, sheet, name="sheet"),
    path(f"{_SHEET}add/", add_row, name="add_sheet_row"),
    path(f"{_SHEET}<uuid:row>/", edit_row, name="sheet_row"),
    path(f"{_SHEET}<uuid:row>/remove/", remove_row, name="remove_sheet_row"),
    path(f"{_SHEET}<uuid:row>/restore/", restore_row, name="restore_sheet_row"),
]
