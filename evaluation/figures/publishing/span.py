"""Tell which sums of groups follow from others, by adding and subtracting multiples of them. Exact and pure."""

from collections.abc import Iterable
from fractions import Fraction


class Span:
    """The sets of groups whose sum follows from the sums of `known` sets, and of each `public` group. Groups are numbers.

    The public groups are left out of the known sets, and are in no set that follows.
    """

    def __init__(self, known: Iterable[frozenset[int]], public: frozenset[int] = frozenset()) -> None:
        self._rows: dict[int, dict[int, Fraction]] = {}  # by their first group, which has the factor 1
        for groups in known:
            if row := self._rest(groups - public):
                first = min(row)
                self._rows[first] = {group: factor / row[first] for group, factor in row.items()}

    def __contains__(self, groups: frozenset[int]) -> bool:
        return not self._rest(groups)

    def _rest(self, groups: frozenset[int]) -> dict[int, Fraction]:
        """Return what remains of the groups when the rows are subtracted: nothing if they follow."""
        row = dict.fromkeys(groups, Fraction(1))
        for first in sorted(self._rows):
            if times := row.get(first):
                for group, factor in self._rows[first].items():
                    row[group] = row.get(group, Fraction(0)) - times * factor
        return {group: factor for group, factor in row.items() if factor}
