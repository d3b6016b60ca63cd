"""Read the table of an old Excel workbook (XLS, of Excel 95 to 2003), by the same rules as that of a new one."""

import io
from typing import BinaryIO

from evaluation.figures.formats.sheet_cells import SheetCells
from evaluation.figures.formats.source import Limits, Unreadable
from evaluation.figures.formats.workbook import read_all_with_calamine, read_with_calamine
from evaluation.figures.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))
"""The names of the stream that has the workbook: the files of other programs have other streams."""


def read_sheet(content: bytes, name: str, limits: Limits, number: int) -> SheetCells:
    """Return the sheet with this number, else the only one that has a table.

    Called in the limited process. Raises Unreadable.
    """
    return read_with_calamine(_require_workbook(content), limits, number)


def read_sheets(content: bytes, name: str, limits: Limits) -> list[SheetCells]:
    """Return the visible sheets with content. Called in the limited process. Raises Unreadable."""
    return read_all_with_calamine(_require_workbook(content), limits)


def _require_workbook(content: bytes) -> BinaryIO:
    """Return the file. Raises Unreadable if it is locked, or of another program."""
    if _LOCKED in content:
        raise Unreadable(Problem("workbook_locked"))
    if not any(name in content for name in _BOOKS):
        raise Unreadable(Problem("other_format"))
    return io.BytesIO(content)
