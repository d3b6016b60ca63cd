"""Read the table of a page (HTML), as many systems write it under the name of a workbook: `export.xls`."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from evaluation.figures.formats.encoding import find_encoding
from evaluation.figures.formats.sheet_cells import SheetCells, choose_sheet
from evaluation.figures.formats.source import Limits, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem

LIBRARIES = ("charset_normalizer", "lxml.html")
_DECLARED = re.compile(r"^\s*<\?xml[^>]*>")
"""A declaration of the encoding, which does not hold for decoded text."""
_MOST_TAGS_PER_CELL = 8
_CELLS, _TITLES = ("td", "th"), ("title", "caption", "h1", "h2", "h3")
_LONGEST_TITLE = 200


def read_sheet(content: bytes, name: str, limits: Limits, number: int) -> SheetCells:
    """Return the table with this number, else the only one. Called in the limited process. Raises Unreadable."""
    return choose_sheet(read_sheets(content, name, limits), number, several="several_tables")


def read_sheets(content: bytes, name: str, limits: Limits) -> list[SheetCells]:
    """Return the tables of a page. Called in the limited process. Raises Unreadable."""
    import lxml.html

    encoding = find_encoding(Source.of_bytes(content, name), len(content) + 1)
    text = _DECLARED.sub("", content.decode(encoding, errors="replace").removeprefix("\ufeff"))
    # Count before the tree is built: each element takes far more memory than its text.
    if text.count("<") > limits.loaded_cells * _MOST_TAGS_PER_CELL:
        raise Unreadable(Problem("too_many_loaded_cells", params={"limit": limits.loaded_cells}))
    page = None
    with suppress(lxml.etree.LxmlError, ValueError):
        page = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(remove_comments=True, remove_pis=True))
    # outside the block, so that no traceback contains a cell
    if page is None:
        raise Unreadable(Problem("other_format"))
    for unread in [*page.iter("script", "style")]:
        unread.drop_tree()
    for line_break in page.iter("br"):
        line_break.tail = f" {line_break.tail or ''}"
    # A table around others gives a page its form.
    tables = [table for table in page.iter("table") if table.find(".//table") is None]
    if not tables:
        raise Unreadable(Problem("other_format"))
    found = [rows for table in tables if _is_table(rows := _read_table(table, limits))]
    titles = " ".join(_text_of(title) for title in page.iter(*_TITLES))[:_LONGEST_TITLE]
    return [SheetCells(rows, name=titles, number=number) for number, rows in enumerate(found, start=1)]


def _is_table(rows: list[list[str]]) -> bool:
    return sum(1 for row in rows if sum(map(bool, row)) > 1) > 1


def _text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def _read_table(table: Any, limits: Limits) -> list[list[str]]:
    """Return the rows of a table, all of one length. The text of a merged cell is in its first cell only."""
    rows: list[list[str]] = []
    filled = width = 0
    below: dict[int, int] = {}
    """The columns that a cell of a row above reaches into, each with the number of further rows."""
    for row in table.iter("tr"):
        cells: list[str] = []
        for text, columns, further in _cells_of(row, limits):
            while below.get(len(cells), 0) > 0:
                cells.append("")
            below |= dict.fromkeys(range(len(cells), len(cells) + columns), further + 1) if further else {}
            cells += [text, *[""] * (columns - 1)]
            if len(cells) > limits.columns:
                raise Unreadable(Problem("too_many_columns", len(rows) + 1, params={"limit": limits.columns}))
        below = {place: left - 1 for place, left in below.items() if left > 1}
        rows.append(cells)
        filled, width = filled + len(cells), max(width, len(cells))
        if max(filled, len(rows) * width) > limits.loaded_cells:
            raise Unreadable(Problem("too_many_loaded_cells", params={"limit": limits.loaded_cells}))
    return [[*cells, *[""] * (width - len(cells))] for cells in rows]


def _cells_of(row: Any, limits: Limits) -> Iterator[tuple[str, int, int]]:
    """Yield the text of each cell, its number of columns, and how many further rows it reaches into."""
    for cell in row.iterchildren(*_CELLS):
        # Excel writes the number that a cell shows rounded beside it.
        shown = cell.get("x:num") or _text_of(cell)
        yield shown, min(_number(cell, "colspan"), limits.columns + 1), _number(cell, "rowspan") - 1


def _number(cell: Any, name: str) -> int:
    written = cell.get(name, "").strip()
    return max(1, int(written)) if written.isascii() and written.isdigit() and len(written) < 7 else 1
