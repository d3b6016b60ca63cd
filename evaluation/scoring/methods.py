"""The aggregation methods of the rule, computed in whole numbers so that nothing is rounded."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from evaluation.scoring.scorecard import IndicatorScore, LevelBasis
from standards.framework import Framework, Method

Share = tuple[int, int]
"""Points, of so many possible ones; 0 of 0 is no score."""


def contribution(
    framework: Framework, method: Method, reached: int, max_points: int, weight: int, level: int | None
) -> Share:
    """The contribution of one indicator to a score by a method: `reached` of `max_points`, as that method counts them."""
    if method is Method.SUM:
        return reached * weight, max_points * weight
    if method is Method.SHARE:
        line = framework.rule.aggregation.level
        return int(level is not None and line is not None and framework.scale.reaches(level, line)), 1
    times = framework.common_points // max_points * (weight if method is Method.WEIGHTED_MEAN else 1)
    return reached * times, max_points * times


def total_share(framework: Framework, method: Method, scores: Sequence[IndicatorScore]) -> Share:
    """Return the points of these indicators together. Not applicable ones are left out as far as the rule allows."""
    points, of = combine_shares(method, [_share(framework, method, score) for score in scores if score.counts])
    excused = sum(_share(framework, method, score)[1] for score in scores if score.basis is LevelBasis.NOT_APPLICABLE)
    return (points, of) if method is Method.LOWEST else _cap(framework, points, of, excused)


def combine_shares(method: Method, shares: Sequence[Share]) -> Share:
    """Combine the shares of several indicators: the lowest one or their sum, by the method."""
    if method is Method.LOWEST:
        return min(shares, default=(0, 0))
    return sum(points for points, _ in shares), sum(of for _, of in shares)


def _share(framework: Framework, method: Method, score: IndicatorScore) -> Share:
    if method is framework.rule.aggregation.standard and score.counts:
        return score.points, score.of
    return contribution(framework, method, score.reached, score.max_points, score.weight, score.level)


def _cap(framework: Framework, points: int, of: int, excused: int) -> Share:
    """At most `excused_at_most` per cent leave a score as not applicable; the excess stays as not reached."""
    least = (of + excused) * (100 - framework.rule.excused_at_most)
    return (points * 100, least) if of * 100 < least else (points, of)


def as_ratio(share: Share) -> Fraction | None:
    return Fraction(*share) if share[1] else None


def mean(parts: Iterable[tuple[Fraction | None, int]]) -> Fraction | None:
    """Return the weighted mean of ratios, over one common denominator; parts without a score are left out."""
    present = [(ratio, weight) for ratio, weight in parts if ratio is not None]
    if not present:
        return None
    common = lcm(*(ratio.denominator for ratio, _ in present))
    total = sum(ratio.numerator * (common // ratio.denominator) * weight for ratio, weight in present)
    return Fraction(total, common * sum(weight for _, weight in present))
