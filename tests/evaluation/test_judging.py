"""Judging keeps what the engine computed with everything that went in; the panel decides on it, with reasons."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction

from evaluation import scoring
from evaluation.conditions import Reason
from evaluation.judging import Verdict, decide, gather, gather_many, judge, read_inputs, read_kept, score_now
from evaluation.models import Answer, Decision, Finding, Recommendation, Role, Scorecard, StatisticsImport, Step
from evaluation.workflow import Refusal, move
from standards.framework import digest
from tests.evaluation.scoring.shapes import asked, framework_of
from tests.evaluation.stages import STATES, Stage, stage
from tests.factories import (
    GOOD_FIGURES,
    RecommendationFactory,
    RoundFactory,
    StakeFactory,
    TeamMemberFactory,
    confirmed_figures,
    evaluation_of,
    person,
    released_edition,
    say,
    say_everything,
    visit_of,
)
from tests.small_edition import SMALL

pytestmark = pytest.mark.django_db

ON = date(2026, 5, 4)


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Scorecard, Decision, Step, Recommendation))


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def assert_refused(act, *reasons: Reason) -> None:
    before = counted()
    with pytest.raises(Refusal) as caught:
        act()
    assert caught.value.reasons == reasons
    assert counted() == before


# --- Gathering ---------------------------------------------------------------------------------------------------


def test_everything_that_counts_is_gathered():
    here = stage("report")
    say(here.evaluation, "1.2.1", Finding, level=None, not_applicable=True)
    say(here.evaluation, "3.2.2", value="16.5")
    evidence = gather(here.evaluation)
    assert evidence.answers["1.1.2"] == scoring.Judgement(level=3)
    assert evidence.answers["3.2.2"] == scoring.Judgement(value=Fraction(33, 2))
    assert evidence.findings["1.2.1"] == scoring.Judgement(not_applicable=True)
    found = {item: value for item, value in evidence.figures.items() if value is not None}
    assert found == {"A03": 1000, "A04": 880, "A05": 40, "A06": 80}


def test_only_the_figures_of_the_rounds_year_count():
    here = stage("report")
    StatisticsImport.objects.update(period_start=date(2024, 1, 1), period_end=date(2024, 12, 31))
    assert set(gather(here.evaluation).figures.values()) == {None}


def test_many_are_gathered_as_each_alone_in_as_many_questions(django_assert_num_queries):
    round_ = RoundFactory(state="open")
    evaluations = [evaluation_of(round=round_) for _ in range(3)]
    for level, evaluation in enumerate(evaluations):
        say_everything(evaluation, level)
    confirmed_figures(evaluations[1].hotline, GOOD_FIGURES)
    for some in (evaluations[:1], evaluations):
        with django_assert_num_queries(3):
            together = gather_many(some)
        assert [scoring.score(SMALL, together[e.pk]) for e in some] == [score_now(e) for e in some]


def test_the_score_as_things_stand_keeps_nothing():
    here = stage("study_visit")
    assert score_now(here.evaluation).overall == 1
    assert counted() == (0, 0, 0, 0)


# --- Judging -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["mce", "lead"])
def test_the_scorecard_is_kept_the_recommendations_drafted_and_the_panel_asked(who):
    here = stage("report")
    say(here.evaluation, "1.1.1", Finding, level=0, words="We saw none.")
    told = []
    kept = judge(here.evaluation, by=getattr(here, who), tell=told.append)
    card = score_now(here.evaluation)
    assert read_kept(kept) == card
    assert (kept.proposal, kept.overall_tenths, kept.engine) == ("not_accredited", 900, scoring.ENGINE)
    assert here.evaluation.state == "decision"
    assert [step.move for step in told] == ["propose"]
    assert list(here.evaluation.recommendations.values_list("code", flat=True)) == ["1.1.1"]


def test_a_kept_scorecard_says_what_went_in_and_can_be_reckoned_again():
    here = stage("report")
    say(here.evaluation, "3.2.2", Finding, value="16.25", words="By the rota.")
    kept = judge(here.evaluation, by=here.lead)
    assert scoring.score(here.evaluation.framework, read_inputs(kept)) == read_kept(kept)
    assert digest(kept.payload) == kept.sha256
    inputs = json.loads(kept.payload)["inputs"]
    assert (inputs["edition"], inputs["evaluation"]) == (
        here.evaluation.round.edition.sha256,
        str(here.evaluation.uid),
    )
    assert inputs["evidence"]["findings"]["3.2.2"] == {"value": "65/4"}


def test_two_hotlines_with_the_same_findings_have_scorecards_of_their_own():
    one, other = stage("report"), stage("report")
    cards = [judge(here.evaluation, by=here.mce) for here in (one, other)]
    assert read_kept(cards[0]) == read_kept(cards[1])
    assert cards[0].input_digest != cards[1].input_digest


def test_the_overall_score_is_kept_rounded_down():
    here = stage("report")
    for model in (Answer, Finding):
        model.objects.update(level=None, value=None)
    kept = judge(here.evaluation, by=here.mce)
    assert (read_kept(kept).overall, kept.overall_tenths) == (Fraction(1, 6), 166)  # the figures alone


def test_no_score_is_kept_as_no_score():
    nothing_essential = framework_of([[asked("1.1.1", not_applicable=True)]])
    round_ = RoundFactory(edition=released_edition(nothing_essential), state="open")
    evaluation = evaluation_of(round=round_, state="report")
    visit_of(evaluation, state="signed_off")
    say(evaluation, "1.1.1", not_applicable=True)
    kept = judge(evaluation, by=person(Role.MCE_COORDINATOR))
    assert (read_kept(kept).overall, kept.overall_tenths) == (None, None)


@pytest.mark.parametrize("state", [state for state in STATES if state != "report"])
def test_nothing_is_judged_before_or_after_its_time(state):
    here = stage(state)
    assert_refused(lambda: judge(here.evaluation, by=here.mce), Reason("wrong_state"))


@pytest.mark.parametrize(
    ("who", "why"), [("member", "not_permitted"), ("panel", "not_permitted"), ("coordinator", "has_a_stake")]
)
def test_only_mce_and_the_lead_judge(who, why):
    here = stage("report")
    assert_refused(lambda: judge(here.evaluation, by=getattr(here, who)), Reason(why))


def test_a_lead_with_a_stake_does_not_judge():
    here = stage("report")
    StakeFactory(user=here.lead, hotline=here.evaluation.hotline)
    assert_refused(lambda: judge(here.evaluation, by=here.lead), Reason("has_a_stake"))


def test_an_old_copy_is_judged_by_what_is_written_now():
    here = stage("report")
    old = type(here.evaluation).objects.get(pk=here.evaluation.pk)
    judge(here.evaluation, by=here.mce)
    assert_refused(lambda: judge(old, by=here.mce), Reason("wrong_state"))


def test_what_fails_while_it_is_told_leaves_nothing_written():
    here = stage("report")
    say(here.evaluation, "1.1.1", Finding, level=0)

    def fail(_step):
        raise ConnectionError("the post is closed")

    with pytest.raises(ConnectionError), transaction.atomic():
        judge(here.evaluation, by=here.mce, tell=fail)
    here.evaluation.refresh_from_db()
    assert (counted(), here.evaluation.state) == ((0, 0, 0, 0), "report")


# --- Judging again -----------------------------------------------------------------------------------------------


def send_back(here: Stage) -> None:
    move(here.evaluation, "send_back_to_assessors", by=here.panel, note="We cannot follow 3.1.")


def test_the_same_findings_judged_again_are_the_same_scorecard():
    here = stage("report")
    first = judge(here.evaluation, by=here.lead)
    send_back(here)
    assert judge(here.evaluation, by=here.lead) == first
    assert (Scorecard.objects.count(), here.evaluation.state) == (1, "decision")


def test_what_changed_since_is_a_new_scorecard_and_an_earlier_result_may_come_back():
    """Figures may be confirmed while the panel waits. The latest scorecard is always what was judged last."""
    here = stage("report")
    hotline = here.evaluation.hotline
    first = judge(here.evaluation, by=here.lead)
    for figures in ({**GOOD_FIGURES, "A04": 600}, GOOD_FIGURES):
        send_back(here)
        StatisticsImport.objects.update(state="superseded")
        confirmed_figures(hotline, figures)
        judge(here.evaluation, by=here.lead)
    cards = list(here.evaluation.scorecards.order_by("pk"))
    assert [card.input_digest == first.input_digest for card in cards] == [True, False, True]
    assert here.evaluation.scorecards.latest() == here.evaluation.scorecards.first() == cards[-1]
    assert read_kept(cards[-1]) == read_kept(first)


# --- The decision ------------------------------------------------------------------------------------------------


def verdict(outcome: str = "accredited", reasons: str = "The findings speak for themselves.") -> Verdict:
    return Verdict(outcome, reasons)


def test_the_panel_decides_on_the_latest_scorecard():
    here = stage("decision")
    told = []
    decision = decide(here.evaluation, verdict(reasons="  All is well. \n"), by=here.panel, on=ON, tell=told.append)
    assert (decision.scorecard, decision.outcome, decision.departs) == (
        here.evaluation.scorecards.latest(),
        "accredited",
        False,
    )
    assert (decision.reasons, decision.decided_by, decision.decided_on) == ("All is well.", here.panel, ON)
    assert here.evaluation.state == "decided"
    assert [(step.move, step.words.note) for step in told] == [("decide", "All is well.")]
    assert here.evaluation.current_decision == decision


@pytest.mark.parametrize(
    ("outcome", "on", "until"),
    [
        ("accredited", date(2026, 5, 4), date(2029, 5, 4)),
        ("accredited", date(2024, 2, 29), date(2027, 2, 28)),
        ("conditional", date(2026, 5, 31), date(2027, 5, 31)),
        ("conditional", date(2024, 2, 29), date(2025, 2, 28)),
        ("deferred", date(2026, 5, 4), None),
        ("not_accredited", date(2026, 5, 4), None),
    ],
)
def test_a_decision_is_valid_for_the_months_of_its_outcome(outcome, on, until):
    here = stage("decision")
    decision = decide(here.evaluation, verdict(outcome), by=here.panel, on=on)
    assert (decision.valid_until, decision.departs) == (until, outcome != "accredited")


def test_the_recommendations_are_issued_except_what_was_dropped():
    here = stage("decision")
    dropped = RecommendationFactory(evaluation=here.evaluation, code="3.2.1", is_dropped=True)
    decide(here.evaluation, verdict(), by=here.panel, on=ON)
    dropped.refresh_from_db()
    assert {r.code: r.state for r in here.evaluation.recommendations.all()} == {"1.1.2": "issued", "3.2.1": "drafted"}
    assert list(Step.objects.order_by("pk").values_list("kind", "move")) == [
        ("evaluation", "decide"),
        ("recommendation", "issue"),
    ]


@pytest.mark.parametrize("reasons", ["", "  \n "])
def test_a_decision_has_written_reasons(reasons):
    here = stage("decision")
    assert_refused(
        lambda: decide(here.evaluation, verdict(reasons=reasons), by=here.panel, on=ON), Reason("no_reasons")
    )


def test_a_decision_is_an_outcome_of_the_edition():
    here = stage("decision")
    wrong = [Reason("no_such_outcome"), Reason("no_reasons")]
    assert_refused(lambda: decide(here.evaluation, Verdict("splendid", ""), by=here.panel, on=ON), *wrong)


def test_who_has_a_stake_does_not_decide():
    here = stage("decision")
    tied = person(Role.PANEL_MEMBER, country=here.evaluation.hotline.country)
    assert_refused(lambda: decide(here.evaluation, verdict(), by=tied, on=ON), Reason("has_a_stake"))


def test_who_assessed_it_does_not_decide():
    here = stage("decision")
    both = person(Role.ASSESSOR, Role.PANEL_MEMBER)
    TeamMemberFactory(visit=here.visit, user=both)
    assert_refused(lambda: decide(here.evaluation, verdict(), by=both, on=ON), Reason("not_permitted"))


@pytest.mark.parametrize(
    ("who", "why"), [("mce", "not_permitted"), ("lead", "not_permitted"), ("coordinator", "has_a_stake")]
)
def test_only_the_panel_decides(who, why):
    here = stage("decision")
    assert_refused(lambda: decide(here.evaluation, verdict(), by=getattr(here, who), on=ON), Reason(why))


@pytest.mark.parametrize("state", [state for state in STATES if state != "decision"])
def test_nothing_is_decided_before_or_after_its_time(state):
    here = stage(state)
    assert_refused(lambda: decide(here.evaluation, verdict(), by=here.panel, on=ON), Reason("wrong_state"))


def test_a_decision_whose_move_is_refused_is_not_half_written():
    """The copy at hand says that it is open; the row says that it is decided."""
    here = stage("decision")
    old = type(here.evaluation).objects.get(pk=here.evaluation.pk)
    decide(here.evaluation, verdict(), by=here.panel, on=ON)
    assert_refused(lambda: decide(old, verdict("deferred"), by=here.panel, on=ON), Reason("wrong_state"))


def test_a_recommendation_that_cannot_be_issued_takes_the_decision_back():
    """The last move is refused: the stake is declared between the decision and the issuing."""
    here = stage("decision")

    def declare(_step):
        StakeFactory(user=here.panel, hotline=here.evaluation.hotline)

    assert_refused(
        lambda: decide(here.evaluation, verdict(), by=here.panel, on=ON, tell=declare), Reason("has_a_stake")
    )
    here.evaluation.refresh_from_db()
    assert (here.evaluation.state, here.panel.stakes.count()) == ("decision", 0)


def test_scorecard_and_decision_are_frozen():
    here = stage("decided")
    decision = here.evaluation.current_decision
    for thing, change in ((decision, {"outcome": "deferred"}), (decision.scorecard, {"proposal": "deferred"})):
        rows = type(thing).objects.filter(pk=thing.pk)
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
            execute(f"DELETE FROM {type(thing)._meta.db_table}")
