"""A statistic from the items of the data dictionary, exact, with its terms, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from standards.framework import Indicator


class Trouble(StrEnum):
    """Why a figure cannot be computed. Missing is never zero."""

    ITEM_MISSING = "item_missing"
    """An item that the formula needs was not recorded."""
    NOTHING_TO_DIVIDE_BY = "nothing_to_divide_by"
    """The denominator is zero or below."""
    BASE_TOO_SMALL = "base_too_small"
    """Fewer cases than the Guide asks for."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` in the indicator's unit, or None with its `trouble`; `terms` are the items by code, None where missing."""

    value: Fraction | None
    terms: Mapping[str, Fraction | None]
    trouble: Trouble | None = None


def measure(indicator: Indicator, figures: Mapping[str, Fraction | None]) -> Measured:
    """Apply the indicator's formula to item totals. A ratio of a percentage is multiplied by 100."""
    formula = indicator.formula
    if formula is None:
        raise ValueError(f"{indicator.code} has no formula")
    base = indicator.minimum_base
    needed = (*formula.items, *((base.item,) if base and base.item not in formula.items else ()))
    terms = {item: figures.get(item) for item in needed}
    known = {item: term for item, term in terms.items() if term is not None}
    if len(known) < len(terms):
        return Measured(None, terms, Trouble.ITEM_MISSING)
    if base and known[base.item] < base.at_least:
        return Measured(None, terms, Trouble.BASE_TOO_SMALL)
    numerator, signed = formula.parts()
    if not signed:
        return Measured(known[numerator], terms)
    denominator = sum(sign * known[item] for sign, item in signed)
    if denominator <= 0:
        return Measured(None, terms, Trouble.NOTHING_TO_DIVIDE_BY)
    return Measured(known[numerator] / denominator * (100 if indicator.unit == "percent" else 1), terms)
