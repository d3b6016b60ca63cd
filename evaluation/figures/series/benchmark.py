"""Compare a hotline with the others: their median and quartiles, and its position. Pure.

An exact median or quartile is the number of one hotline or lies between two. Each of the three is therefore the mean of
at least three hotlines, those at the place and next to it in order, and no two of the three have more than one hotline
in common: whoever knows one hotline's number, for example its own, cannot compute another's.

The position of a hotline is that among the exact quartiles (inclusive, with linear interpolation: method 7 of Hyndman
and Fan), which are not shown: means would place some hotlines in a wrong quarter.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

FEWEST = 9
"""The smallest number of hotlines for a median and quartiles: with fewer, two of them have two hotlines in common."""
FEWEST_UNKNOWN = 3
"""The smallest number of hotlines in a mean whose numbers are not public, if there are any."""
SMALLEST_BASE = 20
"""The smallest base of a ratio that is compared or published: ratios with smaller bases vary too much."""


class Position(StrEnum):
    """The position of a number relative to the median and the quartiles."""

    LOWEST_QUARTER = "lowest_quarter"
    BELOW = "below"
    MEDIAN = "median"
    ABOVE = "above"
    HIGHEST_QUARTER = "highest_quarter"


@dataclass(frozen=True, slots=True)
class Spread:
    """The lower quartile, median and upper quartile of `count` hotlines, each a mean of some of them."""

    count: int
    low: Fraction
    median: Fraction
    high: Fraction
    exact: tuple[Fraction, ...] = ()
    """The exact ones, for positions only."""

    def place(self, value: Fraction) -> Position:
        """Return the position of a number. A number equal to a quartile is in neither outer quarter."""
        low, median, high = self.exact
        if value == median:
            return Position.MEDIAN
        if value < median:
            return Position.LOWEST_QUARTER if value < low else Position.BELOW
        return Position.HIGHEST_QUARTER if value > high else Position.ABOVE


def spread(values: Sequence[Fraction], public: Sequence[Fraction] = ()) -> Spread | None:
    """Return the spread of one number per hotline; None for fewer than nine.

    `public` are those of the values that readers know from published results. Returns None, too, if only one or two of
    the values of a mean are not public.
    """
    if len(values) < FEWEST:
        return None
    # compare floats first, which is faster, and exact numbers only if the floats are equal
    ordered = sorted(values, key=lambda value: (float(value), value))
    left, is_public = Counter(public), []
    for value in ordered:
        is_public.append(left[value] > 0)
        left[value] -= 1
    means = []
    for first, end in _places(len(ordered)):
        if 0 < is_public[first:end].count(False) < FEWEST_UNKNOWN:
            return None
        means.append(sum(ordered[first:end], Fraction(0)) / (end - first))
    low, median, high = means
    exact = tuple(_line(ordered, Fraction(quarter, 4)) for quarter in (1, 2, 3))
    return Spread(len(ordered), low, median, high, exact)


def _line(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    place = (len(ordered) - 1) * share
    before = ordered[floor(place)]
    after = ordered[min(floor(place) + 1, len(ordered) - 1)]
    return Fraction(before + (after - before) * (place - floor(place)))


def _places(count: int) -> Iterator[tuple[int, int]]:
    """Yield the first place of each mean and the end, which is not in it: the nearest place and both next to it.

    The median of an even number has two in the middle. A quartile between two places takes the nearer, or the outer.
    """
    low, middle = ceil(Fraction(count - 1, 4) - Fraction(1, 2)), (count - 1) // 2
    yield low - 1, low + 2
    yield middle - 1, count // 2 + 2
    yield count - low - 2, count - low + 1
