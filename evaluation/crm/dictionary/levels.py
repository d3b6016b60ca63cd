"""Which level gives an item where several have it. Pure.

A hotline may send its totals and, for the same time, its contacts or cases. The same item then has two numbers, and one
of them counts:

1. What Missing Children Europe accepted stands before what is only confirmed. A file of another level that nobody
   accepted adds what no accepted file says, and moves nothing that one says: the score of a hotline does not change
   because somebody tries another way of sending.
2. The items of one formula come from one level, so that no ratio is made of two ways of counting. The formulas are those
   of the edition by which a hotline is examined, elsewhere of the edition in force, and the few that pages always tell. Where two levels have
   a part of them, the level that completes more formulas gives what it has. What it lacks is left missing where another
   level has all terms of the formula, and is taken from there where none has.
3. Else what was counted from records stands before what was typed as a total.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from evaluation.crm.dictionary.items import items
from standards.framework import Framework

LEVELS = ("case", "contact", "aggregate")
"""In the order in which they are taken for an item that several of them have."""

Formulas = tuple[tuple[str, ...], ...]
"""The items of each formula that has more than one."""

ALWAYS: Formulas = (("A04", "A03", "A05"), ("A06", "A03", "A05"), ("A26", "A21"))
"""What pages tell whatever an edition asks: how many calls were answered and missed, and which cases cross a border."""

Given = Mapping[str, Mapping[str, int]]
"""By level, then by item that it has: for how many months."""


EQUAL: Mapping[str, int] = MappingProxyType({})


def formulas_of(framework: Framework | None) -> Formulas:
    """Those of an edition, each with the items of its smallest base, and those that are always told."""
    indicators = framework.indicators.values() if framework else ()
    asked = [
        (*indicator.formula.items, *((indicator.minimum_base.item,) if indicator.minimum_base else ()))
        for indicator in indicators
        if indicator.formula
    ]
    return tuple(dict.fromkeys((*ALWAYS, *(formula for formula in asked if len(set(formula)) > 1))))


def choose_levels(given: Given, formulas: Formulas, standing: Mapping[str, int] = EQUAL) -> dict[str, str]:
    """By item, the level that gives it. The level with the higher `standing` is before the others, then most months."""
    told = set().union(*given.values())
    families = [family for family in _families(formulas) if not told.isdisjoint(family)]
    chosen = dict(pair for family in families for pair in _choose(family, given, formulas, standing))
    return {code: chosen[code] for code in items() if code in chosen}


def needed_with(wanted: Iterable[str], formulas: Formulas) -> frozenset[str]:
    """The items without which it is not known which level gives some, nor how they are put together."""
    asked = set(wanted)
    asked |= {item.weight for code in asked if (item := items().get(code)) and item.weight}
    return frozenset(item for family in _families(formulas) if asked & set(family) for item in family)


def _choose(
    family: Collection[str], given: Given, formulas: Formulas, standing: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """One level after the other gives what it has, and puts in doubt what would be mixed with it."""
    having = {level: set(family) & given[level].keys() for level in LEVELS if level in given}
    within = [set(formula) for formula in formulas if set(formula) <= set(family)]
    known = [formula for formula in within if any(formula <= own for own in having.values())]
    if not known:
        for item in family:
            if own := [level for level, found in having.items() if item in found]:
                yield item, _best(own, _by_figure(standing, given, item))
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
    yield from _choose(rest, {level: own for level, own in given.items() if level != main}, formulas, standing)


def _by_figure(standing: Mapping[str, int], given: Given, item: str) -> Callable[[str], Any]:
    return lambda level: (standing.get(level, 0), given[level][item])


def _best(levels: Iterable[str], rank: Callable[[str], Any]) -> str:
    """The first of the best."""
    return max(levels, key=rank)


@lru_cache(maxsize=64)
def _families(formulas: Formulas) -> tuple[tuple[str, ...], ...]:
    """The items that formulas tie together; each other item by itself."""
    found = [{code} for code in items()]
    for formula in formulas:
        joined = [family for family in found if family & set(formula)]
        found = [family for family in found if family not in joined] + [set().union(*joined)]
    order = list(items())
    return tuple(tuple(sorted(family, key=order.index)) for family in found)
