"""The thresholds of the best outcome for pages and reports."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluation.engine.scoring import Line, is_below, required_domain_line, required_foremost_level
from standards.framework import Condition, Framework, Obligation, Outcome, Rule, Scale, Test
from tests.small_edition import CORE, ESSENTIAL, RULE, SMALL


def rule_of(*best: Condition, second: tuple[Condition, ...] = (), wanted: int | None = 3) -> Rule:
    obligations = (Obligation(ESSENTIAL, wanted=wanted), Obligation(CORE))
    return Rule(obligations, (Outcome("best", 36, best), Outcome("second", 12, second), Outcome("none", 0)))


def framework_of(rule: Rule, scale: Scale | None = None) -> Framework:
    return replace(SMALL, rule=rule, scale=scale or SMALL.scale)


def test_the_line_is_what_the_best_outcome_asks_of_each_domain() -> None:
    assert required_domain_line(RULE) == Line(60)
    low, high = Condition(Test.DOMAINS, percent=50), Condition(Test.DOMAINS, percent=70)
    assert required_domain_line(rule_of(low, high, low)) == Line(70)
    above = replace(high, strictly=True)
    assert required_domain_line(rule_of(high, above, high)) == Line(70, strictly=True)
    assert required_domain_line(rule_of(Condition(Test.SCORE, percent=80), second=(high,))) is None
    assert required_domain_line(rule_of(Condition(Test.STANDARDS, percent=80))) is None
    assert required_domain_line(rule_of(Condition(Test.DOMAINS))) is None


@pytest.mark.parametrize(
    ("ratio", "line", "below"),
    [
        (Fraction(60, 100), 60, False),
        (Fraction(59999, 100000), 60, True),
        (Fraction(60001, 100000), 60, False),
        (Fraction(3, 7), 43, True),
        (Fraction(0), 0, False),
        (None, 60, False),
        (Fraction(0), None, False),
        (None, None, False),
    ],
)
def test_below_a_line_is_compared_exactly(ratio: Fraction | None, line: int | None, below: bool) -> None:
    assert is_below(ratio, None if line is None else Line(line)) is below


def test_a_score_at_a_line_that_is_to_be_exceeded_does_not_pass_it() -> None:
    line = Line(60, strictly=True)
    assert [is_below(Fraction(part, 1000), line) for part in (599, 600, 601)] == [True, True, False]
    assert not is_below(None, line)


def test_the_level_asked_of_each_of_the_foremost_is_the_highest_that_the_best_outcome_names() -> None:
    assert required_foremost_level(SMALL) == 2
    every = Condition(Test.EVERY, level=1)
    essential = Condition(Test.EVERY, ESSENTIAL, level=2)
    core = Condition(Test.EVERY, CORE, level=3)
    assert required_foremost_level(framework_of(rule_of(every, core))) == 1
    assert required_foremost_level(framework_of(rule_of(every, essential, every, core))) == 2
    below = Condition(Test.BELOW, ESSENTIAL, level=3, count=2)
    assert required_foremost_level(framework_of(rule_of(below, core, second=(essential,)))) == 3
    assert required_foremost_level(framework_of(rule_of(below, wanted=None))) is None


def test_on_a_falling_scale_the_highest_level_is_the_lowest_number() -> None:
    falling = Scale(1, 4, falling=True)
    one, two = Condition(Test.EVERY, ESSENTIAL, level=1), Condition(Test.EVERY, level=2)
    assert required_foremost_level(framework_of(rule_of(two, one), falling)) == 1
