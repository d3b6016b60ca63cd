"""Count the rows of a file by their treatment, so that none is dropped silently. Pure."""

from dataclasses import dataclass
from typing import Any

from evaluation.figures.formats.source import Unreadable
from evaluation.figures.problems.file_problems import Problem

MOST_NAMED = 20
"""The most rows that are listed by number."""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """The number of rows below the column names, by treatment. Raises Unreadable if they do not add up to `in_file`.

    There is no count of unreadable rows: one such row is a problem by which the whole file is refused.
    """

    in_file: int
    read: int
    empty: int = 0
    left_out: tuple[int, ...] = ()
    """Rows that a user chose to leave out, such as a sum at the bottom."""
    outside: tuple[int, ...] = ()
    """Rows of a period other than the file's."""
    repeated: tuple[int, ...] = ()
    """Rows equal to an earlier one, which a user chose to count once."""

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
