"""Which numbers of published tables are hidden, so that no small count can be computed back from the others. Pure.

A count from 1 to 4 is never told. That alone protects nobody: a row, a total or another table may give it away. So
each small count must have a witness: other whole numbers in the hidden places, under which everything that is told
stays as it is, every hidden place keeps what its mark says of it, and the small count is another one. Who solves the
tables as equations, by whatever means, then cannot tell the two apart. Where there is no witness yet, the cheapest
one is looked for among the numbers that are still told, and what it moves is hidden too.

A number that no table tells but that tables imply (the cases within one country, the children beyond the first of a
case) is protected like the others. Where nothing helps, the table is withheld as a whole.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

SMALLEST_COUNT = 5
"""From here on a count is told."""

MOST_TRIES = 4000
"""Half-made witnesses that are looked at for one small count, before a table is withheld instead."""

_FREE = 0.05
"""What it costs to move a number that is hidden anyhow: little, so that short witnesses come first."""


class Mark(StrEnum):
    """What stands in the place of a number."""

    SMALL = "small"
    """It is from 1 to 4."""
    HIDDEN = "hidden"
    """It is not small, but a small one could be computed from it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts, added up, are the whole: in every table that is ever published."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suppression:
    """The marks of the numbers that are not told, and the tables that are not told at all."""

    marks: Mapping[str, Mark]
    withheld: frozenset[str]


def is_small(value: int) -> bool:
    return 0 < value < SMALLEST_COUNT


def suppress(
    values: Mapping[str, int],
    sums: Iterable[Sum],
    tables: Mapping[str, Collection[str]],
    known: Collection[str] = (),
) -> Suppression:
    """Choose what is hidden. A number in no table is implied only; one that is `known` is public already.

    The numbers are not negative, and the sums hold. The same numbers give the same choice.
    """
    search = _Search(values, tuple(sums), {name: frozenset(cells) for name, cells in tables.items()}, frozenset(known))
    for name in search.small_ones():
        search.protect(name)
    return Suppression(
        marks={name: mark for name, mark in sorted(search.marks.items()) if name in search.told()},
        withheld=frozenset(search.withheld),
    )


@dataclass
class _Search:
    values: Mapping[str, int]
    sums: Sequence[Sum]
    tables: Mapping[str, frozenset[str]]
    known: frozenset[str]
    marks: dict[str, Mark] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    witnesses: list[Mapping[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sums_of: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.sums):
            for name in (one.whole, *one.parts):
                self.sums_of[name].append(number)
        for name in self.told():
            if is_small(self.values[name]):
                self.marks[name] = Mark.SMALL

    def told(self) -> frozenset[str]:
        """The numbers with a place in a table that is not withheld."""
        return frozenset().union(*(cells for name, cells in self.tables.items() if name not in self.withheld))

    def small_ones(self) -> list[str]:
        """What must be protected: in tables or implied by them. What is known already cannot be."""
        return sorted(name for name, value in self.values.items() if is_small(value) and name not in self.known)

    def protect(self, name: str) -> None:
        """Hide what it takes so that `name` has a witness."""
        if any(name in witness for witness in self.witnesses):
            return
        while True:
            witness = self._find_witness(name)
            if witness is not None:
                break
            near = self._tables_near(name)
            if not near:
                return
            self.withheld.add(near[0])
        shown = self.told()
        for moved in witness:
            if moved in shown and moved not in self.marks:
                self.marks[moved] = Mark.HIDDEN
        self.witnesses.append(witness)

    def _tables_near(self, name: str) -> list[str]:
        """The tables that are still told, nearest to `name` first: those it stands in, and those that its sums reach."""
        distance, reached, edge = {name: 0}, 0, [name]
        while edge:
            reached += 1
            edge = [
                other
                for known in edge
                for number in self.sums_of[known]
                for other in (self.sums[number].whole, *self.sums[number].parts)
                if distance.setdefault(other, reached) == reached
            ]
            edge = list(dict.fromkeys(edge))
        near = {
            table: min((distance[cell] for cell in cells if cell in distance), default=None)
            for table, cells in self.tables.items()
            if table not in self.withheld
        }
        return sorted((table for table in near if near[table] is not None), key=lambda t: (near[t], t))

    def _find_witness(self, name: str) -> Mapping[str, int] | None:
        """The cheapest change of whole numbers that moves `name` and keeps every sum, best first."""
        shown = self.told()
        order = count()
        waiting: list[tuple[float, int, dict[str, int]]] = []
        for step in (1, -1, 2, -2, 3, -3):
            if self._may_move(name, step, shown):
                heapq.heappush(waiting, (0.0, next(order), {name: step}))
        seen: set[frozenset[tuple[str, int]]] = set()
        for _try in range(MOST_TRIES):
            if not waiting:
                return None
            cost, _order, moved = heapq.heappop(waiting)
            broken = self._find_broken(moved)
            if broken is None:
                return moved
            number, rest = broken
            one = self.sums[number]
            for other in (one.whole, *one.parts):
                step = rest if other == one.whole else -rest
                if other in moved or not self._may_move(other, step, shown):
                    continue
                further = {**moved, other: step}
                key = frozenset(further.items())
                if key not in seen:
                    seen.add(key)
                    heapq.heappush(waiting, (cost + self._cost(other, shown), next(order), further))
        return None

    def _find_broken(self, moved: Mapping[str, int]) -> tuple[int, int] | None:
        """A sum that does not hold any more, and by how much its parts are now more than the whole."""
        for name in moved:
            for number in self.sums_of[name]:
                one = self.sums[number]
                rest = sum(moved.get(part, 0) for part in one.parts) - moved.get(one.whole, 0)
                if rest:
                    return number, rest
        return None

    def _may_move(self, name: str, step: int, shown: frozenset[str]) -> bool:
        """Whether the number could be that much more or less, for all that a reader is told of it."""
        if name in self.known:
            return False
        value = self.values[name] + step
        if name not in shown:
            return value >= 0
        if self.marks.get(name) is Mark.SMALL:
            return is_small(value)
        return value == 0 or value >= SMALLEST_COUNT

    def _cost(self, name: str, shown: frozenset[str]) -> float:
        """Hiding a large number costs more than hiding a small one; what is not told costs next to nothing."""
        if name not in shown or name in self.marks:
            return _FREE
        return 1 + self.values[name].bit_length() / 8
