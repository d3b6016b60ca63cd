"""Read the structure of an uploaded workbook: its hidden sheet, and the row of each indicator, found by its code."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluation.answers.workbook.layout import HEAD_ROWS, Column, Key, Layout, StateColumn
from evaluation.answers.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.answers.workbook.sheets import NOTHING, Rows
from standards.editions.files.workbook.cells import Cell


@dataclass(frozen=True, slots=True)
class State:
    """The hidden sheet: its entries, and the row of each indicator."""

    entries: dict[str, str]
    rows: dict[str, dict[str, str]]

    @classmethod
    def read(cls, rows: Rows) -> "State":
        texts = [[_text(cell) for cell in row] for row in rows]
        entries = {cells[0]: cells[1] for cells in texts[: len(Key)] if len(cells) > 1}
        table: dict[str, dict[str, str]] = {}
        for cells in texts[len(Key) + 1 :]:
            padded = [*cells, *[""] * len(StateColumn)]
            found = {str(column): text for column, text in zip(StateColumn, padded, strict=False)}
            if found[StateColumn.CODE]:
                table[found[StateColumn.CODE]] = found
        return cls(entries, table)


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of a domain's sheet: its number, and its cells and column letters by column."""

    code: str
    sheet: str
    row: int
    cells: dict[Column, Cell]
    letters: dict[Column, str]

    def problem(self, column: Column, code: str, **params: str | int) -> WorkbookProblem:
        return WorkbookProblem(code, self.sheet, self.cell(column), params)

    def cell(self, column: Column) -> str:
        """Return the name of a cell, such as `E7`."""
        return f"{self.letters[column]}{self.row}"


def find_rows(sheets: dict[str, Rows], state: State, layout: Layout) -> list[PlacedRow]:
    """Return the rows of all indicators. Raises UnusableWorkbook for missing, unknown or duplicate rows or columns."""
    problems: list[WorkbookProblem] = []
    found: dict[str, PlacedRow] = {}
    for sheet, rows in sheets.items():
        keys = [_text(cell) for cell in rows[0]] if rows else []
        if Column.CODE not in keys:
            continue
        if missing := [column for column in layout.read if keys.count(column) != 1]:
            problems.append(WorkbookProblem("columns_missing", sheet, params={"count": len(missing)}))
            continue
        places = {column: keys.index(column) for column in layout.read}
        for row in _rows_of(sheet, rows, places):
            if row.code not in state.rows:
                is_filled = any(not row.cells[column].is_empty for column in layout.read)
                code = "row_unknown" if row.code else "row_without_code"
                problems += [row.problem(Column.CODE, code)] if is_filled else []
            elif row.code in found:
                problems.append(row.problem(Column.CODE, "row_twice", indicator=row.code))
            else:
                found[row.code] = row
    if not problems and (absent := [code for code in state.rows if code not in found]):
        problems.append(WorkbookProblem("rows_missing", params={"codes": ", ".join(absent), "count": len(absent)}))
    if problems:
        raise UnusableWorkbook(*problems)
    return [found[code] for code in state.rows]


def _rows_of(sheet: str, rows: Rows, places: dict[Column, int]) -> Iterator[PlacedRow]:
    """Yield the rows below the headings."""
    letters = {column: _letters(place) for column, place in places.items()}
    for number, row in enumerate(rows[HEAD_ROWS:], start=HEAD_ROWS + 1):
        cells = {column: row[place] if place < len(row) else NOTHING for column, place in places.items()}
        yield PlacedRow(_text(cells[Column.CODE]), sheet, number, cells, letters)


def _letters(place: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - loaded only when a workbook is read

    return str(get_column_letter(place + 1))


def _text(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value).strip()
