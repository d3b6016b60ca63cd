"""Workbooks filled in by a person: written to, changed with another program, saved again."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from evaluation.answers.workbook.layout import ANSWERS, STATE_SHEET, Column
from evaluation.answers.workbook.subject import SelfAssessment
from evaluation.answers.workbook.writing import write_workbook
from evaluation.models import Evaluation

MADE_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def written(evaluation: Evaluation, language: str = "en") -> bytes:
    return write_workbook(SelfAssessment(evaluation), language, at=MADE_AT)


def change(content: bytes, act: Callable[[Workbook], object]) -> bytes:
    """Open a workbook with openpyxl, change it and save it."""
    book = load_workbook(BytesIO(content))
    act(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def place_of(book: Workbook, code: str, column: Column) -> tuple[Any, int, int]:
    """Return the sheet, the row and the column of a cell."""
    for page in book.worksheets:
        if page["A1"].value == "code" and page.title != STATE_SHEET:
            for row in range(4, page.max_row + 1):
                if page.cell(row, 1).value == code:
                    return page, row, ANSWERS.columns.index(column) + 1
    raise LookupError(code)


def fill_in(content: bytes, cells: Mapping[tuple[str, Column], Any]) -> bytes:
    """Write into cells, given by the indicator's code and the column."""

    def act(book: Workbook) -> None:
        for (code, column), value in cells.items():
            page, row, place = place_of(book, code, column)
            page.cell(row, place).value = value

    return change(content, act)
