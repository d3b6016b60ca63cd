"""Prove implications between conditions: from the conditions themselves, or from the worst state that they allow.

Every test but `incomplete` is monotonic: a better level of an indicator never makes it false. So the state with the
worst level that the given conditions allow for each indicator is a lower bound: a test that holds there holds in all
allowed states. “Not applicable” removes an indicator from a score, which may change the score either way: if that is
possible, the score is bounded by its worst part.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from evaluation.engine.reachability.states import SearchSpace, States
from evaluation.engine.scoring import Scorecard
from standards.checks import MISSING
from standards.framework import Condition, Method, Test

_COUNTING = (Test.COMPLETE, Test.EVERY, Test.BELOW)
"""Tests that “not applicable” can only make true, as they count the indicators that fall short."""


class Implications:
    """The implications between the conditions of one framework."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space

    def expand(self, conditions: Iterable[Condition]) -> tuple[Condition, ...]:
        """Return the conditions, with references to other outcomes replaced by their conditions."""
        found: list[Condition] = []
        for condition in conditions:
            if condition.test is Test.REACHED and condition.outcome:
                found += self.expand(self.space.framework.rule.outcome(condition.outcome).conditions)
            else:
                found.append(condition)
        return tuple(found)

    def follows(self, condition: Condition, given: Sequence[Condition]) -> bool:
        """Whether a condition provably holds in all states in which the given conditions, which are expanded, hold."""
        if condition.test is Test.REACHED:
            return all(self.follows(other, given) for other in self.expand([condition]))
        if condition.test is Test.ANY:
            following = [alternative for alternative in condition.conditions if self.follows(alternative, given)]
            return len(following) >= condition.alternatives_needed or condition in given
        if any(self._follows_from_one(condition, other) for other in given):
            return True
        return condition.test is not Test.INCOMPLETE and self._holds_from(condition, self.lowest(given))

    def lowest(self, given: Sequence[Condition]) -> States:
        """Return the worst state of each indicator that the given conditions allow."""
        scale, states = self.space.framework.scale, dict(self.space.floor)
        for condition in given:
            level = self._required_of_every(condition)
            if condition.test is not Test.COMPLETE and level is None:
                continue
            for code in self.space.in_scope(condition):
                worst, *_ = levels = [option for option in self.space.options[code] if isinstance(option, int)]
                wanted = next((o for o in levels if level is None or scale.reaches(o, level)), worst)
                now = states[code]
                if not isinstance(now, int) or scale.rank(now) < scale.rank(wanted):
                    states[code] = wanted
        return states

    def _required_of_every(self, condition: Condition) -> int | None:
        """Return the level that a condition requires of every indicator in its scope; None if it requires none."""
        is_of_every = (
            condition.test is Test.EVERY
            or (condition.test is Test.BELOW and condition.count == 0)
            or (condition.test is Test.SHARE and condition.percent == 100)
            or (
                condition.test is Test.AT_LEAST
                and condition.count == len(self.space.in_scope(condition))
                and not self.space.in_scope(condition) & self.space.excusable
            )
        )
        return condition.level if is_of_every else None

    # --- From one condition to another

    def _follows_from_one(self, wanted: Condition, given: Condition) -> bool:
        if wanted == given:
            return True
        if given.test is Test.ANY:
            return all(self.follows(wanted, self.expand([alternative])) for alternative in given.conditions)
        scope, within = self.space.in_scope(wanted), self.space.in_scope(given)
        if wanted.test is Test.INCOMPLETE:
            return given.test is Test.INCOMPLETE and within <= scope
        level = self._required_of_every(given)
        if wanted.test is Test.COMPLETE:
            return scope <= within and (given.test is Test.COMPLETE or level is not None)
        if wanted.test in (Test.EVERY, Test.BELOW, Test.SHARE) and scope <= within and self._as_high(level, wanted):
            return True
        if wanted.test is Test.BELOW and given.test is Test.BELOW:
            few = (given.count or 0) <= (wanted.count or 0)
            return few and scope <= within and self._as_high(given.level, wanted)
        if wanted.test is Test.AT_LEAST:
            many = given.test is Test.AT_LEAST and (given.count or 0) >= (wanted.count or 0)
            return many and within <= scope and self._as_high(given.level, wanted)
        if wanted.test is Test.FAILING:
            return given.test is Test.FAILING and (given.count or 0) <= (wanted.count or 0)
        if wanted.test is Test.FIGURE:
            return False
        return self._reaches_as_much(wanted, given, is_same_scope=scope == within)

    def _reaches_as_much(self, wanted: Condition, given: Condition, *, is_same_scope: bool) -> bool:
        """Whether a condition on a percentage follows from another one."""
        if given.percent is None or given.ratio < wanted.ratio:
            return False
        if wanted.strictly and not given.strictly and given.ratio == wanted.ratio:
            return False
        if wanted.test is Test.SHARE:
            return given.test is Test.SHARE and is_same_scope and self._as_high(given.level, wanted)
        if wanted.test is Test.SCORE:
            alike = replace(given, percent=0, strictly=False) == replace(wanted, percent=0, strictly=False)
            return alike or (given.count is None and self._is_mean_of(wanted, given))
        if wanted.test is given.test:
            if wanted.count is None or given.count is None:
                return wanted.count == given.count
            return wanted.count <= given.count
        if wanted.test not in (Test.DOMAINS, Test.GROUPS) or (wanted.count, given.count) != (None, None):
            return False
        is_of_domains = wanted.test is Test.GROUPS and given.test is Test.DOMAINS
        return is_of_domains or self._is_of_standards(given)

    def _is_of_standards(self, given: Condition) -> bool:
        """Whether a condition is about standards, and domains are means of standards."""
        return given.test is Test.STANDARDS and self.space.framework.rule.aggregation.domain is Method.MEAN

    def _as_high(self, level: int | None, wanted: Condition) -> bool:
        scale = self.space.framework.scale
        return level is not None and wanted.level is not None and scale.reaches(level, wanted.level)

    def _is_mean_of(self, wanted: Condition, given: Condition) -> bool:
        """Whether the wanted score always exists and is a mean of the parts that reach the percentage of `given`."""
        rule = self.space.framework.rule.aggregation
        if (
            wanted.obligation
            or wanted.codes
            or wanted.standard
            or not self.space.in_scope(wanted) - self.space.excusable
        ):
            return False
        if given.test is Test.GROUPS:  # all domains are in groups, so the score is the mean of groups
            return not wanted.domain and bool(wanted.group or rule.overall is Method.MEAN)
        if not wanted.domain and not wanted.group and rule.overall is not Method.MEAN:
            return False
        return given.test is Test.DOMAINS or self._is_of_standards(given)

    # --- From the worst state

    def _holds_from(self, condition: Condition, states: States) -> bool:
        """Whether a condition holds in a state and in all better ones, whichever indicators are not applicable."""
        space = self.space
        card = space.score_bound(states)
        if not space.holds(condition, card):
            return False
        if condition.test in _COUNTING or not space.excusable:
            return True
        scope = space.in_scope(condition)
        asks_nothing = not condition.percent and not condition.strictly
        if condition.test is Test.AT_LEAST:
            return not space.excusable & scope
        if condition.test in (Test.DOMAINS, Test.GROUPS, Test.STANDARDS) and condition.count is not None:
            return not condition.count  # a part in which nothing applies has no score
        if condition.test is Test.SHARE:
            return asks_nothing or not space.excusable & scope
        if condition.test is Test.FAILING:
            return (condition.count or 0) >= len(card.standards)
        if condition.test is Test.SCORE and not scope - space.excusable:
            return False  # if nothing applies, there is no score
        if not space.excusable & scope:
            return True
        is_left_out = space.framework.excludes_all_not_applicable
        return asks_nothing or (is_left_out and condition.is_reached_by(self._least_part(scope, states, card)))

    def _least_part(self, scope: frozenset[str], states: States, card: Scorecard) -> Fraction:
        """Return the worst part of a score, by any method of the rule: a lower bound of the score."""
        framework = self.space.framework
        line = framework.rule.aggregation.level
        parts = [Fraction(card.indicators[code].reached, card.indicators[code].max_points) for code in scope]
        if line is not None:
            reached = (states[code] for code in scope)
            parts += [Fraction(s != MISSING and framework.scale.reaches(s, line)) for s in reached]  # type: ignore[arg-type] # of what is scored, a level
        return min(parts, default=Fraction(0))
