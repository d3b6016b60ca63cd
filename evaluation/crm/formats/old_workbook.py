"""Read the table of an old Excel workbook (XLS, of Excel 95 to 2003), by the same rules as that of a new one."""

import io
from typing import BinaryIO

from evaluation.crm.formats.layout import TableLayout
from evaluation.crm.formats.loaded import LoadedTable
from evaluation.crm.formats.sheet_cells import SheetCells
from evaluation.crm.formats.source import Limits, Source, Unreadable, read_limited
from evaluation.crm.formats.workbook import build_table, read_all_with_calamine, read_with_calamine
from evaluation.crm.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
"""The names of the stream that has the workbook: the files of other programs have other streams."""


def open_old_workbook(source: Source, limits: Limits, layout: TableLayout | None = None) -> LoadedTable:
    """Open the chosen sheet, or the only one that has a table. Raises Unreadable."""
    source.file.seek(0)
    number = layout.sheet if layout else 0
    cells = read_limited(read_old_sheet, source.file.read(), source.name, limits, number)
    return build_table(cells, limits, layout)


def read_old_sheet(content: bytes, name: str, limits: Limits, number: int = 0) -> SheetCells:
    """Return the sheet with this number, else the only one that has a table.

    Called in the limited process. Raises Unreadable.
    """
    return read_with_calamine(_require_workbook(content), limits, number)


def read_all_old_sheets(content: bytes, name: str, limits: Limits) -> list[SheetCells]:
    """Return the visible sheets with content. Called in the limited process. Raises Unreadable."""
    return read_all_with_calamine(_require_workbook(content), limits)


def _require_workbook(content: bytes) -> BinaryIO:
    """Return the file. Raises Unreadable if it is locked, or of another program."""
    if _LOCKED in content:
        raise Unreadable(Problem("workbook_locked"))
    if not any(name in content for name in _BOOKS):
        raise Unreadable(Problem("other_format"))
    return io.BytesIO(content)
