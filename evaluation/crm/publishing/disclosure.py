"""Tell which counts a reader of published numbers could compute and should not. Pure.

These are counts from 1 to 4, wherever they follow from a number, from the difference of two, or from the groups that
are in the same numbers. A group has the hotlines that are in the same tables.

The counts in hotlines' published results are public. What remains of numbers without the hotlines whose counts are
public must include three hotlines, as a table must: the rest is otherwise the number of one hotline, or each of two
could compute that of the other. So every one or two hotlines are checked whose count follows from any numbers of a kind
and the public ones together. A count counts as public there, too, if it follows from public ones of the same group and
from numbers that are zero: each group in such a number has none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
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

    def unprotected_rests(self) -> list[tuple[str, Groups, Groups]]:
        """Return what remains of numbers without public counts, if of one or two hotlines: kind, groups, attacker.

        Of two groups, each is the attacker of the other: it knows its own number and could compute the other's.
        """
        found: list[tuple[str, Groups, Groups]] = []
        for kind in sorted(self.of_kind):
            for rest in self._rests(kind):
                if sum(self.groups[group].hotlines for group in rest) < FEWEST_HOTLINES:
                    found.append((kind, rest, frozenset()))
                    if len(rest) > 1:
                        found += [(kind, frozenset({group}), rest - {group}) for group in sorted(rest)]
        return found

    def _rests(self, kind: str) -> Iterator[Groups]:
        """Yield the one or two groups whose count of a kind follows from numbers, but only with public counts.

        What follows from earlier releases with public counts is left out: suppression can no longer protect it.
        """
        public = self._known[kind]
        published = [number.groups for number in self.of_kind[kind]]
        before = [number.groups for number in self.of_kind[kind] if number.status is NumberStatus.PUBLISHED]
        everywhere = frozenset().union(*published)
        if not everywhere & public:
            return
        alone, known = Span(published), Span(published, public)
        known_before = Span(before, self._known_before[kind])
        few = [group for group in sorted(everywhere - public) if self.groups[group].hotlines < FEWEST_HOTLINES]
        for size in range(1, FEWEST_HOTLINES):
            for rest in map(frozenset, combinations(few, size)):
                if rest in known and rest not in alone and rest not in known_before:
                    yield rest

    def _public(self, kind: str) -> Groups:
        return frozenset(number for number, group in enumerate(self.groups) if kind in group.public)

    @cached_property
    def _known(self) -> Mapping[str, Groups]:
        return self._follow(self.numbers)

    @cached_property
    def _known_before(self) -> Mapping[str, Groups]:
        """What is known from earlier releases: their numbers, and those that follow from two of the same groups."""
        before = {(one.kind, one.groups) for one in self.numbers if one.status is NumberStatus.PUBLISHED}
        sums = frozenset().union(*(group.sums for group in self.groups))

        def follows(number: Number) -> bool:
            others = ({*one.kinds} - {number.kind} for one in sums if number.kind in one.kinds)
            return any(all((kind, number.groups) in before for kind in kinds) for kinds in others)

        return self._follow(
            one
            for one in self.numbers
            if one.status is NumberStatus.PUBLISHED or (one.status is NumberStatus.IMPLIED and follows(one))
        )

    def _follow(self, numbers: Iterable[Number]) -> Mapping[str, Groups]:
        """Return the groups by kind whose count is public, or follows from public ones and from numbers that are zero."""
        known = {(kind, place) for place, group in enumerate(self.groups) for kind in group.public}
        known |= {(one.kind, place) for one in numbers if not self.value(one.kind, one.groups) for place in one.groups}
        is_new = True
        while is_new:
            is_new = False
            for place, group in enumerate(self.groups):
                for one in group.sums:
                    unknown = [kind for kind in one.kinds if (kind, place) not in known]
                    if len(unknown) == 1:
                        known.add((unknown[0], place))
                        is_new = True
        found: defaultdict[str, set[int]] = defaultdict(set)
        for kind, place in known:
            found[kind].add(place)
        return defaultdict(frozenset, {kind: frozenset(places) for kind, places in found.items()})
