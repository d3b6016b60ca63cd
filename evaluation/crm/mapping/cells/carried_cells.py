"""Fills empty cells from the cell above (merged months, continuation lines) where the table proves it right. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Cells = tuple[str, ...]
Rows = list[tuple[int, Cells]]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The rows with an empty cell in a column of periods or groups, where the table does not prove its value."""

    place: int
    rows: tuple[int, ...]
    is_first_empty: bool
    """Whether no row above the first of them has a value."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a table of totals that identify what the numbers of a row count."""

    carried: tuple[int, ...]
    """Indexes of the columns whose empty cells may mean the cell above."""
    even: tuple[int, ...]
    """Those of them that must prove it by equal blocks: a sum at the bottom has an empty cell as well."""
    total_words: tuple[int, ...]
    """Indexes of all columns that distinguish rows."""
    is_left_out: Callable[[int, str], bool]
    """Whether rows with a text in this column are left out."""
    is_needed: Callable[[int, Cells], bool]
    """Whether a row has a number that is meaningless without this column."""

    def leaves_out(self, cells: Cells, but: int | None = None) -> bool:
        return any(self.is_left_out(place, cells[place]) for place in self.total_words if place != but)

    def carry(self, rows: Rows) -> tuple[Rows, list[Gaps]]:
        """Return the rows with empty cells filled from above, and the gaps where the table does not prove that."""
        filled = rows
        for place in self.carried:
            filled = _fill(filled, place)
        return filled, [gaps for place in self.carried if (gaps := self._find_gaps(rows, filled, place))]

    def _find_gaps(self, rows: Rows, filled: Rows, place: int) -> Gaps | None:
        blocks: list[list[Cells]] = []
        empty: list[int] = []
        is_first_empty = is_shown = False
        is_left_out = False
        for (number, cells), (_number, whole) in zip(rows, filled, strict=True):
            if cells[place]:
                is_left_out = self.is_left_out(place, cells[place])
                # A cell of a row that another word leaves out still applies to the rows below.
                if not is_left_out:
                    blocks.append([])
            if is_left_out or self.leaves_out(whole, place) or not (cells[place] or self.is_needed(place, cells)):
                continue
            if not cells[place]:
                empty.append(number)
                is_first_empty = is_first_empty or not blocks
            if blocks:
                blocks[-1].append(tuple(whole[other] for other in self.total_words if other != place))
        blocks = [block for block in blocks if block]
        if empty and not is_first_empty:
            is_shown = all(len(set(block)) == len(block) for block in blocks)
            is_shown = is_shown and (place not in self.even or len({frozenset(block) for block in blocks}) == 1)
        return None if not empty or is_shown else Gaps(place, tuple(empty), is_first_empty)


def _fill(rows: Rows, place: int) -> Rows:
    found, above = [], ""
    for number, cells in rows:
        above = cells[place] or above
        found.append((number, (*cells[:place], above, *cells[place + 1 :])))
    return found


def rows_with_gaps(gaps: Sequence[Gaps]) -> tuple[int, ...]:
    return tuple(sorted({row for gap in gaps for row in gap.rows}))
