"""Drafting recommendations: which indicators get one, its priority, and that edits are preserved."""

import pytest

from evaluation.engine.improvement.gains import gains
from evaluation.engine.scoring import IndicatorScore, LevelBasis, score
from evaluation.judging.evidence import gather_evidence
from evaluation.models import Evaluation, Finding, Recommendation
from evaluation.recommendations.drafting import (
    draft_recommendations,
    find_blocking,
    needs_recommendation,
    priority_of,
)
from tests.factories import RecommendationFactory, evaluation_of, score_now, write_answer
from tests.small_edition import SMALL
from tests.stage import Stage

FIRST, NEXT, WHEN_POSSIBLE = Recommendation.Priority
OBLIGATIONS = [obligation.code for obligation in SMALL.rule.obligations]


def scored(obligation: str, level: int | None, why: LevelBasis = LevelBasis.ASSESSOR) -> IndicatorScore:
    return IndicatorScore(
        code="1.1.1",
        obligation=obligation,
        basis=why,
        level=level,
        value=None,
        weight=1,
        reached=0,
        max_points=3,
        points=0,
        of=3,
        self_level=None,
        self_value=None,
        self_not_applicable=False,
        seen_level=level,
    )


def draft(evaluation: Evaluation) -> list[Recommendation]:
    """Return the drafts that follow from the present judgements."""
    evidence, framework = gather_evidence(evaluation), evaluation.framework
    return list(draft_recommendations(evaluation, score(framework, evidence), gains(framework, evidence)).drafted)


@pytest.mark.parametrize(("obligation", "below"), [("essential", 3), ("core", 2), ("developmental", 1)])
def test_what_is_short_of_the_level_its_obligation_asks_for_deserves_one(obligation: str, below: int):
    assert SMALL.rule.obligation[obligation].wanted == below
    deserving = [level for level in SMALL.scale.levels if needs_recommendation(scored(obligation, level), SMALL, set())]
    assert deserving == list(range(below))


@pytest.mark.parametrize("obligation", OBLIGATIONS)
@pytest.mark.parametrize("why", [LevelBasis.MISSING, LevelBasis.UNSUPPORTED])
def test_what_is_missing_is_asked_for_like_the_worst_level(obligation: str, why: LevelBasis):
    assert needs_recommendation(scored(obligation, None, why), SMALL, set())


@pytest.mark.parametrize("why", [LevelBasis.NOT_SCORED, LevelBasis.NOT_APPLICABLE, LevelBasis.NOT_ASKED])
def test_what_is_not_scored_or_does_not_apply_deserves_none(why: LevelBasis):
    assert not needs_recommendation(scored("essential", None, why), SMALL, {"1.1.1"})


def test_what_the_next_outcome_needs_deserves_one_though_it_is_where_its_obligation_wants_it():
    assert [needs_recommendation(scored("core", 2), SMALL, needed) for needed in (set(), {"1.1.1"})] == [False, True]


def test_what_blocks_comes_first_and_what_the_guide_insists_on_least_last():
    urgent = {obligation: priority_of(scored(obligation, 0), SMALL, set()) for obligation in OBLIGATIONS}
    assert urgent == {"essential": NEXT, "core": NEXT, "developmental": WHEN_POSSIBLE}
    assert {priority_of(scored(obligation, 0), SMALL, {"1.1.1"}) for obligation in OBLIGATIONS} == {FIRST}


@pytest.mark.django_db
def test_what_blocks_is_what_a_condition_on_single_indicators_names():
    evaluation = Stage.minimal("report").evaluation
    for code, level in {"1.1.1": 0, "1.1.2": 0, "9.1.2": 2}.items():
        write_answer(evaluation, code, Finding, level=level)
    assert find_blocking(score_now(evaluation)) == {"1.1.1"}


@pytest.mark.django_db
def test_drafts_have_the_words_of_the_guide_and_no_day_yet():
    stage = Stage.minimal("report")
    evaluation = stage.evaluation
    write_answer(evaluation, "1.1.1", Finding, level=0)
    write_answer(evaluation, "9.1.2", Finding, level=2)
    drafts = draft(evaluation)
    assert [(d.code, d.priority, d.state, d.is_dropped, d.due_on) for d in drafts] == [
        ("1.1.1", FIRST, "drafted", False, None),
        ("9.1.2", NEXT, "drafted", False, None),
    ]
    assert (drafts[0].title, drafts[0].text, drafts[0].look_for) == (
        "1.1.1 recommendation title (en)",
        "1.1.1 recommendation text (en)",
        "1.1.1 recommendation look_for (en)",
    )
    assert set(evaluation.recommendations.all()) == set(drafts)


@pytest.mark.django_db
def test_drafting_again_adds_what_is_new_and_leaves_what_was_edited_or_dropped():
    evaluation = Stage.minimal("report").evaluation
    RecommendationFactory(evaluation=evaluation, code="1.1.1", title="As we wrote it", priority=WHEN_POSSIBLE)
    RecommendationFactory(evaluation=evaluation, code="1.1.2", title="Left out", is_dropped=True)
    for code in ("1.1.1", "1.1.2", "3.2.1"):
        write_answer(evaluation, code, Finding, level=0)
    assert [drafted.code for drafted in draft(evaluation)] == ["3.2.1"]
    assert draft(evaluation) == []
    kept = evaluation.recommendations.order_by("code").values_list("code", "title", "is_dropped")
    assert list(kept) == [
        ("1.1.1", "As we wrote it", False),
        ("1.1.2", "Left out", True),
        ("3.2.1", "3.2.1 recommendation title (en)", False),
    ]


@pytest.mark.django_db
def test_nothing_said_at_all_asks_for_everything_that_is_scored():
    evaluation = evaluation_of()
    codes = [drafted.code for drafted in draft(evaluation)]
    assert sorted(codes) == ["1.1.1", "1.1.2", "1.2.1", "3.1.1", "3.2.1", "3.2.2", "9.1.1", "9.1.2"]


@pytest.mark.django_db
def test_what_the_next_outcome_needs_comes_first_then_what_adds_most_then_the_guides_order():
    evaluation = Stage.minimal("report").evaluation
    for code, level in {"1.1.2": 0, "3.2.1": 0, "9.1.1": 0, "9.1.2": 1}.items():
        write_answer(evaluation, code, Finding, level=level)
    found = gains(evaluation.framework, gather_evidence(evaluation))
    needed = {code for code, gain in found.items() if gain.is_needed}
    drafts = draft(evaluation)
    assert {d.code for d in drafts if d.is_needed} == needed != set()
    assert [d.priority for d in drafts if d.is_needed] == [FIRST] * len([d for d in drafts if d.is_needed])
    assert {d.code: d.gain for d in drafts} == {d.code: int(found[d.code].overall * 1_000_000) for d in drafts}
    place = list(evaluation.framework.indicators)
    in_order = sorted(drafts, key=lambda d: (not d.is_needed, -d.gain, place.index(d.code)))
    assert [d.code for d in drafts] == [d.code for d in in_order]
    assert [d.code for d in evaluation.recommendations.filter(priority=FIRST)] == [
        d.code for d in drafts if d.priority == FIRST
    ]
