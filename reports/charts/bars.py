"""Bars under each other, from zero to the largest: the name above a bar, the value as it is written at the right.

What was estimated is hollow, what is missing has no bar, only its words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.kept import KeptChart
from reports.charts.series import Number
from reports.charts.style import SIZE, WIDTH

ROW, BAR, VALUES, EDGE = 35.0, 10.0, 66.0, 1.5
"""Height of a row and of its bar, the column of the values, and the edge of a hollow bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: its name, its value (None draws no bar), and the value as it is written."""

    name: str
    value: Number | None
    text: str
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class BarChart(KeptChart):
    """`name` makes the ids of the page's charts different from each other."""

    bars: Sequence[Bar]
    title: str
    name: str

    def draw(self) -> str:
        from reports.charts.canvas import Canvas

        most = max((float(bar.value) for bar in self.bars if bar.value is not None), default=0) or 1.0
        whole = WIDTH - VALUES
        canvas = Canvas(WIDTH, ROW * len(self.bars) + 2, size=SIZE)
        for number, bar in enumerate(self.bars):
            top = ROW * number
            y = top + 18
            canvas.write(0, top + 13, bar.name, kind="chart-ink")
            if bar.value is None:
                canvas.write(0, y + 11, bar.text, colour="ink-soft", kind="chart-soft")
                continue
            canvas.rectangle(0, y, whole, BAR, fill="sunk", kind="chart-ground")
            width = float(bar.value) * whole / most
            if bar.value and bar.is_hollow:
                inside = {"x": EDGE / 2, "y": y + EDGE / 2, "wide": max(width - EDGE, 0), "tall": BAR - EDGE}
                canvas.rectangle(**inside, fill="surface", stroke="petal", width=EDGE, kind="chart-hollow")
            elif bar.value:
                canvas.rectangle(0, y, width, BAR, fill="petal", kind="chart-bar")
            canvas.write(WIDTH, y + 9.5, bar.text, align="right", weight=600, kind="chart-ink")
        return canvas.svg(title=self.title, name=self.name, **{"class": "chart"})
