"""The series of a line chart: the given points, and the marks at their positions in the drawing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

Number = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a series, with the value as text."""

    value: Number | None
    text: str = ""
    is_hollow: bool = False
    """Whether it is estimated, approximate or doubtful, which the table shows too."""
    has_new_definitions: bool = False
    """Whether it is counted differently from the point before, so that no line connects them."""


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one series, one for each label of the chart."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with a value, at its position. `at` is the index of its label."""

    x: float
    y: float
    at: int
    point: Point


@dataclass(frozen=True, slots=True)
class Line:
    """The marks of a series, one for each point with a value."""

    marks: Sequence[Mark]

    def pairs(self) -> Iterator[tuple[Mark, Mark]]:
        """Yield the pairs of marks to connect. They are at adjacent labels, and their values are counted alike."""
        for one, other in pairwise(self.marks):
            if other.at == one.at + 1 and not other.point.has_new_definitions:
                yield one, other

    def runs(self) -> Iterator[list[tuple[float, float]]]:
        """Yield the positions of connected marks, as polylines."""
        run: list[tuple[float, float]] = []
        for one, other in self.pairs():
            if run and run[-1] != (one.x, one.y):
                yield run
                run = []
            run += [(other.x, other.y)] if run else [(one.x, one.y), (other.x, other.y)]
        if run:
            yield run
