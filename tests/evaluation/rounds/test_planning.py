"""Planning, opening and correcting a round: an evaluation per hotline, with a blank answer per indicator."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.answers.judgements import AnswerInput, Closed, Saved, save_answer, save_finding
from evaluation.models import Answer, Evaluation, Hotline, Role, Round, Step, User
from evaluation.models.reasons import Reason
from evaluation.rounds import planning as rounds
from evaluation.rounds.planning import (
    add_hotline,
    hotlines_without_people,
    late_evaluations,
    open_planned_round,
    plan_round,
    remind_late,
)
from evaluation.rounds.renewal import hotlines_with_open_self_assessment
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once
from tests.factories import (
    EvaluationFactory,
    HotlineFactory,
    OperationFactory,
    RoundFactory,
    attach_what_is_required,
    evaluation_of,
    open_round,
    person,
    released_edition,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def mce():
    return person(Role.MCE_COORDINATOR)


def assert_refused(reason: Reason, round_, hotlines, by) -> None:
    counted = (new(Evaluation).count(), new(Answer).count(), new(Step).count())
    with pytest.raises(Refusal) as caught:
        open_round(round_, hotlines, by=by)
    assert caught.value.reasons == (reason,)
    assert (new(Evaluation).count(), new(Answer).count(), new(Step).count()) == counted


def test_each_chosen_hotline_gets_its_evaluation_with_its_empty_answers(mce):
    round_, chosen, _other = RoundFactory(), [HotlineFactory(), HotlineFactory()], HotlineFactory()
    evaluations = open_round(round_, chosen, by=mce)
    assert {evaluation.hotline for evaluation in evaluations} == set(chosen)
    for evaluation in new(Evaluation):
        assert (evaluation.round, evaluation.state) == (round_, "self_assessment")
        assert {a.code: (a.version, a.is_given) for a in evaluation.answers.all()} == dict.fromkeys(
            SMALL.indicators, (0, False)
        )
    assert (new(Evaluation).count(), round_.state) == (2, "open")
    assert list(new(Step).values_list("kind", "move")) == [("round", "open")]


def test_an_evaluation_remembers_who_ran_the_line_when_the_round_opened(mce):
    now = OperationFactory()
    OperationFactory(hotline=now.hotline, is_current=False)
    nobody = HotlineFactory()
    open_round(RoundFactory(), [now.hotline, nobody], by=mce)
    operators = {e.hotline: e.operator for e in new(Evaluation)}
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


@pytest.mark.everywhere
def test_what_the_database_refuses_leaves_the_round_planned(mce):
    round_ = RoundFactory()
    there_already = EvaluationFactory(round=round_, state="desk_review")
    assert_refused(Reason("has_open_self_assessment"), round_, [HotlineFactory(), there_already.hotline], mce)
    round_.refresh_from_db()
    assert (round_.state, new(Evaluation).count(), new(Step).count()) == ("planned", 1, 0)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MCE_COORDINATOR])
def test_only_mce_opens_a_round(role):
    hotline = HotlineFactory()
    assert_refused(Reason("not_permitted"), RoundFactory(), [hotline], person(role, hotline=hotline))


def test_opening_asks_as_many_questions_for_three_hotlines_as_for_one(mce):
    assert mce.has_role(Role.MCE_COORDINATOR)  # cached per request
    asked = []
    for number in (1, 3):
        round_, hotlines = RoundFactory(), [HotlineFactory() for _ in range(number)]
        with CaptureQueriesContext(connection) as questions:
            open_round(round_, hotlines, by=mce)
        asked.append(len(questions))
    assert asked[0] == asked[1]


# --- Planned ---------------------------------------------------------------------------------------------------------


def days(count: int):
    return timezone.localdate() + timedelta(days=count)


def set_clock(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def refusal_of(act) -> list[Reason]:
    with pytest.raises(Refusal) as caught:
        act()
    return list(caught.value.reasons)


def test_a_round_opens_on_its_day_and_not_before(mce):
    hotline, round_ = HotlineFactory(), RoundFactory(opens_on=days(1))
    plan_round(round_, [hotline], by=mce)
    assert_refused(Reason("opens_later", day=days(1)), round_, [hotline], mce)
    assert refusal_of(lambda: open_planned_round(round_, by=None)) == [Reason("opens_later", day=days(1))]
    new(Round).update(opens_on=days(0))
    assert [e.hotline for e in open_planned_round(round_, by=None).evaluations] == [hotline]
    assert new(Step).get().words.by is None


def test_the_opening_day_begins_at_midnight_where_the_round_keeps_its_days(mce, monkeypatch):
    round_ = RoundFactory(opens_on="2027-03-01", answers_until="2027-06-30", time_zone="Europe/Athens")
    plan_round(new(Round).get(), [HotlineFactory()], by=mce)
    set_clock(monkeypatch, datetime(2027, 2, 28, 21, 59, 59, tzinfo=UTC))
    assert refusal_of(lambda: open_planned_round(round_, by=None))[0].code == "opens_later"
    set_clock(monkeypatch, datetime(2027, 2, 28, 22, tzinfo=UTC))
    assert len(open_planned_round(round_, by=None).evaluations) == 1


def test_a_round_is_neither_planned_nor_opened_with_a_deadline_that_is_over(mce):
    late = Reason("deadline_in_the_past", day=days(-1))
    round_ = RoundFactory(answers_until=days(-1))
    assert refusal_of(lambda: plan_round(round_, [HotlineFactory()], by=mce)) == [late]
    assert_refused(late, round_, [HotlineFactory()], mce)


def test_a_plan_changes_until_the_round_opens(mce):
    round_, first, second = RoundFactory(opens_on=days(3)), HotlineFactory(), HotlineFactory()
    plan_round(round_, [first], by=mce)
    round_.name = "Another name"
    plan_round(round_, [second], by=mce)
    assert (new(Round).get().name, list(round_.chosen.all())) == ("Another name", [second])
    new(Round).update(opens_on=days(0))
    open_planned_round(round_, by=mce)
    assert refusal_of(lambda: plan_round(round_, [first], by=mce)) == [Reason("wrong_state")]
    assert refusal_of(lambda: plan_round(RoundFactory(), [], by=mce)) == [Reason("no_hotline")]
    assert refusal_of(lambda: plan_round(RoundFactory(), [first], by=person(Role.ASSESSOR))) == [
        Reason("not_permitted")
    ]


def test_a_planned_round_is_discarded_and_its_step_stays(mce):
    round_ = RoundFactory()
    assert refusal_of(lambda: perform(round_, "discard", by=mce, note=" ")) == [Reason("needs_note")]
    perform(round_, "discard", by=mce, note="Planned twice.")
    assert (new(Round).count(), new(Step).get().move) == (0, "discard")
    opened = RoundFactory(state="open")
    assert refusal_of(lambda: perform(opened, "discard", by=mce, note="No.")) == [Reason("wrong_state")]


def test_a_busy_hotline_is_left_out_when_its_planned_round_opens(mce):
    busy, free, round_ = EvaluationFactory().hotline, HotlineFactory(), RoundFactory()
    plan_round(round_, [busy, free], by=mce)
    opened = open_planned_round(round_, by=None)
    assert ([e.hotline for e in opened.evaluations], opened.busy) == ([free], [busy])
    alone = RoundFactory()
    plan_round(alone, [busy], by=mce)
    assert refusal_of(lambda: open_planned_round(alone, by=None)) == [
        Reason("has_open_self_assessment", names=(busy.name,))
    ]


# --- Corrected -------------------------------------------------------------------------------------------------------


@pytest.fixture
def open_one() -> Round:
    return RoundFactory(state="open", answers_until=days(10))


def last_step() -> tuple[str, str]:
    step = new(Step).order_by("-pk").first()
    return step.move, step.words.note


def test_the_deadline_moves_with_a_reason_and_never_into_the_past(mce, open_one):
    for day, note, reason in (
        (days(10), "Once more.", Reason("same_deadline", day=days(10))),
        (days(20), "  ", Reason("needs_note")),
        (days(-1), "Backdated.", Reason("deadline_in_the_past", day=days(-1))),
    ):
        assert refusal_of(
            lambda day=day, note=note: perform(open_one, "move_deadline", until=day, by=mce, note=note)
        ) == [reason]
    assert (new(Round).get().answers_until, new(Step).count()) == (days(10), 0)
    perform(open_one, "move_deadline", until=days(20), by=mce, note=" The holidays. ")
    assert (open_one.answers_until, last_step()) == (
        days(20),
        ("move_deadline", f"{days(10)} > {days(20)}: The holidays."),
    )


def test_a_deadline_that_is_over_can_be_extended(mce):
    round_ = RoundFactory(state="open", answers_until=days(-5))
    perform(round_, "move_deadline", until=days(0), by=mce, note="Two are nearly there.")
    assert round_.answers_until == days(0)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MCE_COORDINATOR])
def test_only_mce_corrects_a_round(role, open_one):
    hotline = HotlineFactory()
    by, inside = person(role, hotline=hotline), EvaluationFactory(round=open_one)
    new(Round).update(answers_until=days(-1))
    acts = [
        lambda: perform(open_one, "move_deadline", until=days(30), by=by, note="Why not."),
        lambda: add_hotline(open_one, hotline, renewing=False, by=by, note="Why not."),
        lambda: perform(inside.round, "remove_hotline", hotline=inside.hotline, by=by, note="Why not."),
        lambda: remind_late(open_one, by=by),
        lambda: perform(inside, "excuse", by=by, note="Why not."),
    ]
    assert [refusal_of(act) for act in acts] == [[Reason("not_permitted")]] * len(acts)


def test_a_hotline_is_added_to_an_open_round(mce, open_one):
    operation = OperationFactory()
    evaluation = add_hotline(open_one, operation.hotline, renewing=False, by=mce, note="It was forgotten.")
    assert (evaluation.operator, evaluation.answers.count()) == (operation.operator, len(SMALL.indicators))
    assert last_step() == ("add_hotline", f"{operation.hotline.name}: It was forgotten.")
    for hotline, reason in (
        (operation.hotline, Reason("already_in_the_round")),
        (busy := EvaluationFactory().hotline, Reason("has_open_self_assessment", names=(busy.name,))),
    ):
        act = lambda hotline=hotline: add_hotline(open_one, hotline, renewing=False, by=mce, note="Again.")  # noqa: E731
        assert refusal_of(act) == [reason]
    assert new(Step).count() == 1


def test_a_hotline_that_has_not_begun_is_removed_and_may_come_back(mce, open_one):
    evaluation = evaluation_of(round=open_one)
    hotline = evaluation.hotline
    perform(evaluation.round, "remove_hotline", hotline=evaluation.hotline, by=mce, note="It left the network.")
    assert (new(Evaluation).count(), new(Answer).count()) == (0, 0)
    assert last_step() == ("remove_hotline", f"{hotline.name}: It left the network.")
    add_hotline(open_one, hotline, renewing=False, by=mce, note="It came back.")


def test_a_hotline_of_which_only_the_traits_are_said_may_be_removed(mce):
    framework = replace(SMALL, code="T7", traits=("own_number",))
    evaluation = evaluation_of(round=RoundFactory(edition=released_edition(framework), state=Round.State.OPEN))
    perform(evaluation, "set_traits", by=mce, traits=["own_number"])
    perform(evaluation.round, "remove_hotline", hotline=evaluation.hotline, by=mce, note="It was a mistake.")
    assert not new(Evaluation).exists()


@pytest.mark.parametrize("begun", ["answer", "evidence", "step"])
def test_a_hotline_that_has_begun_is_not_removed(mce, open_one, begun):
    evaluation = evaluation_of(round=open_one)
    if begun == "answer":
        write_answer(evaluation, "1.1.2", level=1)
    elif begun == "evidence":
        attach_what_is_required(evaluation, mce)
    else:
        perform(evaluation, "excuse", by=mce, note="It closed.")
        perform(evaluation, "readmit", by=mce, note="It did not.")
    before = new(Step).count()
    assert refusal_of(
        lambda: perform(evaluation.round, "remove_hotline", hotline=evaluation.hotline, by=mce, note="Away.")
    ) == [Reason("has_begun", names=(evaluation.hotline.name,))]
    assert (new(Evaluation).count(), new(Step).count()) == (1, before)


def test_an_excused_hotline_keeps_its_words_and_the_round_closes_without_it(mce):
    stage = Stage.minimal("study_visit", visit_state="findings_entered")
    evaluation, round_ = stage.evaluation, stage.evaluation.round
    assert refusal_of(lambda: perform(evaluation, "excuse", by=mce)) == [Reason("needs_note")]
    assert refusal_of(lambda: perform(round_, "close", by=mce)) == [
        Reason("not_published", names=(evaluation.hotline.name,))
    ]
    perform(evaluation, "excuse", by=mce, note="The organisation closed.")
    answer, finding = evaluation.answers.get(code="1.1.2"), evaluation.findings.get(code="9.1.2")
    assert answer.is_given
    answer_input = AnswerInput(level=1, words="Once more.")
    assert save_answer(evaluation, "1.1.2", answer_input, version=answer.version, by=stage.coordinator) == Closed()
    assert save_finding(evaluation, "9.1.2", answer_input, version=finding.version, by=stage.people.lead) == Closed()
    assert refusal_of(lambda: perform(evaluation, "readmit", by=mce, note="Back.")) == [Reason("visit_has_begun")]
    perform(round_, "close", by=mce)
    assert round_.state == "closed"


def test_an_excused_hotline_comes_in_again_while_the_round_is_open(mce, open_one):
    evaluation = evaluation_of(round=open_one)
    perform(evaluation, "excuse", by=mce, note="It moves house.")
    perform(evaluation, "readmit", by=mce, note="It has moved.")
    assert save_answer(evaluation, "1.1.2", AnswerInput(level=1), version=0, by=mce) == Saved(1)
    perform(evaluation, "excuse", by=mce, note="It moves again.")
    perform(open_one, "close", by=mce)
    assert refusal_of(lambda: perform(evaluation, "readmit", by=mce, note="Back.")) == [Reason("round_not_open")]


def test_those_who_are_late_are_named_once_a_day(mce, open_one, monkeypatch):
    late, submitted = evaluation_of(round=open_one), evaluation_of(round=open_one, state="desk_review")
    assert submitted not in late_evaluations(open_one)
    assert refusal_of(lambda: remind_late(open_one, by=mce)) == [Reason("nobody_is_late")]
    later = timezone.now() + timedelta(days=12)
    set_clock(monkeypatch, later)
    assert remind_late(open_one, by=mce, note="Call us.") == [late]
    assert last_step() == ("remind", f"{late.hotline.name}: Call us.")
    assert refusal_of(lambda: remind_late(open_one, by=mce)) == [Reason("reminded_today")]
    set_clock(monkeypatch, later + timedelta(days=1))
    assert remind_late(open_one, by=mce) == [late]


def test_hotlines_where_nobody_is_are_named(mce):
    reached, empty, former, inactive = (HotlineFactory() for _ in range(4))
    person(Role.CONTRIBUTOR, hotline=reached)
    person(Role.COORDINATOR, hotline=former).memberships.update(until=days(-1), since=days(-9))
    User.objects.filter(pk=person(Role.COORDINATOR, hotline=inactive).pk).update(is_active=False)
    assert hotlines_without_people([reached, empty, former, inactive]) == [empty, former, inactive]


# --- Never two open self-assessments ---------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_the_database_refuses_a_second_open_self_assessment():
    hotline = EvaluationFactory().hotline
    with pytest.raises(IntegrityError), transaction.atomic():
        EvaluationFactory(hotline=hotline)
    EvaluationFactory(hotline=hotline, state="desk_review")


@pytest.mark.parametrize(("state", "name"), [("desk_review", "send_back"), ("excused", "readmit")])
def test_no_way_back_opens_a_second_self_assessment(mce, state, name):
    running = evaluation_of(state=state)
    other = EvaluationFactory(hotline=running.hotline)
    assert refusal_of(lambda: perform(running, name, by=mce, note="Again.")) == [
        Reason("self_assessment_open_elsewhere", names=(other.round.name,))
    ]


def test_a_round_whose_hotlines_were_all_taken_meanwhile_is_not_opened(mce, monkeypatch):
    """Another round takes its only hotline after the conditions were checked and before the evaluations are created."""
    hotline, round_ = HotlineFactory(), RoundFactory()

    def is_taken_after_the_answer(hotlines: Iterable[Hotline]) -> list[Hotline]:
        found = hotlines_with_open_self_assessment(hotlines)
        if not found:
            EvaluationFactory(hotline=hotline)
        return found

    monkeypatch.setattr(rounds, "hotlines_with_open_self_assessment", is_taken_after_the_answer)
    assert refusal_of(lambda: open_round(round_, [hotline], by=mce)) == [
        Reason("has_open_self_assessment", names=(hotline.name,))
    ]
    assert not round_.evaluations.exists()


@pytest.mark.django_db(transaction=True)
def test_two_rounds_opened_at_once_take_a_hotline_once():
    by, hotline = person(Role.MCE_COORDINATOR), HotlineFactory()
    rounds = [RoundFactory(), RoundFactory()]
    results = at_once(*(lambda round_=round_: open_round(round_, [hotline], by=by) for round_ in rounds))
    assert Evaluation.objects.filter(hotline=hotline, state="self_assessment").count() == 1
    lost = [result for result in results if isinstance(result, Refusal)]
    assert [refusal.reasons for refusal in lost] == [(Reason("has_open_self_assessment", names=(hotline.name,)),)], (
        results
    )
