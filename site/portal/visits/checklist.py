"""The printable checklist of a visit: what to look at by session, with room for notes, and empty sheets."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.visits.desk_review import find_notes
from evaluation.visits.sheets.templates import Kind, SheetTemplate
from portal.access import find_visit
from portal.requests.signed_in import SignedInRequest
from portal.visits.recording.material import read_checklist
from portal.visits.sheets.reading import find_current
from portal.visits.shown.days import describe_days
from portal.visits.shown.sheets import name_criterion

ROWS = 6
"""Rows of an empty sheet whose template asks for no number."""


def _headings() -> dict[str, tuple[str, ...]]:
    """Return the headings of a row of each kind of sheet, before the criteria."""
    return {
        Kind.CONTACTS: (_("Channel"), _("Language"), _("Day and time")),
        Kind.LISTENING: (_("Channel"), _("Language"), _("Day and time")),
        Kind.FILES: (_("Which files"), _("Files looked at")),
        Kind.INTERVIEWS: (_("Role of the person"), _("Topic"), _("Day")),
    }


@require_safe
def checklist(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Show the checklist. It is the same for every member of the team and contains nothing that was recorded."""
    visit = find_visit(request, uid, "visit.view")
    read, notes = read_checklist(visit), find_notes(visit.evaluation)
    groups = [
        {**group, "rows": [{"code": code, **read["indicators"][code], "notes": notes[code]} for code in group["codes"]]}
        for group in read["groups"]
    ]
    context = {
        "evaluation": visit.evaluation,
        "days": describe_days(visit),
        "groups": groups,
        "sheets": [_empty_sheet(template) for template in find_current(visit).values()],
    }
    return render(request, "visits/checklist.html", context)


def _empty_sheet(template: SheetTemplate) -> dict[str, Any]:
    headings = _headings()[template.kind]
    return {
        "kind": Kind(template.kind),
        "criteria": [name_criterion(criterion, template) for criterion in template.criteria],
        "headings": headings,
        "numbers": range(1, 1 + len(template.criteria)),
        "rows": range(1, 1 + (template.asked or ROWS)),
    }


urlpatterns = [path("evaluations/<uuid:uid>/visit/checklist/", checklist, name="visit_checklist")]
