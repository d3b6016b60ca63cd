"""Read the table of an XLSX or ODS workbook: results of formulas, dates as ISO, numbers as they were entered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, BinaryIO

from evaluation.crm.formats.archive import repack
from evaluation.crm.formats.heading import find_heading
from evaluation.crm.formats.loaded import LoadedTable
from evaluation.crm.formats.opened import Cells
from evaluation.crm.formats.published.table_start import head_line, is_row_of_names
from evaluation.crm.formats.source import Limits, Source, Unreadable, read_limited
from evaluation.crm.problems.file_problems import Problem

LIBRARIES = ("python_calamine",)
_SAMPLE = 100
_DAYS = ("period_start", "period_end")
_MONTHS = ("contact_month", "opened_month", "closed_month")
_VERSIONS = ("schema_version", "definition_set")
_MAX_SHEETS = 50


@dataclass(frozen=True, slots=True)
class Sheet:
    """The filled cells of a sheet: texts, numbers and dates. Every row has the same number of cells."""

    rows: list[list[Any]]
    first_row: int = 1
    """The number of the first row in the file."""
    first_column: int = 0
    """The number of columns before the first one."""
    name: str = ""


def open_workbook(source: Source, limits: Limits) -> LoadedTable:
    """Open the only sheet that has a table. Raises Unreadable."""
    source.file.seek(0)
    return build_table(read_limited(read_sheet, source.file.read(), source.name, limits), limits)


def read_sheet(content: bytes, name: str, limits: Limits) -> Sheet:
    """Return the only sheet that has a table. Called in the limited process. Raises Unreadable."""
    return read_with_calamine(repack(Source.of_bytes(content, name), limits), limits)


def read_with_calamine(content: BinaryIO, limits: Limits) -> Sheet:
    """Return the only sheet that has a table. Raises Unreadable."""
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
            found = _choose((workbook.get_sheet_by_name(name) for name in visible), limits)
            start = found.start or (0, 0)
            return Sheet(found.to_python(skip_empty_area=True), start[0] + 1, start[1], found.name)
    except python_calamine.PasswordError:
        code = "workbook_locked"
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        code = "workbook_broken"
    # outside the handler, so that no traceback contains a cell
    raise Unreadable(Problem(code))


def _choose(sheets: Iterable[Any], limits: Limits) -> Any:
    """Return the sheet with the published names, else the only one with content. Raises Unreadable for several."""
    filled = published = 0
    chosen = None
    for sheet in sheets:
        if not (sheet.height and sheet.width):
            continue
        if sheet.height * sheet.width > limits.loaded_cells:
            raise Unreadable(Problem("too_many_loaded_cells", params={"limit": limits.loaded_cells}))
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


def build_table(sheet: Sheet, limits: Limits) -> LoadedTable:
    """Split the rows into header lines and table. Empty rows at the top are counted, as in a spreadsheet."""
    rows, first_row, first_column = sheet.rows, sheet.first_row, sheet.first_column
    sample = [[_text(cell) for cell in row] for row in islice(rows, _SAMPLE)]
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
    if "" in names and is_row_of_names(names):
        raise Unreadable(Problem("column_unknown", names_row, str(first_column + used[names.index("")] + 1)))
    made: list[tuple[int, Cells]] = []
    empty = 0
    problems: list[Problem] = []
    columns = [name.lower() for name in names]
    is_published = is_row_of_names(names)
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
    return LoadedTable(top, names, names_row, made, limits, empty=empty, sheet=sheet.name)


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
