"""Concurrency: two moves, eight saves, a save during a submission, on both databases."""

import threading
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection, transaction

from evaluation.answers.judgements import AnswerInput, Closed, Conflict, Saved, save_answer
from evaluation.answers.returned_answers import send_answers_back
from evaluation.answers.submission import read_submission
from evaluation.files.inspection import inspect_upload
from evaluation.models import (
    Answer,
    AnswerVersion,
    Decision,
    Evaluation,
    Finding,
    Proof,
    Recommendation,
    Reply,
    Response,
    Scorecard,
    Step,
    User,
    Visit,
)
from evaluation.models.reasons import Reason
from evaluation.models.states import Stateful
from evaluation.panel.decisions import Verdict, decide, declare, vote
from evaluation.recommendations.progress import add_proof
from evaluation.response.replies import save_reply
from evaluation.response.response import respond, save_remark
from evaluation.visits.planning import TeamPlan
from evaluation.workflow import Refusal, perform, verify_chain
from tests.bystander import new
from tests.evaluation.workflow.racing import at_once, save_during
from tests.factories import MONDAY, SIGNED, RecommendationFactory, begin_visit, evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db(transaction=True)


def steps(thing: Stateful) -> list[Step]:
    return list(Step.objects.filter(kind=thing.kind, uid=thing.uid).order_by("seq"))


def refusals(results: list) -> list[tuple[Reason, ...]]:
    return [result.reasons for result in results if isinstance(result, Refusal)]


def test_two_press_the_same_button_and_one_step_is_walked():
    stage = Stage.minimal("self_assessment")

    def submit():
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)

    results = at_once(submit, submit)
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Step"], results
    assert refusals(results) == [(Reason("wrong_state"),)]
    assert [step.move for step in steps(stage.evaluation)] == ["submit"]
    assert verify_chain(steps(stage.evaluation)) == []


def test_two_press_different_buttons_and_one_step_is_walked():
    stage = Stage.minimal("desk_review")

    def press(name):
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), name, by=stage.people.mce, note="Complete 1.1.")

    results = at_once(partial(press, "accept"), partial(press, "send_back"))
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Step"], results
    stage.evaluation.refresh_from_db()
    assert [step.target for step in steps(stage.evaluation)] == [stage.evaluation.state]


def test_many_things_move_at_once_each_in_its_own_chain():
    stages = [Stage.minimal("self_assessment") for _ in range(4)]
    acts = [partial(perform, stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator) for stage in stages]
    assert [type(result).__name__ for result in at_once(*acts)] == ["Step"] * 4
    for stage in stages:
        assert [step.seq for step in steps(stage.evaluation)] == [1]


def test_the_panel_decides_once():
    stage = Stage.minimal("decision")
    stage.agree()

    def press(by):
        evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
        return decide(evaluation, Verdict("accredited", "Because."), by=by, on=MONDAY)

    results = at_once(*(partial(press, by) for by in stage.people.jury))
    assert [type(result).__name__ for result in results].count("Decision") == 1, results
    assert refusals(results) == [(Reason("wrong_state"),)] * 2
    assert (new(Decision).count(), len(steps(stage.evaluation))) == (1, 1)
    assert [len(steps(r)) for r in new(Recommendation)] == [1]


@pytest.mark.parametrize("attempt", range(3))
def test_a_vote_never_slips_in_behind_a_decision(attempt):
    """In any order, the decision has a majority of the votes, and no vote is stored after it."""
    stage = Stage.minimal("decision")
    stage.agree()
    swing = partial(
        vote, stage.scorecard, "deferred", "I think again.", by=User.objects.get(pk=stage.people.jury[1].pk)
    )
    again = partial(vote, stage.scorecard, "deferred", "So do I.", by=User.objects.get(pk=stage.people.jury[2].pk))

    def press():
        evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
        return decide(evaluation, Verdict("accredited", "Because."), by=stage.people.panel, on=MONDAY)

    *votes, decided = at_once(swing, again, press)
    stage.evaluation.refresh_from_db()
    if isinstance(decided, Decision):
        assert stage.evaluation.state == "decided"
        assert [r for r in refusals(votes) if r != (Reason("wrong_state"),)] == []
        assert stage.evaluation.tally.winner == "accredited"
    else:
        assert (stage.evaluation.state, refusals([decided])) == ("decision", [(Reason("not_what_was_voted"),)])
        assert stage.evaluation.tally.winner == "deferred"


def test_a_member_who_steps_aside_at_the_same_moment_does_not_decide():
    stage = Stage.minimal("decision")
    stage.agree()

    def step_aside():
        return declare(stage.evaluation, by=User.objects.get(pk=stage.people.panel.pk), stake="I advised them.")

    def press():
        by = User.objects.get(pk=stage.people.panel.pk)
        return decide(Evaluation.objects.get(pk=stage.evaluation.pk), Verdict("accredited", "Yes."), by=by, on=MONDAY)

    aside, decided = at_once(step_aside, press)
    if isinstance(decided, Decision):
        assert (refusals([aside]), stage.people.panel.stakes.exists()) == ([(Reason("wrong_state"),)], False)
    else:
        assert (refusals([decided]), new(Decision).exists()) == ([(Reason("has_a_stake"),)], False)


def test_a_team_does_not_change_under_a_visit_that_begins():
    stage = Stage.minimal("study_visit")
    stand_in = person("assessor")

    def change():
        plan = TeamPlan(stand_in, (), Visit(mode="remote", alone_because="Nobody else is free."))
        return perform(new(Visit).get(), "change_team", by=stage.people.mce, wanted=plan)

    begun, changed = at_once(lambda: begin_visit(new(Visit).get(), by=stage.people.lead), change)
    visit = new(Visit).get()
    team = {member.user for member in visit.team.all()}
    if isinstance(begun, Step):
        assert (visit.state, team) == ("under_way", set(stage.people.team))
        assert refusals([changed]) == [(Reason("team_can_go_on"),)]
    else:
        assert (visit.state, team) == ("dates_agreed", {stand_in})
        assert refusals([begun]) == [(Reason("not_permitted"),)]


def test_eight_save_one_answer_and_exactly_one_is_kept():
    evaluation = evaluation_of()
    people = [person() for _ in range(8)]
    results = at_once(
        *(
            partial(save_answer, evaluation, "1.1.2", AnswerInput(level=1, words=user.name), version=0, by=user)
            for user in people
        )
    )
    kept = [number for number, result in enumerate(results) if result == Saved(1)]
    clashes = [result for result in results if isinstance(result, Conflict)]
    assert (len(kept), len(clashes)) == (1, 7), results
    winner = people[kept[0]]
    assert {(clash.theirs.by, clash.theirs.words, clash.theirs.version) for clash in clashes} == {
        (winner, winner.name, 1)
    }
    assert list(new(AnswerVersion).values_list("version", "by_id")) == [(1, winner.pk)]


def test_one_save_sent_eight_times_at_once_is_kept_once():
    evaluation, by, save_uid = evaluation_of(), person(), uuid4()
    save = partial(save_answer, evaluation, "1.1.2", AnswerInput(level=1), version=0, by=by, save_uid=save_uid)
    assert at_once(*[save] * 8) == [Saved(1)] * 8
    assert new(AnswerVersion).count() == 1


def test_saves_of_different_answers_do_not_hinder_each_other():
    evaluation, by = evaluation_of(), person()
    codes = ("1.1.1", "1.1.2", "1.2.1", "3.2.1")
    acts = [partial(save_answer, evaluation, code, AnswerInput(level=3), version=0, by=by) for code in codes]
    assert at_once(*acts) == [Saved(1)] * 4


@pytest.mark.parametrize("attempt", range(4))
def test_a_save_against_a_submit_never_lands_in_a_submitted_self_assessment(attempt):
    """In any order, the submitted answer is the one that was saved before the submission."""
    stage = Stage.minimal("self_assessment")
    save = partial(save_answer, stage.evaluation, "1.1.2", AnswerInput(level=None), version=1, by=stage.coordinator)
    submit = partial(
        perform, Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator
    )
    saved, submitted = at_once(save, submit)
    stage.evaluation.refresh_from_db()
    level = Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").level
    if isinstance(submitted, Step):
        assert (saved, stage.evaluation.state, level) == (Closed(), "desk_review", 3)
        assert submitted_level(stage) == 3
    else:
        assert (saved, stage.evaluation.state, level) == (Saved(2), "self_assessment", None)
        assert refusals([submitted]) == [(Reason("unanswered", codes=("1.1.2",)),)]


def test_a_save_waits_for_a_submit_in_flight_and_is_shut_out():
    stage = Stage.minimal("self_assessment")
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    submitted, saved = save_during(
        partial(perform, stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator),
        partial(save_answer, evaluation, "1.1.2", AnswerInput(level=1), version=1, by=stage.coordinator),
    )
    assert (type(submitted), saved) == (Step, Closed())
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").level == submitted_level(stage) == 3


def test_a_reply_waits_for_a_hand_over_in_flight_and_is_shut_out():
    """The stage stays the same; the save is refused because the replies were handed over."""
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="It stands."), version=0, by=stage.people.lead)
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    handed, saved = save_during(
        partial(perform, stage.evaluation, "answer_remarks", by=stage.people.lead),
        partial(save_reply, evaluation, "1.1.2", AnswerInput(words="Too late."), version=1, by=stage.people.assessor),
    )
    assert (type(handed), saved) == (Step, Closed())
    assert new(Reply).get().words == "It stands."


def test_two_assessors_answer_one_remark_and_both_texts_are_known():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "1.1.2", "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)

    def reply(level, by):
        evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
        return save_reply(evaluation, "1.1.2", AnswerInput(level=level, words="So."), version=0, by=by)

    results = at_once(partial(reply, 1, stage.people.lead), partial(reply, 2, stage.people.assessor))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Saved"], results
    (conflict,) = [result for result in results if isinstance(result, Conflict)]
    assert conflict.theirs.level == new(Reply).get().level


def test_a_response_given_while_the_time_runs_out_is_given_or_comes_too_late():
    stage = Stage.minimal("response")
    new(Evaluation).update(respond_by="2020-01-01")

    def give():
        return respond(Evaluation.objects.get(pk=stage.evaluation.pk), by=stage.coordinator, accepts_others=True)

    def go_on():
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "go_on_without_response", by=stage.people.mce)

    results = at_once(give, go_on)
    assert refusals(results) == [(Reason("wrong_state"),)]
    assert new(Response).count() == sum(isinstance(result, Response) for result in results)
    assert (new(Visit).get().state, len(steps(stage.visit))) == ("closed", 1)


def test_two_hand_the_replies_over_and_a_finding_is_changed_once():
    stage = Stage.minimal("response")
    save_remark(stage.evaluation, "9.1.2", "Not so.", version=0, by=stage.coordinator)
    respond(stage.evaluation, by=stage.coordinator)
    answer = AnswerInput(level=1, words="We looked again.")
    save_reply(stage.evaluation, "9.1.2", answer, version=0, by=stage.people.assessor)
    version = new(Finding).get(code="9.1.2").version

    def hand_over(by):
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "answer_remarks", by=by)

    results = at_once(*(partial(hand_over, by) for by in (stage.people.lead, stage.people.mce)))
    assert refusals(results) == [(Reason("no_answer_awaited"),)]
    assert (new(Finding).get(code="9.1.2").version, new(Scorecard).count()) == (version + 1, 2)


def test_a_save_waits_for_a_sending_back_in_flight_and_is_shut_out():
    """The stage is the same before and after; the save is refused because another answer was sent back."""
    stage = Stage.minimal("self_assessment")
    evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)

    def return_another() -> Step:
        perform(stage.evaluation, "submit", signed=SIGNED, by=stage.coordinator)
        return send_answers_back(stage.evaluation, {"1.2.1": "Since when?"}, by=stage.people.mce)

    returned, saved = save_during(
        return_another,
        partial(save_answer, evaluation, "1.1.2", AnswerInput(level=1), version=1, by=stage.coordinator),
    )
    assert (type(returned), saved) == (Step, Closed())
    assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").level == submitted_level(stage) == 3


def submitted_level(stage: Stage) -> int:
    """Return the level of 1.1.2 in the frozen copy."""
    return read_submission(stage.evaluation.submissions.get())["answers"]["1.1.2"]["level"]


@pytest.mark.parametrize("level", [None, 1])
def test_a_submit_waits_for_a_save_in_flight_and_sees_it(level: int | None):
    stage = Stage.minimal("self_assessment")
    kept, sent = threading.Event(), threading.Event()

    def save():
        with transaction.atomic():
            given = AnswerInput(level=level)
            result = save_answer(stage.evaluation, "1.1.2", given, version=1, by=stage.coordinator)
            kept.set()
            sent.wait(10)
            threading.Event().wait(0.2)  # the submission has been sent to the database
        return result

    def submit():
        kept.wait(10)
        sent.set()
        return perform(Evaluation.objects.get(pk=stage.evaluation.pk), "submit", signed=SIGNED, by=stage.coordinator)

    saved, submitted = at_once(save, submit)
    assert saved == Saved(2)
    if level is None:
        assert refusals([submitted]) == [(Reason("unanswered", codes=("1.1.2",)),)]
    else:
        assert (type(submitted), submitted_level(stage)) == (Step, level)


def test_a_recommendation_is_accepted_or_contested_and_not_both():
    stage = Stage.minimal("decided")
    new(Recommendation).update(state="issued")
    other = person("coordinator", hotline=stage.evaluation.hotline)
    recommendation = new(Recommendation).get()

    def press(name, by):
        return perform(new(Recommendation).get(), name, by=by, note="It is in place.")

    results = at_once(partial(press, "accept", stage.coordinator), partial(press, "contest", other))
    assert sorted(type(result).__name__ for result in results) == ["Refusal", "Step"], results
    (step,) = steps(recommendation)
    assert new(Recommendation).get().state == step.target


def test_nothing_slips_in_beside_what_is_submitted():
    """A proof added at the moment of submission is either part of the submission or refused."""
    stage = Stage.minimal("decided")
    new(Recommendation).update(state="in_progress")
    recommendation = new(Recommendation).get()
    add_proof(recommendation, by=stage.coordinator, words="Nobody writes this down.")

    def submit():
        return perform(new(Recommendation).get(), "submit_evidence", by=stage.coordinator, note="Done.")

    late, step = at_once(
        lambda: add_proof(recommendation, by=stage.coordinator, address="https://example.org/late"), submit
    )
    assert type(step).__name__ == "Step"
    if isinstance(late, Proof):
        assert late.at <= step.at
    else:
        assert late.code == "not_under_way"


def test_the_same_file_shown_twice_at_once_is_kept_once():
    stage = Stage.minimal("decided")
    RecommendationFactory(evaluation=stage.evaluation, code="1.1.1")
    new(Recommendation).update(state="in_progress")
    upload = inspect_upload(PDF, "rota.pdf", limit=1000)
    both = list(new(Recommendation))
    results = at_once(*(partial(add_proof, one, by=stage.coordinator, upload=upload) for one in both))
    assert [type(result).__name__ for result in results] == ["Proof", "Proof"], results
    assert len({proof.document_id for proof in results}) == 1


def test_a_refresh_never_unlocks_the_state_for_the_other_threads():
    """The protected field is shared: while some threads refresh, nobody can set it, and nobody is refused a read."""
    stage = Stage.minimal("self_assessment")
    gone = Evaluation.objects.get(pk=evaluation_of().pk)
    Answer.objects.filter(evaluation=gone).delete()
    Evaluation.objects.filter(pk=gone.pk).delete()
    slipped = []

    def refresh():
        own = Evaluation.objects.get(pk=stage.evaluation.pk)
        for _ in range(40):
            own.refresh_from_db()

    def refresh_what_is_gone():
        for _ in range(40):
            with pytest.raises(Evaluation.DoesNotExist):
                gone.refresh_from_db()

    def set_directly():
        own = Evaluation.objects.get(pk=stage.evaluation.pk)
        for _ in range(400):
            try:
                own.state = "published"
            except AttributeError:
                continue
            slipped.append(own.state)

    assert at_once(refresh, refresh, refresh_what_is_gone, set_directly) == [None] * 4
    assert slipped == []


def test_the_threads_write_to_the_database_of_the_test():
    """Otherwise the races above would test nothing."""
    evaluation = evaluation_of()
    (count,) = at_once(lambda: (connection.settings_dict["NAME"], Evaluation.objects.filter(pk=evaluation.pk).count()))
    assert count == (connection.settings_dict["NAME"], 1)
