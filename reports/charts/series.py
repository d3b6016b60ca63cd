"""The series of a line chart, as they are given, and as lines of marks where they stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

Number = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Point:
    """A value at a place on the line. `text` is the value as it is written; `starts_anew` keeps it from being joined."""

    value: Number | None
    text: str = ""
    is_hollow: bool = False
    """Estimated, about, or in doubt: said in the table too."""
    starts_anew: bool = False
    """Counted otherwise than the point before, so that no line may lead from one to the other."""


@dataclass(frozen=True, slots=True)
class Series:
    """The points of one thing, one for each label of the chart, in their order."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that has a value, where it stands. `at` is the number of its label."""

    x: float
    y: float
    at: int
    point: Point


@dataclass(frozen=True, slots=True)
class Line:
    """The marks of a series where it has a value."""

    marks: Sequence[Mark]

    def pairs(self) -> Iterator[tuple[Mark, Mark]]:
        """The marks that a line joins: beside each other, and counted alike."""
        for one, other in pairwise(self.marks):
            if other.at == one.at + 1 and not other.point.starts_anew:
                yield one, other

    def runs(self) -> Iterator[list[tuple[float, float]]]:
        """The places of the marks that are joined, one after the other."""
        run: list[tuple[float, float]] = []
        for one, other in self.pairs():
            if run and run[-1] != (one.x, one.y):
                yield run
                run = []
            run += [(other.x, other.y)] if run else [(one.x, one.y), (other.x, other.y)]
        if run:
            yield run
