"""An example: a state of every indicator, by which a reader can verify a statement about a rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from standards.framework import Framework, Indicator

MISSING: Literal["missing"] = "missing"
EXCUSED: Literal["na"] = "na"

State = int | Literal["missing", "na"]
"""The state of an indicator: a level, missing, or not applicable."""


@dataclass(frozen=True)
class Example:
    """An example. `states` has that of each scored indicator that is asked, by code in the order of the Guide.

    `figures` are those that conditions test. `traits` are those of the hotline.
    """

    states: Mapping[str, State]
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    traits: tuple[str, ...] = ()

    def groups(self, framework: Framework) -> Iterator[tuple[State, tuple[str, ...]]]:
        """Yield the states, the rarest first, each with the codes of the parts that have it.

        The code of a domain or standard represents its indicators if all of them have the same state.
        """
        found: dict[State, list[str]] = {}
        for domain in framework.domains:
            if (state := self._common(domain.indicators)) is not None:
                found.setdefault(state, []).append(domain.code)
                continue
            for standard in domain.standards:
                if (state := self._common(standard.indicators)) is not None:
                    found.setdefault(state, []).append(standard.code)
                    continue
                for indicator in standard.indicators:
                    if indicator.code in self.states:
                        found.setdefault(self.states[indicator.code], []).append(indicator.code)
        times = list(self.states.values())
        for state in sorted(found, key=times.count):
            yield state, tuple(found[state])

    def _common(self, indicators: tuple[Indicator, ...]) -> State | None:
        states = {self.states[i.code] for i in indicators if i.code in self.states}
        return states.pop() if len(states) == 1 else None
