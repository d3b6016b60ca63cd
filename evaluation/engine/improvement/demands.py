"""Express the unmet requirements of conditions as amounts to which rising indicators contribute.

Each condition is a *demand*: an amount of a score, or a number of indicators at a level. Two kinds of requirements are
not additive and become *bundles* of demands: a standard passes once all its conditions hold, and the lowest of several
indicators rises once all of the lowest have risen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import ceil, floor

from evaluation.engine.improvement.leverage import (
    Leverage,
    Lowest,
    of_domain,
    of_group,
    of_indicators,
    of_standard,
    of_whole,
    points_at,
)
from evaluation.engine.scoring.conditions import Scope, Scored, check_condition, narrow, scope_of
from evaluation.engine.scoring.scorecard import IndicatorScore, Scorecard, StandardScore
from standards.framework import Condition, Framework, Test


class Unreachable(Exception):
    """No improvement can meet the requirement."""


@dataclass(slots=True)
class Demand:
    """A required amount: at least `need`, or more if `strictly`.

    `contributes` has the amounts by code and level of an indicator, `bundled` those by number of a bundle.
    """

    need: Fraction
    contributes: dict[str, dict[int, Fraction]]
    bundled: dict[int, Fraction] = field(default_factory=dict)
    strictly: bool = False

    def is_met_by(self, amount: Fraction | int) -> bool:
        return amount > self.need if self.strictly else amount >= self.need

    @property
    def max_contribution(self) -> Fraction:
        """The sum of the best contributions of all indicators and bundles."""
        best = (max(ways.values()) for ways in self.contributes.values())
        return sum(best, Fraction(0)) + sum(self.bundled.values(), Fraction(0))


Bundle = Sequence[Demand]
"""Demands that must all be met before the bundle contributes to other demands."""


class Demands:
    """The unmet demands on a scorecard. `ways` has the levels to which each indicator can rise, and the steps."""

    def __init__(self, framework: Framework, card: Scorecard, ways: Mapping[str, Mapping[int, int]]) -> None:
        self.framework, self.card, self.ways = framework, card, ways
        self.required: list[Demand] = []
        self.bundles: list[Bundle] = []
        self._steps: dict[tuple[tuple[str, ...], Fraction], int] = {}

    def add(self, condition: Condition) -> None:
        """Add the demand of a condition. Raises Unreachable."""
        match condition.test:
            case Test.REACHED:
                for other in self.framework.rule.outcome(condition.outcome or "").conditions:
                    self.add(other)
            case Test.ANY:
                alternatives = [partial(self._demands_of, alternative) for alternative in condition.conditions]
                self._add_some(condition.alternatives_needed, alternatives)
            case Test.FAILING:
                failing = [standard for standard in self.card.standards.values() if standard.passes is False]
                passing = [partial(self._passing, standard) for standard in failing]
                self._add_some(len(failing) - (condition.count or 0), passing)
            case Test.DOMAINS | Test.GROUPS | Test.STANDARDS if condition.count is not None:
                self._add_some(condition.count, [partial(_unmet, [demand]) for demand in self._parts(condition)])
            case Test.DOMAINS | Test.GROUPS | Test.STANDARDS:
                self._require(*self._parts(condition))
            case Test.FIGURE:
                if not check_condition(condition, self._scored).holds:
                    raise Unreachable  # no level changes a figure
            case _:
                scope = scope_of(condition, self._scored)
                self._require(self._in_scope(condition, scope, lambda: self._whole(condition)))

    @property
    def _scored(self) -> Scored:
        return Scored(self.framework, self.card.overall, self.card.domains, self.card.groups)

    def _parts(self, condition: Condition) -> list[Demand]:
        """Return the demand on each group, domain or standard that has a score, as the condition tests."""
        framework = self.framework
        if condition.test is Test.DOMAINS:
            parts = [(domain.ratio, partial(of_domain, framework, domain)) for domain in self.card.domains]
        elif condition.test is Test.GROUPS:
            pairs = zip(framework.groups, self.card.groups, strict=True)
            parts = [(score.ratio, partial(of_group, framework, group, self.card)) for group, score in pairs]
        else:
            parts = [(each.ratio, partial(of_standard, framework, each)) for each in self.card.standards.values()]
        return [self._score(condition, ratio, leverage()) for ratio, leverage in parts if ratio is not None]

    def _demands_of(self, condition: Condition) -> list[Demand]:
        """Return the demands of a condition without adding them. Raises Unreachable."""
        outside, self.required = self.required, []
        try:
            self.add(condition)
            return self.required
        finally:
            self.required = outside

    def _add_some(self, count: int, alternatives: Iterable[Callable[[], list[Demand]]]) -> None:
        """Add the demand that `count` of the alternatives hold. An alternative without demands holds already."""
        demand = Demand(Fraction(count), {})
        for alternative in alternatives:
            try:
                demands = alternative()
            except Unreachable:
                continue
            if demands:
                demand.bundled[len(self.bundles)] = Fraction(1)
                self.bundles.append(demands)
            else:
                demand.need -= 1
        self._require(demand)

    def add_overall(self) -> None:
        """Add a demand on the overall score with the need 0, to compute the contributions to it."""
        if self.card.overall is not None:
            self.required.append(self._amount_of_score(Fraction(), of_whole(self.framework, self.card)))

    def contributions_of(self, code: str, level: int) -> list[Fraction]:
        """Return the contribution to each demand if one indicator alone rises to a level."""
        complete: set[int] = set()

        def contributed(demand: Demand) -> Fraction:
            bundled = (amount for bundle, amount in demand.bundled.items() if bundle in complete)
            return demand.contributes.get(code, {}).get(level, Fraction(0)) + sum(bundled, Fraction(0))

        for number, bundle in enumerate(self.bundles):  # a bundle comes before the bundles that depend on it
            if all(demand.is_met_by(contributed(demand)) for demand in bundle):
                complete.add(number)
        return [contributed(demand) for demand in self.required]

    def _require(self, *demands: Demand) -> None:
        self.required += _unmet(demands)

    def _whole(self, condition: Condition) -> Leverage:
        """Return the leverage of the group, domain or standard that a condition names, or of all."""
        if condition.standard:
            return of_standard(self.framework, self.card.standards[condition.standard])
        if condition.domain:
            return of_domain(self.framework, next(d for d in self.card.domains if d.code == condition.domain))
        if group := self.framework.find_group(condition.group or ""):
            return of_group(self.framework, group, self.card)
        return of_whole(self.framework, self.card)

    def _passing(self, standard: StandardScore) -> list[Demand]:
        """Return the demands that a standard must meet to pass. Raises Unreachable."""
        counted = [i for i in standard.indicators if i.counts]
        scopes = [(c, narrow(self.framework, c, counted, standard.ratio)) for c in self.framework.rule.passing]
        leverage = partial(of_standard, self.framework, standard)
        return _unmet([self._in_scope(condition, scope, leverage) for condition, scope in scopes])

    # --- Demands on the indicators of a scope

    def _in_scope(self, condition: Condition, scope: Scope, whole: Callable[[], Leverage]) -> Demand:
        counted, count = scope.counted, condition.count or 0
        if condition.test is Test.SCORE:
            if scope.ratio is None:
                raise Unreachable
            method = scope.method
            leverage = of_indicators(self.framework, method, counted) if method else whole()
            return self._score(condition, scope.ratio, leverage)
        if condition.test is Test.COMPLETE:
            missing = [i for i in counted if i.is_missing]
            return self._number(len(missing), missing, lambda _score, _level: True)
        if condition.test is Test.INCOMPLETE:
            raise Unreachable
        scale = self.framework.scale
        wanted = scale.worst if condition.level is None else condition.level
        short = [i for i in counted if i.level is None or not scale.reaches(i.level, wanted)]
        if condition.test is Test.SHARE:
            least = condition.ratio * len(counted)
            count = len(counted) - (floor(least) + 1 if condition.strictly and counted else ceil(least))
        elif condition.test is Test.AT_LEAST:
            count = len(counted) - count
        elif condition.test is Test.EVERY:
            count = 0
        return self._number(len(short) - count, short, lambda _score, level: scale.reaches(level, wanted))

    def _number(
        self, need: int, short: Sequence[IndicatorScore], reaches: Callable[[IndicatorScore, int], bool]
    ) -> Demand:
        """Return the demand that `need` of the `short` indicators rise to a level for which `reaches` is true."""
        contributions = {
            i.code: {way: Fraction(1) for way in self.ways.get(i.code, ()) if reaches(i, way)} for i in short
        }
        return Demand(Fraction(need), {code: ways for code, ways in contributions.items() if ways})

    def _score(self, condition: Condition, ratio: Fraction, leverage: Leverage) -> Demand:
        """Return the demand that a score reaches the percentage of a condition."""
        return self._amount_of_score(condition.ratio - ratio, leverage, strictly=condition.strictly)

    def _amount_of_score(self, need: Fraction, leverage: Leverage, *, strictly: bool = False) -> Demand:
        """Return the demand for an amount of a score, with the contribution of each indicator."""
        demand = Demand(need, {}, strictly=strictly)
        for code, (method, point) in leverage.single.items():
            score = self.card.indicators[code]
            now = points_at(self.framework, method, score, score.level)
            more = {
                way: (points_at(self.framework, method, score, way) - now) * point for way in self.ways.get(code, ())
            }
            if gains := {way: gain for way, gain in more.items() if gain}:
                demand.contributes[code] = gains
        for low in leverage.lowest:
            self._add_steps(demand, low)
        return demand

    # --- The lowest of several indicators

    def _part_of_best(self, score: IndicatorScore, level: int) -> Fraction:
        points = self.framework.scale.points_of(level, self.framework.indicators[score.code].points)
        return Fraction(points, score.max_points)

    def _all_at(self, ratio: Fraction, indicators: Sequence[IndicatorScore]) -> Demand:
        """Return the demand that every indicator has at least this share of its best points."""
        short = [i for i in indicators if Fraction(i.reached, i.max_points) < ratio]
        return self._number(len(short), short, lambda score, level: self._part_of_best(score, level) >= ratio)

    def _add_steps(self, demand: Demand, low: Lowest) -> None:
        """Add a bundle to the demand for each step by which the lowest can rise. Bundles are shared by demands."""
        reached = min(Fraction(i.reached, i.max_points) for i in low.indicators)
        codes = tuple(i.code for i in low.indicators)
        parts = {Fraction(i.reached, i.max_points) for i in low.indicators}
        parts |= {self._part_of_best(i, way) for i in low.indicators for way in self.ways.get(i.code, ())}
        for part in sorted(part for part in parts if part > reached):
            if (codes, part) not in self._steps:
                all_reached = self._all_at(part, low.indicators)
                if not all_reached.is_met_by(all_reached.max_contribution):
                    return
                self._steps[codes, part] = len(self.bundles)
                self.bundles.append([all_reached])
            demand.bundled[self._steps[codes, part]] = (part - reached) * low.share
            reached = part


def _unmet(demands: Iterable[Demand]) -> list[Demand]:
    """Return the demands that are not met yet. Raises Unreachable if one of them cannot be met."""
    unmet = [demand for demand in demands if not demand.is_met_by(0)]
    if not all(demand.is_met_by(demand.max_contribution) for demand in unmet):
        raise Unreachable
    return unmet
