"""The sheets of an uploaded workbook: unpacked within limits, without anything that runs, and loaded cell by cell."""

import warnings
from itertools import islice
from typing import Any, BinaryIO

from evaluation.assessment.workbook.layout import CHOICES_SHEET
from evaluation.assessment.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.crm.formats.archive import repack
from evaluation.crm.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from standards.editions.files.workbook.cells import UNREADABLE, Cell

MOST_BYTES = 10 * MEGABYTE
_LIMITS = Limits(inflated_bytes=50 * MEGABYTE, loaded_cells=100_000, line=200_000, computed_only=False)
_MOST_ROWS, _MOST_SHEETS = 5_000, 200
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of an .xls file, and of an .xlsx file with a password."""
_OF_ARCHIVES = {
    "too_many_loaded_cells": "too_many_cells",
    "workbook_too_large": "too_many_cells",
    "cell_too_long": "too_many_cells",
    "workbook_locked": "old_or_locked",
}
"""The code of a problem, by that of the reader of archives; every other one is `broken`."""
NOTHING = Cell(None)

Rows = list[tuple[Cell, ...]]


def load_sheets(content: bytes, name: str) -> dict[str, Rows]:
    """Return the rows of each sheet by its name, without that of the choices. Raises UnusableWorkbook."""
    return _load(_unpack(content, name))


def _unpack(content: bytes, name: str) -> BinaryIO:
    """Return the sheets of the file, within limits and without anything that runs. Raises UnusableWorkbook."""
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
    from openpyxl import load_workbook  # noqa: PLC0415 - only for who brings a workbook

    code = "broken"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep, such as lists of choices
            book = load_workbook(file, read_only=True, keep_links=False)
            pages = [page for page in book.worksheets[:_MOST_SHEETS] if page.title != CHOICES_SHEET]
            sheets = {page.title: _cells(page) for page in pages}
        if all(len(rows) <= _MOST_ROWS for rows in sheets.values()):
            return sheets
        code = "too_many_cells"
    except UNREADABLE:
        pass
    raise UnusableWorkbook(WorkbookProblem(code))


def _cells(page: Any) -> Rows:
    page.reset_dimensions()  # what a file says of its size is not trusted
    return [
        tuple(
            Cell(cell.value, cell.data_type or "", getattr(cell, "number_format", "") or "")
            if cell.value is not None
            else NOTHING
            for cell in row
        )
        for row in islice(page.iter_rows(), _MOST_ROWS + 1)
    ]
