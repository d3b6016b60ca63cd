"""Define where the table of a file is: its sheet, its row of names and its last row, as a user chose them. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The place of a table. 0 means that the reader finds the part itself.

    Rows are numbered from 1 as in a spreadsheet. A table chosen so is never in the published format.
    """

    sheet: int = 0
    """The number of the sheet among the visible ones, from 1."""
    names_row: int = 0
    last_row: int = 0
    """The last row of the table: rows below it are not read."""
