"""A study visit as a calendar file (RFC 5545): its days, and the sessions of the agenda that was sent."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from evaluation.models import Agenda, Step, Visit
from evaluation.visits.agendas import Timed, compute_times, is_for_other_days, sessions_of

PRODUCT = "-//Missing Children Europe//116 000 accreditation//EN"


def write_calendar(visit: Visit, *, page: str) -> bytes:
    """Return the calendar of a visit that has or had days, in the active language. `page` is the URL of the visit.

    It names the team only: the people whom the team meets are shown on the page.

    A calendar that has read an earlier file replaces its events: they keep their UID, and `SEQUENCE` is the number of
    the visit's last step. Events that were put off, cancelled or taken off the agenda are cancelled. Sessions have the
    time of the hotline, with its zone.
    """
    last = Step.objects.filter(kind=visit.kind, uid=visit.uid).order_by("-seq").first()
    stamp, number = (last.at, last.seq) if last else (visit.evaluation.opened_at, 0)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for event in (_event_of_days(visit), *_events_of_sessions(visit)):
        event.add("dtstamp", stamp)
        event.add("sequence", number)
        event.add("url", page)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


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
    sent = list(visit.agendas.exclude(sent_at=None).order_by("version"))
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
