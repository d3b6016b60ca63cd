"""Why a number is what it is: the terms, the weights, the source and the rule of one code, in plain words."""

from collections.abc import Iterator
from difflib import get_close_matches

from evaluation.recomputing.reading import Unreadable
from evaluation.recomputing.telling import Told, tell_check, tell_outcome, tell_ratio
from evaluation.scoring import IndicatorScore, OutcomeCheck, Trouble, Why, measure
from evaluation.scoring.explaining import OVERALL, Account, Term, account_for, concerns
from standards.framework import Framework, Method
from standards.telling import tell_bands, tell_excused, tell_method, tell_terms
from standards.telling_conditions import tell_condition, tell_passing

_WHY = {
    Why.ASSESSOR: "what the assessors found",
    Why.FIGURES: "the statistics",
    Why.HOTLINE: "the hotline’s own word",
    Why.CAPPED: "somebody’s word, lowered to what the statistics show",
    Why.NOT_APPLICABLE: "not applicable: it leaves the score",
    Why.MISSING: "missing: nothing that counts was found, so it counts as not reached",
    Why.UNSUPPORTED: "the hotline’s word without the words or evidence that it must come with: counts as not reached",
    Why.NOT_SCORED: "shown only: it is not scored",
    Why.NOT_ASKED: "not asked yet",
}


def codes_of(framework: Framework) -> tuple[str, ...]:
    """Everything that can be asked why."""
    domains = (domain.code for domain in framework.domains)
    outcomes = (outcome.code for outcome in framework.rule.outcomes)
    return (OVERALL, *outcomes, *domains, *framework.standards, *framework.indicators)


def tell_why(told: Told, code: str) -> Iterator[str]:
    """Why an indicator, a standard, a domain, an outcome or `overall` is what it is. Raises Unreadable for no such code."""
    card = told.card
    if code in card.indicators:
        return _why_indicator(told, card.indicators[code])
    if tested := next((outcome for outcome in card.outcomes if outcome.outcome == code), None):
        return _why_outcome(told, tested)
    if code == OVERALL:
        return _why_score(told, code, "Overall")
    if code in card.standards:
        return _why_score(told, code, f"Standard {code} {told.name(f'standard/{code}/title')}")
    if any(domain.code == code for domain in card.domains):
        return _why_score(told, code, f"Domain {code} {told.name(f'domain/{code}/title')}")
    close = get_close_matches(code, codes_of(told.framework), n=1)
    hint = f" The nearest is {close[0]}." if close else ""
    raise Unreadable(
        [
            f"--why {code}: Edition {told.framework.code} has no such code.{hint} Name an indicator, a standard, a domain, "
            f"an outcome ({', '.join(o.code for o in told.framework.rule.outcomes)}) or “{OVERALL}”."
        ]
    )


def _why_outcome(told: Told, outcome: OutcomeCheck) -> Iterator[str]:
    yield f"Outcome {tell_outcome(told, outcome)}"
    if not outcome.checks:
        yield "  It asks for nothing: it is what is left when nothing else holds."
    for check in outcome.checks:
        yield f"  {tell_check(told, check)}"
    if outcome == told.card.proposal:
        yield "  It is the first whose conditions all hold, so it is the outcome."
    elif outcome.holds:
        yield f"  Its conditions hold, but {told.card.proposal.outcome} is tested before it and holds as well."
    else:
        yield "  Not all its conditions hold."


def _why_score(told: Told, code: str, name: str) -> Iterator[str]:
    framework = told.framework
    account = account_for(framework, told.card, code)
    yield f"{name}: {tell_ratio(account.ratio)}"
    yield f"  {tell_method(account.method, account.tier, framework)} {tell_excused(framework)}"
    for term in account.terms:
        yield f"  {_tell_part(term) if account.is_of_parts else _tell_term(told, account, term)}"
    if account.kept:
        yield f"  Not applicable, but beyond what the rule leaves out: {account.kept} of {account.excused} stay in"
    yield f"  Together {account.value} of {account.of}"
    if (passes := _passes(told, code)) is not None:
        yield f"  It {'passes' if passes else 'does not pass'}. A standard passes when all of this holds:"
        for condition in framework.rule.passing:
            yield f"    {tell_passing(condition, framework, told.texts)}"
    for concern in concerns(framework, told.card, code):
        yield f"  For {concern.outcome}: {tell_check(told, concern.check)}"


def _passes(told: Told, code: str) -> bool | None:
    standard = told.card.standards.get(code)
    return standard.passes if standard else None


def _tell_part(term: Term) -> str:
    """A standard of a domain, or a domain of the whole."""
    return f"{term.code}  {tell_ratio(term.ratio)}, weight {term.weight}: brings {term.value} of {term.of}"


def _tell_term(told: Told, account: Account, term: Term) -> str:
    """An indicator with what it brings into a score, in the points of the method."""
    score = told.card.indicators[term.code]
    if not term.counts:
        return f"{term.code}  left out: {_WHY[score.why]}"
    level = "no level" if score.level is None else f"level {score.level}"
    earned = "" if account.method is Method.SHARE else f", {term.reached} of {term.most} points"
    weight = f", weight {term.weight}" if account.is_weighted else ""
    lowest = ", the lowest" if term.is_lowest else ""
    return f"{term.code}  brings {term.value} of {term.of}: {level}{earned}{weight}{lowest}; {_WHY[score.why]}"


def _why_indicator(told: Told, score: IndicatorScore) -> Iterator[str]:
    framework, code = told.framework, score.code
    indicator = framework.indicators[code]
    level = "no level" if score.level is None else f"level {score.level} ({told.name(f'level/{score.level}')})"
    yield f"Indicator {code} {told.name(f'indicator/{code}/wording')}: {level}"
    yield f"  Class: {told.name(f'obligation/{score.obligation}')} ({score.obligation}), weight {score.weight}"
    yield f"  Source: {_WHY[score.why]}"
    for sentence in tell_terms(indicator):
        yield f"  {sentence}"
    yield from _why_value(told, score)
    if score.self_level is not None or score.self_not_applicable:
        yield f"  The hotline’s word: {'not applicable' if score.self_not_applicable else f'level {score.self_level}'}"
    if score.seen_level is not None:
        yield f"  The assessors’ word: level {score.seen_level}"
    if score.counts:
        standard = framework.standard_of[code].code
        yield f"  Points: {score.reached} of {score.most}; in standard {standard}: {score.points} of {score.of}"
    yield from _in_the_way(told, code)


def _why_value(told: Told, score: IndicatorScore) -> Iterator[str]:
    indicator, scale = told.framework.indicators[score.code], told.framework.scale
    if indicator.formula is not None:
        measured = measure(indicator, told.evidence.figures, told.evidence.partial)
        terms = ", ".join(f"{item} = {'not recorded' if n is None else n}" for item, n in measured.terms.items())
        yield f"  Formula: {indicator.formula.text}, with {terms}"
        if measured.part is not None and measured.trouble is not Trouble.MONTHS_DIFFER:
            yield f"  Recorded for {len(measured.part.months)} of {measured.part.of} months: {', '.join(measured.part.months)}"
        if measured.trouble is not None:
            yield f"  No figure: {measured.trouble.value.replace('_', ' ')}"
    if score.value is not None:
        yield f"  Value: {score.value} {indicator.unit}".rstrip()
    for level, sentence in tell_bands(indicator, scale):
        yield f"  Level {level}: {sentence}"


def _in_the_way(told: Told, code: str) -> Iterator[str]:
    """The conditions that do not hold, and stumble over the indicator."""
    for concern in concerns(told.framework, told.card, code):
        if concern.is_in_the_way:
            sentence = tell_condition(concern.check.condition, told.framework, told.texts)
            yield f"  In the way of {concern.outcome}: {sentence}"
