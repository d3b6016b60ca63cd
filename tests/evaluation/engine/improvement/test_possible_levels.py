"""The levels that an indicator can reach: by level, by bands, from missing, and under a cap."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluation.engine.improvement.possible_levels import higher_levels
from evaluation.engine.scoring import Evidence, Judgement, score_hypothetical
from standards.framework import (
    Measure,
    Source,
    Support,
    read_bands,
)
from tests.evaluation.engine.scoring.shapes import (
    EXCUSED,
    asked,
    counted,
    framework_of,
    levels,
)


def ways(indicator, evidence, scale=None):
    framework = framework_of([[indicator]], scale=scale)
    return higher_levels(
        framework, score_hypothetical(framework, evidence).indicators[indicator.code], evidence.withheld
    )


def test_what_is_found_rises_level_by_level():
    assert ways(asked("1.1.1"), Evidence(levels(i1_1_1=1))) == {2: 1, 3: 2}
    assert ways(asked("1.1.1"), Evidence(levels(i1_1_1=3))) == {}


def test_what_is_missing_rises_to_any_level_and_takes_one_step_more():
    assert ways(asked("1.1.1"), Evidence()) == {0: 1, 1: 2, 2: 3, 3: 4}
    assert ways(asked("1.1.1"), Evidence(levels(i1_1_1=EXCUSED))) == {0: 1, 1: 2, 2: 3, 3: 4}
    refused = Evidence(findings=levels(i1_1_1=EXCUSED))  # a level by assessors, for which the Guide has no band
    assert ways(asked("1.1.1"), refused) == {0: 1, 1: 2, 2: 3, 3: 4}
    unseen = Evidence(levels(i1_1_1=2), levels(i1_1_1=Judgement(not_seen=True)))
    assert ways(asked("1.1.1", source=Source.VISIT), unseen) == {0: 1, 1: 2, 2: 3, 3: 4}


def test_a_not_applicable_that_is_not_allowed_leaves_the_word_of_the_hotline_to_rise():
    assert ways(asked("1.1.1"), Evidence(levels(i1_1_1=2), levels(i1_1_1=EXCUSED))) == {3: 1}


def test_yes_and_no_know_nothing_between():
    assert ways(asked("1.1.1", measure=Measure.YES_NO), Evidence()) == {0: 1, 3: 4}
    assert ways(asked("1.1.1", measure=Measure.YES_NO), Evidence(levels(i1_1_1=0))) == {3: 3}


def test_a_number_rises_to_the_levels_of_its_bands():
    hours = asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands(">=24:3;>=8:1"))
    assert ways(hours, Evidence(levels(i1_1_1=Judgement(value=Fraction(2))))) == {1: 1, 3: 3}
    minutes = asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands("<=5:3;>5:1"))
    assert ways(minutes, Evidence()) == {1: 2, 3: 4}


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        (">=8:1", {0: 1, 1: 2}),
        (">=20:3;>10:2", {0: 1, 2: 3, 3: 4}),
        ("<1:3", {0: 1, 3: 4}),
        (">100:3;>=0:1", {1: 2, 3: 4}),
    ],
)
def test_a_missing_number_can_be_at_below_between_and_above_its_bounds(bands, expected):
    assert ways(asked("1.1.1", measure=Measure.NUMERIC, bands=read_bands(bands)), Evidence()) == expected


def test_what_has_no_support_rises_by_being_supported():
    unsupported = asked("1.1.1", counts_with=Support.WORDS)
    assert ways(unsupported, Evidence(levels(i1_1_1=2))) == {2: 1, 3: 2}


def test_what_leaves_the_score_does_not_rise():
    assert ways(asked("1.1.1", not_applicable=True), Evidence(levels(i1_1_1=EXCUSED))) == {}
    assert ways(asked("1.1.1", measure=Measure.NUMERIC), Evidence()) == {}


@pytest.mark.parametrize(
    ("figures", "withheld"), [({"A04": Fraction(85), "A03": Fraction(100)}, {}), ({}, {"1.1.1": 2})]
)
def test_what_figures_cap_rises_as_far_as_figures_can_show(figures, withheld):
    capped = replace(counted("1.1.1", bands=">=90:3;>=80:2"), measure=Measure.SCALE)
    assert ways(capped, Evidence(levels(i1_1_1=3), figures=figures, withheld=withheld)) == {3: 1}
    yes_no = replace(capped, measure=Measure.YES_NO, bands=read_bands(">=80:2"))
    assert ways(yes_no, Evidence(levels(i1_1_1=0), figures=figures, withheld=withheld)) == {2: 2}


def test_what_is_capped_and_unsupported_rises_first_to_what_the_figures_show():
    capped = replace(counted("1.1.1"), measure=Measure.SCALE, counts_with=Support.WORDS)
    evidence = Evidence(levels(i1_1_1=3), figures={"A04": Fraction(60), "A03": Fraction(100)})
    assert ways(capped, evidence) == {1: 1, 2: 2, 3: 3}
    assert ways(capped, replace(evidence, figures={})) == {3: 1}
