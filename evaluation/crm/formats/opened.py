"""A table that stands open: the lines on top, the names of the columns, and rows that are walked and not kept."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from typing import Any

from evaluation.crm.formats.row_account import RowAccount
from evaluation.crm.problems.file_problems import Problem

CHUNK = 100_000
"""Rows in a chunk, about."""

Cells = tuple[str, ...]


class Opened(ABC):
    """One table of a file. Walking it again starts anew. Walking raises Unreadable where a row cannot be read."""

    top: Cells
    """The lines above the table, those of the header as `# field: value`; the first is row 1."""
    names: Cells
    """The names of the columns as they are written, without blanks around them."""
    names_row: int
    """The row of the names, as a spreadsheet counts."""
    is_published: bool
    """Whether this is the published format rather than a hotline's own."""
    row_count: int = 0
    """Rows below the names, empty ones included: counted by the last walk that came to the end of the file."""
    empty_count: int = 0
    """How many of them have nothing in any cell."""

    @abstractmethod
    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row with its number, its cells as many as `names` and without blanks around; empty rows left out."""

    @abstractmethod
    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        """The rows as pandas.DataFrame: columns are `names` in lower case, the index is the number of the row.

        Columns are categories of text, those named in `plain` text. Empty is "", `NA` stays `NA`, no blanks around.
        """

    @property
    def noticed(self) -> tuple[Problem, ...]:
        """What asks for a word of the hotline: known once the rows were walked to their end."""
        return ()

    def account(self, read: int) -> RowAccount:
        """Where every row went, after a walk to the end. `read` is how many rows whoever walked them has read."""
        return RowAccount(self.row_count, read, self.empty_count)
