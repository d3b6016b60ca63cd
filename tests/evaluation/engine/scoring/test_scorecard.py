"""The properties of a scorecard: missing, not applicable and differing indicators, and their points."""

from dataclasses import replace

import pytest

from evaluation.engine.scoring import Evidence, LevelBasis, Scorecard, score
from standards.framework import Aggregation, Measure, Method, Rule
from tests.evaluation.engine.scoring.shapes import EXCUSED, OBLIGATIONS, RULE, asked, framework_of, in_turn, levels


def codes(found) -> list[str]:
    return [indicator.code for indicator in found]


@pytest.fixture
def card() -> Scorecard:
    """Return the scorecard of five indicators.

    One has a differing finding, one an equal one, one is missing, one is excused, one is not scored.
    """
    standard = [
        asked("1.1.1"),
        asked("1.1.2"),
        asked("1.1.3"),
        asked("1.1.4", not_applicable=True),
        asked("1.1.5", measure=Measure.NUMERIC),
    ]
    answers = levels(i1_1_1=3, i1_1_2=2, i1_1_4=EXCUSED)
    return score(framework_of([standard]), Evidence(answers, levels(i1_1_1=1, i1_1_2=2)))


def test_a_card_sorts_its_indicators(card: Scorecard):
    assert codes(card.counted) == ["1.1.1", "1.1.2", "1.1.3"]
    assert codes(card.missing) == ["1.1.3"]
    assert codes(card.excused) == ["1.1.4"]
    assert codes(card.differing) == ["1.1.1"]


@pytest.mark.parametrize(
    ("answered", "excused", "seen", "why", "differs"),
    [
        (None, True, 2, LevelBasis.ASSESSOR, True),
        (None, True, None, LevelBasis.NOT_APPLICABLE, False),
        (2, False, None, LevelBasis.NOT_APPLICABLE, True),
        (2, False, None, LevelBasis.HOTLINE, False),
        (None, False, None, LevelBasis.NOT_APPLICABLE, False),
    ],
)
def test_who_says_that_it_does_not_apply_and_who_gives_a_level_differ(
    card: Scorecard, answered: int | None, excused: bool, seen: int | None, why: LevelBasis, differs: bool
):
    found = card.indicators["1.1.1"]
    changed = replace(found, self_level=answered, self_not_applicable=excused, seen_level=seen, basis=why)
    assert changed.differs is differs


def test_what_leaves_the_score_has_no_points_but_could_have_had_some(card: Scorecard):
    excused = card.indicators["1.1.4"]
    assert (excused.reached, excused.max_points, excused.points, excused.of) == (0, 3, 0, 0)


def test_where_the_lowest_counts_and_nothing_applies_there_are_no_points_of_none():
    rule = Rule(OBLIGATIONS, RULE.outcomes, Aggregation(Method.LOWEST))
    card = score(framework_of([[asked("1.1.1", not_applicable=True)]], rule=rule), Evidence(levels(i1_1_1=EXCUSED)))
    assert [(s.points, s.of, s.ratio) for s in card.standards.values()] == [(0, 0, None)]


@pytest.mark.parametrize(
    ("counting", "at_most", "share"),
    [(200, 50, (800, 1200)), (196, 2, (784, 1176)), (200, 1, (80_000, 1224 * 99)), (195, 2, (78_000, 1194 * 98))],
)
def test_only_what_goes_beyond_the_share_stays_in_the_score(counting: int, at_most: int, share: tuple[int, int]):
    """Four indicators do not apply: between 1 and 2 per cent of 204, exactly 2 of 200, more than 2 of 199."""
    standard = [asked(f"1.1.{n}", not_applicable=n > counting) for n in range(1, counting + 5)]
    rule = Rule(OBLIGATIONS, RULE.outcomes, excused_at_most=at_most)
    findings = in_turn(standard[:counting], *[2] * counting) | {i.code: EXCUSED for i in standard[counting:]}
    card = score(framework_of([standard], rule=rule), Evidence(findings=findings))
    assert [(s.points, s.of) for s in card.standards.values()] == [share]


def test_a_figure_is_within_no_bound_where_none_is_given(card: Scorecard):
    assert not card.indicators["1.1.1"].is_within(None)
