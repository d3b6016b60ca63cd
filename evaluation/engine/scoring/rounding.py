"""Round numbers for display to one decimal, in one place, so that 79.99 is never shown as 80.0."""

from fractions import Fraction
from math import ceil, floor

from standards.framework import Indicator


def in_tenths(number: Fraction) -> int:
    """Return a number in tenths, rounded down: 79.96 -> 799."""
    return floor(number * 10)


def as_tenths(ratio: Fraction | None) -> int | None:
    """Return a ratio, at most 1, in tenths of a per cent, rounded down: 0.7996 -> 799. None stays None."""
    return None if ratio is None else in_tenths(ratio * 100)


def tenths_as_text(tenths: int | None) -> str:
    """Return tenths as text: 799 -> `79.9`; empty for None. The page adds the per cent sign, by locale."""
    return "" if tenths is None else f"{'-' * (tenths < 0)}{abs(tenths) // 10}.{abs(tenths) % 10}"


def as_percent(ratio: Fraction | None) -> str:
    """Return a ratio as per cent: `79.9`."""
    return tenths_as_text(as_tenths(ratio))


def smaller_is_better(indicator: Indicator) -> bool:
    return any(band.comparison in ("<", "<=") for band in indicator.bands)


def value_as_tenths(indicator: Indicator, value: Fraction) -> int:
    """Return a measured value in tenths of its unit, rounded to the worse side: up if smaller is better, else down."""
    return (ceil if smaller_is_better(indicator) else floor)(value * 10)
