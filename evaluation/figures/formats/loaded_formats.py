"""Open a file that is loaded as a whole: a workbook of any age, or a page."""

from collections.abc import Callable
from dataclasses import dataclass

from evaluation.figures.formats import old_workbook, page, spreadsheet_xml, workbook
from evaluation.figures.formats.kinds import Kind
from evaluation.figures.formats.layout import TableLayout
from evaluation.figures.formats.loaded import LoadedTable
from evaluation.figures.formats.sheet_cells import SheetCells
from evaluation.figures.formats.source import Limits, Source, read_limited


@dataclass(frozen=True, slots=True)
class LoadedFormat:
    """The readers of a format. Both are called in the limited process, and raise Unreadable."""

    read_sheet: Callable[[bytes, str, Limits, int], SheetCells]
    """Returns the sheet, or the table of a page, with a number; for 0 the only one that has a table."""
    read_sheets: Callable[[bytes, str, Limits], list[SheetCells]]
    """Returns the visible sheets with content, or the tables of a page."""


LOADED_FORMATS = {
    Kind.WORKBOOK: LoadedFormat(workbook.read_sheet, workbook.read_sheets),
    Kind.OLD_WORKBOOK: LoadedFormat(old_workbook.read_sheet, old_workbook.read_sheets),
    Kind.WORKBOOK_IN_XML: LoadedFormat(spreadsheet_xml.read_sheet, spreadsheet_xml.read_sheets),
    Kind.PAGE: LoadedFormat(page.read_sheet, page.read_sheets),
}


def open_loaded(kind: Kind, source: Source, limits: Limits, layout: TableLayout | None = None) -> LoadedTable:
    """Open the chosen sheet, or the only one that has a table. Raises Unreadable."""
    source.file.seek(0)
    number = layout.sheet if layout else 0
    cells = read_limited(LOADED_FORMATS[kind].read_sheet, source.file.read(), source.name, limits, number)
    return workbook.build_table(cells, limits, layout)
