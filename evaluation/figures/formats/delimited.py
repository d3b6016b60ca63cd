"""Read a table in text with commas, semicolons, tabs or bars as delimiter, in blocks, whatever its size."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from evaluation.figures.formats.encoding import find_encoding
from evaluation.figures.formats.frames import strip_categories, to_frame, without_first_row
from evaluation.figures.formats.heading import find_heading, heading_at
from evaluation.figures.formats.layout import TableLayout
from evaluation.figures.formats.opened import CHUNK, Cells, Opened
from evaluation.figures.formats.published.table_start import head_line, is_published, is_row_of_names, require_names
from evaluation.figures.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.figures.formats.text import QUOTE, Block, Text
from evaluation.figures.problems.file_problems import Problem

DELIMITERS = ",;\t|"
_SAMPLE = 60
"""The number of rows from which the delimiter and the beginning of the table are detected."""
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)
"""The first line by which Excel marks the delimiter."""
_LAST = "\U0010ffff"
"""A code point that is no character and sorts after all others."""
_ROWS_BLOCK = 256 * 1024
_FIRST_ROWS = 5_000
"""The rows of the first chunk, which is small so that progress is visible soon."""
_MOST_BLOCK = 16 * MEGABYTE
"""The most bytes of a chunk. The length of a row is estimated from the first rows, and others may be longer."""
_MOST_PARSED_CELLS = 1_000_000
"""The most cells of a chunk whose rows are parsed one by one: they take far more memory than their text."""
_BLANKS = (b" ", b"\t", b"\v", b"\f", b"\x1c", b"\x1d", b"\x1e", b"\x1f")
_PARTS = re.compile(r"[,;\t|]")


class DelimitedTable(Opened):
    """A table in delimited text."""

    def __init__(self, source: Source, limits: Limits, layout: TableLayout | None = None) -> None:
        self._limits, self._last_row = limits, layout.last_row if layout else 0
        self._text = Text(source, find_encoding(source, limits.line), limits)
        first = next(self._text.blocks(limits.line * 4), None)
        if first is None or not first.content.strip():
            raise Unreadable(Problem("empty_file"))
        lines = whole_lines(first.content, limits.top_lines + _SAMPLE)
        begin = 0
        while begin < len(lines) and _is_above_table(lines[begin]):
            begin += 1
        if layout and layout.names_row:
            begin = layout.names_row - 1
        if begin >= len(lines):
            raise Unreadable(Problem("no_rows"))
        separator = _SEPARATOR_LINE.fullmatch(lines[0].strip())
        sample = lines[begin : min(begin + _SAMPLE, self._last_row or len(lines))]
        if not sample:
            raise Unreadable(Problem("no_rows"))
        self._delimiter = separator[1] if separator else find_delimiter(sample, begin + 1)
        rows = [_split(line, self._delimiter) for line in sample]
        if layout and layout.names_row:
            above = [_split(line, self._delimiter) for line in lines[:begin][-1:]]
            place, names = heading_at((*above, *rows), len(above))
            place -= len(above)
        else:
            place, names = find_heading(rows)
        self.top = (
            *("" if separator and number == 0 else line for number, line in enumerate(lines[:begin])),
            *(
                line if head is None or line.lstrip(' "').startswith("#") else head
                for line, head in zip(sample[:place], map(head_line, rows[:place]), strict=True)
            ),
        )
        self.names_row = begin + place + 1
        self._width = len(rows[place])
        while names and not names[-1]:
            names.pop()
        self.names = tuple(names)
        self.is_published = layout is None and is_published(self.top, names)
        require_names(names, self.names_row, limits.columns, published=self.is_published)
        if self._width > limits.columns:
            raise Unreadable(Problem("too_many_cells", self.names_row))
        self._bytes_above = sum(len(line.encode()) + 1 for line in lines[: self.names_row])
        self._bytes_a_row = max(1, len(first.content) // first.rows)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        count = empty = 0
        for block in self._blocks(_ROWS_BLOCK):
            count += block.rows
            for number, cells in self._parse_rows(block):
                if any(cells):
                    yield number, cells
                else:
                    empty += 1
        self.row_count, self.empty_count = count, empty

    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        columns = [name.lower() for name in self.names]
        first = min(size, _FIRST_ROWS) * self._bytes_a_row
        count = empty = 0
        for block in self._blocks(min(size * self._bytes_a_row, _MOST_BLOCK), first=min(first, _MOST_BLOCK)):
            count += block.rows
            frame = self._parse(block, columns, plain)
            if frame is None:
                rows_of_block = self._parse_rows(block)
                while rows := list(islice(rows_of_block, max(1, min(size, _MOST_PARSED_CELLS // len(columns))))):
                    filled = [row for row in rows if any(row[1])]
                    empty += len(rows) - len(filled)
                    if filled:
                        yield to_frame(filled, columns, plain)
                continue
            filled_frame = _without_empty_rows(frame)
            empty += len(frame) - len(filled_frame)
            if len(filled_frame):
                yield filled_frame
        self.row_count, self.empty_count = count, empty

    def _blocks(self, size: int, *, first: int | None = None) -> Iterator[Block]:
        """Yield blocks of the rows below the column names."""
        above, count, names_row = self._bytes_above, 0, self.names_row
        for block in self._text.blocks(size, first=first):
            content, row, rows = block.content, block.row, block.rows
            if above:
                taken = min(above, len(content))
                above -= taken
                skipped = min(rows, names_row - row + 1)
                content, row, rows = content[taken:], row + skipped, rows - skipped
            is_last = block.is_last
            if self._last_row and row + rows - 1 >= self._last_row:
                kept = max(0, self._last_row - row + 1)
                self.below = tuple(range(self._last_row + 1, row + rows))
                content, rows, is_last = _first_rows(content, kept), kept, True
            count += rows
            if count > self._limits.rows:
                raise Unreadable(Problem("too_many_rows", params={"limit": self._limits.rows}))
            if rows:
                yield Block(row, content, rows, is_last)

    def _parse(self, block: Block, columns: list[str], plain: Collection[str]) -> Any:
        """Return a block as a frame; None if a row needs `_parse_rows`, such as one with quotation marks."""
        import pandas

        content, mark = block.content, self._delimiter.encode()
        more = self._width - 1
        if QUOTE in content or content.count(mark) != block.rows * more or self._width > len(columns):
            return None
        if content.count(mark, 0, content.find(b"\n")) != more or _LAST.encode() in content:
            return None
        # Add a first row that is neither a number nor a boolean: otherwise pandas turns 01 into 1, and True into true.
        guarded = mark.join([_LAST.encode()] * self._width) + b"\n" + content
        types = {place: str if name in plain else "category" for place, name in enumerate(columns)}
        try:
            frame = pandas.read_csv(
                io.BytesIO(guarded),
                sep=self._delimiter,
                header=None,
                names=range(self._width),
                index_col=False,
                dtype=types,
                na_filter=False,
                skip_blank_lines=False,
                quoting=csv.QUOTE_NONE,
                low_memory=False,
            )
        except pandas.errors.ParserError:
            return None
        if len(frame) != block.rows + 1:
            return None
        frame = without_first_row(frame, columns, block.row)
        if not content.isascii() or any(blank in content for blank in _BLANKS if blank != mark):
            frame = strip_categories(frame, plain)
        return frame

    def _parse_rows(self, block: Block) -> Iterator[tuple[int, Cells]]:
        """Yield every row of a block, including empty ones. Raises Unreadable for too many or too few cells."""
        number, short, broken = block.row - 1, None, False
        reader = csv.reader(io.StringIO(block.content.decode(), newline=""), delimiter=self._delimiter, strict=True)
        width = len(self.names)
        while True:
            try:
                row = next(reader, None)
            except csv.Error:
                broken = True
            if broken:
                # outside the handler, so that no traceback contains the row
                raise Unreadable(Problem("quotation_open", number + 1))
            if row is None:
                break
            number += 1
            cells = tuple(cell.strip() for cell in row)
            if len(cells) != width:
                if len(cells) > self._width or any(cells[width:]):
                    raise Unreadable(Problem("too_many_cells", number))
                if not any(cells):
                    yield number, ("",) * width
                    continue
            if short is not None:
                raise Unreadable(Problem("too_few_cells", short))
            if len(cells) < width:
                short = number
                continue
            yield number, cells[:width]
        if short is not None:
            raise Unreadable(Problem("cut_off" if block.is_last else "too_few_cells", short))
        if number != block.row + block.rows - 1:
            raise Unreadable(Problem("quotation_open", block.row))


def _without_empty_rows(frame: Any) -> Any:
    """Return the frame without empty rows. Columns are checked one by one, until one is filled in every row."""
    import numpy

    empty = numpy.ones(len(frame), dtype=bool)
    for place in range(frame.shape[1]):
        if not empty.any():
            return frame
        empty &= (frame.iloc[:, place] == "").to_numpy()
    return frame[~empty] if empty.any() else frame


def _first_rows(content: bytes, most: int) -> bytes:
    """Return the first rows of a block. A line break in quotation marks ends no row."""
    end = 0
    for _row in range(most):
        start, end = end, content.index(b"\n", end) + 1
        while content.count(QUOTE, start, end) % 2:
            end = content.index(b"\n", end) + 1
    return content[:end]


def whole_lines(content: bytes, most: int) -> list[str]:
    lines: list[str] = []
    start = 0
    while start < len(content) and len(lines) < most:
        end = content.index(b"\n", start)
        while content.count(QUOTE, start, end) % 2 and content.find(b"\n", end + 1) >= 0:
            end = content.index(b"\n", end + 1)
        lines.append(content[start:end].decode())
        start = end + 1
    return lines


def _is_above_table(line: str) -> bool:
    return (
        line.lstrip(' "').startswith("#")
        or not line.strip(' ,;|\t"')
        or _SEPARATOR_LINE.fullmatch(line.strip()) is not None
    )


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [""])]
    except csv.Error:
        return [line]


def find_delimiter(sample: Sequence[str], row: int) -> str:
    """Return the delimiter that gives most rows the same number of cells, or the only one in a row of published names.

    Raises Unreadable if there is not exactly one. `row` is the number of the first row.
    """
    for place, line in enumerate(sample):
        if is_row_of_names(_PARTS.split(line)):
            present = [mark for mark in DELIMITERS if mark in line]
            if len(present) == 1:
                return present[0]
            raise Unreadable(Problem("delimiter_unclear", row + place))
    filled = [line for line in sample if line.strip(' ,;|\t"')]
    shares: dict[str, int] = {}
    for mark in DELIMITERS:
        width, count = Counter(len(_split(line, mark)) for line in filled).most_common(1)[0]
        if width > 1 and count * 2 > len(filled):
            shares[mark] = count
    best = [mark for mark, count in shares.items() if count == max(shares.values())]
    if len(best) != 1:
        raise Unreadable(Problem("delimiter_unclear", row))
    return best[0]
