"""Line charts over time, with zero as the lowest value.

Missing values are gaps, estimates are hollow, and each series has its own shape.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.charts.cached import CachedChart
from reports.charts.series import Line, Mark, Series
from reports.charts.style import SIZE, WIDTH

if TYPE_CHECKING:
    from reports.charts.canvas import Canvas

HEIGHT = 180.0
"""The height without the legend."""
LEFT, RIGHT, TOP, FOOT, KEY, INDENT = 8.0, 14.0, 30.0, 24.0, 16.0, 28.0
"""The margins, and the height and the indent of a line of the legend."""
BOTTOM = HEIGHT - FOOT
RADIUS = 3.6
APART = 8.0
"""The smallest distance between labels of the axis."""

COLOURS = ("petal", "ink", "leaf", "petal-strong")
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 4), (2, 3), (8, 3, 2, 3))


@dataclass(frozen=True, slots=True)
class LineChart(CachedChart):
    """A line chart: the values of each series over the labels. `name` is unique on the page."""

    labels: Sequence[str]
    series: Sequence[Series]
    title: str
    name: str
    language: str = ""
    """The language of the title if it differs from the page's."""

    def draw(self) -> str:
        from reports.charts.canvas import Canvas, wrap
        from reports.charts.values import write_values

        names = [wrap(one.name, WIDTH - INDENT, SIZE) for one in self.series] if len(self.series) > 1 else []
        canvas = Canvas(WIDTH, HEIGHT + KEY * sum(map(len, names)), size=SIZE)
        lines = self._place()
        canvas.line([(LEFT, BOTTOM), (WIDTH - RIGHT + 6, BOTTOM)], colour="line-control", width=1, kind="chart-axis")
        self._write_labels(canvas)
        for number, line in enumerate(lines):
            for run in line.runs():
                colour, kind = COLOURS[number % 4], f"chart-line chart-{number % 4}"
                canvas.line(run, colour=colour, width=2, dashes=DASHES[number % 4], kind=kind)
            for mark in line.marks:
                _draw_mark(canvas, mark.x, mark.y, number, is_hollow=mark.point.is_hollow)
        y = HEIGHT + KEY / 2
        for number, name in enumerate(names):
            _draw_mark(canvas, LEFT + 8, y, number)
            for text in name:
                canvas.write(INDENT, y + 4, text, kind="chart-ink")
                y += KEY
        write_values(canvas, lines, floor=BOTTOM)
        return canvas.svg(title=self.title, name=self.name, language=self.language, **{"class": "chart"})

    def _place(self) -> list[Line]:
        values = [float(p.value) for one in self.series for p in one.points if p.value is not None]
        unit = (BOTTOM - TOP) / (max(values, default=0) or 1.0)
        return [
            Line(
                [
                    Mark(_x(at, len(self.labels)), round(BOTTOM - unit * float(point.value), 1), at, point)
                    for at, point in enumerate(one.points)
                    if point.value is not None
                ]
            )
            for one in self.series
        ]

    def _write_labels(self, canvas: "Canvas") -> None:
        """Write as many labels as fit. They are counted from the last one, so that it is always written."""
        from reports.charts.canvas import measure

        count, longest = len(self.labels), max((measure(label, SIZE) for label in self.labels), default=0) + APART
        distance = _x(1, count) - _x(0, count) if count > 1 else WIDTH
        step = math.ceil(longest / distance)
        for at in range((count - 1) % step, count, step):
            x = _x(at, count)
            canvas.write(x, HEIGHT - 7, self.labels[at], align="center", colour="ink-soft", kind="chart-soft")


def _x(at: int, count: int) -> float:
    inner = WIDTH - LEFT - RIGHT - 36
    return round(LEFT + 22 + (inner * at / (count - 1) if count > 1 else inner / 2), 1)


def _draw_mark(canvas: "Canvas", x: float, y: float, number: int, *, is_hollow: bool = False) -> None:
    """Draw the shape of a series by its number, hollow if the value is not exact."""
    r, colour = RADIUS, COLOURS[number % 4]
    kind = f"chart-point chart-{number % 4}" + (" is-hollow" if is_hollow else "")
    fill = "surface" if is_hollow else colour
    shapes = (
        (),
        ((-r, -r), (r, -r), (r, r), (-r, r)),
        ((0, -r - 1), (r + 1, 0), (0, r + 1), (-r - 1, 0)),
        ((-r, r), (0, -r), (r, r)),
    )
    if corners := shapes[number % 4]:
        canvas.polygons(
            [[(x + right, y + down) for right, down in corners]], fill=fill, stroke=colour, width=1.6, kind=kind
        )
    else:
        canvas.circle(x, y, r, fill=fill, stroke=colour, width=1.6, kind=kind)
