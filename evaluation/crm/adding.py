"""Adding figures up, exactly: over the codes of an item, then over periods. A missing part makes the whole missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluation.crm.dictionary import Item, OverPeriods, code_lists

Codes = tuple[str, str]
"""The codes of a cell, empty where the item has no such dimension."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What one cell says: a number, not recorded (no value), or not applicable."""

    value: Decimal | None
    not_applicable: bool = False
    is_estimated: bool = False


def add_codes(item: Item, amounts: Mapping[Codes, Amount]) -> Decimal | None:
    """The item's total in one period, or None where a part is missing. What does not apply is no part."""
    if item.needs_every_code and not set(code_lists()[item.dimensions[0]]) <= {first for first, _ in amounts}:
        return None
    values = [amount.value for amount in amounts.values() if not amount.not_applicable]
    if not values or (len(values) > 1 and not item.adds_over_codes):
        return None
    return _sum(values)


def add_periods(item: Item, totals: Sequence[Decimal | None]) -> Decimal | None:
    """The item over periods that follow each other without a gap, from the earliest on."""
    if len(totals) == 1:
        return totals[0]
    if not totals or item.over_periods is OverPeriods.SINGLE:
        return None
    if item.over_periods is OverPeriods.FIRST:
        return totals[0]
    if item.over_periods is OverPeriods.LAST:
        return totals[-1]
    return _sum(totals)


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    recorded = [value for value in values if value is not None]
    return sum(recorded, Decimal(0)) if len(recorded) == len(values) else None
