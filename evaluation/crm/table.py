"""Bytes into lines, and lines into the cells of a table; everything is text until somebody asks for a number."""

import io
import re
import warnings
from collections.abc import Sequence

from evaluation.crm.dictionary import COLUMNS
from evaluation.crm.problems import Problem

MOST_ROWS = 20_000
MOST_COLUMNS = 100
"""Empty ones included, which a spreadsheet may add at the right."""

_NEW_LINE = re.compile(r"\r\n|\r|\n")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SPREADSHEET_NAMES = (".xlsx", ".xlsm", ".xls", ".ods", ".zip")


class Unreadable(Exception):
    """The file ends being read here."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.code for problem in problems))


def read_lines(content: bytes, name: str, max_bytes: int) -> list[str]:
    """The lines of a file in UTF-8. A line is a row, as a spreadsheet counts them."""
    if len(content) > max_bytes:
        raise Unreadable(Problem("too_large", params={"megabytes": max(1, max_bytes // 1024**2)}))
    if not content.strip():
        raise Unreadable(Problem("empty_file"))
    if content.startswith(_SPREADSHEETS) or name.lower().endswith(_SPREADSHEET_NAMES):
        raise Unreadable(Problem("not_csv"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as unreadable:
        before = content[: unreadable.start].decode("latin-1")
    else:
        if "\0" in text:
            raise Unreadable(Problem("not_text", len(_NEW_LINE.split(text[: text.index("\0")]))))
        lines = _NEW_LINE.split(text)
        if len(lines) > MOST_ROWS:
            raise Unreadable(Problem("too_many_rows", params={"limit": MOST_ROWS}))
        return lines
    # outside the handler, so that no traceback carries the bytes along
    raise Unreadable(Problem("not_utf8", len(_NEW_LINE.split(before))))


def count_top(lines: Sequence[str]) -> int:
    """How many lines stand before the table: those that start with #, and empty ones."""
    top = 0
    while top < len(lines) and (lines[top].lstrip(' "').startswith("#") or not lines[top].strip(" ,;\t")):
        top += 1
    return top


def read_table(lines: Sequence[str], top: int) -> list[tuple[int, dict[str, str]]]:
    """The rows by column, each with its number; empty rows are left out."""
    if top == len(lines):
        raise Unreadable(Problem("no_rows"))
    columns, delimiter = _read_columns(lines[top], top + 1)
    cells = _read_cells("\n".join(lines[top:]), delimiter, lines[top].count(delimiter) + 1, top)
    table = []
    for number, row in enumerate(cells[1:], start=top + 2):
        stripped = [cell.strip() for cell in row]
        if any(stripped[len(columns) :]):
            raise Unreadable(Problem("too_many_cells", number))
        if any(stripped):
            table.append((number, dict(zip(columns, stripped, strict=False))))
    last = next(line for line in reversed(lines) if line.strip())
    if table and '"' not in last and last.count(delimiter) < len(columns) - 1:
        raise Unreadable(Problem("cut_off", table[-1][0]))
    return table


def _read_columns(line: str, row: int) -> tuple[list[str], str]:
    """The names of the columns in their order, and the delimiter between them."""
    present = [mark for mark in ",;" if mark in line]
    if len(present) != 1:
        raise Unreadable(Problem("delimiter_unclear", row))
    if line.count(present[0]) > MOST_COLUMNS:
        raise Unreadable(Problem("too_many_cells", row))
    columns = [cell.strip().strip('"').strip().lower() for cell in line.split(present[0])]
    while columns and not columns[-1]:
        columns.pop()
    problems = [
        Problem("column_unknown", row, str(number))
        for number, column in enumerate(columns, start=1)
        if column not in COLUMNS
    ]
    problems += [Problem("column_twice", row, column) for column in COLUMNS if columns.count(column) > 1]
    if missing := [column for column in COLUMNS if column not in columns]:
        problems.append(Problem("columns_missing", row, params={"columns": ", ".join(missing)}))
    if problems:
        raise Unreadable(*problems)
    return columns, present[0]


def _read_cells(body: str, delimiter: str, width: int, top: int) -> list[list[str]]:
    import pandas

    with warnings.catch_warnings():
        warnings.simplefilter("error", pandas.errors.ParserWarning)
        try:
            frame = pandas.read_csv(
                io.StringIO(body),
                sep=delimiter,
                header=None,
                names=range(width),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                skip_blank_lines=False,
            )
        except (pandas.errors.ParserError, pandas.errors.ParserWarning) as unreadable:
            reason = str(unreadable)
        else:
            cells: list[list[str]] = frame.to_numpy().tolist()
            return cells
    if wide := re.search(r"in line (\d+)", reason):
        raise Unreadable(Problem("too_many_cells", top + int(wide[1])))
    if opened := re.search(r"inside string starting at row (\d+)", reason):
        raise Unreadable(Problem("quotation_open", top + 1 + int(opened[1])))
    raise Unreadable(Problem("not_a_table"))
