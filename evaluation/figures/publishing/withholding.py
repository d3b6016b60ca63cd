"""Choose the totals that may be published. If a count is too small, only the level of the figure is published. Pure.

Counts from 1 to 4 are never published, nor are numbers that reveal them: figures in one formula or in one sum of the
dictionary are published together or not at all. A ratio needs a base of 20, and its complement (base less numerator)
must not be from 1 to 4 either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from evaluation.engine.scoring import Partial
from evaluation.figures.dictionary.items import items
from evaluation.figures.publishing.disclosure import is_small
from evaluation.figures.series.benchmark import SMALLEST_BASE
from evaluation.figures.validation.consistency import AT_MOST, BALANCE
from standards.framework import Framework, Indicator

CALLS = ("A03", "A04", "A05", "A06")
"""Figures of which the first is the sum of the others."""

Figures = Mapping[str, Fraction | None]


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The published totals of the edition's figures, and the indicators whose totals are withheld.

    `partial` are the totals of part of the period, for indicators that accept them.
    """

    figures: dict[str, Fraction]
    withheld: frozenset[str]
    partial: dict[str, Partial] = field(default_factory=dict)


def withhold(
    framework: Framework, whole: Figures, partial: Mapping[str, Partial] = MappingProxyType({})
) -> PublicFigures:
    """Withhold the figures that are too small to be published, including those of part of the period."""
    parts = {item: part for item, part in partial.items() if whole.get(item) is None}
    figures = {**whole, **{item: part.value for item, part in parts.items()}}
    measured = {code: _items_of(i) for code, i in framework.indicators.items() if i.formula}
    used = {item for group in measured.values() for item in group}
    hidden = {item for bound in _find_small(framework, used, figures) for item in bound}
    groups = [*measured.values(), set(CALLS), set(BALANCE)]
    while grown := [group for group in groups if group & hidden and not group <= hidden]:
        hidden.update(*grown)
    return PublicFigures(
        figures={item: value for item in sorted(used - hidden) if (value := whole.get(item)) is not None},
        withheld=frozenset(code for code, group in measured.items() if group & hidden),
        partial={item: parts[item] for item in sorted(_partial_items(framework) - hidden) if item in parts},
    )


def _partial_items(framework: Framework) -> set[str]:
    """Return the items of the indicators that accept figures of part of the period."""
    taking = (i for i in framework.indicators.values() if i.formula and i.minimum_months)
    return {item for indicator in taking for item in _items_of(indicator)}


def _items_of(indicator: Indicator) -> set[str]:
    assert indicator.formula is not None
    base = indicator.minimum_base
    return {*indicator.formula.items, *((base.item,) if base else ())}


def _find_small(framework: Framework, used: set[str], figures: Figures) -> Iterator[set[str]]:
    """Yield sets of items that are too small or reveal a small count."""
    for item, value in figures.items():
        if _is_count(item) and is_small(value):
            yield {item}
    for part, whole in AT_MOST:
        if {part, whole} <= used and _is_count(part) and is_small(_difference(figures, whole, part)):
            yield {part, whole}
    for indicator in framework.indicators.values():
        if indicator.formula and indicator.formula.is_ratio and _has_small_base(indicator, figures):
            yield _items_of(indicator)


def _is_count(item: str) -> bool:
    found = items().get(item)
    return found is None or found.is_count


def _difference(figures: Figures, whole: str, part: str) -> Fraction | None:
    of, some = figures.get(whole), figures.get(part)
    return None if of is None or some is None else of - some


def _has_small_base(indicator: Indicator, figures: Figures) -> bool:
    """Whether a ratio of counts has too small a base or too small a complement."""
    assert indicator.formula is not None
    numerator, signed = indicator.formula.parts()
    if not all(_is_count(item) for _, item in signed):
        return False
    base = sum((sign * (figures.get(item) or Fraction(0)) for sign, item in signed), Fraction(0))
    rest = base - (figures.get(numerator) or Fraction(0))
    return 0 < base < SMALLEST_BASE or is_small(rest)
