"""Suppose that levels were other than they are: what may be supposed of an indicator, and the score that follows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from evaluation.scoring.engine import aggregate_scores
from evaluation.scoring.explanation import applies_to_indicator, failed_checks
from evaluation.scoring.indicators import at_level
from evaluation.scoring.scorecard import Check, IndicatorScore, LevelBasis, Scorecard
from standards.framework import Framework, Measure, Test

EXCUSED: Literal["na"] = "na"
"""Supposed not to apply."""

Change = int | Literal["na"]


def choices_of(framework: Framework, score: IndicatorScore) -> list[Change]:
    """What may be supposed of an indicator: its levels, and that it does not apply where the Guide allows it.

    Nothing where it is not in the score at all.
    """
    if score.basis in (LevelBasis.NOT_SCORED, LevelBasis.NOT_ASKED):
        return []
    indicator, scale = framework.indicators[score.code], framework.scale
    if indicator.measure is Measure.YES_NO:
        levels = {scale.worst, scale.best}
    elif indicator.measure is Measure.NUMERIC:
        levels = {scale.worst, *(band.level for band in indicator.bands)}
    else:
        levels = set(scale.levels)
    return [*sorted(levels), *([EXCUSED] if indicator.not_applicable else [])]


def suppose(framework: Framework, card: Scorecard, changes: Mapping[str, Change]) -> Scorecard:
    """The scorecard as it would be with these changes, each as if an assessor had found it so."""
    if not changes:
        return card
    supposed = {code: _suppose(framework, card.indicators[code], change) for code, change in changes.items()}
    return aggregate_scores(framework, card.indicators | supposed)


def _suppose(framework: Framework, score: IndicatorScore, change: Change) -> IndicatorScore:
    if change == EXCUSED:
        return replace(score, basis=LevelBasis.NOT_APPLICABLE, level=None, reached=0, points=0, of=0)
    return at_level(framework, score, change)


def blocking_indicators(framework: Framework, card: Scorecard, target: str) -> set[str]:
    """The indicators whose rise would help toward an outcome: whatever a condition that does not hold is about.

    Where a score is short, that is everything in it that is not at its best.
    """
    scale = framework.scale
    can_rise = {i.code for i in card.counted if i.level is None or not scale.reaches(i.level, scale.best)}
    return {code for check in failed_checks(card, target) for code in _named(framework, card, check)} & can_rise


def _named(framework: Framework, card: Scorecard, check: Check) -> set[str]:
    condition = check.condition
    if condition.test is Test.SCORE:
        scope = replace(condition, test=Test.EVERY)
        return {code for code in card.indicators if applies_to_indicator(framework, scope, code)}
    parts = {domain.code: domain.indicators for domain in card.domains}
    parts |= {standard.code: standard.indicators for standard in card.standards.values()}
    return {i.code for code in check.codes for i in parts.get(code, ())} | (set(check.codes) - set(parts))
