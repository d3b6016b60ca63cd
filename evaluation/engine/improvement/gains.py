"""Compute the next outcome, the smallest set of improvements that reaches it, and the gain by each indicator."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, product, takewhile
from typing import Self

from evaluation.engine.improvement.demands import Demands, Unreachable
from evaluation.engine.improvement.possible_levels import higher_levels
from evaluation.engine.improvement.smallest_set import Choice, choose
from evaluation.engine.scoring.engine import aggregate_scores, score_hypothetical
from evaluation.engine.scoring.evidence import Evidence
from evaluation.engine.scoring.indicators import at_level
from evaluation.engine.scoring.scorecard import Scorecard
from standards.framework import Condition, Framework, Outcome, Test


@dataclass(frozen=True, slots=True)
class Improvement:
    """An indicator that must rise. `level_from` is None if its level was missing."""

    code: str
    level_from: int | None
    level_to: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The improvements that reach an outcome, in the order of the Guide."""

    target: str
    improvements: tuple[Improvement, ...]
    is_proven: bool
    """Whether it is proved that no smaller set reaches it; otherwise there may be one."""


@dataclass(frozen=True, slots=True)
class Gain:
    """The effect of raising one indicator alone, to the wanted level of its obligation or else to its best level."""

    code: str
    level_from: int | None
    level_to: int
    overall: Fraction
    """The gain of the overall score, as a ratio."""
    removes: tuple[Condition, ...]
    """The failed conditions of the next outcome that would then hold."""
    is_needed: bool
    """Whether it is in the smallest set that reaches the next outcome."""


def next_outcome(framework: Framework, card: Scorecard) -> Outcome | None:
    """Return the next better outcome than the best one whose conditions hold; None if that is the best of all."""
    ranked_outcomes = framework.rule.ranked_outcomes
    holding = {check.outcome for check in card.outcomes if check.holds}
    reached = max(number for number, outcome in enumerate(ranked_outcomes) if outcome.code in holding)
    return ranked_outcomes[reached + 1] if reached + 1 < len(ranked_outcomes) else None


def smallest_set(framework: Framework, evidence: Evidence, target: str) -> Plan | None:
    """Return the fewest indicators that must rise to reach the target outcome; None if no improvement reaches it.

    The target is reached if all its conditions hold and no earlier hold (an outcome that defers the decision) does. Of
    the smallest sets, the one with the fewest steps in total is returned; of those, the one whose first indicator comes
    first in the Guide, or else rises less there; and so on through the Guide.

    The unmet requirements are expressed as demands (`demands`) and met by the cheapest choice of rises (`smallest_set`,
    which describes the search and what happens if it takes too long). A set is returned only if the engine itself finds
    the target reached with it.
    """
    return _plan(framework, _Rising.of(framework, evidence), target)


def gains(framework: Framework, evidence: Evidence) -> dict[str, Gain]:
    """Return, by code, the effect of raising each indicator alone, for those that can rise."""
    rising = _Rising.of(framework, evidence)
    target = next_outcome(framework, rising.card)
    plan = _plan(framework, rising, target.code) if target else None
    needed = {improvement.code for improvement in plan.improvements} if plan else set()
    if framework.depends_on_best_parts:
        return {code: _gain_by_trial(framework, rising, target, code, needed) for code in rising.ways}
    overall = Demands(framework, rising.card, rising.ways)
    overall.add_overall()
    failing = list(_failing(framework, rising, target)) if target else []
    found = {}
    for code in rising.ways:
        score, level = rising.card.indicators[code], _next_level(framework, rising, code)
        found[code] = Gain(
            code=code,
            level_from=score.level,
            level_to=level,
            overall=sum(overall.contributions_of(code, level), Fraction(0)),
            removes=tuple(condition for condition, demands in failing if _is_met(demands, code, level)),
            is_needed=code in needed,
        )
    return found


@dataclass(frozen=True, slots=True)
class _Rising:
    """A scorecard with the levels to which each indicator can rise, and the steps to each."""

    card: Scorecard
    ways: Mapping[str, Mapping[int, int]]

    @classmethod
    def of(cls, framework: Framework, evidence: Evidence) -> Self:
        card = score_hypothetical(framework, evidence)
        ways = {code: higher_levels(framework, score, evidence.withheld) for code, score in card.indicators.items()}
        return cls(card, {code: levels for code, levels in ways.items() if levels})


# --- The smallest set --------------------------------------------------------------------------------------------


def _plan(framework: Framework, rising: _Rising, target: str) -> Plan | None:
    if framework.depends_on_best_parts:
        return _plan_by_trial(framework, rising, target)
    found: list[dict[str, int]] = []
    refuted: list[dict[str, int]] = []
    is_proven = True
    for conditions in _ways_to_reach(framework, target):
        choice = _choose(framework, rising, conditions)
        if choice is None:
            continue
        is_proven = is_proven and choice.is_smallest
        levels = choice.levels if choice.is_exact else _without_excess(framework, rising, choice.levels, target)
        (found if _is_reached(framework, rising, levels, target) else refuted).append(levels)
    if not found:
        return None

    def by_size(levels: Mapping[str, int]) -> tuple[int, int, list[tuple[int, int]]]:
        steps = [
            (number, ways[levels[code]]) for number, (code, ways) in enumerate(rising.ways.items()) if code in levels
        ]
        return len(steps), sum(count for _, count in steps), steps

    best = min(found, key=by_size)
    return Plan(
        target,
        tuple(
            Improvement(code, rising.card.indicators[code].level, best[code]) for code in rising.ways if code in best
        ),
        is_proven=is_proven and not any(by_size(levels) < by_size(best) for levels in refuted),
    )


def _plan_by_trial(framework: Framework, rising: _Rising, target: str) -> Plan | None:
    """Return a set from which no rise can be left out: all rises to the best level, less those that are not needed.

    If only the best or the lowest of several count, gains do not add up, so the smallest set is not searched.
    """
    everything = {code: [*ways][-1] for code, ways in rising.ways.items()}
    if not _is_reached(framework, rising, everything, target):
        return None
    levels = {} if _is_reached(framework, rising, {}, target) else everything
    levels = _without_excess(framework, rising, levels, target)
    score = rising.card.indicators
    rises = (Improvement(code, score[code].level, levels[code]) for code in rising.ways if code in levels)
    return Plan(target, tuple(rises), is_proven=not levels)


def _ways_to_reach(framework: Framework, target: str) -> Iterator[list[Condition]]:
    """Yield each way to reach the target: its conditions and, for every earlier hold, one part to complete.

    A hold with other conditions than missing parts may also fail by those; then no part must be completed.
    """
    holds = []
    for outcome in takewhile(lambda outcome: outcome.code != target, framework.rule.outcomes):
        if outcome.defers_decision:
            missing = [c for c in outcome.conditions if c.test is Test.INCOMPLETE]
            completing = [[replace(condition, test=Test.COMPLETE)] for condition in missing]
            holds.append(completing if len(missing) == len(outcome.conditions) else [*completing, []])
    for avoiding in product(*holds):
        yield [*framework.rule.outcome(target).conditions, *chain.from_iterable(avoiding)]


def _choose(framework: Framework, rising: _Rising, conditions: list[Condition]) -> Choice | None:
    demands = Demands(framework, rising.card, rising.ways)
    try:
        for condition in conditions:
            demands.add(condition)
    except Unreachable:
        return None
    return choose(demands.ways, demands.required, demands.bundles)


def _without_excess(framework: Framework, rising: _Rising, levels: dict[str, int], target: str) -> dict[str, int]:
    """Return the levels without the rises, and the steps of rises, that the target does not need."""
    for code in reversed(list(rising.ways)):
        if code in levels:
            rest = {other: level for other, level in levels.items() if other != code}
            lower = ({**rest, code: level} for level in rising.ways[code])
            tried = (trial for trial in (rest, *lower) if _is_reached(framework, rising, trial, target))
            levels = next(tried, levels)
    return levels


def _is_reached(framework: Framework, rising: _Rising, levels: Mapping[str, int], target: str) -> bool:
    """Whether the engine finds the target reached with these levels."""
    indicators = rising.card.indicators
    raised = {code: at_level(framework, indicators[code], level) for code, level in levels.items()}
    outcomes = aggregate_scores(framework, indicators | raised).outcomes
    before = [*takewhile(lambda check: check.outcome != target, outcomes)]
    is_held = any(check.holds and framework.rule.outcome(check.outcome).defers_decision for check in before)
    return outcomes[len(before)].holds and not is_held


# --- The effect of a single indicator ----------------------------------------------------------------------------


def _next_level(framework: Framework, rising: _Rising, code: str) -> int:
    """Return the wanted level of the obligation; the best possible level if that is reached or cannot be."""
    reaches, score, ways = framework.scale.reaches, rising.card.indicators[code], list(rising.ways[code])
    wanted = framework.rule.obligation[score.obligation].wanted
    if wanted is None or (score.level is not None and reaches(score.level, wanted)):
        return ways[-1]
    return next((level for level in ways if reaches(level, wanted)), ways[-1])


def _gain_by_trial(framework: Framework, rising: _Rising, target: Outcome | None, code: str, needed: set[str]) -> Gain:
    """Return the effect of raising one indicator, computed by scoring with its new level."""
    before, level = rising.card, _next_level(framework, rising, code)
    raised = at_level(framework, before.indicators[code], level)
    after = aggregate_scores(framework, before.indicators | {code: raised})
    removes = [
        check.condition
        for outcome, outcome_after in zip(before.outcomes, after.outcomes, strict=True)
        if target and outcome.outcome == target.code
        for check, check_after in zip(outcome.checks, outcome_after.checks, strict=True)
        if check_after.holds and not check.holds
    ]
    return Gain(
        code=code,
        level_from=before.indicators[code].level,
        level_to=level,
        overall=(after.overall or Fraction(0)) - (before.overall or Fraction(0)),
        removes=tuple(removes),
        is_needed=code in needed,
    )


def _failing(framework: Framework, rising: _Rising, target: Outcome) -> Iterator[tuple[Condition, Demands]]:
    """Yield the conditions of the target that do not hold but can, each with its demands."""
    tested = next(check for check in rising.card.outcomes if check.outcome == target.code)
    for check in tested.checks:
        if not check.holds:
            demands = Demands(framework, rising.card, rising.ways)
            with suppress(Unreachable):
                demands.add(check.condition)
                yield check.condition, demands


def _is_met(demands: Demands, code: str, level: int) -> bool:
    contributed = demands.contributions_of(code, level)
    return all(demand.is_met_by(amount) for amount, demand in zip(contributed, demands.required, strict=True))
