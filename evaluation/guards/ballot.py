"""Count votes: how many were cast, and which outcome has more than half of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of votes of each outcome.

    `by_favour` has the outcomes from the most to the least favourable, if the less favourable one holds on a tie.
    """

    counts: Mapping[str, int]
    by_favour: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(
        cls, outcomes: Iterable[str], framework: "Framework | None" = None, *, by_favour: tuple[str, ...] = ()
    ) -> "Tally":
        """Return the tally of these votes. Ties are broken as the procedure of the edition says.

        `by_favour` are the outcomes from the most to the least favourable, if they are not those of the edition.
        """
        breaks_ties = framework is not None and not framework.procedure.votes_again_on_ties
        ordered = (by_favour or framework.rule.by_favour) if framework is not None and breaks_ties else ()
        return cls(Counter(outcomes), ordered)

    @property
    def cast(self) -> int:
        return sum(self.counts.values())

    @property
    def majority(self) -> str | None:
        """The outcome with more than half of the votes, or None."""
        return next((outcome for outcome, count in self.counts.items() if 2 * count > self.cast), None)

    @property
    def winner(self) -> str | None:
        """The outcome with more than half of the votes; on a tie the less favourable one, or None without this rule.

        It is the most favourable outcome that more than half of the members voted for or exceeded.
        """
        return self.majority or next((one for one in self.by_favour if 2 * self.backing(one) > self.cast), None)

    @property
    def is_tie(self) -> bool:
        return bool(self.cast) and self.majority is None

    def backing(self, outcome: str) -> int:
        """Return the number of votes for an outcome; on a tie also those for more favourable ones."""
        if not self.is_tie or outcome not in self.by_favour:
            return self.counts.get(outcome, 0)
        return sum(self.counts.get(one, 0) for one in self.by_favour[: self.by_favour.index(outcome) + 1])
