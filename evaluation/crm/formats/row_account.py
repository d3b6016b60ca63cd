"""Counts the rows of a file by what became of them, so that none is dropped silently. Pure."""

from dataclasses import dataclass
from typing import Any

from evaluation.crm.formats.source import Unreadable
from evaluation.crm.problems.file_problems import Problem

MOST_NAMED = 20
"""Rows that are listed individually."""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """Every row below the column names is in exactly one count. Raises Unreadable if one is in none.

    A row that cannot be read is not counted: it is a problem that refuses the whole file.
    """

    in_file: int
    read: int
    empty: int = 0
    left_out: tuple[int, ...] = ()
    """Rows that a person chose to leave out, such as a sum at the bottom."""
    outside: tuple[int, ...] = ()
    """Rows of a period other than the file's."""
    repeated: tuple[int, ...] = ()
    """Rows equal to an earlier one, of which a person chose to count one."""

    def __post_init__(self) -> None:
        accounted = self.read + self.empty + len(self.left_out) + len(self.outside) + len(self.repeated)
        if accounted != self.in_file:
            raise Unreadable(Problem("rows_lost", params={"told": accounted, "in_file": self.in_file}))

    def as_data(self) -> dict[str, Any]:
        """Return plain data for JSON: each count, and the numbers of the first rows that were not read."""
        parts = {"left_out": self.left_out, "outside": self.outside, "repeated": self.repeated}
        return {
            "in_file": self.in_file,
            "read": self.read,
            "empty": self.empty,
            **{name: {"count": len(rows), "rows": list(rows[:MOST_NAMED])} for name, rows in parts.items() if rows},
        }
