"""The source of a table, the limits of reading, and the exception that ends it."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from evaluation.crm.problems.file_problems import Problem

MEGABYTE = 1024 * 1024


class Unreadable(Exception):
    """The file cannot be read further. Raised by opening a file and by iterating over its rows."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__(", ".join(problem.code for problem in problems))


@dataclass(frozen=True, slots=True)
class Source:
    """A seekable file that can be read from its start repeatedly."""

    file: BinaryIO
    name: str
    size: int

    @classmethod
    def of_bytes(cls, content: bytes, name: str) -> "Source":
        return cls(io.BytesIO(content), name, len(content))

    @classmethod
    def of_path(cls, path: Path) -> "Source":
        """Open a path. The caller closes `file`."""
        return cls(path.open("rb"), path.name, path.stat().st_size)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of reading. Each bounds time and memory, whatever size the file declares."""

    bytes: int = 200 * MEGABYTE
    """Of a table in text. Other formats, which are not streamed, have the limit below."""
    loaded_bytes: int = 30 * MEGABYTE
    """Of a workbook or JSON, which are loaded as a whole."""
    inflated_bytes: int = 100 * MEGABYTE
    """Of all content of a workbook's archive."""
    rows: int = 12_000_000
    columns: int = 300
    """Including empty ones, which a spreadsheet may add at the right."""
    loaded_cells: int = 1_000_000
    """Of a workbook or JSON."""
    counts_blank: bool = False
    """Whether the blank cells of an XLSX count as loaded. They do not for a reader that drops them."""
    line: int = 64 * 1024
    """Bytes between two ends of a line, so that no endless cell is loaded."""
    top_lines: int = 100
    """Before the table."""
    computed_only: bool = True
    """Whether a formula without a result is refused. Who reads formulas as such names each of them."""
