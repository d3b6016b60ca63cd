"""Opening a round: an evaluation for each chosen hotline, with an empty answer for each indicator, or nothing at all."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from evaluation.conditions import Reason
from evaluation.models import Answer, Evaluation, Role, Step
from evaluation.rounds import open_round
from evaluation.workflow import Refusal
from tests.factories import EvaluationFactory, HotlineFactory, OperationFactory, RoundFactory, person
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def mce():
    return person(Role.MCE_COORDINATOR)


def assert_refused(reason: Reason, round_, hotlines, by) -> None:
    counted = (Evaluation.objects.count(), Answer.objects.count(), Step.objects.count())
    with pytest.raises(Refusal) as caught:
        open_round(round_, hotlines, by=by)
    assert caught.value.reasons == (reason,)
    assert (Evaluation.objects.count(), Answer.objects.count(), Step.objects.count()) == counted


def test_each_chosen_hotline_gets_its_evaluation_with_its_empty_answers(mce):
    round_, chosen, _other = RoundFactory(), [HotlineFactory(), HotlineFactory()], HotlineFactory()
    evaluations = open_round(round_, chosen, by=mce)
    assert {evaluation.hotline for evaluation in evaluations} == set(chosen)
    for evaluation in Evaluation.objects.all():
        assert (evaluation.round, evaluation.state) == (round_, "self_assessment")
        assert {a.code: (a.version, a.is_given) for a in evaluation.answers.all()} == dict.fromkeys(
            SMALL.indicators, (0, False)
        )
    assert (Evaluation.objects.count(), round_.state) == (2, "open")
    assert list(Step.objects.values_list("kind", "move")) == [("round", "open")]


def test_an_evaluation_remembers_who_ran_the_line_when_the_round_opened(mce):
    now = OperationFactory()
    OperationFactory(hotline=now.hotline, is_current=False)
    nobody = HotlineFactory()
    open_round(RoundFactory(), [now.hotline, nobody], by=mce)
    operators = {e.hotline: e.operator for e in Evaluation.objects.all()}
    assert operators == {now.hotline: now.operator, nobody: None}


def test_a_hotline_chosen_twice_is_examined_once(mce):
    hotline = HotlineFactory()
    assert len(open_round(RoundFactory(), [hotline, hotline], by=mce)) == 1


def test_without_a_hotline_a_round_stays_planned(mce):
    round_ = RoundFactory()
    assert_refused(Reason("no_hotline"), round_, [], mce)
    assert round_.state == "planned"


def test_a_round_opens_once(mce):
    round_, hotline = RoundFactory(), HotlineFactory()
    open_round(round_, [hotline], by=mce)
    assert_refused(Reason("wrong_state"), round_, [HotlineFactory()], mce)


def test_what_the_database_refuses_leaves_the_round_planned(mce):
    round_ = RoundFactory()
    there_already = EvaluationFactory(round=round_)
    with pytest.raises(IntegrityError):
        open_round(round_, [HotlineFactory(), there_already.hotline], by=mce)
    round_.refresh_from_db()
    assert (round_.state, Evaluation.objects.count(), Step.objects.count()) == ("planned", 1, 0)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MCE_COORDINATOR])
def test_only_mce_opens_a_round(role):
    hotline = HotlineFactory()
    assert_refused(Reason("not_permitted"), RoundFactory(), [hotline], person(role, hotline=hotline))


def test_opening_asks_as_many_questions_for_three_hotlines_as_for_one(mce):
    assert mce.has_role(Role.MCE_COORDINATOR)  # asked once a request
    asked = []
    for number in (1, 3):
        round_, hotlines = RoundFactory(), [HotlineFactory() for _ in range(number)]
        with CaptureQueriesContext(connection) as questions:
            open_round(round_, hotlines, by=mce)
        asked.append(len(questions))
    assert asked[0] == asked[1]
