"""Demands laid out over the tree of the Guide: in whole numbers, where they end, and without what cannot matter."""

import pytest

from evaluation.improvement.block import Block, Bundle, IndicatorOptions, LevelOption
from evaluation.improvement.demands import Demands
from evaluation.improvement.layout import build_blocks
from evaluation.improvement.possible_levels import higher_levels
from evaluation.scoring import Evidence, score_hypothetical
from standards.framework import Aggregation, Condition, Framework, Method, Outcome, Rule, Test
from tests.evaluation.scoring.shapes import DEVELOPMENTAL, ESSENTIAL, OBLIGATIONS, asked, framework_of, levels

pytestmark = pytest.mark.once


def laid_out(framework: Framework, evidence: Evidence, *conditions: Condition) -> tuple[Block, list[int]]:
    card = score_hypothetical(framework, evidence)
    ways = {code: higher_levels(framework, score, {}) for code, score in card.indicators.items()}
    demands = Demands(framework, card, {code: steps for code, steps in ways.items() if steps})
    for condition in conditions:
        demands.ask(condition)
    return build_blocks(demands)


TWO_DOMAINS = framework_of(
    [[asked("1.1.1"), asked("1.1.2", ESSENTIAL)], [asked("1.2.1")]], [[asked("2.1.1", DEVELOPMENTAL)]]
)


def test_a_demand_ends_where_all_that_serves_it_lies():
    """One in a standard, one in a domain, one in the whole: 4 of 15 parts, 8 of 30 and 16 of 60 are missing."""
    root, needs = laid_out(
        TWO_DOMAINS,
        Evidence(levels(i1_1_1=1, i1_1_2=1, i1_2_1=1, i2_1_1=1)),
        Condition(Test.SCORE, standard="1.1", percent=60),
        Condition(Test.SCORE, domain="D1", percent=60),
        Condition(Test.SCORE, percent=60),
    )
    first, second = root.parts
    assert needs == [4, 8, 16]
    assert (root.closes, first.closes, second.closes) == ({2}, {1}, set())
    assert [standard.closes for standard in first.parts] == [{0}, set()]
    assert list(root.every_place()) == [
        IndicatorOptions("1.1.1", [LevelOption(2, 1, {0: 2, 1: 2, 2: 2}), LevelOption(3, 2, {0: 4, 1: 4, 2: 4})]),
        IndicatorOptions("1.1.2", [LevelOption(2, 1, {0: 3, 1: 3, 2: 3}), LevelOption(3, 2, {0: 6, 1: 6, 2: 6})]),
        IndicatorOptions("1.2.1", [LevelOption(2, 1, {1: 5, 2: 5}), LevelOption(3, 2, {1: 10, 2: 10})]),
        IndicatorOptions("2.1.1", [LevelOption(2, 1, {2: 10}), LevelOption(3, 2, {2: 20})]),
    ]


LOWEST = framework_of(
    [[asked("1.1.1"), asked("1.1.2")], [asked("1.2.1")]],
    [[asked("2.1.1")]],
    rule=Rule(
        OBLIGATIONS,
        (Outcome("none", 0),),
        Aggregation(Method.LOWEST, Method.MEAN, Method.MEAN),
        passing=(Condition(Test.EVERY, level=2),),
    ),
)


def test_standards_bring_their_bundles_to_the_domain_and_the_whole():
    """25 of 60 parts are had, and 36 asked. Two standards of the first domain fail, one may; and the domain misses a third."""
    root, needs = laid_out(
        LOWEST,
        Evidence(levels(i1_1_1=1, i1_1_2=2, i1_2_1=0, i2_1_1=2)),
        Condition(Test.SCORE, percent=60),
        Condition(Test.FAILING, count=1),
        Condition(Test.DOMAINS, percent=50),
    )
    first, second = root.parts
    standard, other = first.parts
    assert (needs[:3], root.closes, first.closes, second.closes) == ([11, 1, 2], {0}, {1, 2}, set())
    assert standard.bundles == [
        Bundle({3: 1}, {0: 5, 2: 1}),
        Bundle({4: 2}, {0: 5, 2: 1}),
        Bundle({9: 1}, {1: 1}),
    ]
    assert [way.contributes for way in standard.places[0].ways] == [{3: 1, 9: 1}, {3: 1, 4: 1, 9: 1}]
    assert [bundle.contributes for bundle in other.bundles] == [{0: 5, 2: 1}] * 3 + [{1: 1}]
    assert [bundle.contributes for part in second.parts for bundle in part.bundles] == [{0: 10}]


def test_a_demand_of_bundles_of_one_standard_ends_there():
    root, _ = laid_out(
        LOWEST, Evidence(levels(i1_1_1=3, i1_1_2=3, i1_2_1=3, i2_1_1=0)), Condition(Test.FAILING, count=0)
    )
    assert [[standard.closes for standard in domain.parts] for domain in root.parts] == [[set(), set()], [{0}]]


def test_what_a_demand_cannot_spare_must_rise_so_far():
    """Of 15 points 12 are asked and none is there: three can be spared, which the lighter ones bring and no more."""
    standard = [asked("1.1.1", ESSENTIAL), asked("1.1.2", DEVELOPMENTAL), asked("1.1.3", DEVELOPMENTAL)]
    root, needs = laid_out(
        framework_of([standard]), Evidence(levels(i1_1_1=0, i1_1_2=0, i1_1_3=0)), Condition(Test.SCORE, percent=80)
    )
    light = [LevelOption(1, 1, {0: 1}), LevelOption(2, 2, {0: 2}), LevelOption(3, 3, {0: 3})]
    assert list(root.every_place()) == [
        IndicatorOptions("1.1.1", [LevelOption(2, 2, {0: 6}), LevelOption(3, 3, {0: 9})], may_stay=False),
        IndicatorOptions("1.1.2", light),
        IndicatorOptions("1.1.3", light),
    ]
    assert needs == [12]


def test_what_is_met_by_what_must_rise_anyhow_is_no_demand_any_more():
    """The one essential indicator must be at 3, which nobody can choose; and nothing else is of use."""
    root, _ = laid_out(
        TWO_DOMAINS,
        Evidence(levels(i1_1_1=1, i1_1_2=1, i1_2_1=3, i2_1_1=2)),
        Condition(Test.EVERY, ESSENTIAL, level=3),
    )
    assert list(root.every_place()) == [IndicatorOptions("1.1.2", [LevelOption(3, 2, {})], may_stay=False)]
    assert not any(block.closes for domain in root.parts for block in (root, domain, *domain.parts))


def test_bundles_spare_nothing_of_a_demand_that_they_do_not_serve():
    """All must be at 3; that standards pass by it is another demand."""
    root, _ = laid_out(
        LOWEST,
        Evidence(levels(i1_1_1=2, i1_1_2=3, i1_2_1=1, i2_1_1=3)),
        Condition(Test.EVERY, level=3),
        Condition(Test.FAILING, count=0),
    )
    assert [(place.code, place.may_stay) for place in root.every_place()] == [("1.1.1", False), ("1.2.1", False)]


def test_a_level_that_brings_nothing_more_is_no_way():
    standard = [asked("1.1.1", points=(0, 1, 1, 3))]
    root, _ = laid_out(framework_of([standard]), Evidence(levels(i1_1_1=0)), Condition(Test.SCORE, percent=30))
    assert [way.level for place in root.every_place() for way in place.ways] == [1, 2, 3]
    higher, _ = laid_out(framework_of([standard]), Evidence(levels(i1_1_1=1)), Condition(Test.SCORE, percent=40))
    assert [way.level for place in higher.every_place() for way in place.ways] == [3]
    both = [*standard, asked("1.1.2")]
    spare, _ = laid_out(framework_of([both]), Evidence(levels(i1_1_1=1, i1_1_2=1)), Condition(Test.SCORE, percent=40))
    assert [[way.level for way in place.ways] for place in spare.every_place()] == [[3], [2, 3]]
