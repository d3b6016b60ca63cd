"""Parse a table in delimited text in the limited process, and hold its columns as codes of their distinct cells."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from evaluation.figures.formats.delimited import DelimitedTable
from evaluation.figures.formats.layout import TableLayout
from evaluation.figures.formats.opened import CHUNK, Cells, Opened
from evaluation.figures.formats.source import Limits, Source, read_limited

LIBRARIES = ("pandas", "charset_normalizer")


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of a column, as places in the distinct ones. Columns of records have few distinct cells."""

    distinct: tuple[str, ...]
    kind: str
    """The numpy type of the places."""
    places: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    numbers: bytes
    """The numbers of the rows, as 64-bit integers."""
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The content of a table in text."""

    top: Cells
    names: Cells
    names_row: int
    is_published: bool
    row_count: int
    empty_count: int
    below: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    is_cut: bool


def parse_table(content: bytes, name: str, limits: Limits, layout: TableLayout | None) -> Parsed:
    """Read a table to its end. Called in the limited process. Raises Unreadable."""
    table = DelimitedTable(Source.of_bytes(content, name), limits, layout)
    frames, is_cut = _first_rows(table, limits.first_rows) if limits.first_rows else (table.chunks(), False)
    chunks = tuple(map(_pack, frames))
    return Parsed(
        table.top,
        table.names,
        table.names_row,
        table.is_published,
        table.row_count,
        table.empty_count,
        table.below,
        chunks,
        is_cut,
    )


def _first_rows(table: DelimitedTable, most: int) -> tuple[list[Any], bool]:
    """Return the first rows, and whether there are more. The table counts its rows only if it is read to its end."""
    frames: list[Any] = []
    wanted = most
    for frame in table.chunks(size=most):
        if len(frame) > wanted or not wanted:
            table.row_count = most
            return [*frames, *([frame.iloc[:wanted]] if wanted else [])], True
        frames.append(frame)
        wanted -= len(frame)
    return frames, False


def _pack(frame: Any) -> Chunk:
    numbers = frame.index.to_numpy(dtype="int64").tobytes()
    columns = (frame.iloc[:, place].cat for place in range(frame.shape[1]))
    return Chunk(
        numbers,
        tuple(
            Column(tuple(map(str, column.categories)), column.codes.dtype.name, column.codes.to_numpy().tobytes())
            for column in columns
        ),
    )


class ParsedTable(Opened):
    """A table in text that was parsed in the limited process."""

    def __init__(self, source: Source, limits: Limits, layout: TableLayout | None = None) -> None:
        source.file.seek(0)
        parsed = read_limited(parse_table, source.file.read(), source.name, limits, layout)
        self.top, self.names, self.names_row = parsed.top, parsed.names, parsed.names_row
        self.is_published = parsed.is_published
        self.row_count, self.empty_count = parsed.row_count, parsed.empty_count
        self.below = parsed.below
        self._chunks, self.is_cut = parsed.chunks, parsed.is_cut

    def rows(self) -> Iterator[tuple[int, Cells]]:
        import numpy

        for chunk in self._chunks:
            columns = [
                map(column.distinct.__getitem__, numpy.frombuffer(column.places, column.kind).tolist())
                for column in chunk.columns
            ]
            yield from zip(numpy.frombuffer(chunk.numbers, "int64").tolist(), zip(*columns, strict=True), strict=True)

    def chunks(self, *, plain: Collection[str] = (), size: int = CHUNK) -> Iterator[Any]:
        import numpy
        import pandas

        names = [name.lower() for name in self.names]
        for chunk in self._chunks:
            made: dict[int, Any] = {}
            for place, (name, column) in enumerate(zip(names, chunk.columns, strict=True)):
                places = numpy.frombuffer(column.places, column.kind)
                cells = pandas.Categorical.from_codes(places, categories=list(column.distinct))
                made[place] = pandas.Series(cells.astype(str)) if name in plain else cells
            frame = pandas.DataFrame(made)
            frame.columns = names
            frame.index = pandas.Index(numpy.frombuffer(chunk.numbers, "int64"))
            for start in range(0, len(frame), size):
                yield frame.iloc[start : start + size]
