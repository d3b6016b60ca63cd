"""Where a hotline stands among the others: their median and quartiles, exactly, and on which side of them it lies. Pure.

The quartiles are the inclusive ones: the lowest number is at 0, the highest at 1, and between two neighbours a line
lies on the straight way from one to the other (method 7 of Hyndman and Fan, the usual one of spreadsheets).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

FEWEST = 5
"""Of fewer hotlines nothing is said."""
SMALLEST_BASE = 20
"""A ratio of fewer swings too much to be compared."""


class Position(StrEnum):
    """On which side of the lines a number lies."""

    LOWEST_QUARTER = "lowest_quarter"
    BELOW = "below"
    MEDIAN = "median"
    ABOVE = "above"
    HIGHEST_QUARTER = "highest_quarter"


@dataclass(frozen=True, slots=True)
class Spread:
    """The exact lines of `count` hotlines: the lower quartile, the median, the upper quartile."""

    count: int
    low: Fraction
    median: Fraction
    high: Fraction

    def place(self, value: Fraction) -> Position:
        """Where a number lies. What lies on a quartile is in neither outer quarter."""
        if value == self.median:
            return Position.MEDIAN
        if value < self.median:
            return Position.LOWEST_QUARTER if value < self.low else Position.BELOW
        return Position.HIGHEST_QUARTER if value > self.high else Position.ABOVE


def spread(values: Sequence[Fraction]) -> Spread | None:
    """The lines of the hotlines' numbers, one of each; None for fewer than five."""
    if len(values) < FEWEST:
        return None
    ordered = sorted(values, key=lambda value: (float(value), value))  # exact only where floats are the same: faster
    low, median, high = (_line(ordered, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high)


def _line(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    before = ordered[floor(place)]
    after = ordered[min(floor(place) + 1, len(ordered) - 1)]
    return Fraction(before + (after - before) * (place - floor(place)))
