"""A chart of figures with the table of its numbers, and lines drawn from a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from portal.presentation.tables import Table
from reports.figure_charts import Point, Series, line_chart
from standards.presentation.marking import language_of


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with the table of its numbers."""

    svg: SafeString
    table: Table
    code: str = ""


def draw_lines(table: Table, starts: Sequence[bool] = (), *, counted: int = 1) -> SafeString:
    """The first `counted` lines. A gap where there is no number; no line leads over a change of definitions."""
    starts = starts or [False] * len(table.columns)
    series = [
        Series(
            str(line.name),
            [
                Point(
                    None if cell.number is None else float(cell.number),
                    cell.text,
                    is_hollow=cell.is_estimated,
                    starts_anew=start,
                )
                for cell, start in zip(line.cells, starts, strict=True)
            ],
        )
        for line in table.lines[:counted]
    ]
    title, language = str(table.title), language_of(table.title)
    return line_chart(table.columns, series, title=title, name=table.code, language=language)
