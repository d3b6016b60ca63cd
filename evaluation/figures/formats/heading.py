"""Find the names of the columns of a table, which may be in two rows, the upper of which spans several columns. Pure.

Systems write months above figures, or the year above months, once for all columns that it spans. The name of a column is
then both, joined by `BETWEEN`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from evaluation.figures.formats.opened import BETWEEN
from evaluation.figures.formats.published.table_start import find_names, head_line, is_row_of_names

_LONGEST = 60
"""Letters of a cell of a heading. A longer text is a note."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NO_WORD = re.compile(r"[\d\s.,:%/'()+-]*")


def find_heading(rows: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Return the index of the row above the data, and the names of the columns. Raises Unreadable if there are none."""
    place = find_names(rows)
    if place + 1 < len(rows) and _continues(rows[place], rows[place + 1]) and _repeats(rows[place], rows[place + 1]):
        place += 1
    return place, _names_at(rows, place)


def heading_at(rows: Sequence[Sequence[str]], place: int) -> tuple[int, list[str]]:
    """Return the same for a heading of which a user chose a row, be it the upper or the lower one of two."""
    if place + 1 < len(rows) and _continues(rows[place], rows[place + 1]):
        place += 1
    return place, _names_at(rows, place)


def _names_at(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    """Return the names in a row, each with what spans it in the row above if that is a part of the heading, too."""
    lower = list(rows[place])
    upper = list(rows[place - 1]) if place else []
    upper += [""] * (len(lower) - len(upper))
    if is_row_of_names(lower) or not _is_upper(upper, lower):
        return lower
    spanning, names = "", []
    for above, below in zip(upper, lower, strict=False):
        spanning = above or spanning
        names.append(BETWEEN.join(filter(None, (spanning, below))) if below else above)
    return names


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row of names is only the upper row of two: it spans columns below.

    A row of data must not be taken for names: in a lower row of names no cell is a number, and the cell of a column
    whose name is complete is empty.
    """
    if is_row_of_names(upper) or len(lower) > len(upper) or any(map(_is_number, lower)):
        return False
    counts = Counter(filter(None, upper))
    columns = [*zip_longest(upper, lower, upper[1:], fillvalue="")]
    for above, below, after in columns:
        spans = above and (counts[above] > 1 or not after)
        if below and above and not spans:
            return False
    joined = _names_at((upper, lower), 1)
    return sum(map(bool, lower)) > 1 and "" in lower[: len(upper)] and len(set(joined)) == len(joined)


def _repeats(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether one of two rows of names has a name twice, as below names that span columns the same words come back."""
    return any(count > 1 for row in (upper, lower) for count in Counter(filter(None, row)).values())


def _is_upper(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether a row is the upper one of two rows of names.

    It has nothing above the first name, whose cell is either in one of the rows or merged over both; a title begins in
    the first column, and a row with numbers other than years is data.
    """
    filled = [cell for cell in upper if cell]
    if not filled or head_line(upper) is not None or any(upper[len(lower) :]):
        return False
    if any(len(cell) > _LONGEST or _is_number(cell) for cell in filled):
        return False
    first = next((place for place, pair in enumerate(zip(upper, lower, strict=False)) if any(pair)), 0)
    if upper[first] and lower[first]:
        return False
    return any(above and below for above, below in zip(upper[first + 1 :], lower[first + 1 :], strict=False))


def _is_number(cell: str) -> bool:
    return bool(cell) and _NO_WORD.fullmatch(cell) is not None and not _YEAR.fullmatch(cell)
