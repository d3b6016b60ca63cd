"""Explain the score of one code: terms, weights, source and rule."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches

from django.utils import translation

from evaluation.engine.scoring import (
    Check,
    IndicatorScore,
    LevelBasis,
    MissingReason,
    OutcomeCheck,
    measure,
    smaller_is_better,
)
from evaluation.engine.scoring.explanation import OVERALL, Calculation, Term, calculation_of, relevant_conditions
from evaluation.figures.dictionary.items import items
from evaluation.recomputation.sentences import (
    ResultFormatter,
    describe_check,
    describe_outcome,
    format_number,
    format_ratio,
    label_of_codes,
)
from evaluation.recomputation.strict_json import Unreadable
from evaluation.result_texts import basis_texts
from standards.framework import Framework, Method, Support
from standards.presentation.asking_sentences import describe_askings
from standards.presentation.condition_sentences import describe_condition, describe_passing
from standards.presentation.rule_sentences import describe_bands, describe_score, describe_terms

_SUPPORT = {
    Support.WORDS: "words that explain it",
    Support.EVIDENCE: "evidence",
    Support.EITHER: "words that explain it or with evidence",
}


def codes_of(framework: Framework) -> tuple[str, ...]:
    """Return every code that can be explained."""
    domains = (domain.code for domain in framework.domains)
    groups = (group.code for group in framework.groups)
    return (OVERALL, *framework.outcome_codes, *groups, *domains, *framework.standards, *framework.indicators)


def describe_reasons(formatter: ResultFormatter, code: str) -> Iterator[str]:
    """Yield the lines that explain an indicator, a standard, a domain, a group, an outcome or `overall`.

    Raises Unreadable for an unknown code.
    """
    card = formatter.card
    if code in card.indicators:
        return _describe_indicator(formatter, card.indicators[code])
    of_result = formatter.for_outcome(code)
    if tested := next((outcome for outcome in of_result.card.outcomes if outcome.outcome == code), None):
        return _describe_outcome(of_result, tested)
    if code == OVERALL:
        return _describe_score(formatter, code, "Overall")
    if code in card.standards:
        return _describe_score(formatter, code, f"Standard {formatter.titled_code(code)}")
    if any(domain.code == code for domain in card.domains):
        return _describe_score(formatter, code, f"Domain {formatter.titled_code(code)}")
    if formatter.framework.find_group(code):
        return _describe_score(formatter, code, f"Group {formatter.titled_code(code)}")
    close = get_close_matches(code, codes_of(formatter.framework), n=1)
    hint = f" The nearest is {close[0]}." if close else ""
    raise Unreadable(
        [
            f"--why {code}: Edition {formatter.framework.code} has no such code.{hint} Name an indicator, a standard, a domain, "
            f"an outcome ({', '.join(formatter.framework.outcome_codes)}) or “{OVERALL}”."
        ]
    )


def _source(formatter: ResultFormatter, score: IndicatorScore) -> str:
    return basis_texts(score.basis, translation).english % {"examined": formatter.examined}


def _describe_outcome(formatter: ResultFormatter, outcome: OutcomeCheck) -> Iterator[str]:
    yield f"Outcome {describe_outcome(formatter, outcome)}"
    if not outcome.checks:
        yield "  It asks for nothing: it is what is left when nothing else holds."
    for check in outcome.checks:
        yield from _describe_check(formatter, check, "  ")
    if outcome == formatter.card.proposal:
        yield "  It is the first whose conditions all hold, so it is the outcome."
    elif outcome.holds:
        yield f"  Its conditions hold, but {formatter.titled('outcome', formatter.card.proposal.outcome)} is tested before it and holds as well."
    else:
        yield "  Not all its conditions hold."


def _describe_score(formatter: ResultFormatter, code: str, name: str) -> Iterator[str]:
    framework = formatter.framework
    calculation = calculation_of(framework, formatter.card, code)
    yield f"{name}: {format_ratio(calculation.ratio)}"
    yield f"  {' '.join(describe_score(code, calculation.tier, calculation.method, framework))}"
    for term in calculation.terms:
        describe_term = _describe_part if calculation.is_of_parts else _describe_term
        yield f"  {describe_term(formatter, calculation, term)}"
    if calculation.beyond_cap:
        beyond, excused = format_number(calculation.beyond_cap), format_number(calculation.excused)
        yield f"  Not applicable, but beyond what the rule leaves out: {beyond} of {excused} stay in"
    yield f"  Together {format_number(calculation.value)} of {format_number(calculation.of)}"
    if (passes := _passes(formatter, code)) is not None:
        yield f"  It {'passes' if passes else 'does not pass'}. A standard passes when all of this holds:"
        for condition in framework.rule.passing:
            yield f"    {describe_passing(condition, framework, formatter.texts)}"
    for relevant in relevant_conditions(framework, formatter.card, code):
        yield from _describe_check(
            formatter, relevant.check, "  ", f"For {formatter.titled('outcome', relevant.outcome)}: "
        )


def _passes(formatter: ResultFormatter, code: str) -> bool | None:
    standard = formatter.card.standards.get(code)
    return standard.passes if standard else None


def _describe_check(formatter: ResultFormatter, check: Check, indent: str, before: str = "") -> Iterator[str]:
    """Yield the lines of a condition: its result, then the codes of its check, with their titles."""
    yield f"{indent}{before}{describe_check(formatter, check, with_codes=False)}"
    for code in check.codes:
        yield f"{indent}  {label_of_codes(check)}: {formatter.titled_code(code)}"


def _describe_part(formatter: ResultFormatter, calculation: Calculation, term: Term) -> str:
    """Return the line of a part with its score and contribution: a standard, a domain, a group, or an indicator."""
    score = f"{formatter.titled_code(term.code)}: {format_ratio(term.ratio)}"
    if not calculation.is_weighted:
        return f"{score}, the lowest" if term.is_lowest else score
    return f"{score}, weight {term.weight}, brings {format_number(term.value)} of {format_number(term.of)}"


def _describe_term(formatter: ResultFormatter, calculation: Calculation, term: Term) -> str:
    """Return the line of an indicator with its contribution to a score, in the points of the method."""
    score = formatter.card.indicators[term.code]
    if not term.counts:
        return f"{formatter.titled_code(term.code)}: left out, {_source(formatter, score)}"
    level = formatter.level(score.level)
    earned = "" if calculation.method is Method.SHARE else f", {term.reached} of {term.max_points} points"
    weight = f", weight {term.weight}" if calculation.is_weighted else ""
    lowest = ", the lowest" if term.is_lowest else ""
    contribution = f"brings {format_number(term.value)} of {format_number(term.of)}"
    return f"{formatter.titled_code(term.code)}: {contribution} by {level}{earned}{weight}{lowest}; {_source(formatter, score)}"


def _describe_indicator(formatter: ResultFormatter, score: IndicatorScore) -> Iterator[str]:
    framework, code = formatter.framework, score.code
    indicator = framework.indicators[code]
    yield f"Indicator {formatter.titled_code(code)}: {formatter.level(score.level)}"
    yield f"  Class: {formatter.name(f'obligation/{score.obligation}')} ({score.obligation}), weight {score.weight}"
    yield f"  Source: {_source(formatter, score)}"
    if indicator.counts_with is not Support.NOTHING:
        yield f"  The word of the {formatter.examined} counts only with {_SUPPORT[indicator.counts_with]}."
    if asked_of := describe_askings(indicator, framework, formatter.texts):
        yield f"  {asked_of}"
    for sentence in describe_terms(replace(indicator, counts_with=Support.NOTHING)):
        yield f"  {sentence}"
    yield from _describe_value(formatter, score)
    if score.self_level is not None or score.self_not_applicable:
        word = "not applicable" if score.self_not_applicable else formatter.level(score.self_level)
        yield f"  The word of the {formatter.examined}: {word}"
    if score.seen_level is not None:
        yield f"  The assessors’ word: {formatter.level(score.seen_level)}"
    for who in score.disallowed:
        whose = "The assessors’" if who is LevelBasis.ASSESSOR else f"The {formatter.examined}’s"
        yield f"  {whose} “not applicable” does not count: the Guide does not allow it here."
    if score.counts:
        standard = formatter.titled_code(framework.standard_of[code].code)
        yield f"  Points: {score.reached} of {score.max_points}; in standard {standard}: {score.points} of {score.of}"
    yield from _describe_blocking(formatter, code)


def _describe_value(formatter: ResultFormatter, score: IndicatorScore) -> Iterator[str]:
    indicator, scale = formatter.framework.indicators[score.code], formatter.framework.scale
    if indicator.formula is not None:
        measured = measure(indicator, formatter.evidence.figures, formatter.evidence.partial)
        yield f"  Formula: {indicator.formula.text}"
        for item, number in measured.terms.items():
            name = f"{item} {items()[item].name}" if item in items() else item
            yield f"    {name}: {'not recorded' if number is None else format_number(number)}"
        if measured.part is not None and measured.missing_reason is not MissingReason.MONTHS_DIFFER:
            yield f"  Recorded for {len(measured.part.months)} of {measured.part.of} months: {', '.join(measured.part.months)}"
        if measured.missing_reason is not None:
            yield f"  No figure: {measured.missing_reason.value.replace('_', ' ')}"
    if score.value is not None:
        value = format_number(score.value, is_up=smaller_is_better(indicator))
        yield f"  Value: {value} {indicator.unit}".rstrip()
    for level, sentence in describe_bands(indicator, scale):
        yield f"  Level {formatter.titled('level', str(level))}: {sentence}"


def _describe_blocking(formatter: ResultFormatter, code: str) -> Iterator[str]:
    """Yield the lines of the conditions that fail because of the indicator."""
    for relevant in relevant_conditions(formatter.framework, formatter.card, code):
        if relevant.is_blocking:
            sentence = describe_condition(relevant.check.condition, formatter.framework, formatter.texts)
            yield f"  In the way of {formatter.titled('outcome', relevant.outcome)}: {sentence}"
