"""Choose the numbers of published tables to suppress, so that no small count can be computed from the others. Pure.

A count from 1 to 4 is never published. That alone is not enough: a row, a total, another table or an earlier release
may reveal it. So each small count must have a *witness*: other whole numbers for the suppressed cells, under which
every published number is unchanged, every suppressed cell still agrees with its mark, and the small count is different.
A reader who solves the tables as equations cannot tell the two apart. If there is no witness, the search allows
published numbers to change: the numbers that the cheapest such witness changes are suppressed, too.

Each number of one hotline needs witnesses, too, unless its own results publish it: if it is 5 or more, they change it
by 5 or more. And for each other hotline there is one that leaves the numbers of that hotline unchanged, so that it does
not learn the number, and nobody learns what the two have together.

Most witnesses cost nothing: two hotlines of the same tables could have some of each other's cases. These are found by a
search over the sums (`_Moving`). Where there is none, HiGHS finds the cheapest: it may change the numbers of any
hotlines, and pays for each number that it suppresses.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import count

from evaluation.figures.publishing.disclosure import (
    SMALLEST_COUNT,
    Disclosure,
    Group,
    Groups,
    Number,
    NumberStatus,
    Sum,
    is_small,
)

MAX_TRIES = 100
"""The most partial witnesses tried for one change of two groups."""
MAX_PARTNERS = 4
"""The most groups with which a group is tried."""
MAX_PATTERNS = 8
"""The most patterns kept for a kind."""
MAX_STEP = 10
"""The most that a witness of HiGHS changes a number of a group."""
MAX_STEP_OF_TABLES = 100
"""The same of a witness for which tables are withheld."""

ENDLESS = float("inf")

Bounds = tuple[float, float]


class Mark(StrEnum):
    """The mark in place of a number."""

    SMALL = "small"
    """It is from 1 to 4."""
    HIDDEN = "hidden"
    """It is not small, but a small one, or that of one hotline, could be computed from it."""


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
    for kind, group in disclosure.own_numbers():
        search.protect_own(kind, group)
    return Suppression(
        marks={
            (number.table, number.kind): mark
            for number, mark in search.marks.items()
            if number.table not in search.withheld
        },
        withheld=frozenset(search.withheld),
    )


Witness = Mapping[tuple[int, str], int]
"""Other counts than the real ones: by group and kind, how much they differ."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of counts: the group `more` gains what the group `less`, if given, loses."""

    more: int
    less: int | None

    def weight(self, groups: Groups) -> int:
        """Return the sign with which the change affects a number of these groups: 1, 0 or -1."""
        return (self.more in groups) - (self.less in groups)


@dataclass
class _Search:
    disclosure: Disclosure
    marks: dict[Number, Mark] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    witnesses: list[Witness] = field(default_factory=list)
    known_by: dict[tuple[int, str], frozenset[int]] = field(default_factory=dict)
    """The groups of the hotlines of which every witness of a number changes some: they could still compute it."""
    patterns: dict[tuple[frozenset[Sum], str], list[Mapping[str, int]]] = field(default_factory=dict)
    """Amounts by kind that keep these sums and change this kind by 1."""

    def __post_init__(self) -> None:
        self.groups, self.numbers = self.disclosure.groups, self.disclosure.numbers
        for number in self.numbers:
            if number.status is NumberStatus.OPEN and is_small(self.disclosure.value(number.kind, number.groups)):
                self.marks[number] = Mark.SMALL
        self.sums_of: dict[str, list[Sum]] = defaultdict(list)
        for one in sorted({one for group in self.groups for one in group.sums}, key=lambda one: one.kinds):
            for kind in one.kinds:
                self.sums_of[kind].append(one)
        self.sums_by_group = [sorted(group.sums, key=lambda one: one.kinds) for group in self.groups]
        self.values = {
            number: self.disclosure.value(number.kind, number.groups)
            for number in self.numbers
            if number.status is not NumberStatus.IMPLIED
        }
        self.singles = frozenset(place for place, group in enumerate(self.groups) if group.hotlines == 1)
        self.same = [
            frozenset(
                other for other in self.singles if other == place or self.groups[other].hotline == one.hotline != ""
            )
            for place, one in enumerate(self.groups)
        ]
        self._moving: dict[tuple[_Change, str], list[tuple[Number, int]]] = {}
        self._both: dict[_Change, frozenset[Sum]] = {}

    def least(self, group: int, kind: str) -> int:
        """Return by how much a witness must change a number of a group."""
        return SMALLEST_COUNT if self.groups[group].counts[kind] >= SMALLEST_COUNT else 1

    def protect(self, kind: str, of: Groups) -> None:
        """Suppress numbers until the count of these groups has a witness."""
        if not any(sum(witness.get((group, kind), 0) for group in of) for witness in self.witnesses):
            changes = [_Change(more, less) for more in sorted(of) for less in self.partners[more] if less not in of]
            if not self._find_free(kind, changes[:MAX_PARTNERS], (1, -1, 2, -2, 3, -3)):
                self._suppress(kind, of, 1, frozenset())

    def protect_own(self, kind: str, group: int) -> None:
        """Suppress numbers until a hotline's count has a witness, and nobody is changed by all of its witnesses."""
        least = self.least(group, kind)
        while (known_by := self.known_by.get((group, kind))) is None or known_by:
            unchanged = frozenset() if known_by is None else self.same[min(known_by)]
            changes = [_Change(group, less) for less in self.partners[group] if less not in unchanged]
            if not (
                any(self._try_patterns(kind, change, least) for change in changes)
                or self._find_free(kind, changes[:MAX_PARTNERS], (least, -least))
                or self._suppress(kind, frozenset({group}), least, unchanged)
            ):
                return

    @cached_property
    def partners(self) -> list[list[int | None]]:
        """By group, those with which it may change: first those in most of the same numbers, last none."""
        within = list(dict.fromkeys(number.groups for number in self.numbers))

        def of(group: int) -> list[int | None]:
            def distance(other: int) -> tuple[int, bool, int]:
                apart = sum((group in groups) != (other in groups) for groups in within)
                return apart, other in self.singles, other

            return [*sorted((one for one in range(len(self.groups)) if one != group), key=distance), None]

        return [of(group) for group in range(len(self.groups))]

    # --- Witnesses that suppress nothing ---------------------------------------------------------------------------

    def _try_patterns(self, kind: str, change: _Change, least: int) -> bool:
        """Add a witness with amounts that were of use before."""
        moving = _Moving(self, change)
        for pattern in self.patterns.get((moving.sums, kind), ()):
            for step in (least, -least):
                moved = {other: amount * step for other, amount in pattern.items()}
                if all(map(moving.is_free, moved, moved.values())):
                    self._add(moving.witness(moved))
                    return True
        return False

    def _find_free(self, kind: str, changes: Iterable[_Change], steps: Sequence[int]) -> bool:
        """Add a witness that changes a kind by one of the steps and suppresses nothing."""
        for change in changes:
            moving = _Moving(self, change)
            moved = moving.find(kind, steps)
            if moved is not None:
                self._keep_pattern(moving.sums, moved)
                self._add(moving.witness(moved))
                return True
        return False

    def _keep_pattern(self, sums: frozenset[Sum], moved: Mapping[str, int]) -> None:
        amount = min(map(abs, moved.values()))
        if any(abs(step) != amount for step in moved.values()):
            return
        for kind, step in moved.items():
            pattern = {other: each // step for other, each in moved.items()}
            kept = self.patterns.setdefault((sums, kind), [])
            if len(kept) < MAX_PATTERNS and pattern not in kept:
                kept.append(pattern)

    def _add(self, witness: Witness) -> None:
        self.witnesses.append(witness)
        changed = frozenset(group for group, _kind in witness) & self.singles
        touched = frozenset().union(*(self.same[group] for group in changed))
        for (group, kind), amount in witness.items():
            if group in self.singles and abs(amount) >= self.least(group, kind):
                others = touched - self.same[group]
                self.known_by[group, kind] = self.known_by.get((group, kind), others) & others

    # --- Witnesses that suppress numbers ---------------------------------------------------------------------------

    def _suppress(self, kind: str, of: Groups, least: int, unchanged: Groups) -> bool:
        """Suppress what the cheapest witness needs that changes the count of some groups, and others not at all.

        If suppressing numbers does not suffice, the tables with the fewest numbers are withheld. False if that does not
        help either, as earlier releases tell the count, or if all tables are withheld, as it is not known what helps.
        """
        witness = self._find_cheapest(kind, of, least, unchanged)
        if witness is None:
            everybody = frozenset(range(len(self.groups)))
            search = _Cheapest(self, everybody - unchanged, withholds_tables=True)
            found = search.find(kind, of, least)
            if found is None:
                if not search.is_decided:
                    self.withheld |= {number.table for number in self.numbers if number.status is NumberStatus.OPEN}
                return False
            witness = found[1]
            self.withheld |= {number.table for number in search.find_broken(witness)}
        for number in self.numbers:
            if self.is_open(number) and number not in self.marks and change_of(number, witness):
                self.marks[number] = Mark.HIDDEN
        self._add(witness)
        return True

    def _find_cheapest(self, kind: str, of: Groups, least: int, unchanged: Groups) -> Witness | None:
        """Return the cheapest of the witnesses that change no other single hotline, and of those that change some."""
        first = min(of, key=lambda group: (-self.groups[group].counts[kind], group))
        large = frozenset(range(len(self.groups))) - self.singles
        others = [
            one for one in self.partners[first] if one in self.singles and one not in unchanged | self.same[first]
        ]
        near = [*sorted(self.same[first] - {first}), *others[:MAX_PARTNERS]]
        found: tuple[float, Witness] | None = None
        for tried in ((), near) if large else (near[:1], near):
            if found is None or (found[0] > 0 and tried):
                other = _Cheapest(self, large | {first, *tried}).find(kind, of, least)
                found = min(filter(None, (found, other)), key=lambda each: each[0], default=None)
        return found and found[1]

    def is_open(self, number: Number) -> bool:
        return number.status is NumberStatus.OPEN and number.table not in self.withheld

    def mark_of(self, number: Number) -> Mark | None:
        """Return the mark of a number that a reader sees."""
        if number.status in (NumberStatus.SMALL, NumberStatus.HIDDEN):
            return Mark(number.status)
        return self.marks.get(number)

    def is_free(self, number: Number) -> bool:
        """Whether a reader sees neither a number nor its mark."""
        return number.status is NumberStatus.IMPLIED or number.table in self.withheld

    def sums_of_both(self, change: _Change) -> frozenset[Sum]:
        """Return the sums that a change must keep."""
        more = self.groups[change.more].sums
        less = more if change.less is None else self.groups[change.less].sums
        return more if more == less else self._both.setdefault(change, more | less)

    def moving(self, change: _Change, kind: str) -> list[tuple[Number, int]]:
        """Return the numbers that change with a kind, with their values."""
        if (change, kind) not in self._moving:
            self._moving[change, kind] = [
                (number, self.disclosure.value(kind, number.groups))
                for number in self.disclosure.of_kind[kind]
                if change.weight(number.groups)
            ]
        return self._moving[change, kind]


def change_of(number: Number, witness: Witness) -> int:
    return sum(witness.get((group, number.kind), 0) for group in number.groups)


class _Moving:
    """The search for a witness that suppresses nothing with one change: the kinds that change, and by how much."""

    def __init__(self, search: _Search, change: _Change) -> None:
        self.search = search
        self.change = change
        self.moving = [search.groups[change.more]]
        if change.less is not None:
            self.moving.append(search.groups[change.less])
        self.sums = search.sums_of_both(change)

    def witness(self, moved: Mapping[str, int]) -> Witness:
        """Return the witness; a group in no number of a kind has no count of it."""
        signs = [(self.change.more, 1), *([] if self.change.less is None else [(self.change.less, -1)])]
        return {
            (group, kind): sign * step
            for group, sign in signs
            for kind, step in moved.items()
            if kind in self.search.groups[group].counts
        }

    def find(self, kind: str, steps: Sequence[int]) -> Mapping[str, int] | None:
        """Return the amounts, by kind, of a witness that changes `kind` and keeps every sum.

        None if it is not found in `MAX_TRIES`. Those that break the fewest sums are tried first.
        """
        order = count()
        waiting: list[tuple[int, int, dict[str, int]]] = []
        seen: set[frozenset[tuple[str, int]]] = set()

        def wait(moved: dict[str, int]) -> None:
            if (key := frozenset(moved.items())) not in seen:
                seen.add(key)
                heapq.heappush(waiting, (2 * len(self._find_broken(moved)) + len(moved), next(order), moved))

        for step in steps:
            if self.is_free(kind, step):
                wait({kind: step})
        for _try in range(MAX_TRIES):
            if not waiting:
                return None
            _priority, _order, moved = heapq.heappop(waiting)
            broken = self._find_broken(moved)
            if not broken:
                return moved
            one, rest = next(iter(broken.items()))
            for other in one.kinds:
                step = rest if other == one.whole else -rest
                if other not in moved and self.is_free(other, step):
                    wait({**moved, other: step})
        return None

    def _find_broken(self, moved: Mapping[str, int]) -> dict[Sum, int]:
        """Return the sums that no longer hold, and the amount by which the parts exceed the whole."""
        touched = dict.fromkeys(one for kind in moved for one in self.search.sums_of[kind] if one in self.sums)
        rests = {one: sum(moved.get(part, 0) for part in one.parts) - moved.get(one.whole, 0) for one in touched}
        return {one: rest for one, rest in rests.items() if rest}

    def is_free(self, kind: str, step: int) -> bool:
        """Whether a reader could believe that the groups' counts of a kind differ by this amount."""
        for group, sign in zip(self.moving, (1, -1), strict=False):
            if kind in group.counts:
                now = group.counts[kind]
                # a reader knows that counts are not negative, unless the real one is
                if kind in group.public or now + sign * step < min(0, now):
                    return False
        return all(
            self._may_be(number, now + step * self.change.weight(number.groups))
            for number, now in self.search.moving(self.change, kind)
        )

    def _may_be(self, number: Number, value: int) -> bool:
        return self.search.is_free(number) or may_be(self.search.mark_of(number), value)


def may_be(mark: Mark | None, value: int) -> bool:
    """Return whether a number behind a mark may have another value; a number without one may not."""
    if mark is None:
        return False
    return is_small(value) if mark is Mark.SMALL else value == 0 or value >= SMALLEST_COUNT


class _Cheapest:
    """The search for the cheapest witness that changes certain groups, by HiGHS.

    The variables are how much each of their counts differs, and what is suppressed: each number that differs, or if it
    withholds tables, each table with a number that then disagrees with what is published of it.
    """

    def __init__(self, search: _Search, changing: Groups, *, withholds_tables: bool = False) -> None:
        self.search = search
        self.withholds_tables = withholds_tables
        self.is_decided = True
        self.place: dict[tuple[int, str], int] = {}
        self.variables: list[tuple[Bounds, float]] = []
        self.rows: list[tuple[Bounds, dict[int, int]]] = []
        self.numbers: list[tuple[Number, int]] = []
        self.table_switches: dict[str, int] = {}
        self.sums = [(group, one) for group in sorted(changing) for one in search.sums_by_group[group]]
        self.step = step = MAX_STEP_OF_TABLES if withholds_tables else MAX_STEP
        for group in sorted(changing):
            counts = search.groups[group]
            for kind, now in counts.counts.items():
                if kind not in counts.public:
                    self.place[group, kind] = len(self.variables)
                    self.variables.append(((max(-step, min(0, -now)), step), 0.0))
        for group, one in self.sums:
            row = {self.place[group, part]: 1 for part in one.parts if (group, part) in self.place}
            if (group, one.whole) in self.place:
                row[self.place[group, one.whole]] = -1
            if row:
                self.rows.append(((0, 0), row))
        for number, value in search.values.items():
            changed = sorted(number.groups & changing)
            terms = {self.place[group, number.kind]: 1 for group in changed if (group, number.kind) in self.place}
            if terms and not search.is_free(number):
                self.numbers.append((number, value))
                if withholds_tables and search.is_open(number):
                    self._limit_unless_withheld(number, value, terms)
                else:
                    self._limit(number, value, terms)

    def _limit(self, number: Number, value: int, terms: Mapping[int, int]) -> None:
        """Add how much a number may differ: not at all, or if a switch is 1, as much as its mark allows."""
        if number.status is NumberStatus.PUBLISHED:
            self.rows.append(((0, 0), {**terms}))
        elif is_small(value):
            self.rows.append(((1 - value, SMALLEST_COUNT - 1 - value), {**terms}))
        else:
            switch, most = len(self.variables), 2 * self.step
            least = SMALLEST_COUNT if value == 0 else max(-most, SMALLEST_COUNT - value)
            self.variables.append(((0, 1), self._cost(number, value)))
            self.rows.append(((0, ENDLESS), {**terms, switch: -least}))
            self.rows.append(((-ENDLESS, 0), {**terms, switch: -most}))

    def _limit_unless_withheld(self, number: Number, value: int, terms: Mapping[int, int]) -> None:
        """Add how much a number of the new release may differ: as its mark allows, or if its table is withheld, freely.

        A number behind a mark stays zero or not.
        """
        if number.table not in self.table_switches:
            self.table_switches[number.table] = len(self.variables)
            self.variables.append(((0, 1), 0.0))
        switch, most = self.table_switches[number.table], 2 * self.step
        (low, high), cost = self.variables[switch]
        self.variables[switch] = (low, high), cost + 1
        less = more = 0
        if (mark := self.search.mark_of(number)) is Mark.SMALL:
            less, more = 1 - value, SMALLEST_COUNT - 1 - value
        elif mark is Mark.HIDDEN and value:
            less, more = SMALLEST_COUNT - value, most
        self.rows.append(((less, ENDLESS), {**terms, switch: most}))
        self.rows.append(((-ENDLESS, more), {**terms, switch: -most}))

    def find(self, kind: str, of: Groups, least: int) -> tuple[float, Witness] | None:
        """Return the cheapest witness that changes the count of some groups by `least` or more, with its cost.

        None if none is found; `is_decided` says whether there is none.
        """
        from evaluation.figures.publishing.cheapest import Undecided, find_cheapest

        target = {self.place[group, kind]: 1 for group in sorted(of) if (group, kind) in self.place}
        found: tuple[float, Witness] | None = None
        for bounds in ((least, ENDLESS), (-ENDLESS, -least)):
            if not target or (found and found[0] == 0):
                break
            try:
                values = find_cheapest(self.variables, [*self.rows, (bounds, target)])
            except Undecided:
                self.is_decided = False
                continue
            if values is not None:
                witness = {at: values[place] for at, place in self.place.items() if values[place]}
                cost = self._verify(witness)
                self.is_decided = self.is_decided and cost is not None
                if cost is not None and (found is None or cost < found[0]):
                    found = cost, witness
        return found

    def _cost(self, number: Number, value: int) -> float:
        """Return the cost of suppressing a number: large numbers cost more than small ones."""
        return 0 if self.search.mark_of(number) is not None else 1 + value.bit_length() / 8

    def _verify(self, witness: Witness) -> float | None:
        """Return the cost of a witness in whole numbers; None if it does not agree with what is published."""
        for group, one in self.sums:
            if sum(witness.get((group, part), 0) for part in one.parts) != witness.get((group, one.whole), 0):
                return None
        if self.withholds_tables:
            broken = self.find_broken(witness)
            tables = {number.table for number in broken}
            is_new = all(map(self.search.is_open, broken))
            return sum(self.variables[self.table_switches[table]][1] for table in tables) if is_new else None
        cost = 0.0
        for number, value in self.numbers:
            if moved := change_of(number, witness):
                mark = self.search.mark_of(number) or (Mark.HIDDEN if self.search.is_open(number) else None)
                if not may_be(mark, value + moved):
                    return None
                cost += self._cost(number, value)
        return cost

    def find_broken(self, witness: Witness) -> list[Number]:
        """Return the numbers that are not as published under a witness, so that their tables must be withheld."""
        return [
            number
            for number, value in self.numbers
            if (moved := change_of(number, witness)) and not may_be(self.search.mark_of(number), value + moved)
        ]
