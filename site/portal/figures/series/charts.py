"""A chart of figures with the table of its numbers, and the line chart of a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.presentation.tables import Table
from reports.charts.bars import BarChart
from reports.charts.lines import LineChart
from reports.charts.series import Point, Series
from standards.presentation.marking import language_of


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with the table of its numbers."""

    drawing: LineChart | BarChart
    table: Table
    code: str = ""


def line_chart(table: Table, starts: Sequence[bool] = (), *, counted: int = 1) -> LineChart:
    """Return a chart of the first `counted` lines, with gaps for missing numbers and breaks where `starts` is True."""
    starts = starts or [False] * len(table.columns)
    series = [
        Series(
            str(line.name),
            [
                Point(
                    None if cell.number is None else float(cell.number),
                    cell.text,
                    is_hollow=cell.is_estimated,
                    has_new_definitions=start,
                )
                for cell, start in zip(line.cells, starts, strict=True)
            ],
        )
        for line in table.lines[:counted]
    ]
    title, language = str(table.title), language_of(table.title)
    return LineChart(table.columns, series, title, table.code, language)
