"""A table of numbers, shown and downloaded from the same object, so that both have the same content."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

_FORMULA = re.compile(r"^(?=[\t\r\n])|(?:^|(?<=[;\t|\r\n]))(?=[=+@\uff1d\uff0b\uff0d\uff20-])")
"""The beginning of a text that a spreadsheet would execute: in a cell, or after a delimiter, also semicolons."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME = 31


_TINTS = {"partly": "l2", "no": "lx", "missing": "lx", "not_applicable": "ln", "no_file": "ln", "count": "ln"}


@dataclass(frozen=True, slots=True)
class Cell:
    """The content of a cell: `text` for the reader, `number` for a program, `note` why there is none."""

    text: str
    number: Decimal | int | None = None
    note: str = ""
    """Also shown with a number: an estimate, other definitions than before."""
    url: str = ""
    kind: str = ""
    """The style: `missing`, `partly`, `no`, `not_applicable`, `no_file`, `count`, or nothing."""
    is_estimated: bool = False

    @property
    def is_number(self) -> bool:
        return self.number is not None

    @property
    def tint(self) -> str:
        """The class of its tint in a table of recorded items."""
        return _TINTS.get(self.kind, "l3")

    @property
    def has_only_note(self) -> bool:
        return self.number is None and bool(self.note)


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its name, which may be a passage of the Guide, and its cells."""

    name: Any
    cells: Sequence[Cell]
    url: str = ""
    tag: str = ""
    code: str = ""
    """Written before the name."""

    @property
    def is_sum(self) -> bool:
        return self.tag in ("sum", "group")


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `corner` is the heading of the column of row names; `code` is its name in a file."""

    code: str
    title: Any
    corner: str
    columns: Sequence[str]
    lines: Sequence[Line]
    words: Sequence[str] = field(default=())
    """Notes that are downloaded with the table."""


def text(words: Any, url: str = "") -> Cell:
    """Return a cell of text."""
    return Cell(str(words), url=url)


def missing(note: Any, kind: str = "missing", url: str = "") -> Cell:
    """Return a cell without a number, with the reason."""
    return Cell("", note=str(note), kind=kind, url=url)


def as_file(tables: Iterable[Table], wanted: str, *, name: str, title: str) -> HttpResponse:
    """Return the tables as `csv` or `xlsx`."""
    if wanted not in ("csv", "xlsx"):
        raise Http404
    known = list(tables)
    content = as_csv(known, title) if wanted == "csv" else as_xlsx(known, title)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8" if wanted == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.{wanted}"'
    return response


def as_csv(tables: Sequence[Table], title: str) -> bytes:
    """Return each table under its name, separated by empty lines; numbers with a point, missing ones empty."""
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow([escape_formula(title)])
    for table in tables:
        sheet.writerow([])
        sheet.writerow([escape_formula(str(table.title))])
        sheet.writerow([escape_formula(name) for name in _head(table)])
        for line in table.lines:
            values = [_plain(cell) for cell in line.cells]
            sheet.writerow(
                [
                    escape_formula(line.code),
                    escape_formula(str(line.name)),
                    *values,
                    escape_formula(_notes(table, line)),
                ]
            )
        for words in table.words:
            sheet.writerow([escape_formula(words)])
    return ("\ufeff" + written.getvalue()).encode()


def as_xlsx(tables: Sequence[Table], title: str) -> bytes:
    """Return a sheet for each table; numbers are numbers, texts are never formulas or links."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only needed for downloads

    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(written, options) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for number, table in enumerate(tables, start=1):
            sheet = book.add_worksheet(f"{number} {table.code}"[:LONGEST_SHEET_NAME])
            sheet.write_string(0, 0, f"{title}: {table.title}", bold)
            for column, name in enumerate(_head(table)):
                sheet.write_string(2, column, name, bold)
            for row, line in enumerate(table.lines, start=3):
                sheet.write_string(row, 0, line.code)
                sheet.write_string(row, 1, str(line.name))
                for column, cell in enumerate(line.cells, start=2):
                    if cell.number is not None:
                        sheet.write_number(row, column, cell.number)
                    elif cell.text:
                        sheet.write_string(row, column, cell.text)
                sheet.write_string(row, len(line.cells) + 2, _notes(table, line))
            for row, words in enumerate(table.words, start=len(table.lines) + 4):
                sheet.write_string(row, 0, words)
            sheet.freeze_panes(3, 2)
            sheet.set_column(1, 1, 50, wrapped)
    return written.getvalue()


def _head(table: Table) -> list[str]:
    return [_("Code"), table.corner, *table.columns, _("Notes")]


def _notes(table: Table, line: Line) -> str:
    """Return the notes on cells, by the name of their column."""
    pairs = zip(table.columns, line.cells, strict=True)
    return "; ".join(_note(column, cell.note) for column, cell in pairs if cell.note)


def _note(column: str, note: str) -> str:
    # Translators: a remark on one cell of a table, after the name of its column: "2025: not recorded".
    return _("%(column)s: %(note)s") % {"column": column, "note": note}


def _plain(cell: Cell) -> str:
    if cell.number is not None:
        return format(Decimal(cell.number), "f")
    return escape_formula(cell.text)


def escape_formula(words: str) -> str:
    """Return a text that no spreadsheet executes as a formula."""
    return _FORMULA.sub("'", words)
