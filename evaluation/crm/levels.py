"""Which level gives an item where several have it. Pure.

A hotline may send its totals and, for the same time, its contacts or cases. The same item then has two numbers, and one
of them counts:

1. What Missing Children Europe accepted stands before what is only confirmed. A file of another level that nobody
   accepted adds what no accepted file says, and moves nothing that one says: the score of a hotline does not change
   because somebody tries another way of sending.
2. The items of one formula come from one level, so that no ratio is made of two ways of counting. Where two levels have
   a part of them, the level that completes more formulas gives what it has. What it lacks is left missing where another
   level has all terms of the formula, and is taken from there where none has.
3. Else what was counted from records stands before what was typed as a total.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from evaluation.crm.dictionary import items

LEVELS = ("case", "contact", "aggregate")
"""In the order in which they are taken for an item that several of them have."""

TOGETHER = (
    ("A01", "A02"),
    ("A16", "A15"),
    ("A04", "A03", "A05"),
    ("A06", "A03", "A05"),
    ("A07", "A04"),
    ("A10", "A09"),
    ("A18", "A17"),
    ("A31", "A21"),
    ("A26", "A21"),
    ("A32", "A24"),
    ("A41", "A23"),
    ("A33", "A34"),
    ("A37", "A36"),
    ("A52", "A53"),
    ("A57", "A56"),
)
"""The items of each formula of the dictionary that has more than one, and of the share of cases that cross a border."""

Given = Mapping[str, Mapping[str, int]]
"""By level, then by item that it has: for how many months."""


EQUAL: Mapping[str, int] = MappingProxyType({})


def choose_levels(given: Given, standing: Mapping[str, int] = EQUAL) -> dict[str, str]:
    """By item, the level that gives it. The level with the higher `standing` is before the others, then most months."""
    chosen = dict(pair for family in _families() for pair in _choose(family, given, standing))
    return {code: chosen[code] for code in items() if code in chosen}


def needed_with(wanted: Iterable[str]) -> frozenset[str]:
    """The items without which it is not known which level gives some, nor how they are put together."""
    asked = set(wanted)
    asked |= {weight for code in asked if (weight := items()[code].weight)}
    return frozenset(item for family in _families() if asked & set(family) for item in family)


def _choose(family: Collection[str], given: Given, standing: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """One level after the other gives what it has, and puts in doubt what would be mixed with it."""
    having = {level: set(family) & given[level].keys() for level in LEVELS if level in given}
    formulas = [set(formula) for formula in TOGETHER if set(formula) <= set(family)]
    known = [formula for formula in formulas if any(formula <= own for own in having.values())]
    if not known:
        for item in family:
            if own := [level for level, found in having.items() if item in found]:
                yield item, _best(own, lambda level, item=item: (standing.get(level, 0), given[level][item]))
        return
    main = _best(
        [level for level, own in having.items() if own],
        lambda level: (
            standing.get(level, 0),
            sum(formula <= having[level] for formula in known),
            max(given[level][item] for item in having[level]),
        ),
    )
    yield from ((item, main) for item in having[main])
    begun = set().union(*(formula for formula in known if formula & having[main]))
    rest = [item for item in family if item not in having[main] | begun]
    yield from _choose(rest, {level: own for level, own in given.items() if level != main}, standing)


def _best(levels: Iterable[str], rank: Callable[[str], Any]) -> str:
    """The first of the best."""
    return max(levels, key=rank)


@cache
def _families() -> tuple[tuple[str, ...], ...]:
    """The items that formulas tie together; each other item by itself."""
    found = [{code} for code in items()]
    for formula in TOGETHER:
        joined = [family for family in found if family & set(formula)]
        found = [family for family in found if family not in joined] + [set().union(*joined)]
    order = list(items())
    return tuple(tuple(sorted(family, key=order.index)) for family in found)
