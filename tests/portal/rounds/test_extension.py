"""More time for one hotline: a step with its reason, a letter, and a last day that all pages show."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.answers.deadline.timing import last_day_of
from evaluation.models import Evaluation, LastLook, Round, Step
from evaluation.queries import steps_of
from evaluation.rounds.planning import late_evaluations
from evaluation.workflow import write_step
from evaluation.workflow.noted_days import note_days
from portal.home.today import TASKS
from portal.letters.models import Letter
from portal.rounds.board import visible_evaluations
from portal.rounds.board_rows import read_rows
from portal.tasks import find_tasks
from tests.bystander import new
from tests.factories import DecisionFactory, ScorecardFactory
from tests.move_letters import write_letters
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def late() -> Stage:
    """Return a hotline whose round ended two days ago."""
    stage = Stage()
    new(Round).update(answers_until=stage.round.today - timedelta(days=2))
    stage.evaluation = new(Evaluation).get()
    stage.round = stage.evaluation.round
    return stage


def give(client: Client, stage: Stage, until: date, note: str = "The case system broke down.") -> Any:
    address = reverse("workspace:extend", args=[stage.evaluation.uid])
    return client.post(address, {"deadline-until": until.isoformat(), "deadline-note": note, "note": note}, follow=True)


def test_a_hotline_gets_more_time_with_a_reason_and_a_letter_in_its_language(
    late: Stage, sign_in: Callable[..., Client]
):
    type(late.coordinator).objects.filter(pk=late.coordinator.pk).update(language="fr")
    until = late.round.today + timedelta(days=10)
    page = give(sign_in(Client(), late.people.mce), late, until)
    assert "The hotline has more time, and gets a letter." in page.content.decode()
    evaluation = new(Evaluation).get()
    assert (evaluation.extended_until, evaluation.answers_until) == (until, until)
    step = Step.objects.get(move="extend")
    former = late.round.answers_until
    assert step.words.note == f"{former.isoformat()} > {until.isoformat()}: The case system broke down."
    letters = {letter.to_user: letter for letter in new(Letter)}
    assert set(letters) == {late.coordinator, late.contributor}
    assert letters[late.coordinator].language == "fr"
    assert "The case system broke down." in letters[late.coordinator].body
    # Every page shows the day.
    assert last_day_of(evaluation, steps_of(evaluation)) == until
    assert list(late_evaluations(evaluation.round)) == []
    (row,) = read_rows(evaluation.round, visible_evaluations(late.people.mce, evaluation.round))
    assert (row.days_left, row.is_late) == (10, False)
    assert not [row for row in find_tasks(late.people.mce, TASKS) if row.kind.code == "late"]


def test_what_was_sent_back_after_its_last_day_is_late_on_no_page(late: Stage):
    board, people = late.evaluation.round, late.people
    (row,) = read_rows(board, visible_evaluations(people.mce, board))
    assert (row.days_left, row.is_late) == (-2, True)
    assert [row for row in find_tasks(people.mce, TASKS) if row.kind.code == "late"]
    for move in ("submit", "send_back"):
        write_step(late.evaluation, move, late.evaluation.state, by=None, note="Why.")
    (row,) = read_rows(board, visible_evaluations(people.mce, board))
    assert (row.days_left, row.is_late) == (None, False)
    assert not [row for row in find_tasks(people.mce, TASKS) if row.kind.code == "late"]
    former, moved = board.answers_until, board.today + timedelta(days=5)
    board.answers_until = moved
    board.save()
    note = note_days(former, moved, "Why.")
    assert write_letters(board, "move_deadline", note=note, by=people.mce)
    scorecard = ScorecardFactory(evaluation=late.evaluation)
    DecisionFactory(evaluation=late.evaluation, scorecard=scorecard, hand_in_by=moved + timedelta(days=1))
    for move in ("submit", "resume"):
        write_step(late.evaluation, move, late.evaluation.state, by=None, note="Why.")
    assert not write_letters(board, "move_deadline", note=note, by=people.mce)


def test_home_tells_the_hotline_of_it(late: Stage, sign_in: Callable[..., Client]):
    hotline, address = sign_in(Client(), late.coordinator), reverse("workspace:evaluation", args=[late.evaluation.uid])
    hotline.get(address)
    LastLook.objects.update(at=timezone.now() - timedelta(days=1))
    give(sign_in(Client(), late.people.mce), late, late.round.today + timedelta(days=10))
    page = hotline.get(address)
    assert "More time given for the self-assessment" in [
        change["what"].split(": ", 1)[-1] for change in page.context["changes"]
    ]
    assert page.context["deadline"].big == "10"
    days = [date_format(day) for day in (late.round.answers_until, late.round.today + timedelta(days=10))]
    assert page.context["steps"][0].note.startswith(" → ".join(days) + ": ")


@pytest.mark.parametrize(
    ("days", "note", "message"),
    [
        (-2, "Why.", "The hotline has until"),
        (-1, "Why.", "which is over"),
        (5, "", "Say why."),
    ],
)
def test_no_day_that_is_over_no_earlier_one_and_none_without_a_reason(
    late: Stage, sign_in: Callable[..., Client], days: int, note: str, message: str
):
    page = give(sign_in(Client(), late.people.mce), late, late.round.today + timedelta(days=days), note)
    assert page.status_code == 422
    assert message in page.content.decode()
    assert not Step.objects.filter(move="extend").exists()
    assert not new(Letter).exists()


def test_pressed_twice_it_is_given_once(late: Stage, sign_in: Callable[..., Client]):
    client, until = sign_in(Client(), late.people.mce), late.round.today + timedelta(days=10)
    give(client, late, until)
    assert give(client, late, until).status_code == 422
    assert Step.objects.filter(move="extend").count() == 1
    assert new(Letter).count() == 2


def test_a_submitted_self_assessment_needs_no_time(sign_in: Callable[..., Client]):
    stage = Stage("desk_review")
    page = give(sign_in(Client(), stage.people.mce), stage, stage.round.today + timedelta(days=10))
    assert "Send it back to give it more time." in page.content.decode()


def test_a_round_that_is_moved_behind_it_counts_for_the_hotline_again(late: Stage, sign_in: Callable[..., Client]):
    give(sign_in(Client(), late.people.mce), late, late.round.today + timedelta(days=10))
    new(Round).update(answers_until=late.round.today + timedelta(days=30))
    assert new(Evaluation).get().answers_until == late.round.today + timedelta(days=30)
