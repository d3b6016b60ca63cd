"""The calendar file of a visit, read back line by line as RFC 5545 says."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from evaluation.models import Agenda, CalendarSubscription, Hotline, Step, User, Visit
from evaluation.queries import visible_to
from evaluation.visits.agendas import Session, save_agenda, write_agenda
from evaluation.visits.dates import change_dates
from evaluation.workflow import perform
from portal.letters.models import Letter
from tests.bystander import new
from tests.factories import StakeFactory
from tests.stage import Stage

pytestmark = pytest.mark.django_db

A, B = Session("Opening", people="Ana Horvat"), Session("Calls by night", minutes=90)


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state="team_confirmed")


def send(agenda: Agenda, *, by: User) -> None:
    perform(agenda.visit, "send_agenda", by=by, agenda=agenda)


def read(written: str) -> list[dict[str, str]]:
    """Return the properties of each event. Folded lines are joined; parameters stay in the name."""
    lines = re.sub(r"\r\n[ \t]", "", written).split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert {"VERSION:2.0", "PRODID:-//Missing Children Europe//116 000 accreditation//EN"} <= set(lines)
    events: list[dict[str, str]] = []
    for line in lines:
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            name, _colon, value = line.partition(":")
            events[-1][name] = value.replace("\\,", ",")
    return events


def get(stage: Stage, sign_in: Callable[..., Client], who: Any = None) -> list[dict[str, str]]:
    answer = sign_in(Client(), who or stage.people.lead).get(address(stage))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="visit-xa.ics"'
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    return read(answer.content.decode())


def address(stage: Stage) -> str:
    return reverse("workspace:visit_calendar", args=[stage.evaluation.uid])


def plan(stage: Stage, *sessions: Session) -> Agenda:
    visit = new(Visit).get()
    newest = visit.agendas.first()
    agenda = write_agenda(sessions, language="en", template="A", published_at=None, by=stage.people.lead)
    saved = save_agenda(visit, agenda, seen=newest.version if newest else 0)
    assert isinstance(saved, Agenda)
    return saved


def test_the_days_of_a_visit_are_one_event_with_the_team(stage: Stage, sign_in: Callable[..., Client]):
    visit = new(Visit).get()
    (event,) = get(stage, sign_in)
    assert event["UID"] == f"visit-{visit.uid}"
    assert event["DTSTART;VALUE=DATE"] == f"{visit.starts_on:%Y%m%d}"
    assert event["DTEND;VALUE=DATE"] == f"{visit.ends_on + timedelta(days=1):%Y%m%d}"  # the first day after it
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == (
        f"Study visit: {stage.hotline.name}",
        "CONFIRMED",
        "0",
    )
    assert all(member.name in event["DESCRIPTION"] for member in stage.people.team)
    assert event["URL"].endswith(reverse("workspace:visit", args=[stage.evaluation.uid]))


def test_it_grows_with_each_step_and_says_when_it_is_cancelled(stage: Stage, sign_in: Callable[..., Client]):
    (before,) = get(stage, sign_in)
    first = stage.round.today + timedelta(days=9)
    change_dates(stage.evaluation.visit, first, first, agreed_with="Ana", reason="A strike.", by=stage.people.mce)
    (moved,) = get(stage, sign_in, stage.coordinator)
    assert (moved["UID"], moved["DTSTART;VALUE=DATE"]) == (before["UID"], f"{first:%Y%m%d}")
    assert int(moved["SEQUENCE"]) > int(before["SEQUENCE"])
    perform(stage.evaluation.visit, "put_off", by=stage.coordinator, note="A strike.")
    (put_off,) = get(stage, sign_in)
    assert (put_off["STATUS"], put_off["DTSTART;VALUE=DATE"]) == ("CANCELLED", f"{first:%Y%m%d}")
    assert int(put_off["SEQUENCE"]) == Step.objects.filter(kind="visit").count() == int(moved["SEQUENCE"]) + 1


def test_the_sessions_are_events_once_the_agenda_is_sent(stage: Stage, sign_in: Callable[..., Client]):
    agenda = plan(stage, A, B)
    assert len(get(stage, sign_in)) == 1
    send(agenda, by=stage.people.lead)
    visit = new(Visit).get()
    _days, opening, calls = get(stage, sign_in)
    day = f"{visit.starts_on:%Y%m%d}"
    begins, ends = "DTSTART;TZID=Europe/Brussels", "DTEND;TZID=Europe/Brussels"
    assert (opening["SUMMARY"], opening[begins], opening[ends]) == ("Opening", f"{day}T090000", f"{day}T100000")
    assert (calls["UID"], calls[begins], calls[ends]) == (
        f"visit-{visit.uid}-2",
        f"{day}T100000",
        f"{day}T113000",
    )
    assert "Ana Horvat" not in str([opening, calls])  # the people whom the team meets are shown on the page only
    assert {opening["STATUS"], calls["STATUS"]} == {"CONFIRMED"}


def test_a_session_is_at_the_time_of_the_hotline_in_the_zone_that_mce_gives_it(
    stage: Stage, sign_in: Callable[..., Client]
):
    place = reverse("workspace:hotline", args=[stage.hotline.country])
    client = sign_in(Client(), stage.people.mce)
    assert client.post(place, {"time_zone": "Europe/Atlantis"}).status_code == 422
    assert client.post(place, {"time_zone": "Atlantic/Canary"}).status_code == 302
    assert 'value="Atlantic/Canary" selected' in client.get(place).content.decode()
    assert sign_in(Client(), stage.coordinator).post(place, {"time_zone": "Europe/Madrid"}).status_code in (403, 404)
    send(plan(stage, A), by=stage.people.lead)
    answer = client.get(address(stage))
    calendar = Calendar.from_ical(answer.content)
    (zone,) = calendar.timezones
    *_days, session = calendar.events
    assert zone.tz_name == "Atlantic/Canary"
    visit = new(Visit).get()
    assert visit.starts_on
    nine = datetime.combine(visit.starts_on, time(9), ZoneInfo("Atlantic/Canary"))
    assert session.start.astimezone(UTC) == nine.astimezone(UTC)


def test_the_zone_of_a_hotline_is_the_first_of_its_country():
    named = {code: Hotline(country=code).zone for code in ("PT", "UA", "CY", "XA")}
    assert named == {"PT": "Europe/Lisbon", "UA": "Europe/Kyiv", "CY": "Asia/Nicosia", "XA": "Europe/Brussels"}


def test_a_session_that_is_left_out_or_moved_is_cancelled(stage: Stage, sign_in: Callable[..., Client]):
    send(plan(stage, A, B), by=stage.people.lead)
    send(plan(stage, B), by=stage.people.lead)
    _days, first, second = get(stage, sign_in)
    assert [(one["SUMMARY"], one["STATUS"]) for one in (first, second)] == [
        ("Calls by night", "CONFIRMED"),
        ("Calls by night", "CANCELLED"),
    ]
    former = new(Visit).get().starts_on
    assert former
    later = stage.round.today + timedelta(days=9)
    change_dates(stage.evaluation.visit, later, later, agreed_with="Ana", reason="A strike.", by=stage.people.mce)
    days, *sessions = get(stage, sign_in)
    assert (days["STATUS"], {one["STATUS"] for one in sessions}) == ("CONFIRMED", {"CANCELLED"})
    assert all(one["DTSTART;TZID=Europe/Brussels"].startswith(f"{former:%Y%m%d}") for one in sessions)


def test_a_visit_that_never_had_days_has_no_calendar(sign_in: Callable[..., Client]):
    stage = Stage("desk_review", visit_state="proposed")
    new(Visit).update(starts_on=None, ends_on=None)
    assert sign_in(Client(), stage.people.mce).get(address(stage)).status_code == 404


def test_letters_about_the_days_lead_to_it(stage: Stage):
    send(plan(stage, A), by=stage.people.lead)
    assert new(Letter).exists()
    assert all(address(stage) in body for body in new(Letter).values_list("body", flat=True))


def subscribe(client: Client) -> str:
    page = client.post(reverse("workspace:calendar")).content.decode()
    return re.search(r"https?://[^\"]*(/work/calendar/[^\"]*\.ics)", page)[1]  # type: ignore[index]


def test_a_subscribed_calendar_has_the_visits_of_its_person_and_no_longer_those_of_a_team_that_they_left(
    stage: Stage, sign_in: Callable[..., Client]
):
    client, calendar = sign_in(Client(), stage.people.assessor), Client()
    address = subscribe(client)
    assert address not in client.get(reverse("workspace:calendar")).content.decode()
    send(plan(stage, A), by=stage.people.lead)
    answer = calendar.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    events = read(answer.content.decode())
    assert [event["SUMMARY"] for event in events] == [f"Study visit: {stage.hotline.name}", "Opening"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT4H" in answer.content.decode()
    visit = new(Visit).get()
    visit.team.filter(user=stage.people.assessor).delete()
    assert read(calendar.get(address).content.decode()) == []
    own = subscribe(sign_in(Client(), stage.coordinator))
    assert len(read(calendar.get(own).content.decode())) == 2
    StakeFactory(user=stage.people.lead, hotline=stage.hotline)
    tied = subscribe(sign_in(Client(), stage.people.lead))
    listed = sign_in(Client(), stage.people.lead).get(reverse("workspace:visits")).content.decode()
    assert stage.hotline.name not in listed
    assert read(calendar.get(tied).content.decode()) == []


def test_what_a_member_of_the_panel_may_read_is_no_visit_of_theirs(sign_in: Callable[..., Client]):
    published = Stage("published")
    member = published.people.panel
    assert visible_to(member).filter(pk=published.evaluation.pk).exists()
    client = sign_in(Client(), member)
    assert published.hotline.name not in client.get(reverse("workspace:visits")).content.decode()
    assert read(Client().get(subscribe(client)).content.decode()) == []
    assert len(read(Client().get(subscribe(sign_in(Client(), published.people.mce))).content.decode())) > 0


def test_an_address_ends_with_a_new_one_with_its_account_and_when_it_is_ended(
    stage: Stage, sign_in: Callable[..., Client]
):
    client, calendar = sign_in(Client(), stage.people.assessor), Client()
    first, second = subscribe(client), subscribe(client)
    assert [calendar.get(one).status_code for one in (first, second)] == [404, 200]
    client.post(reverse("workspace:calendar"), {"end": "yes"})
    assert calendar.get(second).status_code == 404
    third = subscribe(client)
    User.objects.filter(pk=stage.people.assessor.pk).update(is_active=False)
    assert calendar.get(third).status_code == 404
    assert CalendarSubscription.objects.get(user=stage.people.assessor).token_digest not in third


def test_an_address_is_read_sixty_times_an_hour(
    stage: Stage, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
):
    address = subscribe(sign_in(Client(), stage.people.assessor))
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    def read_at(minute: int) -> int:
        now = hour + timedelta(minutes=minute)
        monkeypatch.setattr(timezone, "now", lambda: now)
        monkeypatch.setattr("time.time", now.timestamp)
        return Client().get(address).status_code

    assert [read_at(5) for _time in range(60)] == [200] * 60
    assert (read_at(55), read_at(65)) == (429, 200)


def test_an_address_is_read_when_the_cache_has_dropped_the_count(
    stage: Stage, sign_in: Callable[..., Client], settings: Any
):
    address = subscribe(sign_in(Client(), stage.people.assessor))
    dropping = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {**settings.CACHES, "default": dropping}
    assert [Client().get(address).status_code for _time in range(2)] == [200, 200]


def test_a_calendar_with_more_visits_costs_no_more_queries(stage: Stage, sign_in: Callable[..., Client]):
    address = subscribe(sign_in(Client(), stage.people.mce))

    def count() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            found = read(Client().get(address).content.decode())
        return len(found), len(queries)

    send(plan(stage, A), by=stage.people.lead)
    count()  # the first one writes the limit of this hour
    visits, few = count()
    for country in ("XJ", "XK"):
        more = Stage("study_visit", stage.people, country, round=stage.round, visit_state="team_confirmed")
        agenda = write_agenda([A], language="en", template="A", published_at=None, by=stage.people.lead)
        send(save_agenda(more.visit, agenda, seen=0), by=stage.people.lead)
    assert count() == (visits + 4, few)
