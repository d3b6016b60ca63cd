"""States of all indicators of a framework, and their scorecards."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod

from evaluation.improvement.hypothetical import suppose
from evaluation.improvement.possible_levels import attainable_levels
from evaluation.scoring import Evidence, Scorecard, score_hypothetical
from evaluation.scoring.conditions import Scored, check_condition
from standards.checks import EXCUSED, MISSING, Example, State
from standards.framework import Condition, Framework

States = Mapping[str, State]
"""By code. Absent codes are missing."""


class SearchSpace:
    """The states that the scored indicators of a framework can have. `effort` counts the computed scorecards."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.effort = 0
        self._nothing = score_hypothetical(framework, Evidence())
        self.options: dict[str, tuple[State, ...]] = {
            code: (MISSING, *sorted(attainable_levels(framework, indicator), key=framework.scale.rank))
            for code, indicator in framework.indicators.items()
            if indicator.is_scored
        }
        """From missing to the best level; without “not applicable”."""
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
    def _choices(self) -> dict[str, tuple[State, ...]]:
        return {c: (*o, EXCUSED) if c in self.excusable else o for c, o in self.options.items()}

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
        self.effort += 1
        changes = {code: state for code, state in states.items() if state != MISSING}
        return suppose(self.framework, self._nothing, changes)

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
        return Example({code: states.get(code, MISSING) for code in self.options})
