"""Read the table of a workbook in XML as Excel 2003 wrote it (SpreadsheetML), which many systems name `export.xls`."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from evaluation.figures.formats.archive import letters_of
from evaluation.figures.formats.kinds import NAMESPACE_OF_EXCEL_2003
from evaluation.figures.formats.sheet_cells import SheetCells, choose_sheet
from evaluation.figures.formats.source import MEGABYTE, Limits, Unreadable
from evaluation.figures.problems.file_problems import Problem
from evaluation.files.archives import BadArchive, parse_xml, refuse_entities

_OF_EXCEL = "urn:schemas-microsoft-com:office:excel"
_HIDDEN = ("SheetHidden", "SheetVeryHidden")
_BETWEEN = "|"
_PERCENT = re.compile(r"percent|%", re.IGNORECASE)
_MOST_ROWS = 1_048_576


def read_sheet(content: bytes, name: str, limits: Limits, number: int) -> SheetCells:
    """Return the sheet with this number, else the only one that has a table.

    Called in the limited process. Raises Unreadable.
    """
    return choose_sheet(read_sheets(content, name, limits), number)


def read_sheets(content: bytes, name: str, limits: Limits) -> list[SheetCells]:
    """Return the visible sheets with content. Called in the limited process. Raises Unreadable."""
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    parser.StartDoctypeDeclHandler = refuse_entities
    parser.buffer_text = True
    reader = _Reader(limits)
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    code = ""
    try:
        parse_xml(parser, (content[start : start + MEGABYTE] for start in range(0, len(content), MEGABYTE)))
    except BadArchive as bad:
        code = "workbook_entities" if bad.code == "declares_entities" else "workbook_broken"
    # outside the handler, so that no traceback contains a cell
    if code:
        raise Unreadable(Problem(code))
    return reader.sheets


class _Reader:
    """The sheets of a workbook, read from its elements."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.sheets: list[SheetCells] = []
        self.percent: set[str] = set()
        """The styles by which a number is shown in per cent."""
        self.held = 0
        self.style = self.style_of = self.type = self.written = ""
        self.is_data = self.is_formula = False
        self.after = 0
        self._start_sheet("")

    def _start_sheet(self, name: str) -> None:
        self.name = name
        self.rows: dict[int, dict[int, Any]] = {}
        self.row = self.column = self.width = 0
        self.is_hidden = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(_BETWEEN)
        if (space, tag) == (_OF_EXCEL, "Visible"):
            self.is_data, self.written = True, ""
        if space != NAMESPACE_OF_EXCEL_2003:
            return
        found = {key.rpartition(_BETWEEN)[2]: value for key, value in attributes.items()}
        if tag == "Worksheet":
            self._start_sheet(found.get("Name", ""))
        elif tag == "Style":
            self.style_of = found.get("ID", "")
        elif tag == "NumberFormat" and _PERCENT.search(found.get("Format", "")):
            self.percent.add(self.style_of)
        elif tag == "Row":
            self.row, self.column = self._place(found, self.row, _MOST_ROWS), 0
        elif tag == "Cell":
            self._start_cell(found)
        elif tag == "Data":
            self.type, self.is_data, self.written = found.get("Type", ""), True, ""

    def _start_cell(self, found: dict[str, str]) -> None:
        self.column = self._place(found, self.column, self.limits.columns)
        self.after = self.column + self._size(found.get("MergeAcross", "0"))
        self.style, self.is_formula = found.get("StyleID", ""), "Formula" in found
        self.type = ""

    def _place(self, found: dict[str, str], before: int, most: int) -> int:
        """Return the number of a row or column: that of its index, else the next one. Rows are never numbered back."""
        place = self._size(found["Index"]) if "Index" in found else before + 1
        if place <= before:
            raise BadArchive("damaged")
        if place > most:
            code = "too_many_columns" if most == self.limits.columns else "too_many_rows"
            raise Unreadable(Problem(code, self.row or None, params={"limit": most}))
        return place

    @staticmethod
    def _size(written: str) -> int:
        if not (written.isascii() and written.isdigit() and len(written) < 8):
            raise BadArchive("damaged")
        return int(written)

    def text(self, text: str) -> None:
        if self.is_data:
            self.written += text
            self.held += len(text)
            if len(self.written) > self.limits.line:
                raise Unreadable(Problem("cell_too_long", self.row))
            if self.held > self.limits.inflated_bytes:
                raise Unreadable(
                    Problem("workbook_too_large", params={"megabytes": self.limits.inflated_bytes // MEGABYTE})
                )

    def end(self, name: str) -> None:
        space, _, tag = name.rpartition(_BETWEEN)
        if (space, tag) == (_OF_EXCEL, "Visible"):
            self.is_data, self.is_hidden = False, self.written in _HIDDEN
        if space != NAMESPACE_OF_EXCEL_2003:
            return
        if tag == "Data":
            self.is_data = False
            if self.written.strip():
                self._keep(self._value())
        elif tag == "Cell":
            if self.is_formula and not self.type:
                place = f"{letters_of(self.column)}{self.row}"
                raise Unreadable(Problem("formula_without_result", params={"place": place}))
            self.column = self.after
        elif tag == "Worksheet":
            self._end_sheet()

    def _keep(self, value: Any) -> None:
        self.rows.setdefault(self.row, {})[self.column] = value
        self.width = max(self.width, self.column)
        first = next(iter(self.rows))
        if (self.row - first + 1) * self.width > self.limits.loaded_cells:
            raise Unreadable(Problem("too_many_loaded_cells", params={"limit": self.limits.loaded_cells}))

    def _value(self) -> Any:
        text = self.written.strip()
        if self.type == "DateTime":
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                return text
        if self.type == "Boolean":
            return text == "1"
        if self.type == "Number" and re.fullmatch(r"-?[0-9.]+(?:[eE][-+]?[0-9]{1,2})?", text) and text.count(".") < 2:
            return f"{(Decimal(text) * 100).normalize():f}%" if self.style in self.percent else float(text)
        return text

    def _end_sheet(self) -> None:
        if self.rows and not self.is_hidden:
            first, last = min(self.rows), max(self.rows)
            cells = [
                [self.rows.get(row, {}).get(column, "") for column in range(1, self.width + 1)]
                for row in range(first, last + 1)
            ]
            self.sheets.append(SheetCells(cells, first, 0, self.name, len(self.sheets) + 1))
        self.rows = {}
