"""Choose the numbers of published tables to suppress, so that no small count can be computed from the others. Pure.

A count from 1 to 4 is never published. That alone is not enough: a row, a total, another table or an earlier release
may reveal it. So each small count must have a *witness*: other whole numbers for the suppressed cells, under which
every published number is unchanged, every suppressed cell still agrees with its mark, and the small count is different.
A reader who solves the tables as equations cannot tell the two apart. If there is no witness, the search allows
published numbers to change: the numbers that the cheapest such witness changes are suppressed, too.

A number of one or two hotlines that `disclosure` finds needs a witness like a small count.

A witness changes the counts of one group of hotlines; another group may change by the opposite amounts, so that numbers
that include both are unchanged.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

from evaluation.crm.publishing.disclosure import (
    SMALLEST_COUNT,
    Disclosure,
    Group,
    Groups,
    Number,
    NumberStatus,
    Sum,
    is_small,
)

MAX_TRIES = 1500
"""The most partial witnesses tried for one change of groups, before the next change is tried."""

_FREE = 0.05
"""The cost of changing a suppressed number: low, so that short witnesses come first."""
_NOTHING_HIDDEN = 1.0
"""The cost below which a witness suppresses no further number."""


class Mark(StrEnum):
    """The mark in place of a number."""

    SMALL = "small"
    """It is from 1 to 4."""
    HIDDEN = "hidden"
    """It is not small, but a small one could be computed from it."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """The marks of suppressed numbers, by table and kind, and the tables that are suppressed as a whole."""

    marks: Mapping[tuple[str, str], Mark]
    withheld: frozenset[str]


def suppress(groups: Sequence[Group], numbers: Iterable[Number]) -> Suppression:
    """Return the suppression of the numbers. The same numbers always give the same result."""
    disclosure = Disclosure(groups, tuple(numbers))
    search = _Search(disclosure)
    for kind, of in disclosure.small_counts():
        search.protect(kind, of)
    for kind, of, attacker in disclosure.unprotected_rests():
        search.protect(kind, of, attacker)
    # Only now are the marks known: a zero behind one tells nothing.
    for kind, of, attacker in disclosure.unprotected_rests(search.seen):
        search.protect(kind, of, attacker)
    return Suppression(
        marks={
            (number.table, number.kind): mark
            for number, mark in search.marks.items()
            if number.table not in search.withheld
        },
        withheld=frozenset(search.withheld),
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of counts: the group `more` gains what the group `less`, if given, loses."""

    more: int
    less: int | None

    def weight(self, groups: Groups) -> int:
        """Return the sign with which the change affects a number of these groups: 1, 0 or -1."""
        return (self.more in groups) - (self.less in groups)

    def touches(self, groups: Groups) -> bool:
        return self.more in groups or self.less in groups


@dataclass(frozen=True, slots=True)
class _Alternative:
    """Other counts than the real ones: a change, with the amount by kind."""

    change: _Change
    moved: Mapping[str, int]

    def moves(self, kind: str, groups: Groups) -> bool:
        return kind in self.moved and self.change.weight(groups) != 0


@dataclass
class _Search:
    disclosure: Disclosure
    marks: dict[Number, Mark] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    witnesses: list[_Alternative] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.groups, self.numbers = self.disclosure.groups, self.disclosure.numbers
        for number in self.numbers:
            if number.status is NumberStatus.OPEN and is_small(self.disclosure.value(number.kind, number.groups)):
                self.marks[number] = Mark.SMALL
        self.sums_of: dict[str, list[Sum]] = defaultdict(list)
        for one in sorted({one for group in self.groups for one in group.sums}, key=lambda one: one.kinds):
            for kind in one.kinds:
                self.sums_of[kind].append(one)

    def protect(self, kind: str, of: Groups, attacker: Groups = frozenset()) -> None:
        """Suppress numbers until the count of these groups has a witness that leaves the `attacker` unchanged.

        If none is found, tables are withheld, the nearest first.
        """
        if any(witness.moves(kind, of) and not witness.change.touches(attacker) for witness in self.witnesses):
            return
        while (witness := self._find_witness(kind, of, attacker)) is None:
            near = self._tables_near(kind)
            if not near:
                return
            self.withheld.add(near[0])
        for one in witness.moved:
            for number in self.moving(witness.change, one):
                if self.is_open(number) and number not in self.marks:
                    self.marks[number] = Mark.HIDDEN
        self.witnesses.append(witness)

    @property
    def seen(self) -> list[Number]:
        """The numbers without a mark."""
        published = (one for one in self.numbers if one.status is NumberStatus.PUBLISHED)
        return [*published, *(one for one in self.numbers if self.is_open(one) and one not in self.marks)]

    def is_open(self, number: Number) -> bool:
        return number.status is NumberStatus.OPEN and number.table not in self.withheld

    def _tables_near(self, kind: str) -> list[str]:
        """Return the published tables, the nearest to a kind first: by the number of sums between them."""
        distance, reached, edge = {kind: 0}, 0, [kind]
        while edge:
            reached += 1
            edge = [
                other
                for known in edge
                for one in self.sums_of[known]
                for other in one.kinds
                if distance.setdefault(other, reached) == reached
            ]
            edge = list(dict.fromkeys(edge))
        near: dict[str, int] = {}
        for number in self.numbers:
            if self.is_open(number) and number.kind in distance:
                near[number.table] = min(distance[number.kind], near.get(number.table, reached))
        return sorted(near, key=lambda table: (near[table], table))

    def _find_witness(self, kind: str, of: Groups, attacker: Groups) -> _Alternative | None:
        """Return the cheapest witness that changes the count of these groups, or None."""
        best, cheapest = None, float("inf")
        for change in self._changes(of):
            if change.touches(attacker):
                continue
            found = _Moving(self, change).find(kind, cheapest)
            if found is not None:
                cheapest, moved = found
                best = _Alternative(change, moved)
                if cheapest < _NOTHING_HIDDEN:
                    break
        return best

    def _changes(self, of: Groups) -> Iterator[_Change]:
        """Yield the change of each of these groups alone, and against each group outside."""
        others = [None, *(group for group in range(len(self.groups)) if group not in of)]
        for more in sorted(of):
            for less in others:
                yield _Change(more, less)

    def moving(self, change: _Change, kind: str) -> list[Number]:
        return [number for number in self.disclosure.of_kind[kind] if change.weight(number.groups)]


class _Moving:
    """The search for a witness with one change of groups: the kinds that change, and by how much."""

    def __init__(self, search: _Search, change: _Change) -> None:
        self.search = search
        self.change = change
        self.moving = [search.groups[change.more]]
        if change.less is not None:
            self.moving.append(search.groups[change.less])
        self.sums = frozenset().union(*(group.sums for group in self.moving))
        self.numbers: dict[str, list[tuple[Number, int]]] = {}

    def find(self, kind: str, limit: float) -> tuple[float, Mapping[str, int]] | None:
        """Return the cost and the amounts, by kind, of the cheapest witness that changes `kind` and keeps every sum.

        None if it costs `limit` or more, or is not found in `MAX_TRIES`. The search is best first.
        """
        order = count()
        waiting: list[tuple[float, int, dict[str, int]]] = []
        for step in (1, -1, 2, -2, 3, -3):
            if self._may_move(kind, step):
                heapq.heappush(waiting, (self._cost(kind), next(order), {kind: step}))
        seen: set[frozenset[tuple[str, int]]] = set()
        for _try in range(MAX_TRIES):
            if not waiting:
                return None
            cost, _order, moved = heapq.heappop(waiting)
            if cost >= limit:
                return None
            broken = self._find_broken(moved)
            if broken is None:
                return cost, moved
            one, rest = broken
            for other in one.kinds:
                step = rest if other == one.whole else -rest
                if other in moved or not self._may_move(other, step):
                    continue
                further = {**moved, other: step}
                key = frozenset(further.items())
                if key not in seen:
                    seen.add(key)
                    heapq.heappush(waiting, (cost + self._cost(other), next(order), further))
        return None

    def _find_broken(self, moved: Mapping[str, int]) -> tuple[Sum, int] | None:
        """Return a sum that no longer holds, and the amount by which its parts exceed the whole; None if all hold."""
        for kind in moved:
            for one in self.search.sums_of[kind]:
                if one in self.sums:
                    rest = sum(moved.get(part, 0) for part in one.parts) - moved.get(one.whole, 0)
                    if rest:
                        return one, rest
        return None

    def _numbers(self, kind: str) -> list[tuple[Number, int]]:
        """Return the numbers that change with a kind, with their values."""
        if kind not in self.numbers:
            self.numbers[kind] = [
                (number, self.search.disclosure.value(kind, number.groups))
                for number in self.search.moving(self.change, kind)
            ]
        return self.numbers[kind]

    def _may_move(self, kind: str, step: int) -> bool:
        """Whether a reader could believe that the groups' counts of a kind differ by this amount."""
        for group, sign in zip(self.moving, (1, -1), strict=False):
            if kind in group.counts:
                now = group.counts[kind]
                # a reader knows that counts are not negative, unless the real one is
                if kind in group.public or now + sign * step < min(0, now):
                    return False
        return all(
            self._may_be(number, now + step * self.change.weight(number.groups)) for number, now in self._numbers(kind)
        )

    def _may_be(self, number: Number, value: int) -> bool:
        if number.status is NumberStatus.PUBLISHED:
            return False
        if number.status is NumberStatus.IMPLIED or number.table in self.search.withheld:
            return True
        if number.status is NumberStatus.SMALL or self.search.marks.get(number) is Mark.SMALL:
            return is_small(value)
        return value == 0 or value >= SMALLEST_COUNT

    def _cost(self, kind: str) -> float:
        """Return the cost of changing a kind: large numbers cost more than small, suppressed ones almost nothing."""
        published = [
            now
            for number, now in self._numbers(kind)
            if self.search.is_open(number) and number not in self.search.marks
        ]
        return _FREE + sum(1 + abs(now).bit_length() / 8 for now in published)
