"""Horizontal bars from zero to the largest value, with the name above and the value at the right.

Estimates are hollow. A missing value has no bar, only its text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.charts.cached import CachedChart
from reports.charts.series import Number
from reports.charts.style import SIZE, WIDTH

if TYPE_CHECKING:
    from reports.charts.canvas import Canvas

LEADING, ROW, BAR, VALUES, EDGE = 18.0, 17.0, 10.0, 66.0, 1.5
"""The height of a line of a name, of a row without its name, and of a bar; the width of the values and of an edge."""
WHOLE = WIDTH - VALUES


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its value (None draws no bar), and the value as text."""

    name: str
    value: Number | None
    text: str
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class BarChart(CachedChart):
    """A bar chart. `name` is unique on the page."""

    bars: Sequence[Bar]
    title: str
    name: str

    def draw(self) -> str:
        from reports.charts.canvas import Canvas, wrap

        most = max((float(bar.value) for bar in self.bars if bar.value is not None), default=0) or 1.0
        names = [wrap(bar.name, WIDTH, SIZE) for bar in self.bars]
        canvas = Canvas(WIDTH, sum(LEADING * len(name) + ROW for name in names) + 2, size=SIZE)
        y = 0.0
        for bar, name in zip(self.bars, names, strict=True):
            for text in name:
                canvas.write(0, y + 13, text, kind="chart-ink")
                y += LEADING
            if bar.value is None:
                canvas.write(0, y + 11, bar.text, colour="ink-soft", kind="chart-soft")
            else:
                _draw_bar(canvas, bar, y, round(float(bar.value) * WHOLE / most, 1))
            y += ROW
        return canvas.svg(title=self.title, name=self.name, **{"class": "chart"})


def _draw_bar(canvas: "Canvas", bar: Bar, y: float, width: float) -> None:
    canvas.rectangle(0, y, WHOLE, BAR, fill="sunk", kind="chart-ground")
    if bar.value and bar.is_hollow:
        inside = {"x": EDGE / 2, "y": y + EDGE / 2, "wide": max(width - EDGE, 0), "tall": BAR - EDGE}
        canvas.rectangle(**inside, fill="surface", stroke="petal", width=EDGE, kind="chart-hollow")
    elif bar.value:
        canvas.rectangle(0, y, width, BAR, fill="petal", kind="chart-bar")
    canvas.write(WIDTH, y + 9.5, bar.text, align="right", weight=600, kind="chart-ink")
