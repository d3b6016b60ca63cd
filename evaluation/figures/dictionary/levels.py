"""Choose the level that provides an item if several levels have it. Pure.

A hotline may send totals and, for the same period, contacts or cases. The same item then has two numbers. Which
one counts:

1. Accepted files take precedence over files that are only confirmed. A file of another level that is not accepted
   only adds items that no accepted file has and changes none of theirs: trying a file of another level does not change
   a hotline's score.
2. The items of one formula come from one level, so that no ratio mixes two ways of counting. The formulas are those of
   the edition that the hotline is evaluated against (without an evaluation, of the edition in force) and the few that
   pages always show. If several levels have items of the same formulas, the level that completes most of these formulas
   provides all its items. An item that this level misses is missing if it is in a formula that some level completes and
   that this level has begun; otherwise another level provides it.
3. Otherwise, counts from records take precedence over entered totals.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from evaluation.figures.dictionary.items import items
from standards.framework import Framework

LEVELS = ("case", "contact", "aggregate")
"""The order in which levels provide an item that several of them have."""

Formulas = tuple[tuple[str, ...], ...]
"""The items of each formula that has more than one item."""

ALWAYS: Formulas = (("A04", "A03", "A05"), ("A06", "A03", "A05"), ("A26", "A21"))
"""The formulas that pages always show: answered and missed calls, and cross-border cases."""

Given = Mapping[str, Mapping[str, int]]
"""By level, then by item: for how many months the level has it."""


EQUAL: Mapping[str, int] = MappingProxyType({})
"""No level has priority."""


def formulas_of(framework: Framework | None) -> Formulas:
    """Return the formulas of an edition, with the items of their smallest bases, and the formulas of `ALWAYS`."""
    indicators = framework.indicators.values() if framework else ()
    of_edition = [
        (*indicator.formula.items, *((indicator.minimum_base.item,) if indicator.minimum_base else ()))
        for indicator in indicators
        if indicator.formula
    ]
    return tuple(dict.fromkeys((*ALWAYS, *(formula for formula in of_edition if len(set(formula)) > 1))))


def choose_levels(given: Given, formulas: Formulas, priority: Mapping[str, int] = EQUAL) -> dict[str, str]:
    """Return, by item, the level that provides it: by higher `priority`, complete formulas, then more months."""
    recorded = set().union(*given.values())
    families = [family for family in _families(formulas) if not recorded.isdisjoint(family)]
    chosen = dict(pair for family in families for pair in _choose(family, given, formulas, priority))
    return {code: chosen[code] for code in items() if code in chosen}


def needed_with(wanted: Iterable[str], formulas: Formulas) -> frozenset[str]:
    """Return the items that must be read to choose the levels of the `wanted` items and to compute them."""
    needed = set(wanted)
    needed |= {item.weight for code in needed if (item := items().get(code)) and item.weight}
    return frozenset(item for family in _families(formulas) if needed & set(family) for item in family)


def _choose(
    family: Collection[str], given: Given, formulas: Formulas, priority: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Yield each item with its level, level by level, without items that would mix levels in a formula."""
    having = {level: set(family) & given[level].keys() for level in LEVELS if level in given}
    within = [set(formula) for formula in formulas if set(formula) <= set(family)]
    known = [formula for formula in within if any(formula <= own for own in having.values())]
    if not known:
        for item in family:
            if own := [level for level, found in having.items() if item in found]:
                yield item, _best(own, _by_figure(priority, given, item))
        return
    main = _best(
        [level for level, own in having.items() if own],
        lambda level: (
            priority.get(level, 0),
            sum(formula <= having[level] for formula in known),
            max(given[level][item] for item in having[level]),
        ),
    )
    yield from ((item, main) for item in having[main])
    begun = set().union(*(formula for formula in known if formula & having[main]))
    rest = [item for item in family if item not in having[main] | begun]
    yield from _choose(rest, {level: own for level, own in given.items() if level != main}, formulas, priority)


def _by_figure(priority: Mapping[str, int], given: Given, item: str) -> Callable[[str], Any]:
    return lambda level: (priority.get(level, 0), given[level][item])


def _best(levels: Iterable[str], rank: Callable[[str], Any]) -> str:
    """Return the level with the highest rank; the first of equal ones."""
    return max(levels, key=rank)


@lru_cache(maxsize=64)
def _families(formulas: Formulas) -> tuple[tuple[str, ...], ...]:
    """Group the items that share formulas; an item in no formula is a group of its own."""
    found = [{code} for code in items()]
    for formula in formulas:
        joined = [family for family in found if family & set(formula)]
        found = [family for family in found if family not in joined] + [set().union(*joined)]
    order = list(items())
    return tuple(tuple(sorted(family, key=order.index)) for family in found)
