"""Drafting recommendations: what deserves one, how urgent it is, and what the assessors did with it stays."""

import pytest

from evaluation.judging import score_now
from evaluation.models import Finding, Recommendation
from evaluation.recommending import deserves_one, draft_recommendations, priority_of
from evaluation.scoring import IndicatorScore, Why
from standards.framework import Obligation
from tests.evaluation.stages import stage
from tests.factories import RecommendationFactory, evaluation_of, say

FIRST, NEXT, WHEN_POSSIBLE = Recommendation.Priority


def scored(obligation: Obligation, level: int | None, why: Why = Why.ASSESSOR) -> IndicatorScore:
    return IndicatorScore("1.1.1", obligation, why, level, None, 1, 0, 3, None, None, False, level)


@pytest.mark.parametrize(
    ("obligation", "levels"),
    [
        (Obligation.ESSENTIAL, {0: FIRST, 1: FIRST, 2: NEXT, 3: None}),
        (Obligation.CORE, {0: NEXT, 1: NEXT, 2: None, 3: None}),
        (Obligation.DEVELOPMENTAL, {0: WHEN_POSSIBLE, 1: None, 2: None, 3: None}),
    ],
)
def test_what_falls_short_of_its_obligation_deserves_one(obligation, levels):
    indicators = {level: scored(obligation, level) for level in levels}
    assert {level: priority_of(i) if deserves_one(i) else None for level, i in indicators.items()} == levels


@pytest.mark.parametrize("obligation", Obligation)
def test_what_is_missing_is_asked_for_like_a_zero(obligation):
    missing, zero = scored(obligation, None, Why.MISSING), scored(obligation, 0)
    assert deserves_one(missing)
    assert priority_of(missing) == priority_of(zero)


@pytest.mark.parametrize("why", [Why.NOT_SCORED, Why.NOT_APPLICABLE])
def test_what_is_not_scored_or_does_not_apply_deserves_none(why):
    assert not deserves_one(scored(Obligation.ESSENTIAL, None, why))


@pytest.mark.django_db
def test_drafts_have_the_words_of_the_guide():
    here = stage("report")
    evaluation = here.evaluation
    say(evaluation, "1.1.1", Finding, level=0)
    say(evaluation, "9.1.2", Finding, level=2)
    drafts = draft_recommendations(evaluation, score_now(evaluation))
    assert [(draft.code, draft.priority, draft.state, draft.is_dropped) for draft in drafts] == [
        ("1.1.1", FIRST, "drafted", False),
        ("9.1.2", NEXT, "drafted", False),
    ]
    assert (drafts[0].title, drafts[0].text, drafts[0].look_for) == (
        "1.1.1 recommendation title (en)",
        "1.1.1 recommendation text (en)",
        "1.1.1 recommendation look_for (en)",
    )
    assert set(evaluation.recommendations.all()) == set(drafts)


@pytest.mark.django_db
def test_drafting_again_adds_what_is_new_and_leaves_what_was_edited_or_dropped():
    evaluation = stage("report").evaluation
    RecommendationFactory(evaluation=evaluation, code="1.1.1", title="As we wrote it", priority=WHEN_POSSIBLE)
    RecommendationFactory(evaluation=evaluation, code="1.1.2", title="Left out", is_dropped=True)
    for code in ("1.1.1", "1.1.2", "3.2.1"):
        say(evaluation, code, Finding, level=0)
    assert [draft.code for draft in draft_recommendations(evaluation, score_now(evaluation))] == ["3.2.1"]
    assert draft_recommendations(evaluation, score_now(evaluation)) == []
    kept = evaluation.recommendations.order_by("code").values_list("code", "title", "is_dropped")
    assert list(kept) == [
        ("1.1.1", "As we wrote it", False),
        ("1.1.2", "Left out", True),
        ("3.2.1", "3.2.1 recommendation title (en)", False),
    ]


@pytest.mark.django_db
def test_nothing_said_at_all_asks_for_everything_that_is_scored():
    evaluation = evaluation_of()
    codes = [draft.code for draft in draft_recommendations(evaluation, score_now(evaluation))]
    assert codes == ["1.1.1", "1.1.2", "1.2.1", "3.1.1", "3.2.1", "3.2.2", "9.1.1", "9.1.2"]
