"""Read the table of an XLSX or ODS workbook: results of formulas, dates as ISO, numbers as they were entered."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from evaluation.figures.formats.archive import repack
from evaluation.figures.formats.heading import find_heading, heading_at
from evaluation.figures.formats.layout import TableLayout
from evaluation.figures.formats.loaded import LoadedTable
from evaluation.figures.formats.opened import Cells
from evaluation.figures.formats.published.table_start import head_line, is_row_of_names
from evaluation.figures.formats.sheet_cells import SAMPLE, SheetCells
from evaluation.figures.formats.source import Limits, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_DAYS = ("period_start", "period_end")
_MONTHS = ("contact_month", "opened_month", "closed_month")
_VERSIONS = ("schema_version", "definition_set")
_MAX_SHEETS = 50

Numbered = tuple[int, Any]
"""The number of a sheet and the sheet, as the library opened it."""
Result = TypeVar("Result")


def read_sheet(content: bytes, name: str, limits: Limits, number: int) -> SheetCells:
    """Return the sheet with this number, else the only one that has a table.

    Called in the limited process. Raises Unreadable.
    """
    return read_with_calamine(repack(Source.of_bytes(content, name), limits), limits, number)


def read_sheets(content: bytes, name: str, limits: Limits) -> list[SheetCells]:
    """Return the visible sheets with content. Called in the limited process. Raises Unreadable."""
    return read_all_with_calamine(repack(Source.of_bytes(content, name), limits), limits)


def read_with_calamine(content: BinaryIO, limits: Limits, number: int) -> SheetCells:
    """Return the sheet with this number, else the only one that has a table. Raises Unreadable."""

    def read_one(sheets: Iterator[Numbered]) -> SheetCells:
        return _cells_of(_at(sheets, number) if number else _choose(sheets))

    return _read_visible(content, limits, read_one)


def read_all_with_calamine(content: BinaryIO, limits: Limits) -> list[SheetCells]:
    """Return the visible sheets with content. Raises Unreadable."""
    return _read_visible(content, limits, lambda sheets: [*map(_cells_of, sheets)])


def _read_visible(content: BinaryIO, limits: Limits, read: Callable[[Iterator[Numbered]], Result]) -> Result:
    """Return what `read` makes of the visible sheets with content, which are opened one by one. Raises Unreadable."""
    import python_calamine

    code = ""
    try:
        with python_calamine.CalamineWorkbook.from_filelike(content) as workbook:
            visible = [
                about.name
                for about in workbook.sheets_metadata
                if about.visible is python_calamine.SheetVisibleEnum.Visible
            ]
            if len(visible) > _MAX_SHEETS:
                raise Unreadable(Problem("several_sheets", params={"count": len(visible)}))
            return read(_filled(map(workbook.get_sheet_by_name, visible), limits))
    except python_calamine.PasswordError:
        code = "workbook_locked"
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        code = "workbook_broken"
    # outside the handler, so that no traceback contains a cell
    raise Unreadable(Problem(code))


def _filled(sheets: Iterable[Any], limits: Limits) -> Iterator[Numbered]:
    """Yield the sheets with content. Raises Unreadable for one with too many cells."""
    for number, sheet in enumerate(sheets, start=1):
        if sheet.height * sheet.width > limits.loaded_cells:
            raise Unreadable(Problem("too_many_loaded_cells", params={"limit": limits.loaded_cells}))
        if sheet.height and sheet.width:
            yield number, sheet


def _cells_of(numbered: Numbered) -> SheetCells:
    number, sheet = numbered
    start = sheet.start or (0, 0)
    return SheetCells(sheet.to_python(skip_empty_area=True), start[0] + 1, start[1], sheet.name, number)


def _at(sheets: Iterator[Numbered], number: int) -> Numbered:
    for numbered in sheets:
        if numbered[0] == number:
            return numbered
    raise Unreadable(Problem("no_rows"))


def _choose(sheets: Iterator[Numbered]) -> Numbered:
    """Return the sheet with the published names, else the only one with content. Raises Unreadable for several."""
    filled = published = 0
    chosen = None
    for numbered in sheets:
        filled += 1
        has_names = _has_names(numbered[1])
        published += has_names
        if filled == 1 or (has_names and published == 1):
            chosen = numbered
    if chosen is None:
        raise Unreadable(Problem("no_rows"))
    if (count := published or filled) > 1:
        raise Unreadable(Problem("several_sheets", params={"count": count}))
    return chosen


def _has_names(sheet: Any) -> bool:
    return any(is_row_of_names(map(str, row)) for row in sheet.to_python(nrows=SAMPLE))


def build_table(sheet: SheetCells, limits: Limits, layout: TableLayout | None = None) -> LoadedTable:
    """Split the rows into header lines and table. Empty rows at the top are counted, as in a spreadsheet."""
    rows, first_row, first_column = sheet.rows, sheet.first_row, sheet.first_column
    below: tuple[int, ...] = ()
    if layout and layout.last_row:
        end = max(0, layout.last_row - first_row + 1)
        below = tuple(
            number for number, row in enumerate(rows[end:], start=first_row + end) if any(map(cell_text, row))
        )
        rows = rows[:end]
    sample = [[cell_text(cell) for cell in row] for row in islice(rows, SAMPLE)]
    if layout and layout.names_row:
        place = layout.names_row - first_row
        if not 0 <= place < len(sample):
            raise Unreadable(Problem("no_rows"))
        place, found = heading_at(sample, place)
    else:
        place, found = find_heading(sample)
    top = [""] * (first_row - 1) + [_top_line(rows[number], sample[number]) for number in range(place)]
    names_row = first_row + place
    # Leave out empty columns: without a name and without content.
    used = [
        number
        for number in range(len(found))
        if found[number] or any(row[number] not in ("", None) for row in rows[place + 1 :])
    ]
    names = [found[number] for number in used]
    if "" in names and layout is None and is_row_of_names(names):
        raise Unreadable(Problem("column_unknown", names_row, str(first_column + used[names.index("")] + 1)))
    made: list[tuple[int, Cells]] = []
    empty = 0
    problems: list[Problem] = []
    columns = [name.lower() for name in names]
    is_published = layout is None and is_row_of_names(names)
    for number, row in enumerate(rows[place + 1 :], start=names_row + 1):
        cells = []
        for at, column in zip(used, columns, strict=True):
            cell = row[at]
            if is_published and isinstance(cell, date | time | timedelta):
                cell = _format_date(cell, column)
                if cell is None:
                    problems.append(Problem("code_became_date", number, column))
            cells.append(cell.strip() if isinstance(cell, str) else cell_text(cell))
        if any(cells):
            made.append((number, tuple(cells)))
        else:
            empty += 1
    if problems:
        raise Unreadable(*problems[:100])
    return LoadedTable(
        top,
        names,
        names_row,
        made,
        limits,
        empty=empty,
        sheet=sheet.name,
        is_chosen=layout is not None,
        below=below,
    )


def _format_date(cell: Any, column: str) -> str | None:
    """Return a date in a column of dates, or the month of its first day in a column of months; else None."""
    if not isinstance(cell, date) or (isinstance(cell, datetime) and cell.time() != time()):
        return None
    if column in _DAYS:
        return cell.strftime("%Y-%m-%d")
    if column in _MONTHS and cell.day == 1:
        return cell.strftime("%Y-%m")
    return None


def _top_line(cells: Sequence[Any], texts: Sequence[str]) -> str:
    """Return a line above the table. A version keeps its decimal point, which spreadsheets drop."""
    line = head_line(texts)
    if line is None:
        return " ".join(filter(None, texts))
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    field = line.lstrip("# ").partition(":")[0].strip()
    if field in _VERSIONS and len(numbers) == 1:
        return f"# {field}: {float(numbers[0])}"
    return line


def cell_text(cell: Any) -> str:
    """Return a cell as it was entered."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
