"""Write an edition as an XLSX workbook. Texts are stored as texts, so that codes do not become numbers or formulas."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any

from standards.drafts.fields import EditionText
from standards.editions.entries import Entry
from standards.editions.files.content import conditions_of, write_content
from standards.editions.files.workbook.layout import (
    ALTERNATIVE,
    CONDITIONS,
    DOMAINS,
    EDITION,
    GROUPS,
    INDICATORS,
    OBLIGATIONS,
    OF_OUTCOME,
    OUTCOMES,
    PASSING,
    RESULTS,
    STANDARDS,
    TRAITS,
    Column,
    Sheet,
    flatten,
)
from standards.framework import MalformedEdition

LONGEST_CELL = 32_767
"""The maximal number of characters in a cell, by the specification of Excel."""
_SPARE_ROWS = 200
"""The number of formatted rows below the last one, for new parts."""
_WIDE, _NARROW = 45, 16
_LONG_TEXT = 60
"""The number of characters from which the column of a text is wide."""


def write_workbook(text: EditionText) -> bytes:
    """Return the workbook. Raises MalformedEdition for a text that is too long for a cell."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - slow, and only needed for workbooks

    content = write_content(text)
    rows = _rows(content)
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        writer = _Writer(book)
        writer.write_entries(flatten(content))
        for sheet, found in rows.items():
            writer.write_rows(sheet, found)
    return written.getvalue()


def _rows(content: Mapping[str, Any]) -> dict[Sheet, list[dict[str, Any]]]:
    """Return the rows of each sheet, by header."""
    domains = content["domains"]
    standards = [(domain, standard) for domain in domains for standard in domain["standards"]]
    (_, passing), *outcomes = conditions_of(content)
    return {
        OBLIGATIONS: [flatten(row) for row in content["obligations"]],
        OUTCOMES: [flatten(row) for row in content["outcomes"]],
        RESULTS: [flatten(row) for row in content.get("results", ())],
        TRAITS: [flatten(row) for row in content.get("traits", ())],
        GROUPS: [flatten(row) for row in content.get("groups", ())],
        CONDITIONS: [{OF_OUTCOME.name: code, **row} for code, found in outcomes for row in _unfold(found)],
        PASSING: list(_unfold(passing)),
        DOMAINS: [flatten(domain) for domain in domains],
        STANDARDS: [{"domain": domain["code"], **flatten(standard)} for domain, standard in standards],
        INDICATORS: [
            {"standard": standard["code"], **flatten(indicator)}
            for _, standard in standards
            for indicator in standard["indicators"]
        ],
    }


def _unfold(conditions: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each condition, followed by its alternatives."""
    for condition in conditions:
        yield flatten(condition)
        for alternative in condition.get("conditions", ()):
            yield {ALTERNATIVE.name: True, **flatten(alternative)}


class _Writer:
    """The writer of the sheets, with the formats of their cells."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "valign": "top"})
        self.text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})

    def format_of(self, entry: Entry) -> Any:
        if entry.kind is date:
            return self.day
        return self.plain if entry.kind in (bool, int) and not entry.or_text else self.text

    def write_entries(self, values: Mapping[str, Any]) -> None:
        """Write the sheet of the edition: each entry with its value and its meaning."""
        page = self.book.add_worksheet(EDITION.name)
        for place, (head, width) in enumerate((("entry", 28), ("value", 70), ("meaning", 90))):
            page.set_column(place, place, width)
            page.write_string(0, place, head, self.bold)
        for row, column in enumerate(EDITION.columns, start=1):
            page.write_string(row, 0, column.header, self.text)
            self.write(page, (row, 1), column.entry, values.get(column.header), f"sheet {EDITION.name}, row {row + 1}")
            page.write_string(row, 2, column.entry.meaning, self.text)
            self.offer(page, column.entry, (row, 1, row, 1))
        page.freeze_panes(1, 1)
        page.ignore_errors({"number_stored_as_text": f"B2:B{len(EDITION.columns) + 1}"})

    def write_rows(self, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
        """Write a sheet with a row for each part. Unused entries of inner tables, such as levels, have no column."""
        page = self.book.add_worksheet(sheet.name)
        used = {header for row in rows for header in row}
        columns = [column for column in sheet.columns if len(column.path) == 1 or column.header in used]
        last = len(rows) + _SPARE_ROWS
        for place, column in enumerate(columns):
            page.set_column(place, place, _width(column, rows), self.format_of(column.entry))
            page.write_string(0, place, column.header, self.bold)
            page.write_comment(0, place, column.entry.meaning)
            self.offer(page, column.entry, (1, place, last, place))
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(columns):
                self.write(
                    *(page, (number, place), column.entry, row.get(column.header)),
                    f"sheet {sheet.name}, row {number + 1}, column {column.header}",
                )
        names = [column.header for column in columns]
        page.freeze_panes(1, names.index("code") + 1 if "code" in names else 1)
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})

    def offer(self, page: Any, entry: Entry, cells: tuple[int, int, int, int]) -> None:
        """Add a drop-down list with the choices of an entry to its cells."""
        if entry.choices:
            page.data_validation(*cells, {"validate": "list", "source": list(entry.choices), "error_type": "warning"})

    def write(self, page: Any, cell: tuple[int, int], entry: Entry, value: Any, place: str) -> None:
        form = self.format_of(entry)
        if value is None or value in ("", []):
            page.write_blank(*cell, None, form)
        elif entry.kind is bool:
            page.write_boolean(*cell, value, form)
        elif entry.kind is date:
            page.write_datetime(*cell, value, form)
        elif form is self.plain:
            page.write_number(*cell, value, form)
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            if len(text) > LONGEST_CELL:
                problem = f"This text has {len(text)} characters; a cell has room for {LONGEST_CELL}. Save it as JSON."
                raise MalformedEdition([f"{place}: {problem}"])
            page.write_string(*cell, text, form)


def _width(column: Column, rows: list[dict[str, Any]]) -> int:
    longest = max((len(str(row.get(column.header, ""))) for row in rows), default=0)
    return _WIDE if longest >= _LONG_TEXT else max(_NARROW, len(column.header) + 2)
