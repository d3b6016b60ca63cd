"""Read an opened file in the published format, and return figures and problems; nothing is written.

A file has two parts:

1. The header: one line per field, `# field: value`; a workbook may have the field and the value in two cells, and JSON
   has `"header": {"field": "value"}`. It appears once, so that a file cannot contradict itself. Empty lines may be
   between its lines.
2. A table with the column names in the first row; columns may be in any order. For totals, the columns are
   hotline_code, period_start, period_end, item_code, dim1, dim1_value, dim2, dim2_value, value, quality.
   hotline_code, period_start and period_end repeat the header in each row, so that tables of several hotlines can be
   concatenated and separated again; they must agree with it. JSON has the table as `"rows"`, each an object with a
   value for each column.

A value is a number of at least 0 with digits and, unless it is a count, a decimal point; `NA` is not applicable; empty
is not recorded. `data/example-aggregate.csv` is a complete file. Files of contacts or cases are counted by
`evaluation.figures.records`, which stores no row of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from evaluation.figures.dictionary.items import (
    COLUMNS,
    NOT_APPLICABLE,
    NOT_RECORDED,
    SMALLEST_TOTAL,
    TOTALS_ONLY,
    Item,
    code_lists,
    items,
)
from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.formats import Limits, Opened, RowAccount, Source, Unreadable, open_file
from evaluation.figures.formats.published.header import HOTLINE_CODE, Header, read_header
from evaluation.figures.formats.published.rows import Row
from evaluation.figures.formats.published.table_start import PUBLISHED
from evaluation.figures.formats.published.values import find_value_problem, is_like_a_number
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.problems.screening import LONGEST_CELL, is_formula, looks_personal
from evaluation.figures.records import read_records
from evaluation.figures.validation.consistency import check

MAX_PROBLEMS = 100
MAX_ROWS = 20_000
"""The most rows of a file of totals."""

_DATE_LIKE = re.compile(r"[0-9./ -]{6,10}")
_SCREENED = 1000
"""The characters of a cell that are screened; a longer cell is refused anyway."""
_OF_THE_HEADER = ("row_of_other_hotline", "row_of_other_period")


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a file. It is valid only without `problems`; the hotline must explain `warnings`."""

    header: Header | None
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    account: RowAccount | None = None
    """The account of the file's rows, once it is read to the end. Rows of records are counted here, but not stored."""


def read_bytes(content: bytes, name: str, *, max_bytes: int) -> Reading:
    """Open, read and validate a file in memory. `name` is its original name."""
    try:
        opened = open_file(Source.of_bytes(content, name), Limits(bytes=max_bytes))
    except Unreadable as unreadable:
        return Reading(None, (), first_problems([*unreadable.problems]))
    return read(opened)


def read(
    opened: Opened, *, now: datetime | None = None, report_progress: Callable[[int], None] = lambda rows: None
) -> Reading:
    """Read and validate a whole file. `report_progress` is called repeatedly with the number of rows read.

    A file that was generated after `now` is refused.
    """
    header, problems = read_header(opened.top, now=now)
    level = header.level if header else _guess_level(opened)
    problems += find_column_problems(opened, level)
    if problems and (header is not None or level != "aggregate"):
        return Reading(header, (), first_problems(problems))
    try:
        if level == "aggregate":
            return _read_totals(opened, header, problems, report_progress)
        if header is not None:
            return _read_records(opened, header, report_progress)
    except Unreadable as unreadable:
        return Reading(header, (), first_problems([*problems, *unreadable.problems]))
    return Reading(header, (), first_problems(problems))


def _guess_level(opened: Opened) -> str:
    """Return the probable level of a file whose header cannot be read."""
    names = {name.lower() for name in opened.names}
    return max(PUBLISHED, key=lambda level: len(names & set(PUBLISHED[level])))


def find_column_problems(opened: Opened, level: str) -> list[Problem]:
    """Return the problems of unknown and duplicate columns, and of missing columns of totals."""
    known, row = PUBLISHED[level], opened.names_row
    names = [name.lower() for name in opened.names]
    problems = [
        Problem("column_unknown", row, str(number)) for number, name in enumerate(names, start=1) if name not in known
    ]
    problems += [Problem("column_twice", row, column) for column in known if names.count(column) > 1]
    missing = [column for column in COLUMNS if column not in names] if level == "aggregate" else []
    if missing:
        problems.append(Problem("columns_missing", row, params={"columns": ", ".join(missing)}))
    return problems


def _read_records(opened: Opened, header: Header, report_progress: Callable[[int], None]) -> Reading:
    records = read_records(header.level, opened, header, report_progress)
    if records.problems:
        return Reading(header, (), first_problems([*records.problems]))
    problems, noticed = check(header, records.rows)
    return Reading(
        header,
        tuple(records.rows),
        first_problems(problems),
        (*opened.noticed, *noticed),
        opened.account(records.count),
    )


def _read_totals(
    opened: Opened, header: Header | None, problems: list[Problem], report_progress: Callable[[int], None]
) -> Reading:
    if any(problem.code.startswith("column") for problem in problems):
        return Reading(header, (), first_problems(problems))
    columns = [name.lower() for name in opened.names]
    rows: list[Row] = []
    first_rows: dict[tuple[str, str, str], int] = {}
    other: set[str | None] = set()
    count = 0
    for number, cells in opened.rows():
        count += 1
        if count > MAX_ROWS:
            return Reading(header, (), (Problem("too_many_totals", params={"limit": MAX_ROWS}),))
        row, found = _read_row(number, dict(zip(columns, cells, strict=True)), header)
        # If all rows are of another hotline or period, one problem is enough.
        found = [p for p in found if not (p.code in _OF_THE_HEADER and p.column in other)]
        other.update(p.column for p in found if p.code in _OF_THE_HEADER)
        if row is not None:
            first = first_rows.setdefault((row.item, *row.codes), number)
            if first != number:
                found.append(Problem("cell_twice", number, "item_code", row.item, {"first": first}))
            else:
                rows.append(row)
        problems += found
    report_progress(count)
    if not count and not problems:
        problems.append(Problem("no_rows"))
    if problems or header is None:
        return Reading(header, (), first_problems(problems))
    wrong, noticed = check(header, rows)
    return Reading(header, tuple(rows), first_problems(wrong), (*opened.noticed, *noticed), opened.account(count))


def first_problems(problems: list[Problem]) -> tuple[Problem, ...]:
    """Return the first `MAX_PROBLEMS` problems; if there are more, one more has their number."""
    more = len(problems) - MAX_PROBLEMS
    return (
        tuple(problems) if more <= 0 else (*problems[:MAX_PROBLEMS], Problem("more_problems", params={"count": more}))
    )


# --- One row -----------------------------------------------------------------------------------------------------


def _read_row(number: int, cells: Mapping[str, str], header: Header | None) -> tuple[Row | None, list[Problem]]:
    """Return a row without problems, or None with its problems."""
    problems = list(_screen(number, cells))
    if header is not None:
        problems += _compare_with_header(number, cells, header)
    item = items().get(cells["item_code"])
    if item is None:
        if not any(problem.column == "item_code" for problem in problems):
            problems.append(Problem("item_unknown", number, "item_code"))
        return None, problems
    seen = {problem.column for problem in problems}
    problems += [p for p in _find_code_problems(number, cells, item) if p.column not in seen]
    amount, found = _read_amount(number, cells, item)
    problems += [p for p in found if p.column not in seen]
    if problems or amount is None:
        return None, problems
    quality = NOT_APPLICABLE if amount.not_applicable else cells["quality"] or NOT_RECORDED
    row = Row(
        number, item.code, cells["dim1"], cells["dim1_value"], cells["dim2"], cells["dim2_value"], amount, quality
    )
    return row, []


def _screen(number: int, cells: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the problems of content that is not allowed in any column."""
    for column, cell in cells.items():
        if not cell or (column == "value" and is_like_a_number(cell)):
            continue
        if column in ("period_start", "period_end") and _DATE_LIKE.fullmatch(cell):
            continue  # a date is allowed here; whether it is the right one is validated next
        if column == "hotline_code" and HOTLINE_CODE.fullmatch(cell):
            continue  # not a telephone number, although it has the shape of one
        if looks_personal(cell[:_SCREENED]):
            yield Problem("looks_personal", number, column)
        elif is_formula(cell[:_SCREENED]):
            yield Problem("formula", number, column)
        elif len(cell) > LONGEST_CELL:
            yield Problem("text_too_long", number, column, params={"limit": LONGEST_CELL})


def _compare_with_header(number: int, cells: Mapping[str, str], header: Header) -> Iterator[Problem]:
    if cells["hotline_code"] != header.hotline_code:
        yield Problem("row_of_other_hotline", number, "hotline_code")
    for column, day in (("period_start", header.period_start), ("period_end", header.period_end)):
        if cells[column] != day.isoformat():
            yield Problem("row_of_other_period", number, column)


def _find_code_problems(number: int, cells: Mapping[str, str], item: Item) -> Iterator[Problem]:
    is_total = not any(cells[column] for column in ("dim1", "dim1_value", "dim2", "dim2_value"))
    dimensions = () if is_total else item.dimensions
    for place, column in enumerate(("dim1", "dim2")):
        code_column = f"{column}_value"
        if place >= len(dimensions):
            for unused in (column, code_column):
                if cells[unused]:
                    yield Problem("dimension_unexpected", number, unused, item.code)
        elif cells[column] != dimensions[place]:
            yield Problem("dimension_wrong", number, column, item.code, {"expected": dimensions[place]})
        elif cells[code_column] not in code_lists()[dimensions[place]]:
            yield Problem("code_unknown", number, code_column, item.code, {"list": dimensions[place]})


def _read_amount(number: int, cells: Mapping[str, str], item: Item) -> tuple[Amount | None, list[Problem]]:
    """Return the value with its quality: a number, not recorded, or not applicable."""
    value, quality = cells["value"], cells["quality"]
    if quality and quality not in code_lists()["quality"]:
        return None, [Problem("quality_unknown", number, "quality", item.code)]
    if value == NOT_APPLICABLE:
        return Amount(None, not_applicable=True), []
    if not value:
        if quality not in ("", NOT_RECORDED):
            return None, [Problem("value_missing", number, "value", item.code)]
        return Amount(None), []
    if (problem := find_value_problem(value, item, number)) is not None:
        return None, [problem]
    if not quality:
        return None, [Problem("quality_missing", number, "quality", item.code)]
    if quality == NOT_RECORDED:
        return None, [Problem("value_not_recorded", number, "value", item.code)]
    amount = Decimal(value)
    if item.code == TOTALS_ONLY and 0 < amount < SMALLEST_TOTAL:
        return None, [Problem("too_few_to_tell", number, "value", item.code, {"limit": SMALLEST_TOTAL})]
    return Amount(amount), []
