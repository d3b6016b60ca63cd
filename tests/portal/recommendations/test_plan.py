"""The hotline's plan on one page: board, calendar, filters, progress, and what the home page says is due."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation.models import Recommendation
from portal.recommendations.months import months_of, weekdays_from
from portal.recommendations.rows import COLUMNS, Shown, stages_of
from tests.factories import DecisionFactory, FulfilmentFactory, ProofFactory, RecommendationFactory, RequirementFactory
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = Recommendation.State
CODES = ("1.1.1", "1.2.1", "3.1.1", "3.2.1", "3.2.2", "9.1.1", "9.1.2")


@pytest.fixture
def stage() -> Stage:
    return Stage("decided")


@pytest.fixture
def today(stage: Stage) -> date:
    return stage.round.today


def plan(client: Client, stage: Stage, query: str = "") -> Any:
    return client.get(reverse("workspace:plan", args=[stage.evaluation.uid]) + query)


def add(stage: Stage, code: str, state: str, **of_it: Any) -> Recommendation:
    return RecommendationFactory(evaluation=stage.evaluation, code=code, state=state, title=f"Mend {code}", **of_it)


def board(page: Any) -> dict[str, list[str]]:
    """Return the non-empty columns by state, with the codes of their cards in order."""
    return {
        column.state.value: [card.shown.recommendation.code for card in column.cards]
        for column in page.context["columns"]
    }


def test_the_board_has_a_column_for_each_state_that_holds_something_the_nearest_day_first(
    stage: Stage, today: date, sign_in: Callable[..., Client]
):
    stage.recommendation.delete()
    for number, (state, code) in enumerate(zip(COLUMNS, CODES, strict=False)):
        add(stage, code, state, due_on=today + timedelta(days=number))
    add(stage, "1.1.2", State.ISSUED, due_on=today - timedelta(days=1))
    page = plan(sign_in(Client(), stage.coordinator), stage)
    assert board(page) == {
        "issued": ["1.1.2", "1.1.1"],
        "contested": ["1.2.1"],
        "accepted": ["3.1.1"],
        "in_progress": ["3.2.1"],
        "evidence_submitted": ["3.2.2"],
        "not_verified": ["9.1.1"],
        "verified": ["9.1.2"],
    }
    assert [(one["state"].value, one["count"]) for one in page.context["counts"]] == [
        ("issued", 2),
        ("contested", 1),
        ("accepted", 1),
        ("in_progress", 1),
        ("evidence_submitted", 1),
        ("not_verified", 1),
        ("verified", 1),
        ("closed", 0),
    ]


def test_drafts_and_what_was_left_out_are_on_no_board(stage: Stage, sign_in: Callable[..., Client]):
    add(stage, "1.1.1", State.DRAFTED)
    add(stage, "1.2.1", State.ISSUED, is_dropped=True)
    for user in (stage.coordinator, stage.people.mce, stage.people.lead):
        assert board(plan(sign_in(Client(), user), stage)) == {"issued": ["1.1.2"]}


def test_progress_counts_what_is_closed_of_what_is_still_asked(
    stage: Stage, today: date, sign_in: Callable[..., Client]
):
    add(stage, "1.1.1", State.CLOSED)
    add(stage, "1.2.1", State.CLOSED, is_withdrawn=True)
    add(stage, "3.1.1", State.VERIFIED, due_on=today - timedelta(days=5))
    add(stage, "3.2.1", State.CONTESTED, due_on=today - timedelta(days=5))
    page = plan(sign_in(Client(), stage.coordinator), stage)
    text = " ".join(page.content.decode().split())
    assert ("1 of 4 closed" in text, "1 is overdue" in text, "1 was taken back" in text) == (True, True, True)
    assert page.context["progress"].percent == 25


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["1.1.1", "1.1.2", "3.2.1", "9.1.1"]),
        ("?mine=1", ["3.2.1"]),
        ("?overdue=1", ["1.1.1"]),
        ("?priority=1", ["9.1.1"]),
        ("?domain=D1", ["1.1.1", "1.1.2"]),
        ("?domain=D1&overdue=1", ["1.1.1"]),
        ("?mine=1&domain=D9", []),
        ("?priority=x&domain=%20", []),
        ("?view=odd", ["1.1.1", "1.1.2", "3.2.1", "9.1.1"]),
    ],
)
def test_the_plan_is_narrowed(stage: Stage, today: date, sign_in: Callable[..., Client], query: str, codes: list[str]):
    add(stage, "1.1.1", State.ACCEPTED, due_on=today - timedelta(days=1))
    add(stage, "3.2.1", State.ACCEPTED, owner=f" {stage.coordinator.name.upper()} ")
    add(stage, "9.1.1", State.CLOSED, priority=1)
    page = plan(sign_in(Client(), stage.coordinator), stage, query)
    assert sorted(code for column in board(page).values() for code in column) == codes
    assert ("Nothing matches this" in page.content.decode()) == (not codes)


def test_a_move_is_made_on_the_card_itself(stage: Stage, sign_in: Callable[..., Client]):
    client = sign_in(Client(), stage.coordinator)
    url = reverse("workspace:move_recommendation", args=[stage.recommendation.uid, "contest"])
    assert f'action="{url}"' in plan(client, stage).content.decode()
    client.post(url, {"note": "It is in place.", "from": "plan"})
    assert board(plan(client, stage)) == {"contested": ["1.1.2"]}


def test_who_may_do_nothing_sees_the_board_without_a_button(stage: Stage, sign_in: Callable[..., Client]):
    page = plan(sign_in(Client(), stage.people.panel), stage).content.decode()
    assert ("1.1.2" in page, "move/" in page) == (True, False)


def test_a_plan_without_anything_says_when_it_will_have_something(sign_in: Callable[..., Client]):
    stage = Stage("desk_review")
    page = plan(sign_in(Client(), stage.coordinator), stage)
    assert page.status_code == 200
    assert "Nothing to follow yet" in page.content.decode()


# --- The calendar ----------------------------------------------------------------------------------------------------


def test_the_calendar_lists_what_is_overdue_first_then_month_by_month(
    stage: Stage, today: date, sign_in: Callable[..., Client]
):
    stage.recommendation.delete()
    later = (today.replace(day=28) + timedelta(days=40)).replace(day=15)
    add(stage, "1.1.1", State.ACCEPTED, due_on=today - timedelta(days=9))
    add(stage, "1.2.1", State.ISSUED, due_on=later)
    add(stage, "3.1.1", State.ISSUED, due_on=later)
    add(stage, "3.2.1", State.ISSUED, due_on=None)
    add(stage, "9.1.1", State.VERIFIED, due_on=today - timedelta(days=30))
    page = plan(sign_in(Client(), stage.coordinator), stage, "?view=calendar")
    assert [shown.recommendation.code for shown in page.context["late"]] == ["1.1.1"]
    assert [(month.first, month.count) for month in page.context["months"]] == [
        (later.replace(day=1), 2),
        (None, 1),
    ]
    text = page.content.decode()
    assert f'href="#d{later:%Y-%m-%d}"' in text
    assert text.count(f'id="d{later:%Y-%m-%d}"') == 1
    assert "1 is verified or closed" in " ".join(text.split())


@pytest.mark.parametrize(("first", "begins"), [(0, "Sunday"), (1, "Monday"), (6, "Saturday")])
def test_a_week_begins_where_the_reader_lives(first: int, begins: str):
    with translation.override("en"):
        days = [whole for whole, _short in weekdays_from(first)]
    assert (days[0], len(set(days))) == (begins, 7)


def test_each_square_of_the_grid_stands_under_its_weekday(stage: Stage, today: date):
    shown = Shown(
        recommendation=Recommendation(due_on=date(2027, 2, 14)),
        wording="",
        obligation="core",
        obligation_name="",
        domain="D1",
        today=date(2027, 2, 3),
    )
    for first in range(7):
        (month,) = months_of([shown], date(2027, 2, 3), first)
        numbers = [day.date.isoweekday() % 7 if day.date else None for week in month.weeks for day in week]
        assert [n for place, n in enumerate(numbers) if n is not None and n != (first + place) % 7] == []
        days = [day for week in month.weeks for day in week if day.date]
        assert [day.date.day for day in days] == list(range(1, 29))
        assert [day.date.day for day in days if day.due] == [14]
        assert [day.date.day for day in days if day.is_today] == [3]


# --- The rail --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "now", "held"),
    [
        (State.ISSUED, "Issued", False),
        (State.CONTESTED, "Contested", True),
        (State.IN_PROGRESS, "In progress", False),
        (State.NOT_VERIFIED, "Not verified", True),
        (State.VERIFIED, "Verified", False),
    ],
)
def test_the_rail_shows_where_it_stands_and_what_holds_it(state: str, now: str, held: bool):
    (stage,) = [stage for stage in stages_of(Recommendation(state=state)) if stage.is_now]
    assert (stage.label, stage.is_held) == (now, held)


def test_what_is_closed_is_done_to_the_end_and_a_draft_has_not_set_out():
    assert all(stage.is_done and not stage.is_now for stage in stages_of(Recommendation(state=State.CLOSED)))
    assert not any(stage.is_done or stage.is_now for stage in stages_of(Recommendation(state=State.DRAFTED)))


# --- Home ------------------------------------------------------------------------------------------------------------


def test_the_hotlines_home_says_what_is_due_next(stage: Stage, today: date, sign_in: Callable[..., Client]):
    Recommendation.objects.update(due_on=today + timedelta(days=10), title="Put a deputy on the rota")
    add(stage, "1.1.1", State.IN_PROGRESS, due_on=today - timedelta(days=3))
    add(stage, "9.1.1", State.CLOSED, due_on=today - timedelta(days=30))
    page = sign_in(Client(), stage.contributor).get("/work/", follow=True).content.decode()
    assert page.index("Mend 1.1.1") < page.index("Put a deputy on the rota")
    assert ("was due on" in page, "Mend 9.1.1" in page) == (True, False)
    assert reverse("workspace:plan", args=[stage.evaluation.uid]) in page
    assert (
        "Due next"
        not in sign_in(Client(), stage.people.panel)
        .get(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
        .content.decode()
    )


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["", "?view=calendar"])
@pytest.mark.parametrize("who", ["coordinator", "mce", "assessor"])
def test_eight_recommendations_ask_no_more_than_two(
    stage: Stage, today: date, sign_in: Callable[..., Client], view: str, who: str
):
    client = sign_in(Client(), stage.user(who))
    add(stage, "1.1.1", State.EVIDENCE_SUBMITTED)  # their moves check whether the user is independent
    counts = []
    for more in ((), CODES[1:]):
        for number, code in enumerate(more):
            state = COLUMNS[number % len(COLUMNS)]
            ProofFactory(recommendation=add(stage, code, state, due_on=today + timedelta(days=number - 3)))
        plan(client, stage, view)
        with CaptureQueriesContext(connection) as asked:
            plan(client, stage, view)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 16, [query["sql"][:120] for query in asked]


# --- What the decision asks for --------------------------------------------------------------------------------------


def test_the_conditions_of_the_newest_decision_stand_on_the_plan(stage: Stage, sign_in: Callable[..., Client]):
    first = FulfilmentFactory(
        requirement=RequirementFactory(decision=stage.decision, text="Name a deputy by summer.", code="1.1.2")
    )
    client = sign_in(Client(), stage.coordinator)
    assert "Name a deputy by summer." in plan(client, stage).content.decode()
    newer = DecisionFactory(scorecard=stage.scorecard, decided_by=stage.people.panel, replaces=stage.decision)
    second = FulfilmentFactory(requirement=RequirementFactory(decision=newer, text="Name two deputies.", code="9.1.2"))
    page = plan(client, stage)
    words = page.content.decode()
    assert ("Name a deputy by summer." in words, "Name two deputies." in words) == (False, True)
    assert [one.fulfilment for one in page.context["conditions"]] == [second] != [first]


@pytest.mark.parametrize("view", ["", "?view=calendar"])
def test_a_condition_is_shown_once_with_its_day(stage: Stage, today: date, sign_in: Callable[..., Client], view: str):
    recommendation = add(stage, CODES[1], State.ISSUED, due_on=today + timedelta(days=50))
    add(stage, CODES[2], State.ISSUED, due_on=today + timedelta(days=50))
    requirement = RequirementFactory(
        decision=stage.decision, text="Name a deputy.", code=recommendation.code, due_on=today + timedelta(days=50)
    )
    FulfilmentFactory(requirement=requirement)
    page = plan(sign_in(Client(), stage.coordinator), stage, view).content.decode()
    recommendation_page = reverse("workspace:recommendation", args=[recommendation.uid])
    assert (recommendation_page in page, page.count("Name a deputy.")) == (False, 2 if view else 1)
