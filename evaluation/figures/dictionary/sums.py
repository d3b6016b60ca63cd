"""Add figures exactly: over the codes of an item, then over periods. If a part is missing, so is the sum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.figures.dictionary.items import Item, OverPeriods, code_lists, items

Codes = tuple[str, str]
"""The codes of a cell; empty if the item has no such dimension, or for its total without its parts."""
NO_CODES: Codes = ("", "")


@dataclass(frozen=True, slots=True)
class Amount:
    """The content of one cell: a number, not recorded (no value), or not applicable."""

    value: Decimal | None
    not_applicable: bool = False
    is_estimated: bool = False


def add_codes(item: Item, amounts: Mapping[Codes, Amount]) -> Decimal | None:
    """Return the item's total in one period, or None if a part is missing or the parts cannot be added.

    Cells that are not applicable are ignored. A total that was sent without its parts is that of the item.
    """
    if NO_CODES in amounts:
        return amounts[NO_CODES].value
    if item.needs_every_code and not set(code_lists()[item.dimensions[0]]) <= {first for first, _ in amounts}:
        return None
    values = [amount.value for amount in amounts.values() if not amount.not_applicable]
    if not values or (len(values) > 1 and not item.adds_over_codes):
        return None
    return _sum(values)


def add_periods(
    item: Item, totals: Sequence[Decimal | None], weights: Sequence[Decimal | None] = ()
) -> Decimal | Fraction | None:
    """Return the item's total over consecutive periods without gaps, the earliest first.

    `weights` are the totals of the item by which a mean is weighted, if the item is a mean.
    """
    if len(totals) == 1:
        return totals[0]
    if not totals or item.over_periods is OverPeriods.SINGLE:
        return None
    if item.over_periods is OverPeriods.FIRST:
        return totals[0]
    if item.over_periods is OverPeriods.LAST:
        return totals[-1]
    if item.over_periods is OverPeriods.WEIGHTED:
        return _weighted_mean(totals, weights)
    return _sum(totals)


def add_over(item: Item, periods: Sequence[Mapping[str, Mapping[Codes, Amount]]]) -> Decimal | Fraction | None:
    """Return the item's total over consecutive periods, each given by item and then by codes."""

    def totals(code: str) -> list[Decimal | None]:
        return [add_codes(items()[code], cells.get(code, {})) for cells in periods]

    return add_periods(item, totals(item.code), totals(item.weight) if item.weight else ())


def total_as_text(total: Decimal | Fraction) -> Decimal | Fraction:
    """Return a total as a decimal if four decimals are exact, else as a fraction, such as a mean of means."""
    scaled = Fraction(total) * 10_000
    return Decimal(scaled.numerator) / 10_000 if scaled.denominator == 1 else Fraction(total)


def _weighted_mean(means: Sequence[Decimal | None], weights: Sequence[Decimal | None]) -> Fraction | None:
    """Return the weighted mean; None if a mean or a weight is missing. A period with weight zero needs no mean."""
    total, count = Fraction(0), Fraction(0)
    for mean, weight in zip(means, weights, strict=True):
        if weight is None or (mean is None and weight):
            return None
        if mean is not None:
            total, count = total + Fraction(mean) * Fraction(weight), count + Fraction(weight)
    return total / count if count else None


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    recorded = [value for value in values if value is not None]
    return sum(recorded, Decimal(0)) if len(recorded) == len(values) else None
