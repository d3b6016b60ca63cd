"""Find the levels that an indicator can reach, by its measure, its figures and its present level."""

from collections.abc import Mapping

from evaluation.engine.scoring.scorecard import IndicatorScore, LevelBasis
from standards.framework import Framework, Indicator, Measure


def higher_levels(framework: Framework, score: IndicatorScore, withheld: Mapping[str, int]) -> dict[int, int]:
    """Return the levels to which an indicator can rise, the nearest first, each with its number of steps.

    A step is a level; from missing to the worst level is one step. An answer without the words or evidence that the
    Guide requires rises by getting them, at its level or a better one. An indicator that is left out of the score stays
    left out.
    """
    if not score.counts:
        return {}
    scale, indicator = framework.scale, framework.indicators[score.code]
    cap = _cap(framework, indicator, score, withheld)
    levels = attainable_levels(framework, indicator, is_capped=cap is not None)
    below = -1
    if score.level is not None:
        below = scale.rank(score.level)
    elif score.basis is LevelBasis.UNSUPPORTED and score.self_level is not None:
        supported = min((score.self_level, score.self_level if cap is None else cap), key=scale.rank)
        below = scale.rank(supported) - 1
    steps = ((level, scale.rank(level) - below) for level in sorted(levels, key=scale.rank))
    return {level: count for level, count in steps if count > 0}


def _cap(framework: Framework, indicator: Indicator, score: IndicatorScore, withheld: Mapping[str, int]) -> int | None:
    """Return the level of the figures, above which no judgement counts; None if figures do not cap the indicator."""
    if not indicator.capped_by_figures:
        return None
    return withheld.get(score.code) if score.value is None else indicator.level_of(score.value, framework.scale)


def attainable_levels(framework: Framework, indicator: Indicator, *, is_capped: bool = False) -> set[int]:
    """Return the levels that an indicator can have. `is_capped` is whether figures are known that cap it."""
    scale = framework.scale
    given = indicator.answer_levels(scale)
    if not is_capped or indicator.measure is Measure.NUMERIC:
        return given
    return {min(level, cap, key=scale.rank) for level in given for cap in indicator.levels_of_values(scale)}
