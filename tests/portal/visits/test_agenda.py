"""The agenda of a visit on its page: begun, changed row by row, field errors, two users who plan, and shown."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from evaluation.models import Agenda, User, Visit
from evaluation.visits.agendas import Session, save_agenda, sessions_of, write_agenda
from portal.letters.models import Letter
from portal.visits.agenda_rows import change_rows, in_order, read_rows
from portal.visits.agenda_templates.beginning import language_of_hotline
from portal.visits.agenda_templates.shipped import shipped_template
from portal.visits.shown.agenda import find_standards, show_agenda
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db

BEGUN = {"template": "shipped", "language": "en"}
SignIn = Callable[..., Client]


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state=Visit.State.UNDER_WAY)


def address(stage: Stage) -> str:
    return reverse("workspace:agenda", args=[stage.evaluation.uid])


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)">', response.content.decode())
    assert found
    return found[1]


def typed(*rows: dict[str, str]) -> dict[str, str]:
    usual = {"title": "Talk", "day": "1", "starts": "", "minutes": "60", "people": "", "keys": "", "guidance": ""}
    fields = {f"s{place}-{name}": value for place, row in enumerate(rows) for name, value in (usual | row).items()}
    return {"count": str(len(rows)), **fields}


def send(client: Client, stage: Stage, *rows: dict[str, str], seen: int | None = None, **more: str) -> Any:
    page = client.get(address(stage), BEGUN)
    number = hidden(page, "seen") if seen is None else str(seen)
    sent = {"origin": hidden(page, "origin"), "seen": number, **more, **typed(*rows)}
    return client.post(address(stage), sent)


def write(stage: Stage, *sessions: Session, by: User | None = None, seen: int = 0) -> Agenda:
    by = by or stage.people.assessor
    agenda = write_agenda(sessions, language="en", template="Two days", published_at=None, by=by)
    saved = save_agenda(stage.visit, agenda, seen=seen)
    assert isinstance(saved, Agenda)
    return saved


# --- Begun ------------------------------------------------------------------------------------------------------------


def test_the_shipped_template_is_in_the_language_of_the_agenda():
    assert [one.title for one in shipped_template("en").sessions] == ["Opening", "", "Closing"]
    assert shipped_template("pl").sessions[0].title != "Opening"
    assert shipped_template("pl").language == "pl"


def test_it_is_begun_in_the_language_of_the_hotline_and_not_saved_before_the_button(
    client: Client, stage: Stage, sign_in: SignIn
):
    stage.hotline.languages = "xx, pl, fr"
    assert language_of_hotline(stage.hotline) == "pl"
    lead = sign_in(client, stage.people.lead)
    assert "No agenda yet" in words(lead.get(address(stage)))
    page = words(lead.get(address(stage), BEGUN))
    for text in ("Opening", "Closing", "09:00 – 09:30", "Not saved yet"):
        assert text in page
    assert not Agenda.objects.exists()


def test_what_is_saved_stands_on_the_page_of_the_visit_for_both_sides(client: Client, stage: Stage, sign_in: SignIn):
    rows = [{"title": "Night shift", "people": "shift lead", "keys": "3.2", "guidance": "Ask for the rota."}, {}]
    assert send(sign_in(client, stage.people.lead), stage, *rows).status_code == 302
    agenda = Agenda.objects.get()
    assert (agenda.version, agenda.by, agenda.template_name) == (1, stage.people.lead, "Domain by domain")
    assert sessions_of(agenda)[0].keys == (SMALL.standards["3.2"].permanent_key,)
    visit = reverse("workspace:visit", args=[stage.evaluation.uid])
    finding = reverse("workspace:findings", args=[stage.evaluation.uid, "3.2"])
    team = words(sign_in(client, stage.people.assessor).get(visit))
    for text in ("Night shift", "09:00 – 10:00", "10:00 – 11:00", "Ask for the rota.", f'href="{finding}"'):
        assert text in team
    hotline = words(sign_in(client, stage.contributor).get(visit))
    assert "Night shift" in hotline
    assert "Version 1, by Rūta Žukaitė" in hotline
    for hidden_words in ("Ask for the rota.", f'href="{finding}"', "Change the agenda"):
        assert hidden_words not in hotline


# --- Changed row by row ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [Visit.State.PROPOSED, Visit.State.CANCELLED])
def test_days_that_are_given_up_are_not_shown_with_its_sessions(
    client: Client, stage: Stage, sign_in: SignIn, state: str
):
    write(stage, Session(title="Opening", day=1, minutes=60))
    page = reverse("workspace:visit", args=[stage.evaluation.uid])
    assert "Opening" in words(sign_in(client, stage.coordinator).get(page))
    Visit.objects.update(state=state)
    assert "Opening" not in words(client.get(page))


def rows(*titles_and_days: str) -> list[dict[str, Any]]:
    return [{"title": one[0], "day": one[1]} for one in titles_and_days]


@pytest.mark.parametrize(
    ("act", "place", "after", "now"),
    [
        ("up", 1, ["b1", "a1", "c2"], 0),
        ("down", 0, ["b1", "a1", "c2"], 1),
        ("down", 1, ["a1", "b2", "c2"], 1),
        ("up", 2, ["a1", "b1", "c1"], 2),
        ("up", 0, ["a1", "b1", "c2"], 0),
        ("down", 2, ["a1", "b1", "c2"], 2),
        ("remove", 2, ["a1", "b1"], 1),
        ("add", 1, ["a1", "b1", "1", "c2"], 2),
    ],
)
def test_a_row_is_moved_added_and_removed(act: str, place: int, after: list[str], now: int):
    changed = rows("a1", "b1", "c2")
    assert change_rows(changed, act, place, 2) == now
    assert [f"{row['title']}{row['day']}" for row in changed] == after


def test_the_last_row_can_be_removed_and_the_first_added():
    changed = rows("a1")
    change_rows(changed, "remove", 0, 2)
    assert (changed, change_rows(changed, "add", 0, 2)) == ([changed[0]], 0)


def test_rows_are_put_in_the_order_of_their_days():
    assert in_order(rows("a2", "b1", "cx", "d2")) == rows("b1", "cx", "a2", "d2")


@pytest.mark.parametrize("count", ["", "-1", "x", "²", "9" * 400])
def test_a_count_that_cannot_be_read_is_no_row(count: str):
    assert read_rows({"count": count}) == []


def test_the_other_buttons_keep_everything_typed_and_save_nothing(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    page = send(lead, stage, {"title": "First", "minutes": "long"}, {"title": "Second", "people": "Zoë"}, act="up-1")
    shown = words(page)
    assert page.status_code == 200
    assert shown.index('value="Second"') < shown.index('value="First"')
    for value in ("long", "Zoë"):
        assert f'value="{value}"' in shown
    assert not Agenda.objects.exists()


def test_times_are_shown_as_far_as_they_can_be_read(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    added = words(send(lead, stage, {"title": "First"}, {"title": "Last", "day": "2", "minutes": "x"}, act="add-0"))
    for text in ("Day 1 · 09:00 – 10:00", "Day 1 · 10:00 – 11:00"):
        assert text in added
    assert "Day 2 ·" not in added


def test_the_row_that_was_pressed_moves_though_its_day_was_changed_too(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    moved = [{"title": "First", "day": "2"}, {"title": "Second", "day": "1"}, {"title": "Third", "day": "1"}]
    shown = words(send(lead, stage, *moved, act="up-2"))
    assert shown.index('value="Third"') < shown.index('value="Second"') < shown.index('value="First"')


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"starts": "09:30"}, "Session 2, Begins at: “Talk” lasts until 10:00. Begin later, or leave this empty."),
        ({"keys": "9.9"}, "Session 2, What it examines: The edition has no domain, standard or indicator"),
        ({"title": ""}, "Session 2, Session: Give the session a title."),
        ({"starts": "18:30", "minutes": "31"}, "Session 2, Minutes: Day 1 takes 10:01 hours"),
        ({"day": "77"}, "Session 2, Day: "),
        ({"day": "9" * 5000}, "Session 2, Day: "),
        ({"minutes": "0"}, "Session 2, Minutes: "),
        ({"minutes": "²"}, "Session 2, Minutes: "),
        ({"guidance": "x" * 2001}, "Session 2, What to look at: "),
    ],
)
def test_what_cannot_be_saved_is_named_at_its_field_and_stays_typed(
    client: Client, stage: Stage, sign_in: SignIn, second: dict[str, str], message: str
):
    page = send(sign_in(client, stage.people.lead), stage, {}, {"people": "Zoë"} | second)
    assert page.status_code == 422
    assert message in words(page)
    assert 'value="Zoë"' in words(page)
    assert not Agenda.objects.exists()


def test_no_session_and_no_template_are_refused(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    empty = send(lead, stage)
    assert empty.status_code == 422
    assert "An agenda has at least one session." in words(empty)
    assert lead.post(address(stage), {"origin": "forged", **typed({})}).status_code == 302
    assert not Agenda.objects.exists()


def test_of_two_who_plan_at_once_the_second_sees_both(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    write(stage, Session("Theirs"))
    page = send(lead, stage, {"title": "Mine"}, seen=0)
    shown = words(page)
    assert page.status_code == 409
    for text in ("Theirs", 'value="Mine"', "what Jürgen Großmann saved stands first"):
        assert text in shown
    assert hidden(page, "seen") == "1"
    assert send(lead, stage, {"title": "Mine"}, seen=1).status_code == 302
    assert [sessions_of(one)[0].title for one in Agenda.objects.all()] == ["Mine", "Theirs"]


def test_an_earlier_version_is_opened_and_saved_again(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    write(stage, Session("First"))
    write(stage, Session("Second"), seen=1)
    page = lead.get(address(stage), {"version": "1"})
    assert 'value="First"' in words(page)
    assert "Not saved yet" in words(page)
    assert f'href="{address(stage)}?version=1"' in words(page)
    sent = {"origin": hidden(page, "origin"), "seen": hidden(page, "seen"), **typed({"title": "First"})}
    assert lead.post(address(stage), sent).status_code == 302
    assert [sessions_of(one)[0].title for one in Agenda.objects.all()] == ["First", "Second", "First"]
    for unknown in ("9", "x", "0", "9" * 30):
        assert 'value="First"' in words(lead.get(address(stage), {"version": unknown}))


def test_after_signing_off_what_was_typed_is_shown_and_not_saved(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    page = lead.get(address(stage), BEGUN)
    Visit.objects.update(state=Visit.State.SIGNED_OFF)
    sent = {"origin": hidden(page, "origin"), "seen": "0", **typed({"title": "Too late"})}
    refused = lead.post(address(stage), sent)
    assert refused.status_code == 423
    assert 'value="Too late"' in words(refused)
    assert lead.get(address(stage)).status_code == 302
    assert not Agenda.objects.exists()


# --- Sent ------------------------------------------------------------------------------------------------------------


def test_the_agenda_goes_to_the_hotline_and_the_team_once_each_in_their_language(
    client: Client, stage: Stage, sign_in: SignIn
):
    lead = sign_in(client, stage.people.lead)
    stage.coordinator.language = "pl"
    stage.coordinator.save()
    Letter.objects.all().delete()
    send(lead, stage, {"title": "Night & day", "people": "shift lead"})
    assert not Letter.objects.exists()
    for seen in (1, 1):
        send(lead, stage, {"title": "Night & day", "people": "shift lead"}, seen=seen, send="on")
    letters = {letter.to_user: letter.body for letter in Letter.objects.select_related("to_user")}
    team = {member.user for member in stage.visit.team.all()} - {stage.people.lead}
    assert set(letters) == team | {stage.coordinator, stage.contributor}
    assert Letter.objects.count() == len(letters)
    for reader, body in letters.items():
        assert "09:00 – 10:00  Night & day (shift lead)" in body
        with translation.override(reader.language):
            assert date_format(stage.visit.starts_on, "l") in body
    visit = words(lead.get(reverse("workspace:visit", args=[stage.evaluation.uid])))
    assert "Sent to the hotline and the team:" in visit


def test_an_agenda_that_is_refused_is_not_sent(client: Client, stage: Stage, sign_in: SignIn):
    Letter.objects.all().delete()
    page = send(sign_in(client, stage.people.lead), stage, {"title": ""}, send="on")
    assert re.search(r'<input type="checkbox" name="send"[^>]* checked', words(page))
    assert not Letter.objects.exists()


# --- Shown -----------------------------------------------------------------------------------------------------------


def test_a_part_of_the_guide_is_shown_as_its_standards():
    domain = SMALL.domains[0]
    assert find_standards([domain.permanent_key], SMALL) == [standard.code for standard in domain.standards]
    assert find_standards([SMALL.indicators["3.2.1"].permanent_key, "gone"], SMALL) == ["3.2"]


def test_a_day_after_a_shortened_visit_is_marked(stage: Stage):
    agenda = write(stage, Session("a"), Session("b", day=2))
    stage.visit.ends_on = stage.visit.starts_on
    shown = show_agenda(agenda, stage.visit, SMALL)
    assert [(day.number, day.is_after) for day in shown.days] == [(1, False), (2, True)]


def test_sixty_sessions_ask_no_more_than_one(client: Client, stage: Stage, sign_in: SignIn):
    lead = sign_in(client, stage.people.lead)
    pages = (address(stage), reverse("workspace:visit", args=[stage.evaluation.uid]))
    asked = []
    for seen, count in enumerate((1, 60)):
        write(stage, *(Session(f"{number}", minutes=5, keys=("3.2",)) for number in range(count)), seen=seen)
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                lead.get(page)
            asked.append(len(queries))
    assert asked[:2] == asked[2:]


def test_text_that_was_typed_is_escaped(client: Client, stage: Stage, sign_in: SignIn):
    write(stage, Session("<script>alert(1)</script>"))
    lead = sign_in(client, stage.people.lead)
    for page in (address(stage), reverse("workspace:visit", args=[stage.evaluation.uid])):
        assert "<script>alert(1)" not in lead.get(page).content.decode()
