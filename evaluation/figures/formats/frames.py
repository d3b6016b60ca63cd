"""Convert rows to pandas frames of categories, and strip the blanks around their cells."""

from collections.abc import Collection, Sequence
from typing import Any

from evaluation.figures.formats.opened import Cells


def to_frame(rows: Sequence[tuple[int, Cells]], columns: Sequence[str], plain: Collection[str]) -> Any:
    """Return rows as a frame with these columns; the index is the row number."""
    import pandas

    parted = zip(*(cells for _, cells in rows), strict=True) if rows else [()] * len(columns)
    made = {
        place: pandas.Series(list(cells), dtype=str) if name in plain else pandas.Categorical(list(cells))
        for place, (name, cells) in enumerate(zip(columns, parted, strict=True))
    }
    frame = pandas.DataFrame(made)
    frame.columns = list(columns)
    frame.index = pandas.Index([number for number, _ in rows], dtype="int64")
    return frame


def without_first_row(frame: Any, columns: Sequence[str], row: int) -> Any:
    """Return the frame without its first row, whose category is the last one and used by no other row.

    `row` is the number of the next row.
    """
    import pandas

    index = pandas.RangeIndex(row, row + len(frame) - 1)
    made = {}
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if isinstance(column.dtype, pandas.CategoricalDtype):
            codes = column.cat.codes.to_numpy()[1:]
            dtype_without_first = pandas.CategoricalDtype(column.cat.categories[:-1])
            made[place] = pandas.Categorical.from_codes(codes, dtype=dtype_without_first, validate=False)
        else:
            made[place] = column.array[1:]
    cut = pandas.DataFrame(made, index=index, copy=False)
    cut.columns = list(columns)
    return cut


def strip_categories(frame: Any, plain: Collection[str]) -> Any:
    """Return the frame without blanks around its cells; each category is stripped once, however many rows have it."""
    import pandas

    changed = {}
    for place, name in enumerate(frame.columns):
        column = frame.iloc[:, place]
        if name in plain:
            changed[place] = column.str.strip().to_numpy()
            continue
        written = list(column.cat.categories)
        stripped = [text.strip() for text in written]
        if stripped == written:
            changed[place] = column.array
            continue
        distinct = sorted(set(stripped))
        places = {text: number for number, text in enumerate(distinct)}
        codes = pandas.Series([places[text] for text in stripped]).to_numpy()[column.cat.codes.to_numpy()]
        changed[place] = pandas.Categorical.from_codes(codes, categories=distinct)
    made = pandas.DataFrame(changed, index=frame.index)
    made.columns = frame.columns
    return made
