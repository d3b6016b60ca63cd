"""Split the use of a column into its parts: figures with codes, fields with code lists. Pure."""

from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.mapping.column_mapping import AGGREGATE
from evaluation.figures.mapping.words.fields import PARTS, Field, Kind, fields_of

LIST = "list:"
TOTAL = "total"
"""In place of the codes of a figure: it is the total of the item, whose parts are not recorded."""


def split_figure(use: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the item and the codes of a figure such as `A27:girl`, or None for another use. A total has no codes."""
    code, *codes = use.split(":")
    item = items().get(code)
    if item is not None and item.dimensions and codes == [TOTAL]:
        return code, ()
    if item is None or len(codes) > len(item.dimensions):
        return None
    if any(c not in code_lists()[d] for c, d in zip(codes, item.dimensions, strict=False)):
        return None
    return code, tuple(codes)


def open_dimensions(use: str) -> tuple[str, ...]:
    """Return the code lists that divide a figure and of which it has no code; none for a total."""
    figure = split_figure(use)
    if figure is None or use == "A39" or is_total(use):
        return ()
    return items()[figure[0]].dimensions[len(figure[1]) :]


def is_total(use: str) -> bool:
    """Whether a figure is the total of an item that is divided into parts."""
    return use.endswith(f":{TOTAL}")


def is_time_of(level: str, use: str) -> bool:
    """Whether a column of this use has times, which a file may have in another unit."""
    if level != AGGREGATE:
        return use == "wait_seconds"
    figure = split_figure(use)
    return figure is not None and items()[figure[0]].is_time


def find_field(level: str, use: str) -> Field | None:
    """Return the field of a use at this level, or None."""
    if level != AGGREGATE:
        return fields_of(level).get(use)
    if use.startswith(LIST) and use.removeprefix(LIST) in code_lists():
        name = use.removeprefix(LIST)
        return Field(name, name, Kind.CODE, name)
    if split_figure(use):
        return Field(use, use, Kind.NUMBER)
    return PARTS.get(use)
