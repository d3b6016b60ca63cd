"""Counting votes: how many were cast, and which outcome more than half of them are for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How many votes each outcome has."""

    counts: Mapping[str, int]

    @classmethod
    def of(cls, outcomes: Iterable[str]) -> "Tally":
        return cls(Counter(outcomes))

    @property
    def cast(self) -> int:
        return sum(self.counts.values())

    @property
    def winner(self) -> str | None:
        """The outcome with more than half of the votes, if there is one."""
        return next((outcome for outcome, count in self.counts.items() if 2 * count > self.cast), None)

    def votes_for(self, outcome: str) -> int:
        return self.counts.get(outcome, 0)
