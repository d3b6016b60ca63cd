"""Find the beginning of the table, and whether it is in the published format or a hotline's own."""

from collections.abc import Iterable, Iterator, Sequence

from evaluation.figures.dictionary.items import COLUMNS, header_fields, record_fields
from evaluation.figures.formats.source import Unreadable
from evaluation.figures.problems.file_problems import Problem
from evaluation.figures.problems.screening import is_formula

PUBLISHED = {"aggregate": COLUMNS, **{level: tuple(fields) for level, fields in record_fields().items()}}
"""The columns of the published format, by level."""

_ENOUGH = 3
"""The number of published names that identifies the row of names, whatever its other cells contain."""
_MOST_OTHERS = 2
"""The most other columns beside all columns of the published format."""
_MOST_TITLES = 20
"""The most rows above the names of a hotline's own export."""


def count_published(names: Iterable[str]) -> int:
    """Return the number of distinct names that are columns of the published format."""
    known = {column for columns in PUBLISHED.values() for column in columns}
    return len({name.strip().strip('"').strip().lower() for name in names} & known)


def is_row_of_names(names: Iterable[str]) -> bool:
    return count_published(names) >= _ENOUGH


def head_line(cells: Sequence[str]) -> str | None:
    """Return a row as a header line, whose field and value may be in two cells. None if it is not one; "" if empty."""
    first, *others = cells
    filled = [cell for cell in others if cell]
    if first.startswith("#"):
        return f"{first}: {filled[0]}" if len(filled) == 1 and not {":", "="} & set(first) else first
    if first.lower() in header_fields() and len(filled) <= 1:
        return f"# {first.lower()}: {''.join(filled)}"
    return None if first or filled else ""


def find_names(rows: Sequence[Sequence[str]]) -> int:
    """Return the index of the row of column names among the first rows. Raises Unreadable if it is not found."""
    for place, cells in enumerate(rows):
        if is_row_of_names(cells):
            return place
    top = 0
    while top < len(rows) and head_line(rows[top]) is not None:
        top += 1
    filled = [sum(map(bool, cells)) for cells in rows]
    most = max(filled[top:], default=0)
    if most == 0:
        raise Unreadable(Problem("no_rows"))
    for place in range(top, min(top + _MOST_TITLES, len(rows))):
        if filled[place] >= 2 and filled[place] * 5 >= most * 3:
            return place
    raise Unreadable(Problem("delimiter_unclear", top + 1))


def is_published(top: Iterable[str], names: Iterable[str]) -> bool:
    """Whether the top lines have header fields, or the columns are those of a level, with at most a few others.

    The reader of the published format says which column is one too many.
    """
    written = {name.lower() for name in names}
    return any(_names_a_field(line) for line in top) or any(
        set(columns) <= written and len(written) <= len(columns) + _MOST_OTHERS for columns in PUBLISHED.values()
    )


def _names_a_field(line: str) -> bool:
    text = line.strip().strip('"').strip()
    return text.startswith("#") and text.lstrip("# ").replace("=", ":").partition(":")[0].strip() in header_fields()


def require_names(names: Sequence[str], row: int, most: int, *, published: bool) -> None:
    """Raise Unreadable for more than `most` names, fewer than two, or an empty, duplicate or formula-like one.

    The first may be empty, as above the labels of rows. Each name of the published format is validated later, by level.
    """
    if len(names) > most:
        raise Unreadable(Problem("too_many_columns", row, params={"limit": most}))
    if len(names) < 2:
        raise Unreadable(Problem("delimiter_unclear", row))
    if not published and (problems := tuple(_find_wrong_names(names, row))):
        raise Unreadable(*problems)


def _find_wrong_names(names: Sequence[str], row: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for number, name in enumerate(names, start=1):
        if not name and number > 1:
            yield Problem("column_nameless", row, str(number))
        elif is_formula(name):
            yield Problem("formula", row, str(number))
        elif name and name.lower() in seen:
            yield Problem("column_twice", row, str(number))
        seen.add(name.lower())
