"""Open a file of any format as a table: text in any common encoding, a workbook of any age, a page, or JSON."""

from evaluation.figures.formats.kinds import HEAD, Kind, find_kind
from evaluation.figures.formats.layout import TableLayout
from evaluation.figures.formats.opened import Opened
from evaluation.figures.formats.row_account import RowAccount
from evaluation.figures.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.figures.problems.file_problems import Problem

__all__ = ["Limits", "Opened", "RowAccount", "Source", "TableLayout", "Unreadable", "open_file"]

_REFUSED = {Kind.EMPTY: "empty_file", Kind.PACKED: "archive", Kind.OTHER: "other_format"}


def open_file(source: Source, limits: Limits | None = None, layout: TableLayout | None = None) -> Opened:
    """Open a file. Its format is detected from its content, never from its name. Raises Unreadable with the problem.

    `layout` is where its table is, if a user chose it.
    """
    limits = limits or Limits()
    if source.size > limits.bytes:
        raise Unreadable(Problem("too_large", params={"megabytes": max(1, limits.bytes // MEGABYTE)}))
    source.file.seek(0)
    kind = find_kind(source.file.read(HEAD))
    if kind in _REFUSED:
        raise Unreadable(Problem(_REFUSED[kind]))
    if kind is Kind.OBJECTS:
        from evaluation.figures.formats.json_table import open_objects

        return open_objects(source, limits)
    if kind is not Kind.TEXT:
        if source.size > limits.loaded_bytes:
            raise Unreadable(Problem("loaded_too_large", params={"megabytes": limits.loaded_bytes // MEGABYTE}))
        from evaluation.figures.formats.loaded_formats import open_loaded

        return open_loaded(kind, source, limits, layout)
    if limits.is_separate:
        from evaluation.figures.formats.parsed import ParsedTable

        return ParsedTable(source, limits, layout)
    from evaluation.figures.formats.delimited import DelimitedTable

    return DelimitedTable(source, limits, layout)
