"""Reads an uploaded file of totals: bytes in, figures and problems out; nothing is written and nothing repeated.

The file is text in UTF-8 (with or without a byte order mark), in two parts:

1. Lines that start with `#`, one for each field of the header, as `# field: value`. They stand on top once, so that
   a file cannot contradict itself. Empty lines may stand between them.
2. A table with the names of its columns in the first row: hotline_code, period_start, period_end, item_code, dim1,
   dim1_value, dim2, dim2_value, value, quality. Columns may stand in any order. Commas or semicolons part the cells;
   the row of names tells which. hotline_code, period_start and period_end repeat the header in each row, so that
   tables of several hotlines can be put under each other and taken apart again; they must agree with it.

A value is a number of at least 0 with digits and, for what is no count, a decimal point; `NA` says that there is no
such thing here; nothing says that it was not recorded. `data/example.csv` is a whole file.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from evaluation.crm.adding import Amount
from evaluation.crm.checking import check
from evaluation.crm.dictionary import (
    NOT_APPLICABLE,
    NOT_RECORDED,
    SMALLEST_TOTAL,
    TOTALS_ONLY,
    Item,
    code_lists,
    items,
)
from evaluation.crm.header import HOTLINE_CODE, Header, read_header
from evaluation.crm.problems import Problem
from evaluation.crm.rows import Row
from evaluation.crm.screening import LONGEST_CELL, looks_personal
from evaluation.crm.table import Unreadable, count_top, read_lines, read_table

MOST_PROBLEMS = 100

_DATE_LIKE = re.compile(r"[0-9./ -]{6,10}")
_DIGITS = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,'\u2019 \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_NEGATIVE = re.compile(r"[-\u2212][0-9]+(?:[.,][0-9]+)?")
_LONGEST_COUNT = 8
_LONGEST_NUMBER = 11
_MOST_DECIMALS = 4
_SCREENED = 1000
"""Characters of a cell that are looked at; a longer one is refused whatever follows."""
_OF_THE_HEADER = ("row_of_other_hotline", "row_of_other_period")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. It counts only without `problems`; `warnings` ask the hotline for a word."""

    header: Header | None
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()


def read(content: bytes, name: str, *, max_bytes: int) -> Reading:
    """Read and check a whole file. `name` is the file's name as it was sent."""
    header: Header | None = None
    problems: list[Problem] = []
    try:
        lines = read_lines(content, name, max_bytes)
        top = count_top(lines)
        header, problems = read_header(lines[:top])
        table = read_table(lines, top)
    except Unreadable as unreadable:
        return Reading(header, (), _first([*problems, *unreadable.problems]))
    rows: list[Row] = []
    first_rows: dict[tuple[str, str, str], int] = {}
    other: set[str | None] = set()
    for number, cells in table:
        row, found = _read_row(number, cells, header)
        # Where all rows are of another hotline or period, saying so once is enough.
        found = [p for p in found if not (p.code in _OF_THE_HEADER and p.column in other)]
        other.update(p.column for p in found if p.code in _OF_THE_HEADER)
        if row is not None:
            first = first_rows.setdefault((row.item, *row.codes), number)
            if first != number:
                found.append(Problem("cell_twice", number, "item_code", row.item, {"first": first}))
            else:
                rows.append(row)
        problems += found
    if not rows and not problems:
        problems.append(Problem("no_rows"))
    if problems or header is None:
        return Reading(header, (), _first(problems))
    problems, noticed = check(header, rows)
    return Reading(header, tuple(rows), _first(problems), tuple(noticed))


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    """As many problems as a person reads."""
    more = len(problems) - MOST_PROBLEMS
    return (
        tuple(problems) if more <= 0 else (*problems[:MOST_PROBLEMS], Problem("more_problems", params={"count": more}))
    )


# --- One row -----------------------------------------------------------------------------------------------------


def _read_row(number: int, cells: Mapping[str, str], header: Header | None) -> tuple[Row | None, list[Problem]]:
    """A row, or what is wrong with it."""
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
    """What must not be here at all, in any column."""
    for column, cell in cells.items():
        if not cell or (column == "value" and _is_like_a_number(cell)):
            continue
        if column in ("period_start", "period_end") and _DATE_LIKE.fullmatch(cell):
            continue  # a date belongs here; whether it is the right one is asked next
        if column == "hotline_code" and HOTLINE_CODE.fullmatch(cell):
            continue  # no telephone number, whatever it looks like
        if looks_personal(cell[:_SCREENED]):
            yield Problem("looks_personal", number, column)
        elif len(cell) > LONGEST_CELL:
            yield Problem("text_too_long", number, column, params={"limit": LONGEST_CELL})


def _is_like_a_number(text: str) -> bool:
    if _DIGITS.fullmatch(text):
        return not (text.startswith("0") and len(text) >= 7)
    return any(shape.fullmatch(text) for shape in (_DECIMAL, _DECIMAL_COMMA, _THOUSANDS, _NEGATIVE))


def _compare_with_header(number: int, cells: Mapping[str, str], header: Header) -> Iterator[Problem]:
    if cells["hotline_code"] != header.hotline_code:
        yield Problem("row_of_other_hotline", number, "hotline_code")
    for column, day in (("period_start", header.period_start), ("period_end", header.period_end)):
        if cells[column] != day.isoformat():
            yield Problem("row_of_other_period", number, column)


def _find_code_problems(number: int, cells: Mapping[str, str], item: Item) -> Iterator[Problem]:
    dimensions = item.dimensions
    if item.code == TOTALS_ONLY and not cells["dim1"]:
        dimensions = ()
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
    """The value with its quality: a number, not recorded, or not applicable."""
    value, quality = cells["value"], cells["quality"]
    if quality and quality not in code_lists()["quality"]:
        return None, [Problem("quality_unknown", number, "quality", item.code)]
    if value == NOT_APPLICABLE:
        return Amount(None, not_applicable=True), []
    if not value:
        if quality not in ("", NOT_RECORDED):
            return None, [Problem("value_missing", number, "value", item.code)]
        return Amount(None), []
    if (code := _find_trouble(value, item)) is not None:
        params: dict[str, str | int] = {"limit": _MOST_DECIMALS} if code == "too_many_decimals" else {}
        return None, [Problem(code, number, "value", item.code, params)]
    if not quality:
        return None, [Problem("quality_missing", number, "quality", item.code)]
    if quality == NOT_RECORDED:
        return None, [Problem("value_not_recorded", number, "value", item.code)]
    amount = Decimal(value)
    if item.code == TOTALS_ONLY and 0 < amount < SMALLEST_TOTAL:
        return None, [Problem("too_few_to_tell", number, "value", item.code, {"limit": SMALLEST_TOTAL})]
    return Amount(amount), []


def _find_trouble(text: str, item: Item) -> str | None:
    """Why a value is no number of this item, as the code of a problem. A number is never guessed."""
    if _DIGITS.fullmatch(text):
        too_long = len(text) > (_LONGEST_COUNT if item.is_count else _LONGEST_NUMBER)
        return "number_too_large" if too_long else None
    if _TWO_WAYS.fullmatch(text):
        return "ambiguous_number"
    if decimal := _DECIMAL.fullmatch(text):
        if item.is_count:
            return "decimal_in_count"
        if len(decimal[1]) > _LONGEST_NUMBER:
            return "number_too_large"
        return "too_many_decimals" if len(decimal[2]) > _MOST_DECIMALS else None
    if _NEGATIVE.fullmatch(text):
        return "negative"
    if _THOUSANDS.fullmatch(text):
        return "thousands_separated"
    if _DECIMAL_COMMA.fullmatch(text):
        return "decimal_in_count" if item.is_count else "decimal_comma"
    return "not_a_number"
