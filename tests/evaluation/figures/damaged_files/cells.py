"""Named kinds of damage, of a cell or of the whole file."""

import csv
import io
from collections.abc import Callable, Mapping

from evaluation.figures.dictionary.items import items

CELLS: Mapping[str, tuple[str, str]] = {
    "negative": ("value", "-7"),
    "not_a_number": ("value", "seven"),
    "ambiguous_number": ("value", "1,234"),
    "thousands_separated": ("value", "1 234 567"),
    "number_too_large": ("value", "123456789012"),
    "formula_of_a_spreadsheet": ("value", "=1+1"),
    "email": ("value", "anna.example@mail.test"),
    "email_as_code": ("dim1_value", "anna.example@mail.test"),
    "telephone": ("dim2_value", "+32 470 12 34 56"),
    "telephone_as_value": ("value", "0470123456"),
    "date_of_birth": ("dim1_value", "2014-05-17"),
    "date_of_birth_as_value": ("value", "17/05/2014"),
    "long_text": ("dim1_value", "the girl was last seen at the bus stop near the old mill"),
    "item_unknown": ("item_code", "A99"),
    "dimension_unknown": ("dim1", "shoe_size"),
    "code_unknown": ("dim1_value", "martians"),
    "quality_unknown": ("quality", "guessed"),
    "quality_missing": ("quality", ""),
    "value_missing": ("value", ""),
    "other_hotline": ("hotline_code", "116000-ZZ"),
    "other_period": ("period_end", "1999-12-31"),
}
"""Damage of one cell: its column and what is written there."""

FILES: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "only_header": lambda content: b"".join(line for line in content.splitlines(True) if line.startswith(b"#")),
    "header_line_missing": lambda content: content.replace(b"# level: aggregate\n", b""),
    "header_line_unknown": lambda content: b"# caller: somebody\n" + content,
    "other_schema": lambda content: content.replace(b"schema_version: 1.0", b"schema_version: 9.0"),
    "record_level": lambda content: content.replace(b"level: aggregate", b"level: case"),
    "unknown_column": lambda content: content.replace(b",quality\n", b",quality,child_name\n"),
    "missing_column": lambda content: content.replace(b",quality\n", b"\n", 1),
    "column_twice": lambda content: content.replace(b",quality\n", b",quality,value\n"),
    "latin_1": lambda content: content.replace(b",measured\n", ",measuréd\n".encode("latin-1"), 1),
    "null_character": lambda content: content.replace(b",measured\n", b",\0\n", 1),
    "spreadsheet": lambda content: b"PK\x03\x04" + content,
    "truncated": lambda content: content[: content.rindex(b"A58") + 3],
    "open_quotation_mark": lambda content: content.replace(b",A05,", b',"A05,'),
    "mixed_delimiters": lambda content: content.replace(b"item_code,dim1,", b"item_code;dim1,"),
    "too_many_cells": lambda content: content.replace(b",measured\n", b",measured,x\n", 1),
}
"""Damage of the whole file."""


def spoil(content: bytes, kind: str, row: int = 0) -> bytes:
    """Return a generated file, damaged. For a kind of `CELLS`, `row` counts as a spreadsheet does."""
    if kind in FILES:
        return FILES[kind](content)
    column, text = CELLS[kind]
    return write_cell(content, row, column, text)


def write_cell(content: bytes, row: int, column: str, text: str) -> bytes:
    """Return the file with another text in one cell."""
    lines = content.decode().split("\n")
    cells = next(csv.reader([lines[row - 1]]))
    cells[_columns(lines).index(column)] = text
    written = io.StringIO()
    csv.writer(written, lineterminator="").writerow(cells)
    lines[row - 1] = written.getvalue()
    return "\n".join(lines).encode()


def read_cell(content: bytes, row: int, column: str) -> str:
    lines = content.decode().split("\n")
    return next(csv.reader([lines[row - 1]]))[_columns(lines).index(column)]


def find_rows(content: bytes, item: str | None = None) -> list[int]:
    """Return the rows with a number, of one item or of all."""
    lines = content.decode().split("\n")
    place, value = (_columns(lines).index(column) for column in ("item_code", "value"))
    found = []
    for row, line in enumerate(lines, start=1):
        cells = line.split(",")
        if (
            len(cells) > value
            and cells[place] in items()
            and cells[value][:1].isdigit()
            and item in (None, cells[place])
        ):
            found.append(row)
    return found


def _columns(lines: list[str]) -> list[str]:
    return next(line for line in lines if not line.startswith("#")).split(",")
