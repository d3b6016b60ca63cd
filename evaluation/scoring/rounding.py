"""How a number is shown: rounded to one decimal in one place, so that 79.99 never reads 80.0."""

from fractions import Fraction
from math import ceil, floor

from standards.framework import Indicator


def as_tenths(ratio: Fraction | None) -> int | None:
    """A ratio from 0 to 1 in tenths of a per cent, rounded down: 0.7996 -> 799. No score stays no score."""
    return None if ratio is None else (ratio.numerator * 1000) // ratio.denominator


def tenths_as_text(tenths: int | None) -> str:
    """799 -> `79.9`; no score is an empty text. The page adds the sign, by locale."""
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"


def as_percent(ratio: Fraction | None) -> str:
    """A ratio as the number of its per cent: `79.9`."""
    return tenths_as_text(as_tenths(ratio))


def smaller_is_better(indicator: Indicator) -> bool:
    return any(band.comparison in ("<", "<=") for band in indicator.bands)


def value_as_tenths(indicator: Indicator, value: Fraction) -> int:
    """A measured value in tenths of its unit, rounded to the side that flatters nobody: up where less is better."""
    return (ceil if smaller_is_better(indicator) else floor)(value * 10)
