"""Judging stores the engine's result with its inputs, and sends the draft to the hotline."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection, transaction

from evaluation.engine import scoring
from evaluation.judging.evidence import gather_evidence, gather_evidence_for_many, judge
from evaluation.models import (
    Answer,
    Decision,
    Evaluation,
    Finding,
    Recommendation,
    Role,
    Scorecard,
    StatisticsImport,
    Step,
)
from evaluation.models.reasons import Reason
from evaluation.scorecards import read_inputs, read_result
from evaluation.workflow import LETTERS, Letters, Refusal, perform
from standards.framework import digest
from tests.bystander import new
from tests.evaluation.engine.scoring.shapes import asked, framework_of
from tests.factories import (
    GOOD_FIGURES,
    RoundFactory,
    StakeFactory,
    confirmed_figures,
    evaluation_of,
    person,
    released_edition,
    score_now,
    visit_of,
    write_all_answers,
    write_answer,
)
from tests.small_edition import SMALL
from tests.stage import STATES, Stage

pytestmark = pytest.mark.django_db

ON = date(2026, 5, 4)


def counted() -> tuple[int, ...]:
    return tuple(new(model).count() for model in (Scorecard, Decision, Step, Recommendation))


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
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "1.2.1", Finding, level=None, not_applicable=True)
    write_answer(stage.evaluation, "3.2.2", value="16.5")
    evidence = gather_evidence(stage.evaluation)
    assert evidence.answers["1.1.2"] == scoring.Judgement(level=3)
    assert evidence.answers["3.2.2"] == scoring.Judgement(value=Fraction(33, 2))
    assert evidence.findings["1.2.1"] == scoring.Judgement(not_applicable=True)
    found = {item: value for item, value in evidence.figures.items() if value is not None}
    assert found == {"A03": 1000, "A04": 880, "A05": 40, "A06": 80}


def test_only_the_figures_of_the_rounds_year_count():
    stage = Stage.minimal("report")
    new(StatisticsImport).update(period_start=date(2024, 1, 1), period_end=date(2024, 12, 31))
    assert set(gather_evidence(stage.evaluation).figures.values()) == {None}


def test_many_are_gathered_as_each_alone_in_as_many_questions(django_assert_num_queries):
    round_ = RoundFactory(state="open")
    evaluations = [evaluation_of(round=round_) for _ in range(3)]
    for level, evaluation in enumerate(evaluations):
        write_all_answers(evaluation, level)
    confirmed_figures(evaluations[1].hotline, GOOD_FIGURES)
    for some in (evaluations[:1], evaluations):
        with django_assert_num_queries(3):
            together = gather_evidence_for_many(some)
        assert [scoring.score(SMALL, together[e.pk]) for e in some] == [score_now(e) for e in some]


def test_the_score_as_things_stand_keeps_nothing():
    stage = Stage.minimal("study_visit")
    assert score_now(stage.evaluation).overall == 1
    assert counted() == (0, 0, 0, 0)


# --- Judging -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["mce", "lead"])
def test_the_scorecard_is_kept_the_recommendations_drafted_and_the_panel_asked(who):
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "1.1.1", Finding, level=0, words="We saw none.")
    kept = judge(stage.evaluation, by=stage.user(who))
    card = score_now(stage.evaluation)
    assert read_result(kept) == card
    assert (kept.proposal, kept.overall_tenths, kept.engine) == ("not_accredited", 900, scoring.ENGINE)
    assert stage.evaluation.state == "response"
    assert list(stage.evaluation.recommendations.values_list("code", flat=True)) == ["1.1.1"]


def test_a_kept_scorecard_says_what_went_in_and_can_be_reckoned_again():
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "3.2.2", Finding, value="16.25", words="By the rota.")
    kept = judge(stage.evaluation, by=stage.people.lead)
    assert scoring.score(stage.evaluation.framework, read_inputs(kept)) == read_result(kept)
    assert digest(kept.payload) == kept.sha256
    inputs = json.loads(kept.payload)["inputs"]
    assert (inputs["edition"], inputs["evaluation"]) == (
        stage.evaluation.round.edition.sha256,
        str(stage.evaluation.uid),
    )
    assert inputs["evidence"]["findings"]["3.2.2"] == {"value": "65/4", "has_words": True}


def test_two_hotlines_with_the_same_findings_have_scorecards_of_their_own():
    one, other = Stage.minimal("report"), Stage.minimal("report")
    cards = [judge(stage.evaluation, by=stage.people.mce) for stage in (one, other)]
    assert read_result(cards[0]) == read_result(cards[1])
    assert cards[0].input_digest != cards[1].input_digest


def test_the_overall_score_is_kept_rounded_down():
    stage = Stage.minimal("report")
    for model in (Answer, Finding):
        new(model).update(level=None, value=None)
    kept = judge(stage.evaluation, by=stage.people.mce)
    assert (read_result(kept).overall, kept.overall_tenths) == (Fraction(1, 6), 166)  # only the figures


def test_no_score_is_kept_as_no_score():
    nothing_essential = framework_of([[asked("1.1.1", not_applicable=True)]])
    round_ = RoundFactory(edition=released_edition(nothing_essential), state="open")
    evaluation = evaluation_of(round=round_, state="report")
    visit_of(evaluation, state="signed_off")
    write_answer(evaluation, "1.1.1", not_applicable=True)
    kept = judge(evaluation, by=person(Role.MCE_COORDINATOR))
    assert (read_result(kept).overall, kept.overall_tenths) == (None, None)


@pytest.mark.parametrize("state", [state for state in STATES if state != "report"])
def test_nothing_is_judged_before_or_after_its_time(state):
    stage = Stage.minimal(state)
    assert_refused(lambda: judge(stage.evaluation, by=stage.people.mce), Reason("wrong_state"))


@pytest.mark.parametrize(
    ("who", "why"), [("assessor", "not_permitted"), ("panel", "not_permitted"), ("coordinator", "not_permitted")]
)
def test_only_mce_and_the_lead_judge(who, why):
    stage = Stage.minimal("report")
    assert_refused(lambda: judge(stage.evaluation, by=stage.user(who)), Reason(why))


def test_a_lead_with_a_stake_does_not_judge():
    stage = Stage.minimal("report")
    StakeFactory(user=stage.people.lead, hotline=stage.evaluation.hotline)
    assert_refused(lambda: judge(stage.evaluation, by=stage.people.lead), Reason("has_a_stake"))


def test_an_old_copy_is_judged_by_what_is_written_now():
    stage = Stage.minimal("report")
    old = type(stage.evaluation).objects.get(pk=stage.evaluation.pk)
    judge(stage.evaluation, by=stage.people.mce)
    assert_refused(lambda: judge(old, by=stage.people.mce), Reason("wrong_state"))


def test_letters_that_cannot_be_written_leave_nothing_written(monkeypatch):
    stage = Stage.minimal("report")
    write_answer(stage.evaluation, "1.1.1", Finding, level=0)

    def fail(_made):
        raise ConnectionError("the post is closed")

    monkeypatch.setitem(LETTERS, (Evaluation.kind, "propose"), Letters(fail))
    with pytest.raises(ConnectionError), transaction.atomic():
        judge(stage.evaluation, by=stage.people.mce)
    stage.evaluation.refresh_from_db()
    assert (counted(), stage.evaluation.state) == ((0, 0, 0, 0), "report")


# --- Judging again -----------------------------------------------------------------------------------------------


def take_back(stage: Stage) -> None:
    perform(stage.evaluation, "take_back", by=stage.people.mce, note="The figures of 3.1 are confirmed only now.")


def test_the_same_findings_judged_again_are_a_new_proposal_with_the_same_result():
    """The new proposal requires a new response and new votes, and so has a scorecard of its own."""
    stage = Stage.minimal("report")
    first = judge(stage.evaluation, by=stage.people.lead)
    take_back(stage)
    second = judge(stage.evaluation, by=stage.people.lead)
    assert (second != first, second.input_digest == first.input_digest) == (True, True)
    assert read_result(second) == read_result(first)
    assert (stage.evaluation.latest_scorecard, stage.evaluation.state) == (second, "response")


def test_what_changed_since_is_a_new_scorecard_and_an_earlier_result_may_come_back():
    """Figures may be confirmed while the hotline reads the draft.

    The latest scorecard is always the last computed one.
    """
    stage = Stage.minimal("report")
    hotline = stage.evaluation.hotline
    first = judge(stage.evaluation, by=stage.people.lead)
    for figures in ({**GOOD_FIGURES, "A04": 600}, GOOD_FIGURES):
        take_back(stage)
        new(StatisticsImport).update(state="superseded")
        confirmed_figures(hotline, figures)
        judge(stage.evaluation, by=stage.people.lead)
    cards = list(stage.evaluation.scorecards.order_by("pk"))
    assert [card.input_digest == first.input_digest for card in cards] == [True, False, True]
    assert stage.evaluation.latest_scorecard == stage.evaluation.latest_scorecard == cards[-1]
    assert read_result(cards[-1]) == read_result(first)
