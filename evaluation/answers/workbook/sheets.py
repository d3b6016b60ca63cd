"""Load the sheets of an uploaded workbook in the limited process: without active content, cell by cell."""

import warnings
from collections.abc import Iterable
from typing import Any, BinaryIO

from evaluation.answers.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.figures.formats.archive import repack
from evaluation.figures.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.files import office
from evaluation.files.inspection import check_outside
from evaluation.files.kinds import Found, Unacceptable
from standards.editions.files.workbook.cells import UNREADABLE, Cell
from standards.limited_process import ParserStopped, run_limited

LIBRARIES = ("openpyxl",)
CHOICES_SHEET = "_choices"
"""The hidden sheet of the choices of the lists. It is not read."""
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
    try:
        check_outside(content, name, limit=MOST_BYTES, kinds=("xlsx",))
        read = run_limited(read_sheets, content, name)
    except Unacceptable as refused:
        is_old = refused.code == "wrong_kind" and content.startswith(_OLD_OR_LOCKED)
        read = WorkbookProblem("old_or_locked" if is_old else refused.code)
    except ParserStopped:
        read = WorkbookProblem("too_many_cells")
    if isinstance(read, WorkbookProblem):
        raise UnusableWorkbook(read)
    return read


def read_sheets(content: bytes, name: str) -> dict[str, Rows] | WorkbookProblem:
    """Return the rows of each sheet, or the problem. Called in the limited process."""
    try:
        office.clean(content, unpacked=_LIMITS.inflated_bytes)
        return _load(repack(Source.of_bytes(content, name), _LIMITS))
    except Found as found:
        code = {"protected": "old_or_locked", "too_complex": "too_many_cells"}.get(found.code, found.code)
        return WorkbookProblem(code, params={"what": found.what, "place": found.place})
    except Unreadable as unreadable:
        return WorkbookProblem(_OF_ARCHIVES.get(unreadable.problems[0].code, "broken"))
    except _TooManyCells:
        return WorkbookProblem("too_many_cells")
    except UNREADABLE:
        return WorkbookProblem("broken")


def _load(file: BinaryIO) -> dict[str, Rows]:
    """Return the cells of each sheet by its name."""
    from openpyxl import load_workbook  # noqa: PLC0415 - loaded only when a workbook is read

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what openpyxl does not load, such as lists of choices
        book = load_workbook(file, read_only=True, keep_links=False)
        return _read([page for page in book.worksheets[:_MOST_SHEETS] if page.title != CHOICES_SHEET])


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
    return NOTHING if cell.value is None else Cell.of(cell)
