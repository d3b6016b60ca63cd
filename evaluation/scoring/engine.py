"""The method, one function for each rule. A docstring here is the sentence that a hotline reads in an appeal."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from evaluation.scoring.card import (
    ENGINE,
    Check,
    DomainScore,
    IndicatorScore,
    OutcomeCheck,
    Scorecard,
    StandardScore,
    Why,
)
from evaluation.scoring.evidence import Evidence, Judgement
from evaluation.scoring.measuring import measure
from standards.framework import Condition, Domain, Framework, Indicator, Obligation, Outcome, Standard, Test

_NOTHING = Judgement()


def score(framework: Framework, evidence: Evidence) -> Scorecard:
    """Score everything that was found against a framework and propose the first outcome whose conditions all hold."""
    domains = tuple(_score_domain(framework, domain, evidence) for domain in framework.domains)
    card = Scorecard(
        edition=framework.code,
        engine=ENGINE,
        overall=_mean(domain.ratio for domain in domains),
        said=_mean(domain.said for domain in domains),
        domains=domains,
        outcomes=(),
    )
    return replace(card, outcomes=tuple(_check_outcome(outcome, card) for outcome in framework.rule.outcomes))


def _score_domain(framework: Framework, domain: Domain, evidence: Evidence) -> DomainScore:
    """A domain is the mean of its standards. A standard in which nothing applies is left out."""
    standards = tuple(_score_standard(framework, standard, evidence) for standard in domain.standards)
    return DomainScore(
        code=domain.code,
        ratio=_mean(standard.ratio for standard in standards),
        standards=standards,
        said=_mean(standard.said for standard in standards),
    )


def _score_standard(framework: Framework, standard: Standard, evidence: Evidence) -> StandardScore:
    """A standard is the weighted mean of its indicators that apply and are scored, divided by the highest level."""
    indicators = tuple(_score_indicator(framework, indicator, evidence) for indicator in standard.indicators)
    scale = framework.scale
    said = [(i.self_level - scale.lowest, i.weight) for i in indicators if i.self_level is not None]
    said_of = sum(weight for _, weight in said) * (scale.highest - scale.lowest)
    return StandardScore(
        code=standard.code,
        points=sum(i.points for i in indicators),
        of=sum(i.of for i in indicators),
        indicators=indicators,
        said=Fraction(sum(reached * weight for reached, weight in said), said_of) if said_of else None,
    )


def _score_indicator(framework: Framework, indicator: Indicator, evidence: Evidence) -> IndicatorScore:
    """What an assessor saw counts; else what was counted; else what the hotline says. Missing counts as the lowest."""
    answer = evidence.answers.get(indicator.code, _NOTHING)
    finding = evidence.findings.get(indicator.code, _NOTHING)
    weight = framework.rule.weights[indicator.obligation]
    scale = framework.scale

    def level(judgement: Judgement) -> int | None:
        if judgement.value is not None and indicator.is_scored:
            return indicator.level_of(judgement.value, scale)
        return judgement.level

    excused = answer.not_applicable and indicator.not_applicable
    said = _measured(indicator, evidence) if indicator.from_figures and not excused else answer
    why, counts = _what_counts(indicator, said, finding)
    scored = why not in (Why.NOT_APPLICABLE, Why.NOT_SCORED)
    reached = level(counts) if scored else None
    return IndicatorScore(
        code=indicator.code,
        obligation=indicator.obligation,
        why=why,
        level=reached,
        value=counts.value,
        weight=weight,
        points=((reached if reached is not None else scale.lowest) - scale.lowest) * weight if scored else 0,
        of=(scale.highest - scale.lowest) * weight if scored else 0,
        self_level=None if said.not_applicable or not indicator.is_scored else level(said),
        self_value=said.value,
        self_not_applicable=said.not_applicable,
        seen_level=None if finding.not_applicable or not indicator.is_scored else level(finding),
    )


def _measured(indicator: Indicator, evidence: Evidence) -> Judgement:
    """A statistic is what was counted; the hotline cannot type another number."""
    return Judgement(value=measure(indicator, evidence.figures).value)


def _what_counts(indicator: Indicator, said: Judgement, finding: Judgement) -> tuple[Why, Judgement]:
    """Which of the words counts. “Not applicable” leaves the score only where the Guide allows it."""
    counts, source = (finding, Why.ASSESSOR) if finding.is_given else (said, Why.HOTLINE)
    if source is Why.HOTLINE and indicator.from_figures and not said.not_applicable:
        source = Why.FIGURES
    if not indicator.is_scored:
        return Why.NOT_SCORED, counts
    if counts.not_applicable and indicator.not_applicable:
        return Why.NOT_APPLICABLE, counts
    if counts.not_applicable or not counts.is_given:
        return Why.MISSING, _NOTHING
    return source, counts


def _mean(ratios: Iterable[Fraction | None]) -> Fraction | None:
    """The mean of what has a score, as one fraction over a common denominator; no score when nothing has one."""
    present = [ratio for ratio in ratios if ratio is not None]
    if not present:
        return None
    common = 1
    for ratio in present:
        common *= ratio.denominator
    return Fraction(sum(r.numerator * (common // r.denominator) for r in present), common * len(present))


# --- The decision rule -------------------------------------------------------------------------------------------


def _check_outcome(outcome: Outcome, card: Scorecard) -> OutcomeCheck:
    return OutcomeCheck(
        outcome=outcome.code,
        months=outcome.months,
        checks=tuple(_CHECKS[condition.test](condition, card) for condition in outcome.conditions),
    )


def _concerned(condition: Condition, card: Scorecard) -> list[IndicatorScore]:
    """The indicators a condition is about: of its obligation, scored, and not excused as not applicable."""
    obligations = (condition.obligation,) if condition.obligation else tuple(Obligation)
    return [i for o in obligations for i in card.of_obligation(o) if i.why is not Why.NOT_APPLICABLE]


def _check_incomplete(condition: Condition, card: Scorecard) -> Check:
    """Something required is missing."""
    missing = tuple(i.code for i in _concerned(condition, card) if i.why is Why.MISSING)
    return Check(condition, bool(missing), missing, Fraction(len(missing)))


def _check_every(condition: Condition, card: Scorecard) -> Check:
    """Every indicator of the obligation reaches the level; one that is missing does not."""
    level = condition.level or 0
    short = tuple(i.code for i in _concerned(condition, card) if i.level is None or i.level < level)
    return Check(condition, not short, short, Fraction(len(short)))


def _check_at_most(condition: Condition, card: Scorecard) -> Check:
    """At most so many indicators of the obligation stand at the level."""
    at = tuple(i.code for i in _concerned(condition, card) if i.level == condition.level)
    return Check(condition, len(at) <= (condition.count or 0), at, Fraction(len(at)))


def _check_none_at(condition: Condition, card: Scorecard) -> Check:
    """No indicator of the obligation stands at the level, and none is missing."""
    at = tuple(i.code for i in _concerned(condition, card) if i.level in (condition.level, None))
    return Check(condition, not at, at, Fraction(len(at)))


def _check_domains(condition: Condition, card: Scorecard) -> Check:
    """Every domain that has a score reaches the percentage, compared exactly."""
    line = Fraction(condition.percent or 0, 100)
    short = tuple(d.code for d in card.domains if d.ratio is not None and d.ratio < line)
    return Check(condition, not short, short, Fraction(len(short)))


def _check_overall(condition: Condition, card: Scorecard) -> Check:
    """The whole reaches the percentage, compared exactly. No score reaches nothing."""
    holds = card.overall is not None and card.overall >= Fraction(condition.percent or 0, 100)
    return Check(condition, holds, (), card.overall)


_CHECKS: dict[Test, Callable[[Condition, Scorecard], Check]] = {
    Test.INCOMPLETE: _check_incomplete,
    Test.EVERY: _check_every,
    Test.AT_MOST: _check_at_most,
    Test.NONE_AT: _check_none_at,
    Test.DOMAINS: _check_domains,
    Test.OVERALL: _check_overall,
}
