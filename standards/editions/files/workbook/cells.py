"""The cells of an XLSX workbook, and the value of an entry in a cell, which a spreadsheet may have converted."""

import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from standards.editions.entries import Entry
from standards.editions.entries.entry import PERCENT
from standards.editions.files.entry_reader import UnreadableValue
from standards.framework import MalformedEdition

MOST_BYTES = 50_000_000
"""The maximal size of an unpacked workbook."""
MOST_ROWS, MOST_COLUMNS = 20_000, 500
_MOST = 10**15
"""The largest number up to which a spreadsheet stores every whole number exactly."""
_AGAIN = "Format the cell as text, and write it again."
UNREADABLE = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error, ParseError),
    *(ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError),
)
"""The exceptions of the libraries for a file that is damaged or encrypted, or is not a workbook."""


_CONSTANT = re.compile(
    r'=\s*(?:(?P<truth>TRUE|FALSE)(?:\(\))?|"(?P<text>(?:[^"]|"")*)"|(?P<number>[-+]?\d+(?:\.\d+)?))\s*', re.ASCII
)
"""A formula that is a value: LibreOffice writes `=TRUE()` for a cell with TRUE."""


@dataclass(frozen=True)
class Cell:
    """A cell: its value, its type by openpyxl (`f` for a formula, `e` for an error), and its number format."""

    value: Any
    kind: str = ""
    number_format: str = ""

    @classmethod
    def of(cls, cell: Any) -> "Cell":
        """Return a cell of openpyxl; a formula that is a constant as its value."""
        value, kind = cell.value, cell.data_type or ""
        constant = _CONSTANT.fullmatch(value) if kind == "f" and isinstance(value, str) else None
        if constant and constant["truth"]:
            value, kind = constant["truth"] == "TRUE", "b"
        elif constant and constant["number"]:
            number = constant["number"]
            value, kind = float(number) if "." in number else int(number), "n"
        elif constant:
            value, kind = constant["text"].replace('""', '"'), "s"
        return cls(value, kind, getattr(cell, "number_format", "") or "")

    @property
    def is_empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet by row, from the first row and column, with the merged areas."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[str, ...] = ()


def read_grids(path: Path) -> dict[str, Grid]:
    """Return every sheet of a workbook by name, including hidden ones. Raises MalformedEdition if it cannot be read."""
    if not path.is_file():
        raise MalformedEdition([f"There is no file {path}. Name the workbook of an edition."])
    try:
        return _open(path)
    except MalformedEdition:  # a ValueError, which `UNREADABLE` would catch
        raise
    except UNREADABLE as broken:
        problem = (
            "The file is no XLSX workbook that can be read. Save it as “Excel workbook (.xlsx)”, without a password."
        )
        raise MalformedEdition([f"{path.name}: {problem}"]) from broken


def _open(path: Path) -> dict[str, Grid]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow, and only needed for workbooks

    with path.open("rb") as file:  # given a path, openpyxl leaves a damaged file open
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_BYTES:
                raise MalformedEdition([f"{path.name}: The workbook is too large to be an edition."])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about content that openpyxl drops, such as style extensions
            book = load_workbook(file, keep_links=False)
    return {page.title.strip(): _grid(path, page) for page in book.worksheets}


def _grid(path: Path, page: Any) -> Grid:
    if page.max_row > MOST_ROWS or page.max_column > MOST_COLUMNS:
        area = f"{page.max_row} rows and {page.max_column} columns"
        problem = "Delete the rows below the last part and the columns beside the last entry."
        raise MalformedEdition([f"{path.name}: sheet {page.title}: The sheet has {area}. {problem}"])
    rows = tuple(tuple(Cell.of(cell) for cell in row) for row in page.iter_rows(min_row=1, min_col=1))
    return Grid(page.title.strip(), rows, tuple(sorted(str(area) for area in page.merged_cells.ranges)))


def read_cell(cell: Cell, entry: Entry) -> Any:
    """Return the value of an entry, or an UnreadableValue if the spreadsheet may have converted what was typed."""
    value = cell.value
    if cell.kind == "f":
        return UnreadableValue("This is a formula, and only values are read. Replace it by its value.")
    if cell.kind == "e":
        return UnreadableValue(f"This cell has the error {value}. Write the value.")
    if isinstance(value, str):
        return _read_text(value.replace("\r\n", "\n").replace("_x000D_\n", "\n").strip(), entry)
    if isinstance(value, date):
        return _read_date(value, entry)
    if isinstance(value, (bool, int, float)):
        return _read_number(value, cell, entry)
    return UnreadableValue(f"This cell cannot be read. {_AGAIN}")


def _read_text(text: str, entry: Entry) -> Any:
    if entry.kind is list:
        return _read_list(text, entry)
    if entry.kind is int and not entry.or_text and re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        return int(text)
    if entry.kind is bool and text.casefold() in ("true", "false"):
        return text.casefold() == "true"
    if entry.kind is date and re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # the entry reader refuses it
    return text


def _read_list(text: str, entry: Entry) -> Any:
    """Return the values in a text with commas."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if entry.item_kind is str:
        return parts
    if all(re.fullmatch(r"-?\d{1,9}", part, re.ASCII) for part in parts):
        return [int(part) for part in parts]
    return UnreadableValue(f"“{text}” is not written like “0, 1, 3”. Write whole numbers, separated by commas.")


def _read_date(value: date, entry: Entry) -> Any:
    if entry.kind is not date:
        return UnreadableValue(
            f"This is a date here, {value:%Y-%m-%d}: a spreadsheet takes 1.10 or 3-4 for one. {_AGAIN}"
        )
    return value.date() if isinstance(value, datetime) else value


def _read_number(value: float, cell: Cell, entry: Entry) -> Any:
    if isinstance(value, bool):
        known = entry.kind is bool
        return value if known else UnreadableValue(f"This is {str(value).upper()} here, not what was written. {_AGAIN}")
    if not abs(value) <= _MOST:  # also true for NaN
        return UnreadableValue(f"This is no number that is read exactly. {_AGAIN}")
    exact = Decimal(repr(value))
    if "%" in cell.number_format and (entry.kind is int):
        if entry.bounds != PERCENT:
            return UnreadableValue("This is a percentage. Format the cell as a plain number, and write it again.")
        exact *= 100
    elif entry.kind is str:
        shown = f"{exact.normalize():f}"
        return UnreadableValue(
            f"This is the number {shown} here, and a spreadsheet shortens numbers: 1.10 becomes 1.1. {_AGAIN}"
        )
    if entry.kind is list and (entry.item_kind is str or exact % 1):
        return UnreadableValue(
            f"This is the number {exact.normalize():f} here, and a spreadsheet shortens numbers. {_AGAIN}"
        )
    if entry.or_text and exact % 1:
        return _read_percentage(exact.normalize())
    if exact % 1:
        return UnreadableValue(f"{exact.normalize():f} is no whole number. Write one.")
    whole = int(exact)
    return [whole] if entry.kind is list else whole


def _read_percentage(exact: Decimal) -> Any:
    """Return a decimal percentage as text, or an UnreadableValue for a rounded one, such as a third."""
    exponent = exact.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -6:
        return f"{exact:f}"
    return UnreadableValue(f"{exact:f} is rounded. Format the cell as text, and write it like “66 2/3”.")
