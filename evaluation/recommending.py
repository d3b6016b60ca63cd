"""Drafting recommendations from the Guide's templates: for what falls short, and for what the next outcome needs."""

from collections.abc import Mapping

from evaluation.models import Evaluation, Recommendation
from evaluation.scoring import IndicatorScore, Scorecard
from evaluation.scoring.improving import Gain
from standards.framework import Framework, Test

_OF_SINGLE_INDICATORS = (Test.EVERY, Test.BELOW)
"""Conditions that one indicator alone can break."""


def deserves_one(indicator: IndicatorScore, framework: Framework, needed: set[str]) -> bool:
    """Counted, and short of the level that its obligation asks for, or of what the next outcome needs.

    What is missing is short of any level. Obligations that want no level have no recommendations.
    """
    wanted = framework.rule.obligation[indicator.obligation].wanted
    if wanted is None or not indicator.counts:
        return False
    is_short = indicator.level is None or not framework.scale.reaches(indicator.level, wanted)
    return is_short or indicator.code in needed


def find_blocking(card: Scorecard) -> set[str]:
    """The indicators that by themselves stand between the hotline and an accreditation."""
    return {
        code
        for outcome in card.outcomes
        if outcome.months
        for check in outcome.checks
        if not check.holds and check.condition.test in _OF_SINGLE_INDICATORS
        for code in check.codes
    }


def priority_of(indicator: IndicatorScore, framework: Framework, urgent: set[str]) -> Recommendation.Priority:
    """First what is urgent, when possible what the Guide insists on least, next the rest."""
    if indicator.code in urgent:
        return Recommendation.Priority.FIRST
    if indicator.obligation == framework.rule.obligations[-1].code and len(framework.rule.obligations) > 1:
        return Recommendation.Priority.WHEN_POSSIBLE
    return Recommendation.Priority.NEXT


def draft_recommendations(evaluation: Evaluation, card: Scorecard, gains: Mapping[str, Gain]) -> list[Recommendation]:
    """Draft what is missing in the edition's source language; what exists, edited or dropped, is left as it is.

    They are laid down in the order of what they would change: what the next outcome needs, then what adds most to the
    score, then as in the Guide. Urgent is what blocks an accreditation by itself, and what the next outcome needs.
    """
    texts = evaluation.round.edition.texts(evaluation.round.edition.source_language)
    framework = evaluation.framework
    needed = {code for code, gain in gains.items() if gain.is_needed}
    urgent = find_blocking(card) | needed
    existing = set(evaluation.recommendations.values_list("code", flat=True))
    drafts = [
        Recommendation(
            evaluation=evaluation,
            code=indicator.code,
            priority=priority_of(indicator, framework, urgent),
            title=str(texts[f"indicator/{indicator.code}/recommendation/title"])[:120],
            text=str(texts[f"indicator/{indicator.code}/recommendation/text"]),
            look_for=str(texts[f"indicator/{indicator.code}/recommendation/look_for"]),
            is_needed=indicator.code in needed,
            gain=in_millionths(gains.get(indicator.code)),
        )
        for indicator in card.indicators.values()
        if deserves_one(indicator, framework, needed) and indicator.code not in existing
    ]
    drafts.sort(key=lambda draft: (not draft.is_needed, -draft.gain))
    return Recommendation.objects.bulk_create(drafts)


def in_millionths(gain: Gain | None) -> int:
    """What an improvement adds to the overall score, rounded down; what takes away adds nothing."""
    return max(int(gain.overall * 1_000_000), 0) if gain else 0
