"""States of all indicators of a framework, and their scorecards."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import islice, pairwise, product
from math import prod

from evaluation.improvement.hypothetical import suppose_score
from evaluation.improvement.possible_levels import attainable_levels
from evaluation.scoring import Evidence, IndicatorScore, Scorecard, score_hypothetical
from evaluation.scoring.conditions import Scored, check_condition
from evaluation.scoring.engine import aggregate_scores
from standards.checks import EXCUSED, MISSING, Example, State
from standards.framework import Condition, Framework

States = Mapping[str, State | Fraction]
"""By code: the state of a scored indicator, or the value of a figure that is not scored. Absent codes are missing."""
MOST_COMBINATIONS = 64
"""Of figures, that are tried with each state of the indicators."""


class SearchSpace:
    """The states that the scored indicators of a framework can have. `effort` counts the computed scorecards."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.effort = 0
        self._nothing = score_hypothetical(framework, Evidence())
        self._scores: dict[tuple[str, State | Fraction], IndicatorScore] = {}
        self.options: dict[str, tuple[State, ...]] = {
            code: (MISSING, *sorted(attainable_levels(framework, indicator), key=framework.scale.rank))
            for code, indicator in framework.indicators.items()
            if indicator.is_scored
        }
        """From missing to the best level; without “not applicable”."""
        self.figures: dict[str, tuple[State | Fraction, ...]] = {
            code: (MISSING, *_values_apart(limits)) for code, limits in _limits_by_figure(framework).items()
        }
        """A value from each region that the conditions on a figure separate, and none."""
        self.excusable = frozenset(code for code in self.options if framework.indicators[code].not_applicable)

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
    def _choices(self) -> dict[str, tuple[State | Fraction, ...]]:
        choices = {c: (*o, EXCUSED) if c in self.excusable else o for c, o in self.options.items()}
        return {**choices, **self.figures}

    @cached_property
    def combinations(self) -> list[States]:
        """The first combinations of figures; one empty state if no condition asks for a figure."""
        combinations = islice(product(*self.figures.values()), MOST_COMBINATIONS)
        return [dict(zip(self.figures, values, strict=True)) for values in combinations]

    def with_figures(self, states: States) -> Iterator[States]:
        """Yield the states with each combination of figures."""
        for figures in self.combinations:
            yield {**states, **figures}

    def at(self, level: int) -> States:
        """Return everything at a level, or at the best one below it; at its worst level if there is none."""
        scale = self.framework.scale
        return {
            code: next((o for o in reversed(options) if isinstance(o, int) and scale.reaches(level, o)), options[1])
            for code, options in self.options.items()
        }

    def excused(self, states: States, codes: Iterable[str]) -> States:
        """Return the states with these indicators not applicable, where allowed."""
        return {**states, **dict.fromkeys(self.excusable.intersection(codes), EXCUSED)}

    def score(self, states: States) -> Scorecard:
        """Return the scorecard in which each indicator is in its state. Each is scored once in each state."""
        self.effort += 1
        found = {code: self._score_of(code, state) for code, state in states.items()}
        return aggregate_scores(self.framework, self._nothing.indicators | found)

    def _score_of(self, code: str, state: State | Fraction) -> IndicatorScore:
        if state == MISSING:
            return self._nothing.indicators[code]
        key = code, state
        if key not in self._scores:
            self._scores[key] = suppose_score(self.framework, self._nothing.indicators[code], state)
        return self._scores[key]

    def holds(self, condition: Condition, card: Scorecard) -> bool:
        return check_condition(condition, Scored(self.framework, card.overall, card.domains)).holds

    def in_scope(self, condition: Condition) -> frozenset[str]:
        """Return the scored indicators in a condition's scope, by the parts of the Guide that it names."""
        framework = self.framework
        return frozenset(
            code
            for code in self.options
            if condition.obligation in (None, framework.indicators[code].obligation)
            and (not condition.codes or code in condition.codes)
            and condition.domain in (None, framework.domain_of[code].code)
            and condition.standard in (None, framework.standard_of[code].code)
        )

    def example(self, states: States) -> Example:
        figures = {code: states.get(code) for code in self.figures}
        return Example(
            {code: state for code in self.options if not isinstance(state := states.get(code, MISSING), Fraction)},
            {code: value for code, value in figures.items() if isinstance(value, Fraction)},
        )


def _limits_by_figure(framework: Framework) -> dict[str, set[Fraction]]:
    """Return the bounds that conditions ask of each figure, by code."""
    limits: dict[str, set[Fraction]] = {}
    for condition in framework.rule.conditions():
        if condition.figure is not None:
            for code in condition.codes:
                limits.setdefault(code, set()).add(condition.figure.limit)
    return limits


def _values_apart(limits: set[Fraction]) -> Iterator[Fraction]:
    """Yield a value from each region that the limits separate: below, at, between and above them."""
    bounds = sorted({Fraction(0), *limits})
    yield from sorted({*bounds, *((low + high) / 2 for low, high in pairwise(bounds)), bounds[-1] + 1})
