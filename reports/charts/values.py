"""Placement of the values of a line chart, each at its mark, without overlaps.

Estimated values and the first, last and highest one are written if there is room. The table has all values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.charts.canvas import Canvas, measure
from reports.charts.series import Line, Mark

ABOVE, BELOW, SIDE = -9.0, 19.0, 8.0
"""The distance of a value from its mark."""
CLOSE = 24.0
"""The distance below which a value could be read as that of another mark."""
WEIGHT = 600


@dataclass(frozen=True, slots=True)
class Place:
    """The left and right end and the base line of a text."""

    left: float
    right: float
    y: float

    def overlaps(self, other: "Place") -> bool:
        return self.left <= other.right and other.left <= self.right and abs(self.y - other.y) <= 14

    def covers(self, x: float, y: float) -> bool:
        return self.left - 4 <= x <= self.right + 4 and self.y - 14 <= y <= self.y + 5


def write_values(canvas: Canvas, lines: Sequence[Line], *, floor: float) -> None:
    """Write each value above, below or next to its mark, where it covers least.

    Values are not written below `floor`, nor over a value that is already written.
    """
    taken: list[Place] = []
    for line in lines:
        for mark in _described(line.marks):
            width = measure(mark.point.text, canvas.size, WEIGHT)
            found = [
                (_ambiguity(place, mark, lines) + _coverage(place, lines), place)
                for place in _places(mark, width, canvas.width)
                if place.y < floor and not any(place.overlaps(other) for other in taken)
            ]
            if found:
                place = min(found, key=lambda choice: choice[0])[1]
                middle, kind = (place.left + place.right) / 2, "chart-ink chart-value"
                canvas.write(middle, place.y, mark.point.text, align="center", weight=WEIGHT, kind=kind)
                taken.append(place)


def _described(marks: Sequence[Mark]) -> Iterator[Mark]:
    known = [mark for mark in marks if mark.point.text]
    if known:
        doubtful = [mark for mark in known if mark.point.is_hollow]
        highest = min(known, key=lambda mark: mark.y)
        chosen = {mark.at: mark for mark in [*doubtful, known[0], known[-1], highest]}
        yield from chosen.values()


def _places(mark: Mark, width: float, end: float) -> Iterator[Place]:
    """Yield the places above, below, left and right of a mark that are within the drawing."""
    middle = min(max(mark.x, width / 2), end - width / 2)
    yield Place(middle - width / 2, middle + width / 2, mark.y + ABOVE)
    yield Place(middle - width / 2, middle + width / 2, mark.y + BELOW)
    if mark.x - width > SIDE:
        yield Place(mark.x - SIDE - width, mark.x - SIDE, mark.y + 4)
    if mark.x + width < end - SIDE:
        yield Place(mark.x + SIDE, mark.x + SIDE + width, mark.y + 4)


def _ambiguity(place: Place, mark: Mark, lines: Sequence[Line]) -> int:
    """Return a penalty for a place at which a value could be read as that of another mark.

    It is 2 to the left or right of the mark, and 6 for each close mark of the same label on the side of the value.
    """
    if abs(place.y - mark.y) < -ABOVE:
        return 2
    near = [other.y - mark.y for line in lines for other in line.marks if other.at == mark.at]
    return 6 * sum((away > 0) == (place.y > mark.y) for away in near if 0 < abs(away) < CLOSE)


def _coverage(place: Place, lines: Sequence[Line]) -> int:
    """Return a penalty for the marks and lines that a text would cover: 3 for a mark, 1 for a line."""
    marks = sum(place.covers(mark.x, mark.y) for line in lines for mark in line.marks)
    steps = [n / 16 for n in range(17)]
    crossed = sum(
        any(place.covers(a.x + (b.x - a.x) * n, a.y + (b.y - a.y) * n) for n in steps)
        for line in lines
        for a, b in line.pairs()
    )
    return 3 * marks + crossed
