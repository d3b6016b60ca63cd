"""Show the first and last rows of each sheet of a file, so that a user can choose where its table is."""

import csv
import io
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.figures.formats.delimited import find_delimiter, whole_lines
from evaluation.figures.formats.encoding import find_encoding
from evaluation.figures.formats.kinds import HEAD, Kind, find_kind
from evaluation.figures.formats.loaded_formats import LOADED_FORMATS
from evaluation.figures.formats.opened import Cells
from evaluation.figures.formats.source import Limits, Source, Unreadable, read_limited
from evaluation.figures.formats.text import Text
from evaluation.figures.formats.workbook import cell_text

LIBRARIES = ("charset_normalizer", "lxml.html", "python_calamine")
FIRST_ROWS = 40
LAST_ROWS = 20
_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows with content at both ends of a sheet, each with its number and its cells as text."""

    number: int
    """Its number among the visible sheets, from 1."""
    name: str
    """Empty for a file without sheets."""
    first: tuple[tuple[int, Cells], ...]
    last: tuple[tuple[int, Cells], ...] = ()
    """The last rows; none of them is among the first ones."""

    @property
    def rows(self) -> tuple[tuple[int, Cells], ...]:
        return self.first + self.last


def read_sheets(source: Source, limits: Limits) -> tuple[Sheet, ...]:
    """Return the visible sheets with content; a table in text is one sheet, JSON has none.

    Empty for a file that is too large to be loaded as a whole. Raises Unreadable.
    """
    source.file.seek(0)
    kind = find_kind(source.file.read(HEAD))
    if kind is Kind.OBJECTS or source.size > limits.loaded_bytes:
        return ()
    source.file.seek(0)
    if kind is Kind.TEXT:
        return read_limited(_read_text, source.file.read(), source.name, limits)
    return read_limited(_read_sheets, source.file.read(), source.name, limits, kind)


def _read_sheets(content: bytes, name: str, limits: Limits, kind: Kind) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook, or the tables of a page. Called in the limited process."""
    return tuple(
        both_ends(
            sheet.number,
            sheet.name,
            ((row, [cell_text(cell) for cell in cells]) for row, cells in enumerate(sheet.rows, start=sheet.first_row)),
        )
        for sheet in LOADED_FORMATS[kind].read_sheets(content, name, limits)
    )


def _read_text(content: bytes, name: str, limits: Limits) -> tuple[Sheet, ...]:
    """Return a table in text. Called in the limited process."""
    source = Source.of_bytes(content, name)
    lines: list[str] = []
    for block in Text(source, find_encoding(source, limits.line), limits).blocks(limits.line * 4):
        lines += whole_lines(block.content, block.rows)
    sample = [line for line in lines[: limits.top_lines + _SAMPLE] if not line.lstrip(' "').startswith("#")]
    try:
        mark = find_delimiter(sample, 1)
    except Unreadable:
        mark = ";"
    # only the ends are split into cells
    filled = [number for number, line in enumerate(lines, start=1) if line.strip(' ,;|\t"')]
    ends = filled[:FIRST_ROWS] + filled[FIRST_ROWS:][-LAST_ROWS:]
    return (both_ends(1, "", ((number, _split(lines[number - 1], mark)) for number in ends)),)


def _split(line: str, mark: str) -> Cells:
    try:
        return tuple(cell.strip() for cell in next(csv.reader(io.StringIO(line, newline=""), delimiter=mark), ()))
    except csv.Error:
        return (line,)


def both_ends(number: int, name: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """Return the sheet of these rows, without empty ones."""
    first: list[tuple[int, Cells]] = []
    last: deque[tuple[int, Cells]] = deque(maxlen=LAST_ROWS)
    for row, cells in rows:
        if any(cells):
            (first if len(first) < FIRST_ROWS else last).append((row, tuple(cells)))
    return Sheet(number, name, tuple(first), tuple(last))
