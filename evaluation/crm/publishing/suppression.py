"""Choose the numbers of published tables to suppress, so that no small count can be computed from the others. Pure.

A count from 1 to 4 is never published. That alone is not enough: a row, a total, another table or an earlier release
may reveal it. So each small count must have a *witness*: other whole numbers for the suppressed cells, under which
every published number is unchanged, every suppressed cell still agrees with its mark, and the small count is different.
A reader who solves the tables as equations cannot tell the two apart. If there is no witness, the search allows
published numbers to change: the numbers that the cheapest such witness changes are suppressed, too.

The counts in hotlines' published results are public. So each number is also checked without the hotlines whose counts
are public: the rest must include three hotlines, as a table must. Otherwise the rest is the number of one hotline, or
each of two hotlines can compute that of the other, and it needs a witness like a small count.

A witness changes the counts of one group of hotlines; another group may change by the opposite amounts, so that numbers
that include both are unchanged. A group has the hotlines that are in the same tables. Differences of two numbers of a
kind are checked, too, although no table has them: the counts of the hotlines that two releases have in common, and of
those that only one has. So is every one or two hotlines whose counts follow from more than two numbers and the public
ones.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, count, permutations

from evaluation.crm.publishing.span import Span

SMALLEST_COUNT = 5
"""The smallest count above zero that is published."""

FEWEST_HOTLINES = 3
"""The fewest hotlines of a published number: each of two could subtract its own number and get the other's."""

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


class NumberStatus(StrEnum):
    """What a reader knows of a number."""

    OPEN = "open"
    """It is in a table of the new release: it is published, or gets a mark."""
    PUBLISHED = "published"
    """It was published before."""
    SMALL = "small"
    """Its mark was published before and cannot change: it is from 1 to 4."""
    HIDDEN = "hidden"
    """Its mark was published before and cannot change: it is 0 or at least 5."""
    IMPLIED = "implied"
    """No table has it, but it can be computed from numbers in tables."""


Groups = frozenset[int]


@dataclass(frozen=True, slots=True)
class Sum:
    """A rule that the counts of `parts` add up to that of `whole`, for every hotline that has them all."""

    whole: str
    parts: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        return (self.whole, *self.parts)

    def holds(self, counts: Mapping[str, int]) -> bool:
        return counts.keys() >= {*self.kinds} and counts[self.whole] == sum(counts[part] for part in self.parts)


@dataclass(frozen=True, slots=True)
class Group:
    """Hotlines that are in the same tables: their total counts by kind, and the kinds whose counts are public."""

    counts: Mapping[str, int]
    sums: frozenset[Sum]
    """The sums that hold for each of them."""
    public: frozenset[str] = frozenset()
    hotlines: int = 1


@dataclass(frozen=True, slots=True)
class Number:
    """The count of a kind over some groups. `table` is the table of the new release that has it, if any."""

    kind: str
    groups: Groups
    status: NumberStatus
    table: str = ""


@dataclass(frozen=True, slots=True)
class Suppression:
    """The marks of suppressed numbers, by table and kind, and the tables that are suppressed as a whole."""

    marks: Mapping[tuple[str, str], Mark]
    withheld: frozenset[str]


def is_small(value: int) -> bool:
    return 0 < value < SMALLEST_COUNT


def suppress(groups: Sequence[Group], numbers: Iterable[Number]) -> Suppression:
    """Return the suppression of the numbers. The same numbers always give the same result."""
    search = _Search(groups, tuple(numbers))
    for kind, of in search.small_counts():
        search.protect(kind, of)
    for kind, of, attacker in search.unprotected_rests():
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
    groups: Sequence[Group]
    numbers: Sequence[Number]
    marks: dict[Number, Mark] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    witnesses: list[_Alternative] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.of_kind: dict[str, list[Number]] = defaultdict(list)
        for number in self.numbers:
            self.of_kind[number.kind].append(number)
            if number.status is NumberStatus.OPEN and is_small(self.value(number.kind, number.groups)):
                self.marks[number] = Mark.SMALL
        self.sums_of: dict[str, list[Sum]] = defaultdict(list)
        for one in sorted({one for group in self.groups for one in group.sums}, key=lambda one: one.kinds):
            for kind in one.kinds:
                self.sums_of[kind].append(one)

    def value(self, kind: str, groups: Groups) -> int:
        return sum(self.groups[group].counts[kind] for group in groups)

    # --- Counts to protect -----------------------------------------------------------------------------------------

    def small_counts(self) -> list[tuple[str, Groups]]:
        """Return the counts from 1 to 4 that a reader could compute, without those that are public."""
        return [
            (kind, of)
            for kind in sorted(self.of_kind)
            for of in self._countable(kind)
            if is_small(self.value(kind, of))
        ]

    def _countable(self, kind: str) -> list[Groups]:
        """Return the sets of groups whose count of a kind a reader could compute, without groups whose count is public.

        These are the sets of published numbers, their differences, and groups that are in the same numbers.
        """
        published = dict.fromkeys(number.groups for number in self.of_kind[kind])
        apart = {one - other for one, other in permutations(published, 2)}
        together: dict[tuple[bool, ...], set[int]] = defaultdict(set)
        for group in frozenset().union(*published):
            together[tuple(group in one for one in published)].add(group)
        public = self._public(kind)
        found = {one - public for one in (*published, *apart, *map(frozenset, together.values()))}
        return sorted((one for one in found if one), key=sorted)

    def unprotected_rests(self) -> list[tuple[str, Groups, Groups]]:
        """Return what remains of numbers without public counts, if of one or two hotlines: kind, groups, attacker.

        Of two groups, each is the attacker of the other: it knows its own number and could compute the other's.
        """
        found: list[tuple[str, Groups, Groups]] = []
        for kind in sorted(self.of_kind):
            for rest in sorted(self._rests(kind), key=sorted):
                if 0 < sum(self.groups[group].hotlines for group in rest) < FEWEST_HOTLINES:
                    found.append((kind, rest, frozenset()))
                    if len(rest) > 1:
                        found += [(kind, frozenset({group}), rest - {group}) for group in sorted(rest)]
        return found

    def _rests(self, kind: str) -> set[Groups]:
        """Return the groups that remain of each number, and of each difference, without those whose count is public.

        Rests that follow from earlier releases alone are left out: suppression can no longer protect them.
        """
        public = self._public(kind)
        published = dict.fromkeys(number.groups for number in self.of_kind[kind])
        before = {number.groups for number in self.of_kind[kind] if number.status is NumberStatus.PUBLISHED}
        rests = {one - public for one in published if one & public and one not in before}
        for one, other in permutations(published, 2):
            more, less = one - other, other - one
            if (more | less) & public and not less - public and not {one, other} <= before:
                rests.add(more - public)
        return rests.union(self._combined_rests(published, before, public))

    def _combined_rests(
        self, published: Iterable[Groups], before: Iterable[Groups], public: Groups
    ) -> Iterator[Groups]:
        """Yield the one or two hotlines whose count follows from any numbers together, but only with public counts."""
        everywhere = frozenset().union(*published)
        if not everywhere & public:
            return
        alone, known, known_before = Span(published), Span(published, public), Span(before, public)
        few = [group for group in sorted(everywhere - public) if self.groups[group].hotlines < FEWEST_HOTLINES]
        for size in range(1, FEWEST_HOTLINES):
            for one in map(frozenset, combinations(few, size)):
                if one in known and one not in alone and one not in known_before:
                    yield one

    def _public(self, kind: str) -> Groups:
        return frozenset(number for number, group in enumerate(self.groups) if kind in group.public)

    # --- Protection ------------------------------------------------------------------------------------------------

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
        return [number for number in self.of_kind[kind] if change.weight(number.groups)]


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
                (number, self.search.value(kind, number.groups)) for number in self.search.moving(self.change, kind)
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
