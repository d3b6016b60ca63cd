"""Explain scores: the terms of each number, the method, and the conditions that depend on it.

A calculation repeats that of the scorecard with the functions of the engine, so its result equals the score.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evaluation.engine.scoring.methods import (
    Share,
    as_ratio,
    best_share,
    combine_shares,
    contribution,
    mean,
    shares_of,
    total_share,
)
from evaluation.engine.scoring.scorecard import Check, IndicatorScore, LevelBasis, Scorecard
from standards.framework import SCOPE_FIELDS, Condition, Domain, Framework, Group, Method, Standard, Test

OVERALL = "overall"
"""The code of the overall score."""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a calculation: a part with its ratio, or an indicator with its points, and its weight.

    `times` is the factor of the points. It converts the points of indicators with different point tables to one
    denominator and, if the rule redistributes, raises the points of a standard to those that it has with its not
    applicable indicators. It is 1 if neither is needed.
    """

    code: str
    ratio: Fraction | None
    reached: int
    max_points: int
    weight: int
    times: Fraction | int
    value: Fraction
    of: Fraction
    counts: bool
    is_lowest: bool = False
    """Whether this term decides, if the method is the lowest."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """The calculation of a score.

    `excused` are the points of not applicable indicators. `beyond_cap` are those of them beyond the rule's cap, which
    stay in the score as not reached.
    """

    code: str
    tier: str
    method: Method
    terms: tuple[Term, ...]
    value: Fraction
    of: Fraction
    excused: Fraction
    beyond_cap: Fraction
    ratio: Fraction | None
    best: int = 0
    """The number of best terms that count, each once; 0 if all count."""

    @property
    def is_of_parts(self) -> bool:
        """Whether terms are scores, not points: standards, domains, groups, or indicators of which the best count."""
        return bool(self.best) or self.tier == "group" or (self.method is Method.MEAN and self.tier != "standard")

    @property
    def is_weighted(self) -> bool:
        return self.method in (Method.WEIGHTED_MEAN, Method.SUM) or (
            self.is_of_parts and self.method is not Method.LOWEST
        )


def calculation_of(framework: Framework, card: Scorecard, code: str) -> Calculation:
    """Return the calculation of a standard, a domain, a group or the whole. Raises KeyError for any other code."""
    aggregation = framework.rule.aggregation
    if code == OVERALL:
        if aggregation.overall is Method.MEAN:
            parts = card.groups if aggregation.of_groups else card.domains
            ratios = {part.code: part.ratio for part in parts}
            return _of_parts(code, "overall", framework.parts_of_whole, ratios)
        return _of_indicators(framework, code, "overall", aggregation.overall, list(card.indicators.values()))
    if code in card.standards:
        scores, declared = card.standards[code].indicators, framework.standards[code]
        if declared.best:
            ratios = {i.code: Fraction(i.reached, i.max_points) if i.counts else None for i in scores}
            return _of_best(framework, code, "standard", declared.best, ratios)
        most = declared.excused_at_most
        return _of_indicators(framework, code, "standard", aggregation.standard, scores, most)
    if (group := framework.find_group(code)) is not None:
        return _of_group(framework, group, card)
    scored = {domain.code: domain for domain in card.domains}[code]
    domain = next(domain for domain in framework.domains if domain.code == code)
    ratios = {standard.code: standard.ratio for standard in scored.standards}
    if domain.best:
        return _of_best(framework, code, "domain", domain.best, ratios)
    if aggregation.domain is Method.MEAN:
        return _of_parts(code, "domain", domain.standards, ratios)
    return _of_indicators(framework, code, "domain", aggregation.domain, scored.indicators, domain.excused_at_most)


def _of_parts(
    code: str, tier: str, parts: Sequence[Domain | Standard | Group], ratios: dict[str, Fraction | None]
) -> Calculation:
    terms = tuple(_part(part.code, ratios[part.code], part.weight) for part in parts)
    return Calculation(
        code=code,
        tier=tier,
        method=Method.MEAN,
        terms=terms,
        value=sum((term.value for term in terms), Fraction(0)),
        of=sum((term.of for term in terms), Fraction(0)),
        excused=Fraction(0),
        beyond_cap=Fraction(0),
        ratio=mean((term.ratio, term.weight) for term in terms),
    )


def _of_group(framework: Framework, group: Group, card: Scorecard) -> Calculation:
    """Return the calculation of a group: the mean of its domains, or the lowest, which is the first of equal ones."""
    domains = [domain for domain in framework.domains if domain.code in group.domains]
    ratios = {domain.code: domain.ratio for domain in card.domains}
    mean_of_domains = _of_parts(group.code, "group", domains, ratios)
    if framework.rule.aggregation.group is Method.MEAN:
        return mean_of_domains
    counted = [term for term in mean_of_domains.terms if term.ratio is not None]
    lowest = min(counted, key=lambda term: term.ratio or 0, default=None)
    ratio = lowest.ratio if lowest else None
    return replace(
        mean_of_domains,
        method=Method.LOWEST,
        terms=tuple(replace(term, is_lowest=term is lowest) for term in mean_of_domains.terms),
        value=ratio or Fraction(0),
        of=Fraction(0 if ratio is None else 1),
        ratio=ratio,
    )


def _of_best(
    framework: Framework, code: str, tier: str, count: int, ratios: Mapping[str, Fraction | None]
) -> Calculation:
    """Return the calculation of the mean of the best parts, each counted once; of equal parts, the first count."""
    scored = sorted(((ratio, part) for part, ratio in ratios.items() if ratio is not None), key=lambda one: -one[0])
    best = {part for _ratio, part in scored[:count]}
    terms = tuple(_part(part, ratio if part in best else None, 1) for part, ratio in ratios.items())
    return Calculation(
        code=code,
        tier=tier,
        method=Method.MEAN,
        terms=terms,
        value=sum((term.value for term in terms), Fraction(0)),
        of=sum((term.of for term in terms), Fraction(0)),
        excused=Fraction(0),
        beyond_cap=Fraction(0),
        ratio=as_ratio(best_share(framework, [ratio for ratio, _part in scored], count)),
        best=count,
    )


def _part(code: str, ratio: Fraction | None, weight: int) -> Term:
    counts = ratio is not None
    value, of = (ratio * weight, Fraction(weight)) if ratio is not None else (Fraction(0), Fraction(0))
    return Term(code, ratio, 0, 0, weight, 1, value, of, counts)


def _of_indicators(
    framework: Framework,
    code: str,
    tier: str,
    method: Method,
    scores: Sequence[IndicatorScore],
    most: int | None = None,
) -> Calculation:
    shares, excused_points = shares_of(framework, method, scores)
    lowest = min(shares.values(), default=None) if method is Method.LOWEST else None
    deciding = next((code for code, share in shares.items() if share == lowest), None)
    points, of = lowest or combine_shares(method, list(shares.values()))
    excused, allowed = Fraction(excused_points), framework.rule.excused_at_most if most is None else most
    least = (of + excused) * (100 - allowed) / 100
    if method is Method.LOWEST:  # the cap on not applicable points does not apply
        excused, least = Fraction(0), Fraction(0)
    whole = max(Fraction(of), least)
    return Calculation(
        code=code,
        tier=tier,
        method=method,
        terms=tuple(_term(framework, method, score, shares.get(score.code, (0, 0)), deciding) for score in scores),
        value=Fraction(points),
        of=whole,
        excused=excused,
        beyond_cap=whole - of,
        ratio=as_ratio(total_share(framework, method, scores, most)),
    )


def _term(framework: Framework, method: Method, score: IndicatorScore, share: Share, deciding: str | None) -> Term:
    is_common = method in (Method.WEIGHTED_MEAN, Method.MEAN, Method.LOWEST)
    value, of = share
    plain = contribution(framework, method, score.reached, score.max_points, score.weight, score.level)[1]
    raised = Fraction(of) / plain if score.counts and plain else Fraction(1)
    return Term(
        code=score.code,
        ratio=Fraction(score.reached, score.max_points) if score.counts else None,
        reached=score.reached,
        max_points=score.max_points,
        weight=score.weight,
        times=raised * (framework.common_points // score.max_points if is_common else 1),
        value=Fraction(value),
        of=Fraction(of),
        counts=score.counts,
        is_lowest=score.code == deciding,
    )


# --- Coverage ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoverageCount:
    """A count out of a total, with the codes of the indicators except for `found`.

    `name` is `found`, `missing`, `excused`, `differing`, `not_asked` or `not_asked_here`.
    """

    name: str
    count: int
    of: int
    codes: tuple[str, ...] = ()

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.count, self.of) if self.of else None


def coverage(card: Scorecard) -> tuple[CoverageCount, ...]:
    """Return the counts of indicators found, missing, not applicable, judged differently, and not asked."""
    counted, missing, excused = len(card.counted), _codes(card.missing), _codes(card.excused)
    compared, differing = [i for i in card.indicators.values() if i.is_compared], _codes(card.differing)
    not_asked = [
        (basis.value, _codes(i for i in card.indicators.values() if i.basis is basis))
        for basis in (LevelBasis.NOT_ASKED, LevelBasis.NOT_ASKED_HERE)
    ]
    return (
        CoverageCount("found", counted - len(missing), counted),
        CoverageCount("missing", len(missing), counted, missing),
        CoverageCount("excused", len(excused), counted + len(excused), excused),
        CoverageCount("differing", len(differing), len(compared), differing),
        *(CoverageCount(name, len(codes), len(card.indicators), codes) for name, codes in not_asked if codes),
    )


def _codes(indicators: Iterable[IndicatorScore]) -> tuple[str, ...]:
    return tuple(indicator.code for indicator in indicators)


# --- Conditions that depend on a code ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RelevantCondition:
    """A condition of an outcome that depends on a code. `number` is its index in the outcome, from 0."""

    outcome: str
    number: int
    check: Check
    is_blocking: bool


def relevant_conditions(framework: Framework, card: Scorecard, code: str) -> Iterator[RelevantCondition]:
    """Yield the conditions that depend on a code: an indicator, a standard, a domain, a group or the whole.

    They are in the order of testing: first those of the decision, then those of the further results.
    """
    further = ((framework.by_result[result], own) for result, own in card.by_result.items())
    for tester, tested in ((framework, card), *further):
        for outcome in tested.outcomes:
            for number, check in enumerate(outcome.checks):
                if _applies_to(tester, check.condition, code):
                    is_blocking = not check.holds and (code in check.codes or _is_of_score(check.condition))
                    yield RelevantCondition(outcome.outcome, number, check, is_blocking)


def failed_checks(card: Scorecard, target: str) -> Iterator[Check]:
    """Yield the failed checks of an outcome, including those of another outcome that it requires.

    Alternative conditions give one check, whose parts may have failed or not.
    """
    outcome = next(outcome for outcome in card.outcomes if outcome.outcome == target)
    for check in outcome.checks:
        if check.condition.test is Test.REACHED and check.condition.outcome:
            yield from failed_checks(card, check.condition.outcome)
        elif not check.holds:
            yield check


def _is_of_score(condition: Condition) -> bool:
    return any(part.test is Test.SCORE for part in condition.flat())


def _applies_to(framework: Framework, condition: Condition, code: str) -> bool:
    if condition.test is Test.REACHED:
        return False
    if condition.test is Test.ANY:
        return any(_applies_to(framework, alternative, code) for alternative in condition.conditions)
    if code == OVERALL:
        return condition.test is Test.SCORE and not _is_narrowed(condition)
    if code in framework.indicators:
        return condition.test not in (Test.DOMAINS, Test.GROUPS, Test.STANDARDS, Test.FAILING) and applies_to_indicator(
            framework, condition, code
        )
    if code in framework.standards:
        return condition.test in (Test.STANDARDS, Test.FAILING) or condition.standard == code
    if framework.find_group(code):
        is_narrower = condition.domain or condition.standard
        return condition.test is Test.GROUPS or (condition.group == code and not is_narrower)
    return condition.test is Test.DOMAINS or (condition.domain == code and not condition.standard)


def _is_narrowed(condition: Condition) -> bool:
    return any(getattr(condition, name) for name in SCOPE_FIELDS)


def applies_to_indicator(framework: Framework, condition: Condition, code: str) -> bool:
    """Whether an indicator is in the scope of a condition; no indicator is in that of the score of a whole."""
    if condition.test is Test.SCORE and not (condition.obligation or condition.codes):
        return False
    indicator = framework.indicators[code]
    return (
        condition.obligation in (None, indicator.obligation)
        and (not condition.codes or code in condition.codes)
        and framework.is_in_group(framework.domain_of[code].code, condition.group)
        and condition.domain in (None, framework.domain_of[code].code)
        and condition.standard in (None, framework.standard_of[code].code)
    )
