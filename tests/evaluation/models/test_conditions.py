"""The conditions of moves: each yields its reasons, with the indicators concerned."""

import pytest

from evaluation.models import Answer, Evaluation, Evidence, Finding, Role, TeamMember, Visit
from evaluation.models.answers.judgements import needs_a_finding
from evaluation.models.evaluation import (
    a_decision_is_written,
    a_report_is_printed,
    a_scorecard_is_stored,
    a_visit_is_arranged,
    every_exception_has_a_reason,
    every_indicator_is_answered,
    evidence_is_attached,
    no_visit_has_begun,
    the_team_is_independent,
    the_visit_is_signed_off,
)
from evaluation.models.reasons import Reason
from evaluation.models.rounds import every_outcome_is_published
from evaluation.models.visits.visit import (
    every_difference_has_words,
    every_visit_indicator_has_a_finding,
    the_self_assessment_is_accepted,
)
from standards.framework import Formula, Indicator, Measure, Source, read_bands
from tests.factories import (
    DecisionFactory,
    EvaluationFactory,
    EvidenceFactory,
    IssueFactory,
    RoundFactory,
    ScorecardFactory,
    StakeFactory,
    VisitFactory,
    agree,
    attach_what_is_required,
    evaluation_of,
    person,
    visit_of,
    write_all_answers,
    write_answer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    """Return an evaluation with all answers and evidence."""
    evaluation = evaluation_of()
    write_all_answers(evaluation)
    attach_what_is_required(evaluation, person())
    return evaluation


@pytest.fixture
def visit(evaluation) -> Visit:
    """Return a visit under way, every finding equal to the answer."""
    visit = visit_of(evaluation, lead=person(Role.ASSESSOR), members=[person(Role.ASSESSOR)], state="under_way")
    write_all_answers(evaluation, model=Finding)
    return visit


def take_back(evaluation: Evaluation, code: str, model: type = Answer) -> None:
    write_answer(evaluation, code, model, level=None, value=None, not_applicable=False, words="")


# --- The self-assessment -----------------------------------------------------------------------------------------


def test_a_fact_that_holds_has_no_reason_against_it(evaluation):
    fact = every_indicator_is_answered
    assert (fact(evaluation), fact.reasons(evaluation)) == (True, ())


def test_every_unanswered_indicator_is_named_and_the_essential_ones_counted():
    evaluation = evaluation_of()
    (reason,) = every_indicator_is_answered.reasons(evaluation)
    # 3.1.1 and 3.1.3 come from figures
    unanswered = ("1.1.1", "1.1.2", "1.2.1", "3.2.1", "3.2.2", "9.1.1", "9.1.2")
    assert reason == Reason("unanswered", codes=unanswered, highest_count=2)
    assert (reason.count, every_indicator_is_answered(evaluation)) == (7, False)


def test_words_alone_are_no_answer_and_a_zero_is_one(evaluation):
    take_back(evaluation, "1.1.2")
    write_answer(evaluation, "1.1.2", words="We are thinking about it.")
    write_answer(evaluation, "3.2.2", value=0)
    write_answer(evaluation, "9.1.2", level=0)
    assert every_indicator_is_answered.reasons(evaluation) == (Reason("unanswered", codes=("1.1.2",)),)


def test_an_exception_says_why(evaluation):
    take_back(evaluation, "1.2.1")
    write_answer(evaluation, "1.2.1", not_applicable=True, words="  ")
    assert every_exception_has_a_reason.reasons(evaluation) == (Reason("exception_without_reason", codes=("1.2.1",)),)
    write_answer(evaluation, "1.2.1", words="There is no such authority here.")
    assert every_exception_has_a_reason(evaluation)


def test_a_yes_that_needs_evidence_has_some(evaluation):
    Evidence.objects.all().delete()
    EvidenceFactory(evaluation=evaluation, code="1.1.2")
    assert evidence_is_attached.reasons(evaluation) == (
        Reason("yes_without_evidence", codes=("1.1.1",), highest_count=1),
    )


def test_a_no_needs_no_evidence(evaluation):
    Evidence.objects.all().delete()
    write_answer(evaluation, "1.1.1", level=0)
    assert evidence_is_attached(evaluation)


# --- The visit ---------------------------------------------------------------------------------------------------


def test_a_visit_has_dates_and_a_lead(evaluation):
    assert a_visit_is_arranged.reasons(evaluation) == (Reason("no_visit"),)
    visit = visit_of(evaluation, members=[person(Role.ASSESSOR)])
    evaluation.refresh_from_db()
    assert a_visit_is_arranged.reasons(evaluation) == (Reason("no_lead"),)
    TeamMember.objects.filter(visit=visit).update(is_lead=True)
    evaluation.refresh_from_db()
    assert a_visit_is_arranged(evaluation)


@pytest.mark.parametrize("state", Visit.State)
def test_only_a_visit_that_has_not_begun_may_be_taken_back(evaluation, state):
    VisitFactory(evaluation=evaluation, state=state)
    begun = (Reason("visit_has_begun"),) if state in (*Visit.HELD, *Visit.AFTER_SIGN_OFF) else ()
    assert no_visit_has_begun.reasons(evaluation) == begun


def test_without_a_visit_none_has_begun_and_none_is_signed_off(evaluation):
    assert no_visit_has_begun(evaluation)
    assert the_team_is_independent(evaluation)
    assert the_visit_is_signed_off.reasons(evaluation) == (Reason("not_signed_off"),)


@pytest.mark.parametrize("state", Visit.State)
def test_the_report_waits_for_the_sign_off(evaluation, state):
    VisitFactory(evaluation=evaluation, state=state)
    assert the_visit_is_signed_off(evaluation) == (state == "signed_off")


def test_who_has_a_stake_is_named_asked_of_the_visit_or_of_the_evaluation(visit):
    assert the_team_is_independent(visit)
    for member in visit.team.all():
        StakeFactory(user=member.user, hotline=visit.evaluation.hotline)
    reason = Reason("team_tied_by_declared", names=tuple(member.user.name for member in visit.team.all()))
    assert the_team_is_independent.reasons(visit) == (reason,)
    assert the_team_is_independent.reasons(visit.evaluation) == (reason,)
    assert reason.count == 2


@pytest.mark.parametrize("size", [1, 5])
def test_the_ties_of_a_whole_team_are_read_at_once(evaluation, size, django_assert_num_queries):
    lead, *members = (person(Role.ASSESSOR) for _ in range(size))
    visit = visit_of(evaluation, lead=lead, members=members)
    for member in visit.assessors:
        StakeFactory(user=member, hotline=evaluation.hotline)
    with django_assert_num_queries(4):  # the team, its people, their roles, their stakes
        (reason,) = the_team_is_independent.reasons(visit)
    assert (reason.code, reason.count) == ("team_tied_by_declared", size)


@pytest.mark.parametrize("state", Evaluation.State)
def test_a_visit_begins_once_the_self_assessment_is_accepted(state):
    visit = VisitFactory(evaluation=EvaluationFactory(state=state))
    against = () if state == "study_visit" else (Reason("not_accepted"),)
    assert the_self_assessment_is_accepted.reasons(visit) == against


NOTHING, RATED, EXCUSED = Answer(), Answer(level=3), Answer(not_applicable=True)
BANDS = read_bands(">=1:3")


@pytest.mark.parametrize(
    ("details", "needed"),
    [
        ({"source": Source.DOCUMENTS}, (False, False, False, True)),
        ({"source": Source.SYSTEM}, (False, False, False, True)),
        ({"source": Source.VISIT}, (True, True, True, True)),
        (
            {"source": Source.STATISTICS, "measure": Measure.NUMERIC, "formula": Formula("A03"), "bands": BANDS},
            (False, False, False, True),
        ),
        ({"source": Source.VISIT, "measure": Measure.NUMERIC}, (False, False, False, False)),
    ],
    ids=["documents", "system", "visit", "figures", "shown only"],
)
def test_what_the_team_must_see(details, needed):
    """The team must confirm what is observed on the visit, and what does not apply according to the hotline."""
    indicator = Indicator("1.1.1", "core", **({"measure": Measure.SCALE} | details))
    assert tuple(needs_a_finding(indicator, answer) for answer in (None, NOTHING, RATED, EXCUSED)) == needed


def test_each_indicator_that_needs_eyes_has_a_finding(evaluation, visit):
    assert every_visit_indicator_has_a_finding(visit)
    for code in ("1.1.2", "1.2.1", "9.1.1", "9.1.2"):
        take_back(evaluation, code, Finding)
    take_back(evaluation, "1.2.1")
    write_answer(evaluation, "1.2.1", not_applicable=True, words="Not here.")
    assert every_visit_indicator_has_a_finding.reasons(visit) == (
        Reason("no_finding", codes=("1.2.1", "9.1.1", "9.1.2"), highest_count=1),
    )


@pytest.mark.parametrize(
    ("code", "answered", "seen", "differs"),
    [
        ("1.1.2", {"level": 2}, {"level": 1}, True),
        ("1.1.2", {"level": 2}, {"level": 2}, False),
        ("1.2.1", {"level": 0}, {"level": None, "not_applicable": True}, True),
        ("3.2.2", {"value": 16}, {"value": 16}, False),
        ("3.2.2", {"value": 16}, {"value": "16.5"}, True),
        ("3.2.2", {"value": None}, {"value": 0}, True),
        ("1.1.2", {"level": 2}, {"level": None}, False),
    ],
)
def test_a_finding_that_differs_from_the_answer_says_why(evaluation, visit, code, answered, seen, differs):
    write_answer(evaluation, code, **answered)
    write_answer(evaluation, code, Finding, **seen)
    against = every_difference_has_words.reasons(visit)
    assert [reason.codes for reason in against] == ([(code,)] if differs else [])
    write_answer(evaluation, code, Finding, words="We saw the rota.")
    assert every_difference_has_words(visit)


def test_a_finding_on_what_is_not_asked_needs_no_words(evaluation, visit):
    write_answer(evaluation, "1.1.2", level=2)
    write_answer(evaluation, "1.1.2", Finding, level=1)
    visit.evaluation.asked = {code: one for code, one in visit.evaluation.asked.items() if code != "1.1.2"}
    assert every_difference_has_words(visit)


# --- After the visit ---------------------------------------------------------------------------------------------


def test_the_panel_is_asked_once_the_findings_are_scored(evaluation):
    assert a_scorecard_is_stored.reasons(evaluation) == (Reason("no_scorecard"),)
    ScorecardFactory(evaluation=evaluation)
    assert a_scorecard_is_stored(evaluation)


def test_the_decision_is_on_the_latest_scorecard_and_of_a_member_whose_vote_counts(evaluation):
    against = a_decision_is_written.reasons
    assert against(evaluation) == (Reason("no_decision"),)
    card, member = ScorecardFactory(evaluation=evaluation), person(Role.PANEL_MEMBER)
    agree(card, member)
    DecisionFactory(scorecard=card, decided_by=member)
    assert against(evaluation) == ()
    DecisionFactory(scorecard=card, decided_by=person(Role.PANEL_MEMBER))
    assert against(evaluation) == (Reason("no_decision"),)
    DecisionFactory(scorecard=card, decided_by=member, outcome="deferred")
    assert against(evaluation) == (Reason("no_decision"),)
    agree(ScorecardFactory(evaluation=evaluation), member)
    assert against(evaluation) == (Reason("no_decision"),)


def test_the_report_of_the_latest_decision_is_printed(evaluation):
    against = a_report_is_printed.reasons
    assert against(evaluation) == (Reason("no_report"),)
    card = ScorecardFactory(evaluation=evaluation)
    IssueFactory(decision=DecisionFactory(scorecard=card))
    assert against(evaluation) == ()
    DecisionFactory(scorecard=card)
    assert against(evaluation) == (Reason("no_report"),)


def test_a_round_waits_for_every_outcome():
    round_ = RoundFactory(state="open")
    EvaluationFactory(round=round_, state="published")
    waiting = EvaluationFactory(round=round_, state="decided")
    EvaluationFactory(state="decided")  # of another round
    assert every_outcome_is_published.reasons(round_) == (Reason("not_published", names=(waiting.hotline.name,)),)
    assert every_outcome_is_published(RoundFactory())
