"""Tell which counts a reader of published numbers could compute and should not. Pure.

These are counts from 1 to 4, wherever they follow from a number, from the difference of two, or from the groups that
are in the same numbers. A group has the hotlines that are in the same tables.

The counts in hotlines' published results are public. What remains of numbers without the hotlines whose counts are
public must include three hotlines, as a table must: the rest is otherwise the number of one hotline, or each of two
could compute that of the other. So every one or two hotlines are checked whose count follows from any numbers of a kind
and the known ones together. Known are the public counts, and what follows from those of the same group and from numbers
that are zero: each group in such a number has none.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, permutations

from evaluation.crm.publishing.span import Span

SMALLEST_COUNT = 5
"""The smallest count above zero that is published."""

FEWEST_HOTLINES = 3
"""The fewest hotlines of a published number: each of two could subtract its own number and get the other's."""


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


def is_small(value: int) -> bool:
    return 0 < value < SMALLEST_COUNT


@dataclass
class Disclosure:
    """The numbers of a release and of those before it, and what they disclose of the groups."""

    groups: Sequence[Group]
    numbers: Sequence[Number]
    of_kind: dict[str, list[Number]] = field(init=False)

    def __post_init__(self) -> None:
        self.of_kind = defaultdict(list)
        for number in self.numbers:
            self.of_kind[number.kind].append(number)

    def value(self, kind: str, groups: Groups) -> int:
        return sum(self.groups[group].counts[kind] for group in groups)

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

    def unprotected_rests(self, seen: Collection[Number] = ()) -> list[tuple[str, Groups, Groups]]:
        """Return what remains of numbers without known counts, if of one or two hotlines: kind, groups, attacker.

        `seen` are the numbers without a mark. Known are public counts, and what follows from them and from zeros among
        the numbers seen. Of two groups, each is the attacker of the other: it knows its own number and could compute
        the other's.
        """
        known = self._known(seen)
        known_before = self._known([number for number in seen if number.status is NumberStatus.PUBLISHED])
        found: list[tuple[str, Groups, Groups]] = []
        for kind in sorted(self.of_kind):
            for rest in self._rests(kind, _groups_with(kind, known), _groups_with(kind, known_before)):
                if sum(self.groups[group].hotlines for group in rest) < FEWEST_HOTLINES:
                    found.append((kind, rest, frozenset()))
                    if len(rest) > 1:
                        found += [(kind, frozenset({group}), rest - {group}) for group in sorted(rest)]
        return found

    def _rests(self, kind: str, known: Groups, known_before: Groups) -> Iterator[Groups]:
        """Yield the one or two groups whose count of a kind follows from numbers, but only with known counts.

        What follows from earlier releases with counts known before is left out: suppression can no longer protect it.
        """
        published = [number.groups for number in self.of_kind[kind]]
        before = [number.groups for number in self.of_kind[kind] if number.status is NumberStatus.PUBLISHED]
        everywhere = frozenset().union(*published)
        if not everywhere & known:
            return
        alone, span, span_before = Span(published), Span(published, known), Span(before, known_before)
        few = [group for group in sorted(everywhere - known) if self.groups[group].hotlines < FEWEST_HOTLINES]
        for size in range(1, FEWEST_HOTLINES):
            for rest in map(frozenset, combinations(few, size)):
                if rest in span and rest not in alone and rest not in span_before:
                    yield rest

    def _known(self, seen: Collection[Number]) -> list[set[str]]:
        """Return the kinds of each group whose counts are known: public ones, zeros, and what follows from both."""
        known = [set(group.public) for group in self.groups]
        for number in self._zeros(seen):
            for place in number.groups:
                known[place].add(number.kind)
        for kinds, group in zip(known, self.groups, strict=True):
            while more := {kind for one in group.sums for kind in _only_one_of(one, kinds)}:
                kinds.update(more)
        return known

    def _zeros(self, seen: Collection[Number]) -> Iterator[Number]:
        """Yield the numbers that are zero, so that each of their groups has none: seen ones, and those they imply."""
        read = {(number.kind, number.groups) for number in seen}
        sums = frozenset().union(*(group.sums for group in self.groups)) if seen else ()
        for number in self.numbers:
            is_implied = number.status is NumberStatus.IMPLIED and any(
                number.kind in one.kinds
                and all(kind == number.kind or (kind, number.groups) in read for kind in one.kinds)
                for one in sums
            )
            if ((number.kind, number.groups) in read or is_implied) and not self.value(number.kind, number.groups):
                yield number

    def _public(self, kind: str) -> Groups:
        return _groups_with(kind, [group.public for group in self.groups])


def _groups_with(kind: str, known: Iterable[Container[str]]) -> Groups:
    return frozenset(group for group, kinds in enumerate(known) if kind in kinds)


def _only_one_of(one: Sum, known: Container[str]) -> list[str]:
    """Return the kind of a sum that is not known, if it is the only one: it follows from the others."""
    unknown = [kind for kind in one.kinds if kind not in known]
    return unknown if len(unknown) == 1 else []
