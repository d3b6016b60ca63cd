"""A study visit as a calendar file (RFC 5545): its days, and the sessions of the agenda that was sent."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from evaluation.models import Agenda, Step, Visit
from evaluation.visits.agendas import Timed, compute_times, is_for_other_days, sessions_of

PRODUCT = "-//Missing Children Europe//116 000 accreditation//EN"


REFRESH = timedelta(hours=4)
"""How often a subscribed calendar is asked to read its address again."""


def write_calendar(visits: Collection[Visit], page_of: Callable[[Visit], str], *, name: str = "") -> bytes:
    """Return the calendar of visits that have or had days, in the active language. A constant number of queries.

    `visits` have their evaluation, its hotline and round, their team with its users, and their agendas. `page_of`
    returns the URL of a visit. With a `name`, it is one to subscribe to. It names the teams only: the people whom a
    team meets are shown on the page of the visit.

    A calendar that has read an earlier file replaces its events: they keep their UID, and `SEQUENCE` is the number of
    the visit's last step. Events that were put off, cancelled or taken off the agenda are cancelled. Sessions have the
    time of the hotline, with its zone.
    """
    last = _find_last_steps(visits)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, {"value": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH))
    for visit in visits:
        step = last.get(visit.uid)
        stamp, number = (step.at, step.seq) if step else (visit.evaluation.opened_at, 0)
        page = page_of(visit)
        for event in (_event_of_days(visit), *_events_of_sessions(visit)):
            event.add("dtstamp", stamp)
            event.add("sequence", number)
            event.add("url", page)
            calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _find_last_steps(visits: Collection[Visit]) -> dict[UUID, Step]:
    steps = Step.objects.filter(kind=Visit.kind, uid__in=[visit.uid for visit in visits]).order_by("seq")
    return {step.uid: step for step in steps}


def _event_of_days(visit: Visit) -> Event:
    """Return the visit as an all-day event."""
    assert visit.starts_on is not None
    assert visit.ends_on is not None
    team = ", ".join(person.name for person in visit.assessors)
    event = Event()
    event.add("uid", f"visit-{visit.uid}")
    event.add("summary", _("Study visit: %(hotline)s") % {"hotline": visit.evaluation.hotline.name})
    event.add("description", _("Team: %(team)s") % {"team": team})
    event.add("location", visit.get_mode_display())
    event.add("dtstart", visit.starts_on)
    event.add("dtend", visit.ends_on + timedelta(days=1))
    event.add("status", _status(is_held=visit.agreed_days is not None))
    return event


def _events_of_sessions(visit: Visit) -> Iterator[Event]:
    """Yield the sessions of the agenda that was sent last, and those of earlier ones that it no longer has."""
    sent = sorted((one for one in visit.agendas.all() if one.sent_at), key=lambda agenda: agenda.version)
    by_place: dict[int, tuple[Agenda, Timed]] = {}
    for agenda in sent:
        by_place |= {timed.place: (agenda, timed) for timed in compute_times(sessions_of(agenda))}
    for place, (agenda, timed) in sorted(by_place.items()):
        is_current = agenda == sent[-1] and not is_for_other_days(agenda, visit)
        event = _event_of_session(visit, agenda, timed)
        event.add("uid", f"visit-{visit.uid}-{place + 1}")
        event.add("status", _status(is_held=is_current and visit.agreed_days is not None))
        yield event


def _event_of_session(visit: Visit, agenda: Agenda, timed: Timed) -> Event:
    first = agenda.planned_for or visit.starts_on
    assert first is not None
    midnight = datetime.combine(first + timedelta(days=timed.session.day - 1), time.min)
    zone = ZoneInfo(visit.evaluation.hotline.zone)
    event = Event()
    event.add("summary", timed.session.title)
    event.add("dtstart", (midnight + timedelta(minutes=timed.start)).replace(tzinfo=zone))
    event.add("dtend", (midnight + timedelta(minutes=timed.end)).replace(tzinfo=zone))
    return event


def _status(*, is_held: bool) -> str:
    return "CONFIRMED" if is_held else "CANCELLED"
