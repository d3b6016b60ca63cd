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
    `of_chair` is the outcome for which the chair voted, if that vote counts double on a tie.
    """

    counts: Mapping[str, int]
    by_favour: tuple[str, ...] = field(default=(), compare=False)
    of_chair: str = field(default="", compare=False)

    @classmethod
    def of(
        cls,
        outcomes: Iterable[str],
        framework: "Framework | None" = None,
        *,
        of_chair: str = "",
        is_last: bool = False,
        by_favour: tuple[str, ...] = (),
    ) -> "Tally":
        """Return the tally of these votes. Ties are broken as the procedure of the edition says.

        `is_last` if the members do not vote again: in the second vote, and on an appeal. `by_favour` are the outcomes
        from the most to the least favourable, if they are not those of the edition.
        """
        if framework is None:
            return cls(Counter(outcomes))
        waits = framework.procedure.votes_again_on_ties and not is_last
        chair = of_chair if framework.procedure.chair_breaks_ties else ""
        return cls(Counter(outcomes), () if waits else by_favour or framework.rule.by_favour, chair)

    @property
    def cast(self) -> int:
        return sum(self.counts.values())

    @property
    def majority(self) -> str | None:
        """The outcome with more than half of the votes, or None."""
        return next((outcome for outcome, count in self.counts.items() if 2 * count > self.cast), None)

    @property
    def casting(self) -> str | None:
        """The outcome that has more than half of the votes on a tie because the chair's vote counts double, or None."""
        have = self.counts.get(self.of_chair, 0) + 1
        return self.of_chair if self.of_chair and self.is_tie and 2 * have > self.cast + 1 else None

    @property
    def winner(self) -> str | None:
        """The outcome with more than half of the votes; on a tie that of the chair, or the less favourable one.

        The less favourable one is the most favourable outcome that more than half of the members voted for or exceeded.
        None without a rule that breaks the tie.
        """
        if found := self.majority or self.casting:
            return found
        return next((one for one in self.by_favour if 2 * self.backing(one) > self.cast), None)

    @property
    def is_tie(self) -> bool:
        return bool(self.cast) and self.majority is None

    def backing(self, outcome: str) -> int:
        """Return the number of votes for an outcome; on a tie without a chair also those for more favourable ones."""
        if not self.is_tie or self.casting or outcome not in self.by_favour:
            return self.counts.get(outcome, 0)
        return sum(self.counts.get(one, 0) for one in self.by_favour[: self.by_favour.index(outcome) + 1])
