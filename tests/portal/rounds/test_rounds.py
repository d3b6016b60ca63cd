"""Planning, opening and correcting a round, and the board with the stage of each hotline."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.engine.scoring import as_percent
from evaluation.models import Evaluation, Role, Round, Step
from portal.letters.models import Letter
from portal.reminders.calendar import open_rounds
from tests.bystander import COUNTRY, new
from tests.factories import EvaluationFactory, HotlineFactory, person, released_edition, score_now
from tests.letters_first import post_as_shown
from tests.stage import Participants, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mce(client: Client, sign_in: Callable[..., Client]) -> Client:
    people = Participants()
    signed_in = sign_in(client, people.mce)
    signed_in.people = people
    return signed_in


def days(count: int) -> str:
    return (timezone.localdate() + timedelta(days=count)).isoformat()


def typed(**changes: Any) -> dict[str, Any]:
    hotline = HotlineFactory(country="XA", name="Aldermark")
    return {
        "name": "Round of the test",
        "edition": released_edition().pk,
        "opens_on": days(0),
        "answers_until": days(90),
        "figures_from": "2026-01-01",
        "figures_until": "2026-12-31",
        "time_zone": "Europe/Brussels",
        "hotlines": [hotline.pk],
    } | changes


def nothing_is_written() -> bool:
    return not (new(Round).exists() or new(Evaluation).exists() or new(Step).exists())


def test_a_round_is_opened_with_an_answer_laid_out_for_every_indicator(mce: Client):
    page = post_as_shown(mce, "/work/rounds/new/", typed(), follow=True)
    round_ = new(Round).get()
    assert page.redirect_chain == [(f"/work/rounds/{round_.uid}/", 302)]
    assert round_.state == Round.State.OPEN
    evaluation = new(Evaluation).get()
    assert {answer.code for answer in evaluation.answers.all()} == set(evaluation.framework.indicators)
    assert [(step.kind, step.move) for step in new(Step)] == [("round", "open")]
    assert "Aldermark" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"hotlines": []}, "Hotlines: Choose at least one hotline."),
        (
            {"opens_on": days(9), "answers_until": days(8)},
            "Self-assessment until: The self-assessment ends before the round opens. Give a later day.",
        ),
        (
            {"opens_on": days(-9), "answers_until": days(-1)},
            "Self-assessment until: This day is over. Give today or a later day.",
        ),
        ({"figures_until": "2025-12-31"}, "Figures until: The period ends before it begins. Give a later day."),
        ({"time_zone": "Mars/Olympus"}, "Time zone: "),
        ({"edition": 999}, "Edition: "),
        ({"opens_on": "soon"}, "Opens on: "),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_written(mce: Client, changes: dict[str, Any], message: str):
    page = post_as_shown(mce, "/work/rounds/new/", typed(**changes))
    assert page.status_code == 422
    text = page.content.decode()
    assert "There is one thing to put right" in text
    assert message in text
    assert nothing_is_written()


def test_what_was_typed_stays_in_the_form(mce: Client):
    page = post_as_shown(mce, "/work/rounds/new/", typed(opens_on="soon"))
    assert 'value="Round of the test"' in page.content.decode()


def test_a_second_round_of_the_same_name_is_refused_in_words(mce: Client):
    same = typed()
    post_as_shown(mce, "/work/rounds/new/", same)
    again = post_as_shown(mce, "/work/rounds/new/", same)
    assert again.status_code == 422
    assert "Name: " in again.content.decode()
    assert new(Round).count() == 1


@pytest.mark.usefixtures("empty")
def test_without_a_released_edition_the_list_says_what_is_needed_first(mce: Client):
    page = mce.get("/work/rounds/").content.decode()
    assert "A round needs a released edition of the Guide. Release one first." in page
    assert "Open a round" not in page


def test_the_people_of_each_hotline_get_no_letter_about_somebody_else(mce: Client):
    stage = Stage("self_assessment", mce.people, country="XB")
    new(Letter).delete()
    post_as_shown(mce, "/work/rounds/new/", typed())
    assert not Letter.objects.filter(to_user__in=[stage.coordinator, stage.contributor]).exists()


# --- The board -------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(mce: Client) -> dict[str, Any]:
    """Return the board's address and three stages of one round: self-assessment, report, decided."""
    first = Stage("self_assessment", mce.people, country="XA")
    more = [
        Stage(state, mce.people, country=code, round=first.round)
        for state, code in (("report", "XB"), ("decided", "XC"))
    ]
    return {"address": f"/work/rounds/{first.round.uid}/", "stages": [first, *more]}


def test_the_board_puts_each_hotline_into_the_column_of_its_stage(mce: Client, board: dict[str, Any]):
    columns = mce.get(board["address"]).context["columns"]
    filled = {str(column["state"].value): [e.hotline.country for e in column["evaluations"]] for column in columns}
    assert {stage: countries for stage, countries in filled.items() if countries} == {
        "self_assessment": ["XA"],
        "report": ["XB"],
        "decided": ["XC"],
    }


def test_the_heat_map_shows_what_the_engine_says(mce: Client, board: dict[str, Any]):
    text = mce.get(board["address"]).content.decode()
    for stage in board["stages"]:
        card = score_now(stage.evaluation)
        heat = text.split('class="heat"', 1)[1]
        row = heat.split(f">{stage.country}</span> {stage.hotline.name}", 1)[1].split("</tr>", 1)[0]
        for domain in card.domains:
            assert as_percent(domain.ratio) in row, (stage.country, domain.code)


@pytest.mark.parametrize("sort", ["needs", "country", "stage", "nonsense"])
def test_the_board_sorts_as_asked_and_does_not_break_over_a_sort_it_lacks(
    mce: Client, board: dict[str, Any], sort: str
):
    page = mce.get(board["address"], {"sort": sort})
    assert page.status_code == 200
    assert sorted(row["evaluation"].hotline.country for row in _rows(page)) == ["XA", "XB", "XC"]


def _rows(page: Any) -> list[dict[str, Any]]:
    return [row if isinstance(row, dict) else {"evaluation": row.evaluation} for row in page.context["rows"]]


def test_a_hotline_that_is_late_is_marked_in_words(mce: Client):
    stage = Stage("self_assessment", mce.people)
    address = f"/work/rounds/{stage.round.uid}/"
    today = timezone.localdate()
    new(Round).update(answers_until=today)
    assert mce.get(address).context["columns"][0]["late"] == 0
    new(Round).update(answers_until=today - timedelta(days=1))
    assert mce.get(address).context["columns"][0]["late"] == 1


def test_a_round_closes_only_when_every_outcome_is_published(mce: Client, board: dict[str, Any]):
    page = mce.post(f"{board['address']}move/close/", follow=True)
    assert "Not published yet: Land XA, Land XB, Land XC." in page.content.decode()
    assert new(Round).get().state == Round.State.OPEN


def test_a_round_of_published_outcomes_closes(mce: Client):
    stage = Stage("published", mce.people)
    page = mce.post(f"/work/rounds/{stage.round.uid}/move/close/", follow=True)
    assert "Round closed. This is recorded in the log." in page.content.decode()
    assert new(Round).get().state == Round.State.CLOSED


# --- A plan ----------------------------------------------------------------------------------------------------------


def words(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


def test_a_second_round_is_opened_from_the_list(mce: Client):
    Stage("self_assessment", mce.people, country="XB")
    assert 'href="/work/rounds/new/"' in mce.get("/work/rounds/").content.decode()
    post_as_shown(mce, "/work/rounds/new/", typed())
    assert new(Round).filter(state="open").count() == 2


def test_a_round_with_a_day_to_come_is_planned_and_opens_with_the_calendar(mce: Client, monkeypatch):
    reader = person(Role.COORDINATOR, hotline=(hotline := HotlineFactory(country="XC", name="Corvania")))
    page = post_as_shown(mce, "/work/rounds/new/", typed(opens_on=days(10), hotlines=[hotline.pk]), follow=True)
    round_ = new(Round).get()
    assert (round_.state, new(Evaluation).count(), new(Letter).count()) == ("planned", 0, 0)
    assert "It opens by itself on" in words(page)
    assert open_rounds() == []
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    call_command("keep_dates", stdout=StringIO())
    assert new(Evaluation).get().hotline == hotline
    assert set(new(Letter).values_list("to_user", flat=True)) == {reader.pk, mce.people.mce.pk}
    assert open_rounds() == []


def test_a_plan_is_changed_and_opened_by_hand_on_its_day(mce: Client):
    post_as_shown(mce, "/work/rounds/new/", typed(opens_on=days(10)))
    round_ = new(Round).get()
    post_as_shown(mce, f"/work/rounds/{round_.uid}/move/open/")
    assert new(Round).get().state == "planned"
    other = HotlineFactory(country="XC", name="Corvania")
    address = f"/work/rounds/{round_.uid}/plan/"
    assert 'value="Round of the test"' in mce.get(address).content.decode()
    changed = {"name": "Renamed", "opens_on": days(5), "hotlines": [other.pk]}
    form = mce.get(address).context["form"].initial
    mce.post(address, form | {"time_zone": "Europe/Brussels", "is_renewing": ""} | changed)
    round_.refresh_from_db()
    assert (round_.name, round_.state, list(round_.chosen.all())) == ("Renamed", "planned", [other])
    new(Round).update(opens_on=timezone.localdate())
    page = post_as_shown(mce, f"/work/rounds/{round_.uid}/move/open/", follow=True)
    assert "Round opened. This is recorded in the log." in words(page)
    assert new(Evaluation).get().hotline == other


def test_a_plan_is_discarded_with_a_reason(mce: Client):
    post_as_shown(mce, "/work/rounds/new/", typed(opens_on=days(10)))
    address = f"/work/rounds/{new(Round).get().uid}/discard/"
    assert "Say why" in words(mce.post(address, follow=True))
    assert "is discarded" in words(mce.post(address, {"note": "Planned twice."}, follow=True))
    assert not new(Round).exists()


def test_all_hotlines_are_chosen_at_once_but_those_that_are_busy(mce: Client):
    busy = Stage("self_assessment", mce.people, country="XB").hotline
    more = [HotlineFactory(country=code) for code in ("XC", "XD")]
    page = mce.get("/work/rounds/new/").content.decode()
    assert f"{busy.name} (self-assessment is open in Round of the scene)" in page
    post_as_shown(mce, "/work/rounds/new/", typed(hotlines=[], everyone="on"))
    chosen = Evaluation.objects.filter(round__name="Round of the test").values_list("hotline__country", flat=True)
    assert set(chosen) == {"XA", COUNTRY, *(hotline.country for hotline in more)}


def test_who_gets_no_letter_because_nobody_is_there_is_named(mce: Client):
    page = post_as_shown(mce, "/work/rounds/new/", typed(), follow=True)
    text = words(page)
    assert "No letter went to these hotlines, because nobody has a role there: Aldermark." in text
    assert "Nobody is there to read our letters Aldermark" in text
    person(Role.COORDINATOR, hotline=new(Evaluation).get().hotline)
    assert "Nobody is there" not in words(mce.get(page.redirect_chain[-1][0]))


# --- Corrections -----------------------------------------------------------------------------------------------------


@pytest.fixture
def running(mce: Client) -> Stage:
    return Stage("self_assessment", mce.people, country="XB")


def correct(mce: Client, stage: Stage, act: str, **given: str) -> Any:
    prefix = {"late": ""}.get(act, f"{act}-")
    data = {f"{prefix}{name}": value for name, value in given.items()}
    return post_as_shown(mce, f"/work/rounds/{stage.round.uid}/correct/{act}/", data, follow=True)


def test_a_moved_deadline_is_told_to_those_who_have_not_submitted(mce: Client, running: Stage):
    new(Letter).delete()
    page = correct(mce, running, "deadline", until=days(40), note="The holidays lie between.")
    assert "Last day of the self-assessment moved" in words(page)
    assert new(Round).get().answers_until.isoformat() == days(40)
    letter = Letter.objects.get(to_user=running.coordinator)
    assert "The holidays lie between." in letter.body
    assert date_format(timezone.localdate() + timedelta(days=40)) in letter.body


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"until": days(-1), "note": "Too late."}, "which is over. Give today or a later day."),
        ({"until": "soon", "note": "Soon."}, "New last day: "),
        ({"until": days(40), "note": ""}, "Reason: Say why."),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_in_words(
    mce: Client, running: Stage, given: dict[str, str], message: str
):
    before = new(Round).get().answers_until
    page = correct(mce, running, "deadline", **given)
    assert page.status_code == 422
    assert message in words(page)
    assert new(Round).get().answers_until == before
    if given["note"]:
        assert given["note"] in words(page)


def test_a_hotline_is_added_removed_and_excused(mce: Client, running: Stage):
    hotline = HotlineFactory(country="XC", name="Corvania")
    people = person(Role.COORDINATOR, hotline=hotline)
    assert "Corvania is in the round." in words(
        correct(mce, running, "add", hotline=str(hotline.pk), note="Forgotten.")
    )
    added = Evaluation.objects.get(hotline=hotline)
    page = correct(mce, running, "remove", evaluation=str(added.pk), note="It was the wrong one.")
    assert "Corvania is no longer in the round." in words(page)
    assert "It was the wrong one." in Letter.objects.filter(to_user=people).latest("pk").body
    begun = correct(mce, running, "remove", evaluation=str(running.evaluation.pk), note="Away.")
    assert (begun.status_code, new(Evaluation).count()) == (422, 1)
    address = f"/work/evaluations/{running.evaluation.uid}/move/excuse/"
    page = mce.post(address, {"note": "The organisation closed."}, follow=True)
    assert "Hotline excused from the round. This is recorded in the log." in words(page)
    assert "The organisation closed." in Letter.objects.filter(to_user=running.coordinator).latest("pk").body
    assert "Round closed." in words(mce.post(f"/work/rounds/{running.round.uid}/move/close/", follow=True))


def test_those_who_are_late_get_a_letter_once_a_day(mce: Client, running: Stage):
    assert "Nobody is late" in words(correct(mce, running, "late"))
    new(Round).update(answers_until=days(-1))
    new(Letter).delete()
    assert "Write to those who are late" in words(mce.get(f"/work/rounds/{running.round.uid}/"))
    page = correct(mce, running, "late", note="Call us.")
    assert f"Those who are late are written to: {running.hotline.name}." in words(page)
    assert set(new(Letter).values_list("to_user", flat=True)) == {running.coordinator.pk, running.contributor.pk}
    assert "Call us." in new(Letter).first().body
    assert "were written to today" in words(correct(mce, running, "late"))
    assert new(Letter).count() == 2


def test_a_hotline_is_not_sent_back_while_it_has_another_self_assessment(mce: Client):
    stage = Stage("desk_review", mce.people, country="XB")
    EvaluationFactory(hotline=stage.hotline)
    page = mce.post(f"/work/evaluations/{stage.evaluation.uid}/move/send_back/", {"note": "Say more."}, follow=True)
    assert "The hotline has an open self-assessment in" in words(page)
