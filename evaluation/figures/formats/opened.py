"""Define the interface of an opened table: header lines, column names, and rows that are streamed, not stored."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Any

from evaluation.figures.formats.row_account import RowAccount
from evaluation.figures.problems.file_problems import Problem

CHUNK = 100_000
"""The approximate number of rows of a chunk."""

Cells = tuple[str, ...]
BETWEEN = " / "
"""The separator of the two parts of a name that is in two rows."""


class Opened(ABC):
    """One table of a file. Each iteration starts at the first row, and raises Unreadable if a row cannot be read."""

    top: Cells
    """The lines above the table, those of the header as `# field: value`; the first is row 1."""
    names: Cells
    """The names of the columns as written, stripped."""
    names_row: int
    """The number of the row of names, counted from 1 as in a spreadsheet."""
    sheet: str = ""
    """The name of the sheet of a workbook, or the title of a page: it may name a year. Empty if there is none."""
    is_turned: bool = False
    """Whether periods stand side by side in the file, so that a row of it is several rows here."""
    is_published: bool
    """Whether the table is in the published format rather than a hotline's own."""
    is_cut: bool = False
    """Whether there are more rows than `Limits.first_rows`: they are neither read nor counted."""
    row_count: int = 0
    """The number of rows below the names, including empty ones: set when an iteration reaches the end of the file."""
    empty_count: int = 0
    """The number of rows below the names without content in any cell."""
    below: tuple[int, ...] = ()
    """The numbers of the rows below the last row that a user chose; complete when an iteration reaches the end."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row that is not empty: its number, and as many stripped cells as `names`."""

    @abstractmethod
    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        """Yield the rows as pandas.DataFrame: columns are `names` in lower case, the index is the row number.

        Columns are categories of text; those named in `plain` are text. Empty cells are "", `NA` stays `NA`, cells are
        stripped.
        """

    def file_column(self, place: int, cells: Cells = ()) -> int | None:
        """Return the number of the file's column, counted from 1, that a cell of a row of `cells` is from.

        None if it is the column of this name, or if `cells` is needed to say it.
        """
        return None

    @property
    def noticed(self) -> tuple[Problem, ...]:
        """The warnings that the hotline must explain; complete once the rows are read to the end."""
        return ()

    def account(self, read: int) -> RowAccount:
        """Return the account of rows, once they are read to the end. `read` is how many the caller has read."""
        in_file = self.row_count + len(self.below)
        return RowAccount(in_file, read, self.empty_count, left_out=self.below)
