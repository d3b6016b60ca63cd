"""A follow-up visit limited to some indicators: only those are recorded and needed, the others keep their findings."""

from datetime import date
from uuid import uuid4

import pytest

from evaluation.answers.judgements import AnswerInput, Closed, Saved, save_finding, save_observation
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Answer, Evaluation, Finding, Recommendation, Visit
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import (
    every_difference_has_words,
    every_visit_indicator_has_a_finding,
    find_divergent,
)
from evaluation.panel.decisions import Verdict, decide
from evaluation.queries import to_be_observed
from evaluation.visits.files import attach_file, begin_file
from evaluation.visits.limits import find_former_limit, in_order, may_be_limited, propose_limit
from evaluation.visits.planning import TeamPlan, arrange_visit, propose_visit
from evaluation.workflow import Refusal, perform
from tests.bystander import new
from tests.factories import SUBSTANCE, RecommendationFactory, RequirementFactory, begin_visit, write_answer
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

ONLY = ["9.1.2", "1.1.2"]


def deferred(*before: str) -> Stage:
    """Return an evaluation that was visited and deferred, and whose hotline hands in what was missing.

    `before` are the indicators to which the visit was limited until then.
    """
    stage = Stage.minimal("decision")
    Visit.objects.filter(evaluation=stage.evaluation).update(only_codes=list(before))
    stage.agree("deferred")
    decide(stage.evaluation, Verdict("deferred", SUBSTANCE), by=stage.people.panel, on=date(2026, 11, 2))
    perform(stage.evaluation, "resume", by=stage.people.mce, note="The rota is missing.")
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="study_visit")
    stage.evaluation = Evaluation.objects.get(pk=stage.evaluation.pk)
    return stage


def arranged(stage: Stage, *codes: str) -> Visit:
    today = stage.evaluation.round.today
    return arrange_visit(
        stage.evaluation,
        lead=stage.people.lead,
        members=[stage.people.assessor],
        by=stage.people.mce,
        starts_on=today,
        ends_on=today,
        agreed_with="Ana",
        only_codes=list(codes),
    )


def under_way(*codes: str) -> Stage:
    stage = deferred()
    visit = arranged(stage, *codes)
    begin_visit(visit, by=stage.people.lead)
    stage.evaluation = new(Evaluation).get()
    return stage


def record(stage: Stage, code: str, level: int, *who: str) -> list[object]:
    answer = AnswerInput(level=level, words="We looked again.")
    found = []
    for name in who or ("lead", "assessor"):
        seen = stage.evaluation.visit.observations.filter(by=stage.user(name), code=code).first()
        version = seen.version if seen else 0
        found.append(save_observation(stage.evaluation, code, answer, version=version, by=stage.user(name)))
    return found


def finish(stage: Stage) -> None:
    for name in ("lead", "assessor"):
        perform(stage.evaluation.visit, "finish_recording", by=stage.user(name))


def test_a_visit_is_about_all_that_is_asked_or_what_it_is_limited_to():
    stage = deferred()
    assert list(stage.evaluation.examined) == list(stage.evaluation.asked)
    visit = arranged(stage, *ONLY)
    assert list(new(Evaluation).get().examined) == in_order(visit) == ["1.1.2", "9.1.2"]
    assert (visit.is_about("9.1.2"), visit.is_about("1.1.1")) == (True, False)
    assert {i.code for i in to_be_observed(new(Evaluation).get())} <= set(ONLY)


def test_the_note_of_the_proposal_has_the_codes():
    plan = TeamPlan(Stage.minimal("desk_review").people.lead, (), Visit(only_codes=["9.1.2", "1.1.2"]))
    assert plan.as_note == f"{plan.lead.name} (9.1.2, 1.1.2)"


def test_only_those_are_recorded_and_the_others_keep_their_findings():
    stage = under_way(*ONLY)
    before = {f.code: (f.level, f.version) for f in new(Finding).exclude(code__in=ONLY)}
    assert record(stage, "9.1.2", 2) == [Saved(1), Saved(1)]
    assert record(stage, "1.1.1", 0) == [Closed(), Closed()]
    finish(stage)
    assert {f.code: (f.level, f.version) for f in new(Finding).exclude(code__in=ONLY)} == before
    found = new(Finding).get(code="9.1.2")
    assert found.level == 2
    late = AnswerInput(level=1, words="Not asked for.")
    other = new(Finding).get(code="1.1.1")
    assert save_finding(stage.evaluation, "1.1.1", late, version=other.version, by=stage.people.lead) == Closed()
    saved = save_finding(stage.evaluation, "9.1.2", late, version=found.version, by=stage.people.lead)
    assert saved == Saved(found.version + 1)


def test_no_file_is_attached_to_an_indicator_that_the_visit_is_not_about():
    stage = under_way(*ONLY)
    upload = inspect_upload(PDF, "rota.pdf", limit=10**6)
    details = {"save_uid": uuid4(), "words": "", "by": stage.people.lead}
    sent = {"name": "rota.pdf", "size": len(PDF), "digest": "0" * 64, "limit": 10**6}
    for act in (
        lambda code: attach_file(stage.evaluation.visit, code, upload, **details),
        lambda code: begin_file(stage.evaluation.visit, code, **details, **sent),
    ):
        with pytest.raises(Unacceptable, match="not_examined"):
            act("1.1.1")
        assert act("9.1.2").code == "9.1.2"


def test_what_was_recorded_on_the_earlier_visit_of_others_is_not_compared_again():
    stage = under_way()
    record(stage, "1.1.1", 0, "lead")
    record(stage, "1.1.1", 3, "assessor")
    new(Visit).update(only_codes=ONLY)
    stage.evaluation = new(Evaluation).get()
    record(stage, "9.1.2", 0, "lead")
    record(stage, "9.1.2", 3, "assessor")
    finish(stage)
    assert list(find_divergent(new(Visit).get())) == ["9.1.2"]


def test_the_sign_off_asks_for_nothing_else():
    stage = under_way(*ONLY)
    Finding.objects.filter(code__in=("3.2.1", "9.1.2")).update(level=None, value=None)
    visit = new(Visit).get()
    assert every_visit_indicator_has_a_finding.reasons(visit)[0].codes == ("9.1.2",)
    write_answer(stage.evaluation, "9.1.2", Finding, level=2, words="")
    write_answer(stage.evaluation, "1.1.1", Finding, level=0, words="")
    Answer.objects.filter(code__in=("1.1.1", "9.1.2")).update(level=3)
    visit = new(Visit).get()
    assert every_visit_indicator_has_a_finding(visit)
    assert every_difference_has_words.reasons(visit)[0].codes == ("9.1.2",)


def test_a_first_visit_is_about_all_and_a_limit_names_what_is_asked():
    stage = Stage.minimal("desk_review", visit_state="cancelled")
    reasons = refused(stage, ["9.1.2", "8.8.8"])
    assert reasons == (Reason("limited_to_not_asked", codes=("8.8.8",)), Reason("limited_first_visit"))
    assert (may_be_limited(stage.evaluation), propose_limit(stage.evaluation)) == (False, [])
    again = deferred()
    assert refused(again, ["8.8.8", "1.1.2"]) == (Reason("limited_to_not_asked", codes=("8.8.8",)),)


def refused(stage: Stage, codes: list[str]) -> tuple[Reason, ...]:
    with pytest.raises(Refusal) as caught:
        propose_visit(
            stage.evaluation,
            lead=stage.people.lead,
            members=[stage.people.assessor],
            by=stage.people.mce,
            only_codes=codes,
        )
    return caught.value.reasons


def test_proposed_is_what_the_decision_and_open_recommendations_name():
    stage = deferred()
    new(Recommendation).delete()
    for code, state in (("9.1.2", "accepted"), ("1.1.1", "verified"), ("3.2.1", "closed"), ("3.2.2", "drafted")):
        RecommendationFactory(evaluation=stage.evaluation, code=code, state=state)
    assert propose_limit(stage.evaluation) == ["9.1.2"]
    for code in ("1.1.2", ""):
        RequirementFactory(decision=stage.evaluation.current_decision, code=code)
    assert propose_limit(stage.evaluation) == ["1.1.2", "9.1.2"]


def test_without_a_decision_the_recommendations_alone_are_proposed():
    stage = Stage.minimal("response")
    RecommendationFactory(evaluation=stage.evaluation, code="9.1.2", state="issued")
    assert propose_limit(stage.evaluation) == ["9.1.2"]


@pytest.mark.parametrize(
    ("move", "state"), [("begin_on_another_day", "team_confirmed"), ("sign_off", "findings_entered")]
)
def test_a_visit_that_is_limited_to_what_is_not_asked_any_more_neither_begins_nor_is_signed_off(move: str, state: str):
    stage = deferred()
    new(Visit).update(state=state, only_codes=["8.8.8", "8.8.9"])
    with pytest.raises(Refusal) as caught:
        perform(new(Visit).get(), move, by=stage.people.lead, note="Agreed.")
    assert caught.value.reasons == (Reason("limited_to_nothing", codes=("8.8.8", "8.8.9")),)
    new(Visit).update(only_codes=["8.8.8", "9.1.2"])
    perform(new(Visit).get(), move, by=stage.people.lead, note="Agreed.")


def test_a_limit_of_which_nothing_is_asked_any_more_is_proposed_anew():
    stage = deferred()
    new(Recommendation).delete()
    RecommendationFactory(evaluation=stage.evaluation, code="9.1.2", state="accepted")
    offered = {}
    for former in ([], ["8.8.8"], ["8.8.8", "1.1.2"]):
        new(Visit).update(only_codes=former)
        offered[tuple(former)] = find_former_limit(new(Evaluation).get())
    assert offered == {(): [], ("8.8.8",): ["9.1.2"], ("8.8.8", "1.1.2"): ["1.1.2"]}


def test_a_visit_that_is_planned_again_is_not_limited_until_somebody_says_so():
    deferred(*ONLY)
    assert new(Visit).get().only_codes == []
