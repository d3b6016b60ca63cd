"""Count votes: how many were cast, and which outcome has more than half of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of votes of each outcome."""

    counts: Mapping[str, int]

    @classmethod
    def of(cls, outcomes: Iterable[str]) -> "Tally":
        return cls(Counter(outcomes))

    @property
    def cast(self) -> int:
        return sum(self.counts.values())

    @property
    def winner(self) -> str | None:
        """The outcome with more than half of the votes, or None."""
        return next((outcome for outcome, count in self.counts.items() if 2 * count > self.cast), None)

    def votes_for(self, outcome: str) -> int:
        return self.counts.get(outcome, 0)
