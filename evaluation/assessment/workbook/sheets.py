"""Load the sheets of an uploaded workbook: unpacked within limits, without active content, cell by cell."""

import warnings
from collections.abc import Iterable
from typing import Any, BinaryIO

from evaluation.assessment.workbook.layout import CHOICES_SHEET
from evaluation.assessment.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.crm.formats.archive import repack
from evaluation.crm.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from standards.editions.files.workbook.cells import UNREADABLE, Cell

MOST_BYTES = 10 * MEGABYTE
_LIMITS = Limits(
    inflated_bytes=50 * MEGABYTE, loaded_cells=100_000, counts_blank=True, line=200_000, computed_only=False
)
_MOST_SHEETS, _MOST_ROWS, _MOST_COLUMNS = 200, 5_000, 64
"""The number of sheets that are read per workbook, of rows allowed per sheet, and of columns read per row."""
_MOST_READ = 1_000_000
"""The number of cells of all sheets, each row up to its last cell, with blank ones: openpyxl creates all of them."""
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of an .xls file, and of an .xlsx file with a password."""
_OF_ARCHIVES = {
    "too_many_loaded_cells": "too_many_cells",
    "workbook_too_large": "too_many_cells",
    "cell_too_long": "too_many_cells",
    "workbook_locked": "old_or_locked",
}
"""The problem codes of a workbook, by the codes of the archive reader; every other code is `broken`."""
NOTHING = Cell(None)

Rows = list[tuple[Cell, ...]]


def load_sheets(content: bytes, name: str) -> dict[str, Rows]:
    """Return the rows of each sheet by its name, without the sheet of the choices. Raises UnusableWorkbook."""
    return _load(_unpack(content, name))


def _unpack(content: bytes, name: str) -> BinaryIO:
    """Return the file repacked with its sheets only, within limits. Raises UnusableWorkbook for active content."""
    problem = None
    try:
        inspect_upload(content, name, limit=MOST_BYTES, kinds=("xlsx",))
        return repack(Source.of_bytes(content, name), _LIMITS)
    except Unacceptable as refused:
        is_old = refused.code in ("wrong_kind", "protected") and content.startswith(_OLD_OR_LOCKED)
        is_locked = is_old or refused.code == "protected"
        problem = WorkbookProblem("old_or_locked" if is_locked else refused.code)
    except Unreadable as unreadable:
        problem = WorkbookProblem(_OF_ARCHIVES.get(unreadable.problems[0].code, "broken"))
    # outside the handlers, so that no traceback contains a cell
    raise UnusableWorkbook(problem)


def _load(file: BinaryIO) -> dict[str, Rows]:
    """Return the cells of each sheet by its name. Raises UnusableWorkbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 - loaded only when a workbook is read

    code = "broken"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what openpyxl does not load, such as lists of choices
            book = load_workbook(file, read_only=True, keep_links=False)
            pages = [page for page in book.worksheets[:_MOST_SHEETS] if page.title != CHOICES_SHEET]
            return _read(pages)
    except _TooManyCells:
        code = "too_many_cells"
    except UNREADABLE:
        pass
    raise UnusableWorkbook(WorkbookProblem(code))


class _TooManyCells(Exception):
    """Stops the reading of the sheets."""


def _read(pages: Iterable[Any]) -> dict[str, Rows]:
    """Return the cells of the sheets by sheet name. Raises _TooManyCells as soon as a limit is exceeded."""
    sheets: dict[str, Rows] = {}
    left = _MOST_READ
    for page in pages:
        page.reset_dimensions()  # the dimensions that a file declares are not trusted
        rows = sheets[page.title] = []
        for row in page.iter_rows():
            left -= len(row) + 1
            if left < 0 or len(rows) == _MOST_ROWS:
                raise _TooManyCells
            rows.append(tuple(map(_cell, row[:_MOST_COLUMNS])))
    return sheets


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return NOTHING
    return Cell(cell.value, cell.data_type or "", getattr(cell, "number_format", "") or "")
