"""Remember where the table of an export is, and find the place again in the sender's next file. Pure.

A chosen layout is remembered by texts, not by numbers: the name of the sheet, the row of names, and the row that
follows the table. They are in the `evidence` of the mapping, which stores digests of them. A file in which one of them
is missing, or stands there more or less often, has no layout, and a user is asked again.
"""

import re
from collections.abc import Iterable, Sequence

from evaluation.figures.formats import TableLayout
from evaluation.figures.formats.sheets import Sheet
from evaluation.figures.mapping.column_mapping import ColumnMapping

_SHEET, _NAMES, _END = "layout_sheet", "layout_names", "layout_end"
_DIGITS = re.compile(r"[0-9]+")
Rows = Sequence[tuple[int, Sequence[str]]]


def evidence_of_layout(layout: TableLayout, sheets: Iterable[Sheet]) -> dict[str, dict[str, str]]:
    """Return what is remembered of a layout, for the evidence of a mapping; nothing if its sheet is not there."""
    sheet = next((sheet for sheet in sheets if sheet.number == layout.sheet), None)
    names = next((cells for row, cells in sheet.rows if row == layout.names_row), None) if sheet else None
    if sheet is None or names is None:
        return {}
    texts = [(row, _names_text(cells)) for row, cells in sheet.first]
    found = {_SHEET: {sheet.name: "1"}, _NAMES: {_names_text(names): _place_of(layout.names_row, texts)}}
    below = [(row, _end_text(cells)) for row, cells in sheet.rows if row > layout.names_row]
    following = next((row for row, _text in below if row > layout.last_row), None) if layout.last_row else None
    if following is not None:
        found[_END] = {dict(below)[following]: _place_of(following, below)}
    return found


def has_layout(mapping: ColumnMapping) -> bool:
    """Whether the user who confirmed a mapping chose where the table is."""
    return bool(mapping.evidence.get(_NAMES))


def find_layout_again(mapping: ColumnMapping, sheets: Iterable[Sheet]) -> TableLayout | None:
    """Return where the table is in another file, or None if that is not certain."""
    found = [(sheet, row) for sheet in sheets if (row := _find_row(mapping, _NAMES, _names_texts(sheet)))]
    named = [(sheet, row) for sheet, row in found if mapping.evidence_of(_SHEET, sheet.name)]
    chosen = named or found
    if len(chosen) != 1:
        return None
    sheet, names_row = chosen[0]
    if not mapping.evidence.get(_END):
        return TableLayout(sheet.number, names_row)
    below = [(row, _end_text(cells)) for row, cells in sheet.rows if row > names_row]
    following = _find_row(mapping, _END, below)
    return TableLayout(sheet.number, names_row, following - 1) if following else None


def _names_texts(sheet: Sheet) -> list[tuple[int, str]]:
    return [(row, _names_text(cells)) for row, cells in sheet.first]


def _find_row(mapping: ColumnMapping, name: str, texts: list[tuple[int, str]]) -> int:
    """Return the row whose text is remembered; 0 if none is, or if it is there more or less often than before."""
    for row, text in texts:
        if (place := mapping.evidence_of(name, text)) and place == _place_of(row, texts):
            return row
    return 0


def _place_of(row: int, texts: list[tuple[int, str]]) -> str:
    """Return which of the rows with the same text a row is, and how many there are."""
    text = dict(texts)[row]
    alike = [number for number, other in texts if other == text]
    return f"{alike.index(row) + 1}/{len(alike)}"


def _names_text(cells: Sequence[str]) -> str:
    """Return a row of names for comparison, without the digits of years and without empty cells."""
    return "\0".join(_without_digits(cell) for cell in cells if cell)


def _end_text(cells: Sequence[str]) -> str:
    """Return the beginning of a row for comparison: its first cell with content."""
    return _without_digits(next(filter(None, cells), ""))


def _without_digits(text: str) -> str:
    return " ".join(_DIGITS.sub("0", text).casefold().split())
