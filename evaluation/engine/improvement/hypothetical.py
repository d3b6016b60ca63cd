"""Compute hypothetical scores: the levels that can be assumed for an indicator, and the resulting scorecard."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from evaluation.engine.scoring.engine import aggregate_scores
from evaluation.engine.scoring.explanation import applies_to_indicator, failed_checks
from evaluation.engine.scoring.indicators import at_level
from evaluation.engine.scoring.scorecard import Check, IndicatorScore, LevelBasis, Scorecard
from standards.framework import Framework, Measure, Test

EXCUSED: Literal["na"] = "na"
"""The assumption that an indicator is not applicable."""

Change = int | Literal["na"]
"""A level, or not applicable."""


def choices_of(framework: Framework, score: IndicatorScore) -> list[Change]:
    """Return the levels that can be assumed for an indicator, and `na` where the Guide allows it.

    Empty if the indicator is not scored or not asked.
    """
    if score.basis is LevelBasis.NOT_SCORED or not score.is_asked:
        return []
    indicator, scale = framework.indicators[score.code], framework.scale
    if indicator.measure is Measure.YES_NO:
        levels = {scale.worst, scale.best}
    elif indicator.measure is Measure.NUMERIC:
        levels = {scale.worst, *(band.level for band in indicator.bands)}
    else:
        levels = set(scale.levels)
    return [*sorted(levels), *([EXCUSED] if indicator.not_applicable else [])]


def apply_changes(framework: Framework, card: Scorecard, changes: Mapping[str, Change | Fraction]) -> Scorecard:
    """Return the scorecard with these changes, each as if an assessor had found it.

    The changes do not affect which indicators are asked: that depends on the hotline's own answers, not on findings. A
    fraction is the value of a figure that is shown, not scored.
    """
    if not changes:
        return card
    supposed = {code: suppose_score(framework, card.indicators[code], change) for code, change in changes.items()}
    return aggregate_scores(framework, card.indicators | supposed)


def suppose_score(framework: Framework, score: IndicatorScore, change: Change | Fraction) -> IndicatorScore:
    """Return the score of one indicator with a change, as in `apply_changes`."""
    if isinstance(change, Fraction):
        return replace(score, value=change)
    if change == EXCUSED:
        return replace(score, basis=LevelBasis.NOT_APPLICABLE, level=None, reached=0, points=0, of=0)
    return at_level(framework, score, change)


def blocking_indicators(framework: Framework, card: Scorecard, target: str) -> set[str]:
    """Return the codes of indicators whose higher level would help to reach an outcome.

    These are the indicators of failed conditions that are below the best level; for a score, all of its indicators.
    """
    scale = framework.scale
    can_rise = {i.code for i in card.counted if i.level is None or not scale.reaches(i.level, scale.best)}
    return {code for check in failed_checks(card, target) for code in _indicators_of(framework, card, check)} & can_rise


def _indicators_of(framework: Framework, card: Scorecard, check: Check) -> set[str]:
    condition = check.condition
    if check.parts:
        return {code for part in check.parts if not part.holds for code in _indicators_of(framework, card, part)}
    if condition.test is Test.SCORE:
        scope = replace(condition, test=Test.EVERY)
        return {code for code in card.indicators if applies_to_indicator(framework, scope, code)}
    parts = {domain.code: domain.indicators for domain in card.domains}
    parts |= {group.code: tuple(i for code in group.domains for i in parts.get(code, ())) for group in framework.groups}
    parts |= {standard.code: standard.indicators for standard in card.standards.values()}
    return {i.code for code in check.codes for i in parts.get(code, ())} | (set(check.codes) - set(parts))
