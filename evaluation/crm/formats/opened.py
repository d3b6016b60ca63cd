"""The interface of an opened table: header lines, column names, and rows that are streamed, not stored."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Any

from evaluation.crm.formats.row_account import RowAccount
from evaluation.crm.problems.file_problems import Problem

CHUNK = 100_000
"""Rows in a chunk, about."""

Cells = tuple[str, ...]


class Opened(ABC):
    """One table of a file. Each iteration starts at the first row; it raises Unreadable where a row cannot be read."""

    top: Cells
    """The lines above the table, those of the header as `# field: value`; the first is row 1."""
    names: Cells
    """The names of the columns as written, stripped."""
    names_row: int
    """The number of the row of names, counted as a spreadsheet does."""
    is_published: bool
    """Whether this is the published format rather than a hotline's own."""
    row_count: int = 0
    """Rows below the names, including empty ones: set when an iteration reaches the end of the file."""
    empty_count: int = 0
    """How many of them have nothing in any cell."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row with its number, with as many cells as `names`, stripped; empty rows are left out."""

    @abstractmethod
    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        """Yield the rows as pandas.DataFrame: columns are `names` in lower case, the index is the row number.

        Columns are categories of text; those named in `plain` are text. Empty cells are "", `NA` stays `NA`, cells are
        stripped.
        """

    @property
    def noticed(self) -> tuple[Problem, ...]:
        """The warnings that the hotline must explain; complete after the rows were read to the end."""
        return ()

    def account(self, read: int) -> RowAccount:
        """Return how many rows were read, empty or left out, after reading to the end. `read` is the caller's count."""
        return RowAccount(self.row_count, read, self.empty_count)
