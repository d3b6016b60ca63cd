"""Tell which counts a reader of published numbers could compute and should not. Pure.

Published numbers are sums of the numbers of hotlines. Two kinds of counts must not follow from them:

- Counts from 1 to 4: a number, a difference of numbers, or the sum of hotlines that are in the same numbers.
- Every number of one hotline, unless the hotline's own results publish it. Another hotline knows its own numbers, too:
  so what two hotlines have together must not follow either.

The counts in hotlines' published results are public, and so is what follows from those of the same hotline. That a
number is zero may be known: then each of its three or more hotlines has none.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from itertools import combinations, permutations

from evaluation.figures.publishing.span import Span

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
    """One hotline, or three and more that are in the same tables: their total counts, and the kinds that are public."""

    counts: Mapping[str, int]
    sums: frozenset[Sum]
    """The sums that hold for each of them."""
    public: frozenset[str] = frozenset()
    hotlines: int = 1
    hotline: str = ""
    """The hotline, if it is one. A hotline that corrected its figures is several groups."""


@dataclass(frozen=True, slots=True)
class Number:
    """The count of a kind over some groups. `table` is the table of the new release that has it, if any."""

    kind: str
    groups: Groups
    status: NumberStatus
    table: str = ""


def is_small(count: int | Fraction | None) -> bool:
    """Whether a count is above zero and too small to be published. A missing one is not."""
    return count is not None and 0 < count < SMALLEST_COUNT


@dataclass
class Disclosure:
    """The numbers of a release and of those before it, and the counts of the groups that they must not disclose."""

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

        These are the sets of published numbers, their differences, groups that are in the same numbers, and the sets of
        such groups with small counts that follow from any of the numbers.
        """
        published = list(dict.fromkeys(number.groups for number in self.of_kind[kind]))
        apart = {one - other for one, other in permutations(published, 2)}
        together: dict[tuple[bool, ...], set[int]] = defaultdict(set)
        for group in frozenset().union(*published):
            together[tuple(group in one for one in published)].add(group)
        public = self._public(kind)
        alike = [frozenset(groups) - public for groups in together.values()]
        found = {one - public for one in (*published, *apart, *alike)}
        if len(published) > 1:
            found |= set(self._small_sums(kind, published, [groups for groups in alike if groups], public))
        return sorted((one for one in found if one), key=sorted)

    def _small_sums(
        self, kind: str, published: Sequence[Groups], alike: Sequence[Groups], public: Groups
    ) -> Iterator[Groups]:
        """Yield the sums of several sets with small counts that follow from the numbers; sets of zeros add nothing."""
        zeros = frozenset().union(*(groups for groups in alike if self.value(kind, groups) == 0))
        small = [groups for groups in alike if is_small(self.value(kind, groups))]
        span = Span(published, public | zeros)
        for size in range(2, min(len(small), SMALLEST_COUNT - 1) + 1):
            for several in combinations(small, size):
                of = frozenset().union(*several)
                if is_small(self.value(kind, of)) and of in span:
                    yield of

    def own_numbers(self) -> list[tuple[str, int]]:
        """Return the numbers of single hotlines that a reader must not know: kind, and group.

        Without public ones, without the zeros of hotlines that have none together in a number, and without parts of
        such zeros.
        """
        return [
            (kind, group)
            for kind, numbers in sorted(self.of_kind.items())
            for group in sorted(frozenset().union(*(number.groups for number in numbers)) - self._public(kind))
            if self.groups[group].hotlines == 1 and kind not in self._zeros[group]
        ]

    @cached_property
    def _zeros(self) -> list[set[str]]:
        """By group, the kinds of which it has none, as all groups of a number have none."""
        zeros: list[set[str]] = [set() for _group in self.groups]
        for number in self.numbers:
            if not any(self.groups[place].counts[number.kind] for place in number.groups):
                for place in number.groups:
                    zeros[place].add(number.kind)
        for place, group in enumerate(self.groups):
            while parts := set(_parts_of_zero(group, zeros[place])) - zeros[place]:
                zeros[place] |= parts
        return zeros

    def _public(self, kind: str) -> Groups:
        return frozenset(place for place, group in enumerate(self.groups) if kind in group.public)


def _parts_of_zero(group: Group, zeros: AbstractSet[str]) -> Iterator[str]:
    for one in group.sums:
        if one.whole in zeros:
            yield from (part for part in one.parts if not group.counts[part])
