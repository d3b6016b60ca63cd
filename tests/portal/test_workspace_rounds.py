"""Opening a round, and the board that shows where each hotline stands."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluation.models import Evaluation, Round, Step
from evaluation.scoring import as_percent
from portal.models import Letter
from tests.factories import HotlineFactory, released_edition, score_now
from tests.portal.stage import Cast, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mce(client: Client, sign_in: Callable[..., Client]) -> Client:
    cast = Cast()
    signed_in = sign_in(client, cast.mce)
    signed_in.cast = cast
    return signed_in


def typed(**changes: Any) -> dict[str, Any]:
    hotline = HotlineFactory(country="XA", name="Aldermark")
    return {
        "name": "Round 2027",
        "edition": released_edition().pk,
        "opens_on": "2027-01-11",
        "answers_until": "2027-06-30",
        "figures_from": "2026-01-01",
        "figures_until": "2026-12-31",
        "time_zone": "Europe/Brussels",
        "hotlines": [hotline.pk],
    } | changes


def nothing_is_written() -> bool:
    return not (Round.objects.exists() or Evaluation.objects.exists() or Step.objects.exists())


def test_a_round_is_opened_with_an_answer_laid_out_for_every_indicator(mce: Client):
    page = mce.post("/work/rounds/new/", typed(), follow=True)
    round_ = Round.objects.get()
    assert page.redirect_chain == [(f"/work/rounds/{round_.uid}/", 302)]
    assert round_.state == Round.State.OPEN
    evaluation = Evaluation.objects.get()
    assert {answer.code for answer in evaluation.answers.all()} == set(evaluation.framework.indicators)
    assert [(step.kind, step.move) for step in Step.objects.all()] == [("round", "open")]
    assert "Aldermark" in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Name: Fill this in."),
        ({"hotlines": []}, "Hotlines: Choose at least one hotline."),
        (
            {"answers_until": "2027-01-10"},
            "Self-assessment until: The self-assessment ends before the round opens. Give a later day.",
        ),
        ({"figures_until": "2025-12-31"}, "Figures until: The period ends before it begins. Give a later day."),
        ({"time_zone": "Mars/Olympus"}, "Time zone: "),
        ({"edition": 999}, "Edition: "),
        ({"opens_on": "soon"}, "Opens on: "),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_written(mce: Client, changes: dict[str, Any], said: str):
    page = mce.post("/work/rounds/new/", typed(**changes))
    assert page.status_code == 422
    text = page.content.decode()
    assert "There is one thing to put right" in text
    assert said in text
    assert nothing_is_written()


def test_what_was_typed_stays_in_the_form(mce: Client):
    page = mce.post("/work/rounds/new/", typed(opens_on="soon"))
    assert 'value="Round 2027"' in page.content.decode()


def test_a_second_round_of_the_same_name_is_refused_in_words(mce: Client):
    same = typed()
    mce.post("/work/rounds/new/", same)
    again = mce.post("/work/rounds/new/", same)
    assert again.status_code == 422
    assert "Name: " in again.content.decode()
    assert Round.objects.count() == 1


def test_without_a_released_edition_the_list_says_what_is_needed_first(mce: Client):
    page = mce.get("/work/rounds/").content.decode()
    assert "A round needs a released edition of the Guide. Release one first." in page
    assert "Open a round" not in page


def test_the_people_of_each_hotline_get_no_letter_about_somebody_else(mce: Client):
    stage = Stage("self_assessment", mce.cast, country="XB")
    Letter.objects.all().delete()
    mce.post("/work/rounds/new/", typed())
    assert not Letter.objects.filter(to_user__in=[stage.coordinator, stage.contributor]).exists()


# --- The board -------------------------------------------------------------------------------------------------------


@pytest.fixture
def board(mce: Client) -> dict[str, Any]:
    """Three hotlines of one round: asked, visited, decided."""
    first = Stage("self_assessment", mce.cast, country="XA")
    more = [
        Stage(state, mce.cast, country=code, round=first.round) for state, code in (("report", "XB"), ("decided", "XC"))
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
        row = text.split(f">{stage.country}</span> {stage.hotline.name}", 1)[1].split("</tr>", 1)[0]
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
    stage = Stage("self_assessment", mce.cast)
    address = f"/work/rounds/{stage.round.uid}/"
    today = timezone.localdate()
    Round.objects.update(answers_until=today)
    assert mce.get(address).context["columns"][0]["late"] == 0
    Round.objects.update(answers_until=today - timedelta(days=1))
    assert mce.get(address).context["columns"][0]["late"] == 1


def test_a_round_closes_only_when_every_outcome_is_published(mce: Client, board: dict[str, Any]):
    page = mce.post(f"{board['address']}move/close/", follow=True)
    assert "Not published yet: Land XA, Land XB, Land XC." in page.content.decode()
    assert Round.objects.get().state == Round.State.OPEN


def test_a_round_of_published_outcomes_closes(mce: Client):
    stage = Stage("published", mce.cast)
    page = mce.post(f"/work/rounds/{stage.round.uid}/move/close/", follow=True)
    assert "Round closed. The log says so." in page.content.decode()
    assert Round.objects.get().state == Round.State.CLOSED
