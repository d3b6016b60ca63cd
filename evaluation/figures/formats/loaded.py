"""Hold a table that is loaded as a whole, because its file cannot be streamed: a workbook, or JSON."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from evaluation.figures.formats.frames import to_frame
from evaluation.figures.formats.opened import CHUNK, Cells, Opened
from evaluation.figures.formats.published.table_start import is_published, require_names
from evaluation.figures.formats.source import Limits


class LoadedTable(Opened):
    """A table in memory, without empty rows. Its rows were checked when they were loaded."""

    def __init__(
        self,
        top: Sequence[str],
        names: Sequence[str],
        names_row: int,
        rows: list[tuple[int, Cells]],
        limits: Limits,
        *,
        empty: int,
        sheet: str = "",
        is_chosen: bool = False,
        below: tuple[int, ...] = (),
    ) -> None:
        """Store the table. `empty` is the number of empty rows that were left out.

        `is_chosen` says that a user chose where the table is, `below` has the numbers of the rows below it.
        """
        self.is_cut = 0 < limits.first_rows < len(rows)
        rows = rows[: limits.first_rows] if self.is_cut else rows
        self.top, self.names, self.names_row, self._rows = tuple(top), tuple(names), names_row, rows
        self.row_count, self.empty_count, self.sheet = len(rows) + empty, empty, sheet
        self.below = below
        self.is_published = not is_chosen and is_published(self.top, self.names)
        require_names(self.names, names_row, limits.columns, published=self.is_published)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        yield from self._rows

    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        columns = [name.lower() for name in self.names]
        for start in range(0, len(self._rows), size):
            yield to_frame(self._rows[start : start + size], columns, plain)
