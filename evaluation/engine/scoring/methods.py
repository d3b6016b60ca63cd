"""Compute the aggregation methods of the rule in integers and fractions, so that nothing is rounded."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

from evaluation.engine.scoring.scorecard import IndicatorScore, LevelBasis
from standards.framework import Framework, Method

Number = int | Fraction
Share = tuple[Number, Number]
"""Points and possible points; 0 of 0 is no score. They are integers, unless points were redistributed."""


def contribution(
    framework: Framework, method: Method, reached: int, max_points: int, weight: int, level: int | None
) -> tuple[int, int]:
    """Return the contribution of one indicator to a score by a method: points and possible points.

    `reached` and `max_points` are the points of its level and of the best one.
    """
    if method is Method.SUM:
        return reached * weight, max_points * weight
    if method is Method.SHARE:
        line = framework.rule.aggregation.level
        return int(level is not None and line is not None and framework.scale.reaches(level, line)), 1
    times = framework.common_points // max_points * (weight if method is Method.WEIGHTED_MEAN else 1)
    return reached * times, max_points * times


def total_share(
    framework: Framework, method: Method, scores: Sequence[IndicatorScore], most: int | None = None
) -> Share:
    """Return the total points of these indicators. Not applicable ones are left out as far as the rule allows.

    `most` replaces the percentage of points that the rule allows to be left out.
    """
    shares, excused = shares_of(framework, method, scores)
    points, of = combine_shares(method, list(shares.values()))
    if method is Method.LOWEST:
        return points, of
    return _cap(framework.rule.excused_at_most if most is None else most, points, of, excused)


def shares_of(
    framework: Framework, method: Method, scores: Sequence[IndicatorScore]
) -> tuple[dict[str, Share], Number]:
    """Return the share of each counted indicator, by code, and the points that not applicable ones take out.

    If the rule redistributes them, the counted indicators of a standard are raised to the points of the whole standard.
    """
    shares = {score.code: _share(framework, method, score) for score in scores if score.counts}
    excused = {
        score.code: _share(framework, method, score)[1] for score in scores if score.basis is LevelBasis.NOT_APPLICABLE
    }
    if not framework.rule.redistributes or method is Method.LOWEST:
        return shares, sum(excused.values())
    standards = {code: framework.standard_of[code].code for code in (*shares, *excused)}
    if len(set(standards.values())) == 1:  # redistribution does not change the score of a single standard
        return shares, sum(excused.values())
    counted: dict[str, Number] = dict.fromkeys(standards.values(), 0)
    taken_out = dict(counted)
    for code, (_, of) in shares.items():
        counted[standards[code]] += of
    for code, of in excused.items():
        taken_out[standards[code]] += of
    times = {
        standard: Fraction(of + taken_out[standard], of)
        for standard, of in counted.items()
        if of and taken_out[standard]
    }
    raised = {
        code: (points * times.get(standards[code], 1), of * times.get(standards[code], 1))
        for code, (points, of) in shares.items()
    }
    return raised, sum(of for standard, of in taken_out.items() if not counted[standard])


def best_share(framework: Framework, ratios: Sequence[Fraction], count: int) -> Share:
    """Return the mean of the best of these ratios, each counted once, as points of possible points."""
    common = lcm(framework.common_points, *(ratio.denominator for ratio in ratios))
    best = sorted(ratios, reverse=True)[:count]
    return sum(int(ratio * common) for ratio in best), len(best) * common


def combine_shares(method: Method, shares: Sequence[Share]) -> Share:
    """Combine the shares of several indicators: the lowest one or their sum, by the method."""
    if method is Method.LOWEST:
        return min(shares, default=(0, 0))
    return sum(points for points, _ in shares), sum(of for _, of in shares)


def _share(framework: Framework, method: Method, score: IndicatorScore) -> Share:
    if method is framework.rule.aggregation.standard and score.counts:
        return score.points, score.of
    return contribution(framework, method, score.reached, score.max_points, score.weight, score.level)


def _cap(most: int, points: Number, of: Number, excused: Number) -> Share:
    """Return the share with at most `most` per cent left out as not applicable; the excess counts as not reached."""
    least = (of + excused) * (100 - most)
    return (points * 100, least) if of * 100 < least else (points, of)


def as_ratio(share: Share) -> Fraction | None:
    points, of = share
    return Fraction(points) / of if of else None


def score_group(method: Method, parts: Sequence[tuple[Fraction | None, int]]) -> Fraction | None:
    """Return the score of a group from the ratios and weights of its domains: their mean, or the lowest ratio."""
    if method is Method.LOWEST:
        return min((ratio for ratio, _ in parts if ratio is not None), default=None)
    return mean(parts)


def mean(parts: Iterable[tuple[Fraction | None, int]]) -> Fraction | None:
    """Return the weighted mean of ratios, over one common denominator; parts without a score are left out."""
    present = [(ratio, weight) for ratio, weight in parts if ratio is not None]
    if not present:
        return None
    common = lcm(*(ratio.denominator for ratio, _ in present))
    total = sum(ratio.numerator * (common // ratio.denominator) * weight for ratio, weight in present)
    return Fraction(total, common * sum(weight for _, weight in present))
