"""Compute the effect of each indicator on a score, as a sum over indicators, and over parts of which the lowest counts.

An indicator that is left out of a score stays left out if another one rises, so the gain of a score by one indicator
does not depend on the others. The exceptions are parts of which the lowest indicator counts: they depend on all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluation.engine.scoring.methods import contribution, shares_of, total_share
from evaluation.engine.scoring.scorecard import DomainScore, IndicatorScore, Scorecard, StandardScore
from standards.framework import Framework, Group, Method


@dataclass(frozen=True, slots=True)
class Lowest:
    """Indicators of which the lowest counts, as part of a larger score."""

    indicators: Sequence[IndicatorScore]
    share: Fraction
    """The share of the lowest in the larger score."""


@dataclass(frozen=True, slots=True)
class Leverage:
    """The effect of indicators on a score.

    `single` has, by code, the method by which an indicator counts and the effect of one of its points. `lowest` are the
    parts of the score that are not additive.
    """

    single: Mapping[str, tuple[Method, Fraction]]
    lowest: Sequence[Lowest] = ()


def of_indicators(
    framework: Framework, method: Method, indicators: Sequence[IndicatorScore], most: int | None = None
) -> Leverage:
    """Return the leverage of a score that is computed from all these indicators. The score must exist."""
    counted = [i for i in indicators if i.counts]
    if method is Method.LOWEST:
        return Leverage({}, [Lowest(counted, Fraction(1))])
    shares, _ = shares_of(framework, method, indicators)
    of = total_share(framework, method, indicators, most)[1]
    scale = 1 if of == sum(share for _, share in shares.values()) else 100  # the cap multiplies points by 100
    plain = {i.code: _contribution(framework, method, i, i.level)[1] for i in counted}
    single = {code: (method, Fraction(scale * shares[code][1]) / (one * of)) for code, one in plain.items() if one}
    return Leverage(single)


def of_standard(framework: Framework, standard: StandardScore) -> Leverage:
    most = framework.standards[standard.code].excused_at_most
    return of_indicators(framework, framework.rule.aggregation.standard, standard.indicators, most)


def of_domain(framework: Framework, domain: DomainScore) -> Leverage:
    method = framework.rule.aggregation.domain
    if method is not Method.MEAN:
        most = next(declared.excused_at_most for declared in framework.domains if declared.code == domain.code)
        return of_indicators(framework, method, domain.indicators, most)
    scored = [standard for standard in domain.standards if standard.of]
    return _mean((of_standard(framework, standard), framework.standards[standard.code].weight) for standard in scored)


def of_group(framework: Framework, group: Group, card: Scorecard) -> Leverage:
    """Return the leverage of a group that is the mean of its domains. The lowest of domains is not supported."""
    return _mean_of_domains(framework, [domain for domain in card.domains if domain.code in group.domains])


def of_whole(framework: Framework, card: Scorecard) -> Leverage:
    method = framework.rule.aggregation.overall
    if method is not Method.MEAN:
        return of_indicators(framework, method, list(card.indicators.values()))
    if not framework.rule.aggregation.of_groups:
        return _mean_of_domains(framework, card.domains)
    ratios = {group.code: group.ratio for group in card.groups}
    scored = [group for group in framework.groups if ratios[group.code] is not None]
    return _mean((of_group(framework, group, card), group.weight) for group in scored)


def _mean_of_domains(framework: Framework, domains: Iterable[DomainScore]) -> Leverage:
    weights = {domain.code: domain.weight for domain in framework.domains}
    scored = [domain for domain in domains if domain.ratio is not None]
    return _mean((of_domain(framework, domain), weights[domain.code]) for domain in scored)


def _mean(parts: Iterable[tuple[Leverage, int]]) -> Leverage:
    present = list(parts)
    total = sum(weight for _, weight in present)
    single: dict[str, tuple[Method, Fraction]] = {}
    lowest: list[Lowest] = []
    for part, weight in present:
        share = Fraction(weight, total)
        single |= {code: (method, point * share) for code, (method, point) in part.single.items()}
        lowest += [Lowest(low.indicators, low.share * share) for low in part.lowest]
    return Leverage(single, lowest)


def points_at(framework: Framework, method: Method, score: IndicatorScore, level: int | None) -> int:
    """Return the contribution of an indicator to a score by a method, at a level."""
    return _contribution(framework, method, score, level)[0]


def _contribution(framework: Framework, method: Method, score: IndicatorScore, level: int | None) -> tuple[int, int]:
    scale = framework.scale
    at = scale.worst if level is None else level
    reached = scale.points_of(at, framework.indicators[score.code].points)
    return contribution(framework, method, reached, score.max_points, score.weight, level)
