"""Where a hotline stands among the others, so that nobody's number is told: the middle, and the middle half. Pure.

An ordinary quartile is one hotline's own number whenever the count falls so: with five of them, every time. Therefore
each of the three lines is the mean of the three or four numbers around its place, rounded to a whole one. Who knows
one number cannot work out another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

FEWEST = 5
"""Of fewer hotlines nothing is said."""
SMALLEST_BASE = 20
"""A ratio of fewer swings too much to be compared."""
_REACH = Fraction(3, 2)
"""How far from its place a line gathers numbers: three of them, or four where it lies in the middle between two."""


class Position(StrEnum):
    """On which side of the lines a number lies."""

    BELOW = "below"
    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Spread:
    """The three lines of `count` hotlines, whole numbers."""

    count: int
    low: int
    median: int
    high: int

    def place(self, value: Fraction) -> Position:
        """Where a number lies. What lies on a line of the middle half is still inside it."""
        if value < self.low:
            return Position.BELOW
        if value > self.high:
            return Position.ABOVE
        if value == self.median:
            return Position.MIDDLE
        return Position.LOWER if value < self.median else Position.UPPER


def spread(values: Sequence[Fraction]) -> Spread | None:
    """The lines of the hotlines' numbers, one of each; None for fewer than five."""
    if len(values) < FEWEST:
        return None
    ordered = sorted(values)
    low, median, high = (_line(ordered, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high)


def _line(ordered: Sequence[Fraction], share: Fraction) -> int:
    place = (len(ordered) - 1) * share
    around = ordered[ceil(place - _REACH) : floor(place + _REACH) + 1]
    mean = sum(around, Fraction(0)) / len(around)
    return floor(mean + Fraction(1, 2))
