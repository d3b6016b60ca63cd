"""Enumerate states of all indicators of a framework, and compute their scorecards."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise, product
from math import prod

from evaluation.engine.improvement.hypothetical import suppose_score
from evaluation.engine.improvement.possible_levels import attainable_levels
from evaluation.engine.scoring import Evidence, IndicatorScore, Scorecard
from evaluation.engine.scoring.conditions import Scored, check_condition
from evaluation.engine.scoring.engine import aggregate_scores
from evaluation.engine.scoring.indicators import not_asked_here, score_indicator
from standards.checks import EXCUSED, MISSING, Example, State
from standards.framework import Condition, Framework, Indicator

States = Mapping[str, State | Fraction | bool]
"""By code, the state of a scored indicator or the value of a figure that is not scored; an absent code is missing.

By `trait/CODE`, whether the hotline has a trait; an absent trait is false.
"""
TRAIT = "trait/"
"""The prefix of the key of a trait in a state."""
MOST_COMBINATIONS = 64
"""The most combinations of traits and figures that are tried with each state of the indicators."""


class SearchSpace:
    """The states that the scored indicators of a framework can have. `effort` counts the computed scorecards.

    The level of a state is both the level that counts and the hotline's answer, on which the asked indicators depend.
    """

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.effort = 0
        everything_missing = {
            code: score_indicator(framework, indicator, Evidence()) for code, indicator in framework.indicators.items()
        }
        self._nothing = aggregate_scores(framework, everything_missing)
        self._scores: dict[tuple[str, State | Fraction], IndicatorScore] = {}
        self.options: dict[str, tuple[State, ...]] = {
            code: (MISSING, *sorted(attainable_levels(framework, indicator), key=framework.scale.rank))
            for code, indicator in framework.indicators.items()
            if indicator.is_scored
        }
        """The states of each scored indicator from missing to the best level, without “not applicable”."""
        self.figures: dict[str, tuple[State | Fraction, ...]] = {
            code: (MISSING, *_values_between(limits)) for code, limits in _limits_by_figure(framework).items()
        }
        """For each figure in conditions, missing and one value from each region that its bounds separate."""
        asked_for = {asking.trait for i in framework.indicators.values() for asking in i.asked_if}
        self.traits = {f"{TRAIT}{code}": (False, True) for code in framework.traits if code in asked_for}
        """For each trait on which asked indicators depend, both values."""
        self._may_not_apply = frozenset(code for code in self.options if framework.indicators[code].not_applicable)
        self.excusable = self._may_not_apply | {code for code in self.options if framework.indicators[code].asked_if}
        """The indicators that may be left out of the scores, as not applicable or not asked."""

    @cached_property
    def floor(self) -> States:
        return dict.fromkeys(self.options, MISSING)

    @cached_property
    def ceiling(self) -> States:
        """The state with everything at its best level."""
        return {code: options[-1] for code, options in self.options.items()}

    @cached_property
    def number_of_states(self) -> int:
        return prod(len(choices) for choices in self._choices.values())

    def every_state(self) -> Iterator[States]:
        """Yield every state, including “not applicable”."""
        for states in product(*self._choices.values()):
            yield dict(zip(self._choices, states, strict=True))

    @cached_property
    def _choices(self) -> dict[str, tuple[State | Fraction | bool, ...]]:
        choices = {c: (*o, EXCUSED) if c in self._may_not_apply else o for c, o in self.options.items()}
        return {**choices, **self.figures, **self.traits}

    @cached_property
    def combinations(self) -> list[States]:
        """The first combinations of traits and figures; one empty state if there are none."""
        varied: dict[str, tuple[State | Fraction | bool, ...]] = {**self.figures, **self.traits}
        combinations = islice(product(*varied.values()), MOST_COMBINATIONS)
        return [dict(zip(varied, values, strict=True)) for values in combinations]

    def with_figures(self, states: States) -> Iterator[States]:
        """Yield the states combined with each of `combinations`."""
        for figures in self.combinations:
            yield {**states, **figures}

    def at(self, level: int) -> States:
        """Return everything at a level, or at the best one below it; at the worst possible level if there is none."""
        scale = self.framework.scale
        return {
            code: next((o for o in reversed(options) if isinstance(o, int) and scale.reaches(level, o)), options[1])
            for code, options in self.options.items()
        }

    def excused(self, states: States, codes: Iterable[str]) -> States:
        """Return the states with those of the indicators that may be left out of the scores left out."""
        return {**states, **dict.fromkeys(self.excusable.intersection(codes), EXCUSED)}

    def score(self, states: States) -> Scorecard:
        """Return the scorecard of these states. Indicators that are not asked in them are left out."""
        self.effort += 1
        asked = self._asked(states)
        found = {
            code: self._score_of(code, MISSING if state == EXCUSED and code not in self._may_not_apply else state)
            for code, state in states.items()
            if code not in self.traits
        }
        found |= {
            code: not_asked_here(self.framework, i)
            for code, i in self.framework.indicators.items()
            if code not in asked
        }
        return aggregate_scores(self.framework, self._nothing.indicators | found)

    def score_bound(self, states: States) -> Scorecard:
        """Return the scorecard of these states as if every indicator were asked.

        It is for proofs, which treat indicators that are asked of some hotlines only as possibly left out.
        """
        self.effort += 1
        found = {code: self._score_of(code, state) for code, state in states.items() if code not in self.traits}
        return aggregate_scores(self.framework, self._nothing.indicators | found)

    def _asked(self, states: States) -> Collection[str]:
        """Return the indicators that are asked if the hotline's answers have the levels of these states."""

        def level_of(indicator: Indicator) -> int | None:
            state = states.get(indicator.code)
            return state if isinstance(state, int) else None

        traits = [name.removeprefix(TRAIT) for name in self.traits if states.get(name)]
        return self.framework.asked(None, traits, level_of).keys()

    def _score_of(self, code: str, state: State | Fraction) -> IndicatorScore:
        """Return the score of an indicator in a state, which is cached."""
        if state == MISSING:
            return self._nothing.indicators[code]
        key = code, state
        if key not in self._scores:
            self._scores[key] = suppose_score(self.framework, self._nothing.indicators[code], state)
        return self._scores[key]

    def holds(self, condition: Condition, card: Scorecard) -> bool:
        return check_condition(condition, Scored(self.framework, card.overall, card.domains, card.groups)).holds

    def in_scope(self, condition: Condition) -> frozenset[str]:
        """Return the codes of the scored indicators in a condition's scope."""
        framework = self.framework
        return frozenset(
            code
            for code in self.options
            if condition.obligation in (None, framework.indicators[code].obligation)
            and (not condition.codes or code in condition.codes)
            and framework.is_in_group(framework.domain_of[code].code, condition.group)
            and condition.domain in (None, framework.domain_of[code].code)
            and condition.standard in (None, framework.standard_of[code].code)
        )

    def example(self, states: States) -> Example:
        """Return the states as an example, without the indicators that are not asked in them."""
        asked, figures = self._asked(states), {code: states.get(code) for code in self.figures}
        shown = {code: states.get(code, MISSING) for code in self.options if code in asked}
        return Example(
            {code: state for code, state in shown.items() if not isinstance(state, Fraction)},
            {code: value for code, value in figures.items() if isinstance(value, Fraction)},
            tuple(name.removeprefix(TRAIT) for name in self.traits if states.get(name)),
        )


def _limits_by_figure(framework: Framework) -> dict[str, set[Fraction]]:
    """Return the limits with which conditions compare each figure, by code."""
    limits: dict[str, set[Fraction]] = {}
    for condition in framework.rule.conditions():
        if condition.figure is not None:
            for code in condition.codes:
                limits.setdefault(code, set()).add(condition.figure.limit)
    return limits


def _values_between(limits: set[Fraction]) -> Iterator[Fraction]:
    """Yield a value from each region that the limits separate: below, at, between and above them."""
    bounds = sorted({Fraction(0), *limits})
    yield from sorted({*bounds, *((low + high) / 2 for low, high in pairwise(bounds)), bounds[-1] + 1})
