"""Study visits in calendars: the file of one visit, and the secret address of a person that updates by itself."""

import time
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.models import CalendarSubscription, User, Visit
from evaluation.visits.subscriptions import end_subscription, find_subscriber, make_subscription, visits_in_calendar
from portal.access import find_visit
from portal.letters.outbox import address_of
from portal.requests.signed_in import SignedInRequest
from portal.visits.shown.calendar_file import write_calendar

AN_HOUR = 60 * 60
ASKED_AN_HOUR = 60
"""How often an address may be read in an hour. Calendars read every few hours, each device on its own."""
REMEMBERED = timedelta(days=400)
"""How long past visits stay in a subscribed calendar."""
_TYPE = "text/calendar; charset=utf-8"


def _complete(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    """Read what a calendar needs with the visits. Four queries."""
    return visits.select_related("evaluation__hotline", "evaluation__round").prefetch_related("team__user", "agendas")


def _page_of(visit: Visit) -> str:
    return address_of(reverse("workspace:visit", args=[visit.evaluation.uid]))


@require_safe
def calendar(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Return the days of the visit and the sessions of its agenda as an iCalendar file. Raises Http404 without days."""
    visit = find_visit(request, uid, "evaluation.view")
    if visit.starts_on is None:
        raise Http404(_("The days of the visit are not agreed on"))
    name = f"visit-{visit.evaluation.hotline.country.lower()}.ics"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    written = write_calendar(_complete(Visit.objects.filter(pk=visit.pk)), _page_of)
    return HttpResponse(written, content_type=_TYPE, headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: SignedInRequest) -> HttpResponse:
    """Create or end the user's address for a calendar. A new address is in the response to its form only."""
    address = ""
    if request.method == "POST":
        if request.POST.get("end"):
            end_subscription(request.user)
        else:
            token = make_subscription(request.user)
            address = address_of(reverse("workspace:subscribed_calendar", args=[token]))
    present = CalendarSubscription.objects.filter(user=request.user).first()
    return render(request, "visits/subscription.html", {"address": address, "present": present})


@never_cache
@require_safe
def subscribed(request: SignedInRequest, token: str) -> HttpResponse:
    """Return the visits of the person with this secret address, without a sign-in."""
    user = find_subscriber(token)
    if user is None:
        raise Http404(_("This address has ended. Create a new one on the page of your calendar."))
    if _is_too_often(user):
        return HttpResponse(
            _("This address was read too often. Try again later."), status=429, headers={"Retry-After": "3600"}
        )
    since = timezone.localdate() - REMEMBERED
    visits = _complete(visits_in_calendar(user).filter(ends_on__gte=since).order_by("starts_on", "pk"))
    with override(user.language):
        written = write_calendar(visits, _page_of, name=_("Study visits, 116 000"))
    return HttpResponse(written, content_type=_TYPE)


def _is_too_often(user: User) -> bool:
    key = f"calendar-{user.pk}-{int(time.time()) // AN_HOUR}"
    # `incr` fails for an entry that a full cache dropped, and stores it for five minutes only.
    asked: int = cache.get(key, 0) + 1
    cache.set(key, asked, AN_HOUR)
    return asked > ASKED_AN_HOUR


urlpatterns = [
    path("evaluations/<uuid:uid>/visit/calendar.ics", calendar, name="visit_calendar"),
    path("visits/calendar/", subscription, name="calendar"),
]
by_token = [path("calendar/<str:token>.ics", subscribed, name="subscribed_calendar")]
"""Without a sign-in: calendars cannot sign in."""
