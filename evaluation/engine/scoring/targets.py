"""Find the thresholds of the best outcome of a rule, for pages and reports."""

from dataclasses import dataclass
from fractions import Fraction

from standards.framework import Framework, Percentage, Rule, Test


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """A percentage to be reached or, with `strictly`, exceeded. A line that is harder to pass is greater."""

    percent: Percentage
    strictly: bool = False


def required_domain_line(rule: Rule) -> Line | None:
    """Return the line that the best outcome requires every domain to pass, or None."""
    of_every = [c for c in rule.ranked_outcomes[-1].conditions if c.test is Test.DOMAINS and c.count is None]
    return max((Line(c.percent, c.strictly) for c in of_every if c.percent is not None), default=None)


def is_below(ratio: Fraction | None, line: Line | None) -> bool:
    """Whether a score does not pass a line, compared exactly. False if either is None."""
    if ratio is None or line is None:
        return False
    percent = ratio * 100
    return percent <= line.percent if line.strictly else percent < line.percent


def required_foremost_level(framework: Framework) -> int | None:
    """Return the level that the best outcome requires of every indicator of the highest obligation.

    If the outcome requires none of them all, return the wanted level of the obligation.
    """
    rule, scale = framework.rule, framework.scale
    levels = [
        c.level
        for c in rule.ranked_outcomes[-1].conditions
        if c.test is Test.EVERY and c.obligation in (None, rule.highest_obligation.code) and c.level is not None
    ]
    return max(levels, key=scale.rank, default=rule.highest_obligation.wanted)
