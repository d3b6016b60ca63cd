"""Fill empty cells from the cell above (merged months, continuation lines) if the table proves their value. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Cells = tuple[str, ...]
Rows = list[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The rows with an empty cell in a column of periods or groups, if the table does not prove their value."""

    place: int
    rows: tuple[int, ...]
    is_first_empty: bool
    """Whether no row above the first gap has a value."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table of totals that identify what the numbers of a row count."""

    carried: tuple[int, ...]
    """Indexes of the columns whose empty cells may repeat the cell above."""
    even: tuple[int, ...]
    """Those of `carried` that must prove it by equal blocks of rows: a sum at the bottom has an empty cell, too."""
    identifying: tuple[int, ...]
    """Indexes of all columns that identify what a row counts."""
    is_left_out: Callable[[int, str], bool]
    """Whether rows with a text in this column are left out."""
    is_needed: Callable[[int, Cells], bool]
    """Whether a row has a number that is meaningless without a value in this column."""

    def leaves_out(self, cells: Cells, but: int | None = None) -> bool:
        return any(self.is_left_out(place, cells[place]) for place in self.identifying if place != but)

    def carry(self, rows: Rows) -> tuple[Rows, list[Gaps]]:
        """Return the rows with empty cells filled from above, and the gaps whose value the table does not prove."""
        filled = rows
        for place in self.carried:
            filled = _fill(filled, place)
        return filled, [gaps for place in self.carried if (gaps := self._find_gaps(rows, filled, place))]

    def _find_gaps(self, rows: Rows, filled: Rows, place: int) -> Gaps | None:
        blocks: list[list[Cells]] = []
        empty: list[int] = []
        is_first_empty = is_proved = False
        is_left_out = False
        for (number, cells), (_number, whole) in zip(rows, filled, strict=True):
            if cells[place]:
                is_left_out = self.is_left_out(place, cells[place])
                # If another column leaves out the row, its cell still applies to the rows below.
                if not is_left_out:
                    blocks.append([])
            if is_left_out or self.leaves_out(whole, place) or not (cells[place] or self.is_needed(place, cells)):
                continue
            if not cells[place]:
                empty.append(number)
                is_first_empty = is_first_empty or not blocks
            if blocks:
                blocks[-1].append(tuple(whole[other] for other in self.identifying if other != place))
        blocks = [block for block in blocks if block]
        if empty and not is_first_empty:
            is_proved = all(len(set(block)) == len(block) for block in blocks)
            is_proved = is_proved and (place not in self.even or len({frozenset(block) for block in blocks}) == 1)
        return None if not empty or is_proved else Gaps(place, tuple(empty), is_first_empty)


def _fill(rows: Rows, place: int) -> Rows:
    found, above = [], ""
    for number, cells in rows:
        above = cells[place] or above
        found.append((number, (*cells[:place], above, *cells[place + 1 :])))
    return found


def rows_with_gaps(gaps: Sequence[Gaps]) -> tuple[int, ...]:
    return tuple(sorted({row for gap in gaps for row in gap.rows}))
