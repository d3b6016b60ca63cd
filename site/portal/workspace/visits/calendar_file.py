"""The calendar file of a study visit, for every user who may see the visit."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.letters.outbox import address_of
from portal.presentation.visits.calendar_file import write_calendar
from portal.workspace.access import find_visit
from portal.workspace.requests import SignedInRequest


@require_safe
def calendar(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Return the days of the visit and the sessions of its agenda as an iCalendar file. Raises Http404 without days."""
    visit = find_visit(request, uid, "evaluation.view")
    if visit.starts_on is None:
        raise Http404(_("The days of the visit are not agreed on"))
    written = write_calendar(visit, page=address_of(reverse("workspace:visit", args=[uid])))
    name = f"visit-{visit.evaluation.hotline.country.lower()}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(written, content_type="text/calendar; charset=utf-8", headers=headers)


urlpatterns = [path("evaluations/<uuid:uid>/visit/calendar.ics", calendar, name="visit_calendar")]
