"""Read the table of an XLSX or ODS workbook: results of formulas, dates as ISO, numbers as they were entered."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from evaluation.crm.formats.archive import repack
from evaluation.crm.formats.layout import TableLayout
from evaluation.crm.formats.loaded import LoadedTable
from evaluation.crm.formats.opened import Cells
from evaluation.crm.formats.published.table_start import find_names, head_line, is_row_of_names
from evaluation.crm.formats.source import Limits, Source, Unreadable, read_limited
from evaluation.crm.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_SAMPLE = 100
_DAYS = ("period_start", "period_end")
_MONTHS = ("contact_month", "opened_month", "closed_month")
_VERSIONS = ("schema_version", "definition_set")
_MAX_SHEETS = 50


def open_workbook(source: Source, limits: Limits, layout: TableLayout | None = None) -> LoadedTable:
    """Open the chosen sheet, or the only one that has a table. Raises Unreadable."""
    source.file.seek(0)
    rows, first_row, first_column = read_limited(
        read_sheet, source.file.read(), source.name, limits, layout.sheet if layout else 0
    )
    return _build_table(rows, first_row, first_column, limits, layout)


def read_sheet(content: bytes, name: str, limits: Limits, number: int) -> tuple[list[list[Any]], int, int]:
    """Return the rows of the sheet with this number, and the numbers of its first row and column before it.

    Without a number, of the only sheet that has a table. Called in the limited process. Raises Unreadable.
    """
    with _visible_sheets(content, name, limits) as sheets:
        found = _at(sheets, number) if number else _choose(sheets)
        first_row = found.start[0] + 1 if found.start else 1
        rows = found.to_python(skip_empty_area=True)
        first_column = found.start[1] if found.start else 0
    return rows, first_row, first_column


def read_all_sheets(content: bytes, name: str, limits: Limits) -> list[tuple[int, str, list[tuple[int, list[str]]]]]:
    """Return number, name and numbered rows of each visible sheet with content. Called in the limited process."""
    with _visible_sheets(content, name, limits) as sheets:
        return [
            (
                number,
                sheet.name,
                [
                    (row, [_text(cell) for cell in cells])
                    for row, cells in enumerate(sheet.to_python(skip_empty_area=True), start=sheet.start[0] + 1)
                ],
            )
            for number, sheet in enumerate(sheets, start=1)
            if sheet.start
        ]


@contextmanager
def _visible_sheets(content: bytes, name: str, limits: Limits) -> Iterator[Iterator[Any]]:
    """Open the visible sheets of a workbook, one after the other. Raises Unreadable."""
    import python_calamine

    packed = repack(Source.of_bytes(content, name), limits)
    broken = False
    try:
        with python_calamine.CalamineWorkbook.from_filelike(packed) as workbook:
            visible = [
                about.name
                for about in workbook.sheets_metadata
                if about.visible is python_calamine.SheetVisibleEnum.Visible
            ]
            if len(visible) > _MAX_SHEETS:
                raise Unreadable(Problem("several_sheets", params={"count": len(visible)}))
            yield (workbook.get_sheet_by_name(name) for name in visible)
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        broken = True
    # outside the handler, so that no traceback contains a cell
    if broken:
        raise Unreadable(Problem("workbook_broken"))


def _at(sheets: Iterable[Any], number: int) -> Any:
    found = next(islice(sheets, number - 1, None), None)
    if found is None or not (found.height and found.width):
        raise Unreadable(Problem("no_rows"))
    return found


def _choose(sheets: Iterable[Any]) -> Any:
    """Return the sheet with the published names, else the only one with content. Raises Unreadable for several."""
    filled = published = 0
    chosen = None
    for sheet in sheets:
        if not (sheet.height and sheet.width):
            continue
        filled += 1
        has_names = _has_names(sheet)
        published += has_names
        if filled == 1 or (has_names and published == 1):
            chosen = sheet
    if chosen is None:
        raise Unreadable(Problem("no_rows"))
    if (count := published or filled) > 1:
        raise Unreadable(Problem("several_sheets", params={"count": count}))
    return chosen


def _has_names(sheet: Any) -> bool:
    return any(is_row_of_names(map(str, row)) for row in sheet.to_python(nrows=_SAMPLE))


def _build_table(
    rows: list[list[Any]], first_row: int, first_column: int, limits: Limits, layout: TableLayout | None
) -> LoadedTable:
    """Split the rows into header lines and table. Empty rows at the top are counted, as in a spreadsheet."""
    below: tuple[int, ...] = ()
    if layout and layout.last_row:
        end = max(0, layout.last_row - first_row + 1)
        below = tuple(number for number, row in enumerate(rows[end:], start=first_row + end) if any(map(_text, row)))
        rows = rows[:end]
    sample = [[_text(cell) for cell in row] for row in islice(rows, _SAMPLE)]
    place = layout.names_row - first_row if layout and layout.names_row else find_names(sample)
    if not 0 <= place < len(sample):
        raise Unreadable(Problem("no_rows"))
    top = [""] * (first_row - 1) + [_top_line(rows[number], sample[number]) for number in range(place)]
    names_row = first_row + place
    # Leave out empty columns: without a name and without content.
    used = [
        number
        for number in range(len(sample[place]))
        if sample[place][number] or any(row[number] not in ("", None) for row in rows[place + 1 :])
    ]
    names = [sample[place][number] for number in used]
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
            cells.append(cell.strip() if isinstance(cell, str) else _text(cell))
        if any(cells):
            made.append((number, tuple(cells)))
        else:
            empty += 1
    if problems:
        raise Unreadable(*problems[:100])
    return LoadedTable(top, names, names_row, made, limits, empty=empty, is_chosen=layout is not None, below=below)


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


def _text(cell: Any) -> str:
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
