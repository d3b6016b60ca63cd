"""Drafting recommendations from the Guide's templates: one for each indicator short of what its obligation asks."""

from evaluation.models import Evaluation, Recommendation
from evaluation.scoring import IndicatorScore, Scorecard, Why
from standards.framework import Obligation

DRAFTED_BELOW = {Obligation.ESSENTIAL: 3, Obligation.CORE: 2, Obligation.DEVELOPMENTAL: 1}
"""A recommendation is drafted when the level is below this; assessors add or drop what they think fit."""


def deserves_one(indicator: IndicatorScore) -> bool:
    """Scored, and short of what its obligation asks for. A missing one is asked for like a level 0."""
    if indicator.why in (Why.NOT_SCORED, Why.NOT_APPLICABLE):
        return False
    return (indicator.level or 0) < DRAFTED_BELOW[indicator.obligation]


def priority_of(indicator: IndicatorScore) -> Recommendation.Priority:
    """First what may block an accreditation, next the core, the rest when possible."""
    if indicator.obligation is Obligation.ESSENTIAL and (indicator.level or 0) < 2:
        return Recommendation.Priority.FIRST
    if indicator.obligation is Obligation.DEVELOPMENTAL:
        return Recommendation.Priority.WHEN_POSSIBLE
    return Recommendation.Priority.NEXT


def draft_recommendations(evaluation: Evaluation, card: Scorecard) -> list[Recommendation]:
    """Draft what is missing in the edition's source language; what exists, edited or dropped, is left as it is."""
    texts = evaluation.round.edition.texts(evaluation.round.edition.source_language)
    existing = set(evaluation.recommendations.values_list("code", flat=True))
    drafts = [
        Recommendation(
            evaluation=evaluation,
            code=indicator.code,
            priority=priority_of(indicator),
            title=str(texts[f"indicator/{indicator.code}/recommendation/title"])[:120],
            text=str(texts[f"indicator/{indicator.code}/recommendation/text"]),
            look_for=str(texts[f"indicator/{indicator.code}/recommendation/look_for"]),
        )
        for indicator in card.indicators.values()
        if deserves_one(indicator) and indicator.code not in existing
    ]
    return Recommendation.objects.bulk_create(drafts)
