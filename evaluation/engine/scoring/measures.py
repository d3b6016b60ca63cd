"""Compute a figure from items of the data dictionary, exactly, with its terms or the reason why it is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from evaluation.engine.scoring.evidence import Partial
from standards.framework import Indicator
from standards.framework.units import PERCENT


class MissingReason(StrEnum):
    """The reason why a figure cannot be computed. A missing figure is never 0."""

    ITEM_MISSING = "item_missing"
    """An item of the formula was not recorded."""
    NOTHING_TO_DIVIDE_BY = "nothing_to_divide_by"
    """The denominator is zero or negative."""
    BASE_TOO_SMALL = "base_too_small"
    """The base is smaller than the Guide requires."""
    TOO_FEW_MONTHS = "too_few_months"
    """It was recorded for fewer months than the Guide requires."""
    MONTHS_DIFFER = "months_differ"
    """It was recorded for part of the period, and not all items for the same months."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure. `value` is in the indicator's unit, or None with a `missing_reason`.

    `terms` are the totals of the formula's items, None if missing. `partial` are the terms that were recorded for part
    of the period only.
    """

    value: Fraction | None
    terms: Mapping[str, Fraction | None]
    missing_reason: MissingReason | None = None
    partial: Mapping[str, Partial] = field(default_factory=dict)

    @property
    def part(self) -> Partial | None:
        """The partial term with the fewest months; None if all terms are of the whole period."""
        return min(self.partial.values(), key=lambda part: len(part.months), default=None)


NO_PARTIAL_TOTALS: Mapping[str, Partial] = {}
"""No item was recorded for part of the period only."""


def measure(
    indicator: Indicator, figures: Mapping[str, Fraction | None], partial: Mapping[str, Partial] = NO_PARTIAL_TOTALS
) -> Measured:
    """Return the indicator's formula applied to totals of items. If its unit is per cent, a ratio is multiplied by 100.

    If a total of the whole period is missing and the Guide accepts fewer months, totals of part of the period are used,
    all for the same months: a ratio over different periods is meaningless. Raises ValueError without a formula.
    """
    formula = indicator.formula
    if formula is None:
        raise ValueError(f"{indicator.code} has no formula")
    base = indicator.minimum_base
    needed = (*formula.items, *((base.item,) if base and base.item not in formula.items else ()))
    terms = {item: figures.get(item) for item in needed}
    if indicator.minimum_months and None in terms.values():
        return _measure_part(indicator, terms, partial)
    return _apply(indicator, terms)


def _measure_part(
    indicator: Indicator, whole: Mapping[str, Fraction | None], partial: Mapping[str, Partial]
) -> Measured:
    """Return the formula applied to totals of part of the period, or the reason why that is not possible."""
    parts = {item: partial[item] for item, total in whole.items() if total is None and item in partial}
    terms = {item: parts[item].value if item in parts else total for item, total in whole.items()}
    if None in terms.values():
        return Measured(None, terms, MissingReason.ITEM_MISSING, parts)
    if len(parts) < len(terms) or len({part.months for part in parts.values()}) > 1:
        return Measured(None, terms, MissingReason.MONTHS_DIFFER, parts)
    if any(len(part.months) < indicator.minimum_months for part in parts.values()):
        return Measured(None, terms, MissingReason.TOO_FEW_MONTHS, parts)
    return replace(_apply(indicator, terms), partial=parts)


def _apply(indicator: Indicator, terms: Mapping[str, Fraction | None]) -> Measured:
    formula, base = indicator.formula, indicator.minimum_base
    assert formula is not None  # checked before
    known = {item: term for item, term in terms.items() if term is not None}
    if len(known) < len(terms):
        return Measured(None, terms, MissingReason.ITEM_MISSING)
    if base and known[base.item] < base.at_least:
        return Measured(None, terms, MissingReason.BASE_TOO_SMALL)
    numerator, signed = formula.parts()
    if not signed:
        return Measured(known[numerator], terms)
    denominator = sum(sign * known[item] for sign, item in signed)
    if denominator <= 0:
        return Measured(None, terms, MissingReason.NOTHING_TO_DIVIDE_BY)
    return Measured(known[numerator] / denominator * (100 if indicator.unit == PERCENT else 1), terms)
