"""Define the cells of a sheet as a reader of workbooks or pages returns them, and choose one of several sheets. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.figures.formats.published.table_start import is_row_of_names
from evaluation.figures.formats.source import Unreadable
from evaluation.figures.problems.file_problems import Problem

SAMPLE = 100
"""The number of rows in which the names of the columns are looked for."""


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The filled cells of a sheet: texts, numbers and dates. Every row has the same number of cells."""

    rows: list[list[Any]]
    first_row: int = 1
    """The number of the first row in the file."""
    first_column: int = 0
    """The number of columns before the first one."""
    name: str = ""
    number: int = 1
    """Its number among the visible sheets of the file, from 1."""


def choose_sheet(sheets: Sequence[SheetCells], number: int, *, several: str = "several_sheets") -> SheetCells:
    """Return the sheet with this number; without one, that with the published names, else the only one.

    Raises Unreadable, with the code `several` if there are several.
    """
    if number:
        chosen = [sheet for sheet in sheets if sheet.number == number]
    else:
        published = [sheet for sheet in sheets if any(is_row_of_names(map(str, row)) for row in sheet.rows[:SAMPLE])]
        chosen = published or [*sheets]
    if not chosen:
        raise Unreadable(Problem("no_rows"))
    if len(chosen) > 1:
        raise Unreadable(Problem(several, params={"count": len(chosen)}))
    return chosen[0]
