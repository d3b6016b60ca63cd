"""Compute scores for indicators, standards, domains and the whole evaluation, then test the outcomes."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from evaluation.engine.scoring.conditions import Scored, check_outcome, check_standard
from evaluation.engine.scoring.evidence import Evidence, write_evidence
from evaluation.engine.scoring.indicators import find_asked, score_indicator
from evaluation.engine.scoring.methods import (
    as_ratio,
    best_share,
    combine_shares,
    contribution,
    mean,
    score_group,
    total_share,
)
from evaluation.engine.scoring.scorecard import (
    ENGINE,
    DomainScore,
    GroupScore,
    IndicatorScore,
    ResultCheck,
    Scorecard,
    StandardScore,
)
from standards.framework import Domain, Framework, Group, Method, Standard, canonical, digest


def score(framework: Framework, evidence: Evidence) -> Scorecard:
    """Return the scorecard of the evidence. It proposes the first outcome whose conditions all hold."""
    return aggregate_scores(framework, score_indicators(framework, evidence), input_digest(framework, evidence))


def score_hypothetical(framework: Framework, evidence: Evidence) -> Scorecard:
    """Return the scorecard of evidence that is not recorded. Without an input digest, it is faster than `score`."""
    return aggregate_scores(framework, score_indicators(framework, evidence))


def input_digest(framework: Framework, evidence: Evidence) -> str:
    """Return the SHA-256 of the framework's digest and the evidence: equal inputs always give equal scorecards."""
    return digest(canonical({"edition": framework.digest, "evidence": write_evidence(evidence)}))


def score_indicators(framework: Framework, evidence: Evidence) -> dict[str, IndicatorScore]:
    """Return the score of each indicator by its code: its level, the basis of that level, and its contribution."""
    asked = find_asked(framework, evidence)
    return {
        code: score_indicator(framework, indicator, evidence, is_asked=code in asked)
        for code, indicator in framework.indicators.items()
    }


def aggregate_scores(framework: Framework, scores: Mapping[str, IndicatorScore], inputs: str = "") -> Scorecard:
    """Return the scorecard with standards, domains, overall score and outcomes, from the scores of indicators."""
    domains = tuple(_score_domain(framework, domain, scores) for domain in framework.domains)
    groups = tuple(_score_group(framework, group, domains) for group in framework.groups)
    method = framework.rule.aggregation.overall
    parts: Sequence[DomainScore | GroupScore] = groups if framework.rule.aggregation.of_groups else domains
    weights = [part.weight for part in framework.parts_of_whole]
    everything = [i for domain in domains for i in domain.indicators]
    overall = _aggregate_tier(framework, method, [part.ratio for part in parts], weights, everything)
    scored = Scored(framework, overall, domains, groups)
    return Scorecard(
        edition=framework.code,
        engine=ENGINE,
        inputs=inputs,
        overall=overall,
        self_score=_aggregate_self_scores(framework, method, [part.self_score for part in parts], weights, everything),
        domains=domains,
        outcomes=tuple(check_outcome(outcome, scored) for outcome in framework.rule.outcomes),
        results=tuple(
            ResultCheck(code, tuple(check_outcome(o, Scored(own, overall, domains, groups)) for o in own.rule.outcomes))
            for code, own in framework.by_result.items()
        ),
        groups=groups,
    )


def _score_group(framework: Framework, group: Group, domains: Sequence[DomainScore]) -> GroupScore:
    method = framework.rule.aggregation.group
    inside = [(score, declared.weight) for score, declared in zip(domains, framework.domains, strict=True)]
    inside = [(score, weight) for score, weight in inside if score.code in group.domains]
    return GroupScore(
        group.code,
        score_group(method, [(score.ratio, weight) for score, weight in inside]),
        score_group(method, [(score.self_score, weight) for score, weight in inside]),
    )


def _score_domain(framework: Framework, domain: Domain, scores: Mapping[str, IndicatorScore]) -> DomainScore:
    standards = tuple(_score_standard(framework, standard, scores) for standard in domain.standards)
    ratios, self_scores = [s.ratio for s in standards], [s.self_score for s in standards]
    if domain.best:
        return DomainScore(
            domain.code,
            _mean_of_best(framework, ratios, domain.best),
            standards,
            _mean_of_best(framework, self_scores, domain.best),
        )
    method = framework.rule.aggregation.domain
    weights = [standard.weight for standard in domain.standards]
    indicators = [i for standard in standards for i in standard.indicators]
    return DomainScore(
        code=domain.code,
        ratio=_aggregate_tier(framework, method, ratios, weights, indicators, domain.excused_at_most),
        standards=standards,
        self_score=_aggregate_self_scores(framework, method, self_scores, weights, indicators),
    )


def _mean_of_best(framework: Framework, ratios: Iterable[Fraction | None], count: int) -> Fraction | None:
    return as_ratio(best_share(framework, [ratio for ratio in ratios if ratio is not None], count))


def _score_standard(framework: Framework, standard: Standard, scores: Mapping[str, IndicatorScore]) -> StandardScore:
    indicators = tuple(scores[indicator.code] for indicator in standard.indicators)
    method = framework.rule.aggregation.standard
    if standard.best:
        counted = [Fraction(i.reached, i.max_points) for i in indicators if i.counts]
        share = best_share(framework, counted, standard.best)
        self_score = _mean_of_best(framework, _self_ratios(framework, indicators), standard.best)
    else:
        share = total_share(framework, method, indicators, standard.excused_at_most)
        self_score = _self_score(framework, method, indicators)
    ratio = as_ratio(share)
    points, of = share
    return StandardScore(
        code=standard.code,
        points=int(points),  # an integer, as points are redistributed within a standard only
        of=int(of),
        indicators=indicators,
        self_score=self_score,
        passes=check_standard(framework, indicators, ratio),
    )


def _self_ratios(framework: Framework, indicators: Iterable[IndicatorScore]) -> list[Fraction]:
    """Return, for each of the hotline's own levels, the ratio of its points to those of the best level."""
    return [
        Fraction(framework.scale.points_of(i.self_level, framework.indicators[i.code].points), i.max_points)
        for i in indicators
        if i.self_level is not None and i.is_asked
    ]


def _aggregate_tier(
    framework: Framework,
    method: Method,
    parts: list[Fraction | None],
    weights: list[int],
    indicators: list[IndicatorScore],
    most: int | None = None,
) -> Fraction | None:
    """Return the score of a domain or of the whole, from its parts or from all its indicators, by the method."""
    if method is Method.MEAN:
        return mean(zip(parts, weights, strict=True))
    return as_ratio(total_share(framework, method, indicators, most))


def _aggregate_self_scores(
    framework: Framework,
    method: Method,
    parts: list[Fraction | None],
    weights: list[int],
    indicators: list[IndicatorScore],
) -> Fraction | None:
    """Return the score of a domain or of the whole from the hotline's own levels alone."""
    if method is Method.MEAN:
        return mean(zip(parts, weights, strict=True))
    return _self_score(framework, method, indicators)


def _self_score(
    framework: Framework, method: Method, indicators: tuple[IndicatorScore, ...] | list[IndicatorScore]
) -> Fraction | None:
    """Return the score from the hotline's own levels, over the indicators that are asked and have such a level."""
    scale = framework.scale
    shares = [
        contribution(
            framework,
            method,
            scale.points_of(i.self_level, framework.indicators[i.code].points),
            i.max_points,
            i.weight,
            i.self_level,
        )
        for i in indicators
        if i.self_level is not None and i.is_asked
    ]
    return as_ratio(combine_shares(method, shares))
