"""Compare a hotline with the others: their exact median and quartiles, and its position. Pure.

The quartiles are inclusive: the lowest number has position 0, the highest 1, with linear interpolation in between
(method 7 of Hyndman and Fan, the default of spreadsheets).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

FEWEST = 5
"""The smallest number of hotlines for a median and quartiles."""
SMALLEST_BASE = 20
"""The smallest base of a ratio: ratios with smaller bases vary too much to be compared."""


class Position(StrEnum):
    """The position of a number relative to the median and the quartiles."""

    LOWEST_QUARTER = "lowest_quarter"
    BELOW = "below"
    MEDIAN = "median"
    ABOVE = "above"
    HIGHEST_QUARTER = "highest_quarter"


@dataclass(frozen=True, slots=True)
class Spread:
    """The exact lower quartile, median and upper quartile of `count` hotlines."""

    count: int
    low: Fraction
    median: Fraction
    high: Fraction

    def place(self, value: Fraction) -> Position:
        """Return the position of a number. A number equal to a quartile is in neither outer quarter."""
        if value == self.median:
            return Position.MEDIAN
        if value < self.median:
            return Position.LOWEST_QUARTER if value < self.low else Position.BELOW
        return Position.HIGHEST_QUARTER if value > self.high else Position.ABOVE


def spread(values: Sequence[Fraction]) -> Spread | None:
    """Return the spread of one number per hotline; None for fewer than five."""
    if len(values) < FEWEST:
        return None
    # compare floats first, which is faster, and exact numbers only if the floats are equal
    ordered = sorted(values, key=lambda value: (float(value), value))
    low, median, high = (_line(ordered, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high)


def _line(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    before = ordered[floor(place)]
    after = ordered[min(floor(place) + 1, len(ordered) - 1)]
    return Fraction(before + (after - before) * (place - floor(place)))
