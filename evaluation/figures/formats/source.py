"""Define the source of a table, the limits of reading, and the exception for unreadable files."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar

from evaluation.figures.problems.file_problems import Problem
from standards.limited_process import ParserStopped, run_limited

P = ParamSpec("P")
Result = TypeVar("Result")

MEGABYTE = 1024 * 1024


class Unreadable(Exception):
    """The file cannot be opened, or its rows cannot be read further. `problems` has the reasons."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(*problems)

    def __str__(self) -> str:
        return ", ".join(problem.code for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Source:
    """A seekable file, which can be read several times."""

    file: BinaryIO
    name: str
    size: int

    @classmethod
    def of_bytes(cls, content: bytes, name: str) -> "Source":
        return cls(io.BytesIO(content), name, len(content))

    @classmethod
    def of_path(cls, path: Path) -> "Source":
        """Open the file at a path. The caller must close `file`."""
        return cls(path.open("rb"), path.name, path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading. They bound time and memory, whatever size the file declares."""

    bytes: int = 200 * MEGABYTE
    """The size of a table in text. Other formats, which are not streamed, have the next limit, too."""
    loaded_bytes: int = 30 * MEGABYTE
    """The size of a workbook or JSON, which is loaded as a whole."""
    inflated_bytes: int = 100 * MEGABYTE
    """The unpacked size of a workbook's archive."""
    rows: int = 12_000_000
    columns: int = 300
    """The number of columns, including empty ones, which a spreadsheet may add at the right."""
    loaded_cells: int = 1_000_000
    """The number of cells of a workbook or JSON."""
    counts_blank: bool = False
    """Whether blank cells of an XLSX count as loaded cells: false for a reader that drops them."""
    line: int = 64 * 1024
    """The bytes of a line, so that no endless cell is loaded."""
    top_lines: int = 100
    """The number of lines above the table."""
    computed_only: bool = True
    """Whether a formula without a result is refused: false for a reader that reports each formula itself."""
    first_rows: int = 0
    """The number of rows that are read, for a preview; 0 reads all. A table that is streamed is not cut."""
    is_separate: bool = False
    """Whether delimited text, too, is parsed in the limited process: true in a web process. A worker streams it."""


def read_limited(parse: Callable[P, Result], *args: P.args, **options: P.kwargs) -> Result:
    """Return the result of a parser, called in the limited process. Raises Unreadable, also beyond a limit."""
    try:
        return run_limited(parse, *args, **options)
    except ParserStopped:
        pass
    raise Unreadable(Problem("too_complex"))
