"""The timing of an open self-assessment: how it was sent back, its last day, and how many answers are recent."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation import queries
from evaluation.answers.deadline.pace import Ahead
from evaluation.answers.deadline.timing import (
    count_begun_within,
    find_pace,
    find_return,
    last_day_of,
    last_day_so_far,
    last_days_of,
)
from evaluation.due_dates import find_due
from evaluation.models import Evaluation, Role, Round, Step
from evaluation.rounds.planning import late_evaluations
from evaluation.workflow import Refusal, perform, write_step
from tests.bystander import new
from tests.factories import DecisionFactory, ScorecardFactory, evaluation_of, person, write_answer
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.everywhere]


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


def step(evaluation: Evaluation, *moves: str) -> None:
    for move in moves:
        write_step(evaluation, move, evaluation.state, by=None, note="Why.")


def returned(evaluation: Evaluation) -> str:
    found = find_return(evaluation, queries.steps_of(evaluation))
    return found.move if found else ""


def test_what_comes_back_has_come_back_until_it_is_submitted_again(evaluation: Evaluation):
    assert returned(evaluation) == ""
    for moves, move in (
        (("submit", "send_back", "set_traits"), "send_back"),
        (("submit",), ""),
        (("excuse", "readmit"), "readmit"),
        (("submit", "resume"), "resume"),
    ):
        step(evaluation, *moves)
        assert returned(evaluation) == move
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    evaluation = new(Evaluation).get()
    assert returned(evaluation) == ""


def test_what_comes_back_after_the_last_day_has_none_until_it_is_moved(evaluation: Evaluation):
    step(evaluation, "submit", "send_back")
    steps = queries.steps_of(evaluation)
    assert last_day_of(evaluation, steps) == evaluation.round.answers_until
    evaluation.round.answers_until = evaluation.round.today - timedelta(days=1)
    assert last_day_of(evaluation, steps) is None
    evaluation.round.answers_until = evaluation.round.today
    assert last_day_of(evaluation, steps) == evaluation.round.today


def test_what_was_deferred_is_handed_in_by_the_day_of_its_decision(evaluation: Evaluation):
    hand_in_by = evaluation.round.today + timedelta(days=90)
    DecisionFactory(evaluation=evaluation, scorecard=ScorecardFactory(evaluation=evaluation), hand_in_by=hand_in_by)
    new(Round).update(answers_until=evaluation.round.today - timedelta(days=300))
    evaluation.round.refresh_from_db()
    step(evaluation, "submit", "resume")
    assert last_day_of(evaluation, queries.steps_of(evaluation)) == hand_in_by


@pytest.mark.parametrize(
    ("move", "state"),
    [
        ("send_back", "desk_review"),
        ("resume", "decided"),
        ("readmit", "excused"),
        ("reopen_answers", "self_assessment"),
    ],
)
@pytest.mark.parametrize(("left", "expected"), [(-30, 14), (5, 14), (14, 14), (60, 60)])
def test_a_return_leaves_two_weeks_at_least(move: str, state: str, left: int, expected: int):
    """`left`: how many days the self-assessment, or the deferral, had left."""
    stage = Stage.minimal({"decided": "decision", "excused": "self_assessment"}.get(state, state))
    today = stage.round.today
    new(Round).update(answers_until=today + timedelta(days=left))
    codes = {"reopen_answers": [*stage.framework.indicators]}.get(move)
    new(Evaluation).update(state=state, fixed_codes=codes)
    if move == "resume":
        new(Round).update(answers_until=today - timedelta(days=300))
        hand_in_by = today + timedelta(days=left)
        DecisionFactory(scorecard=stage.scorecard, outcome="deferred", valid_until=None, hand_in_by=hand_in_by)
        expected = left if left >= 0 else 14  # the day of the panel stays if it is to come
    needs = {"returned": {"1.1.2": "Why?"}} if move == "reopen_answers" else {}
    evaluation = new(Evaluation).get()
    perform(evaluation, move, by=stage.people.mce, note="Say more.", **needs)
    assert (last_day_so_far(evaluation) - today).days == expected
    assert last_days_of([evaluation]) == {evaluation.pk: today + timedelta(days=expected)}


def test_lists_have_the_last_day_that_home_has_and_nobody_without_one_is_late(evaluation: Evaluation):
    round_ = evaluation.round
    yesterday, later = round_.today - timedelta(days=1), round_.today + timedelta(days=90)
    new(Round).update(answers_until=yesterday)
    sent_back, readmitted, deferred, extended, submitted = (evaluation_of(round=round_) for _ in range(5))
    step(sent_back, "submit", "send_back")
    step(readmitted, "excuse", "readmit")
    step(deferred, "submit", "resume")
    DecisionFactory(evaluation=deferred, scorecard=ScorecardFactory(evaluation=deferred), hand_in_by=later)
    Evaluation.objects.filter(pk=extended.pk).update(extended_until=later)
    Evaluation.objects.filter(pk=submitted.pk).update(state=Evaluation.State.DESK_REVIEW)
    every = list(new(Evaluation).select_related("round").order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        found = last_days_of(every)
    assert len(asked) == 2
    assert list(found.values()) == [yesterday, None, None, later, later]
    assert list(found.values()) == [last_day_of(one, queries.steps_of(one)) for one in every if one.is_open]
    assert last_day_so_far(every[1]) == yesterday
    assert late_evaluations(every[0].round) == [evaluation]
    assert [due.evaluation for due in find_due()] == [evaluation]


def test_a_deferred_evaluation_can_be_given_more_time_than_its_decision_gave(evaluation: Evaluation):
    hand_in_by = evaluation.round.today + timedelta(days=90)
    DecisionFactory(evaluation=evaluation, scorecard=ScorecardFactory(evaluation=evaluation), hand_in_by=hand_in_by)
    step(evaluation, "submit", "resume")
    mce = person(Role.MCE_COORDINATOR)
    with pytest.raises(Refusal):
        perform(evaluation, "extend", by=mce, note="Why.", until=hand_in_by)
    until = hand_in_by + timedelta(days=1)
    perform(evaluation, "extend", by=mce, note="Why.", until=until)
    assert last_days_of([evaluation]) == {evaluation.pk: until}
    assert Step.objects.get(move="extend").words.note == f"{hand_in_by.isoformat()} > {until.isoformat()}: Why."


def test_an_indicator_counts_on_the_day_of_its_first_answer(evaluation: Evaluation):
    now = timezone.now()
    write_answer(evaluation, "1.1.1", level=1, at=now - timedelta(days=20))
    write_answer(evaluation, "1.1.1", level=2, at=now)
    write_answer(evaluation, "1.1.2", level=2, at=now - timedelta(days=1))
    write_answer(evaluation, "1.2.1", level=2, at=now)
    assert [count_begun_within(evaluation, days) for days in (1, 2, 14, 22)] == [1, 2, 2, 3]
    assert count_begun_within(evaluation, 14, but=["1.2.1"]) == 1


def test_the_pace_asks_no_more_after_a_hundred_versions(evaluation: Evaluation):
    new(Evaluation).update(opened_at=timezone.now() - timedelta(days=4))
    evaluation.refresh_from_db()
    unanswered = [evaluation.framework.indicators[code] for code in ("1.1.1", "1.1.2")]
    write_answer(evaluation, "1.2.1", level=2)
    pace = find_pace(evaluation, [], unanswered)
    assert (pace.left, pace.ahead, pace.recent, pace.window) == (2, Ahead.WEEKS, 1, 5)
    for level in range(100):
        write_answer(evaluation, "1.2.1", level=level % 3)
    with CaptureQueriesContext(connection) as asked:
        assert find_pace(evaluation, [], unanswered) == pace
    assert len(asked) == 1
