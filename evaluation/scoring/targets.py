"""Thresholds of the best outcome of a rule, for pages and reports."""

from fractions import Fraction

from standards.framework import Framework, Percentage, Rule, Test


def required_domain_percent(rule: Rule) -> Percentage | None:
    """Return the percentage that the best outcome requires of every domain, or None."""
    of_every = [c for c in rule.ladder[-1].conditions if c.test is Test.DOMAINS and c.count is None]
    lines = [condition.percent for condition in of_every if condition.percent is not None]
    return max(lines, default=None)


def is_below(ratio: Fraction | None, line: Percentage | None) -> bool:
    """Whether a score is below a percentage, compared exactly. False where either is None."""
    return ratio is not None and line is not None and ratio.numerator * 100 < line * ratio.denominator


def required_foremost_level(framework: Framework) -> int | None:
    """Return the level that the best outcome requires of each indicator of the highest obligation.

    If it requires none of each, the level of the obligation itself.
    """
    rule, scale = framework.rule, framework.scale
    levels = [
        c.level
        for c in rule.ladder[-1].conditions
        if c.test is Test.EVERY and c.obligation in (None, rule.foremost.code) and c.level is not None
    ]
    return max(levels, key=scale.rank, default=rule.foremost.wanted)
