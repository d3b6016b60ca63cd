"""Read the XLSX workbook of an edition. Each problem names its sheet, its row and its column."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from standards.editions.files.entry_reader import TITLE, Dialect, EntryReader, UnreadableValue, place_in_file, suggest
from standards.editions.files.source import Row, Source
from standards.editions.files.workbook.cells import Cell, Grid, read_cell, read_grids
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
    ROW_SHEETS,
    SHEETS,
    STANDARDS,
    TRAITS,
    Sheet,
    nest,
)
from standards.framework import MalformedEdition

WORKBOOK = Dialect(
    {
        str: "a text",
        bool: "TRUE or FALSE",
        int: "a whole number",
        list: "values separated by commas",
        dict: "the entries of a table",
        date: "a date such as 2027-01-31",
    },
    "Write one in the sheet of “%(name)s”.",
)
_PLACE = re.compile(r"sheet (?P<sheet>[^,]+), row (?P<row>\d+)(, (?P<rest>.+))?")


@dataclass
class Workbook(Source):
    """The entries of a workbook, with their cells."""

    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """The letter of each column by sheet and header; for the sheet `EDITION`, the row of each entry."""
    rows: dict[str, str] = field(default_factory=dict)
    """The row of each part of the rule, by its place in the reader."""
    codes: list[tuple[str, str, bool]] = field(default_factory=list)
    """The codes with their places, and whether each is that of a part of the rule."""

    def places_of_code(self, code: str, *, of_rule: bool = False) -> list[str]:
        return [place for found, place, is_of_rule in self.codes if found == code and is_of_rule is of_rule]

    def show(self, place: str) -> str:
        row, rest = self._row_of(place)
        path = rest.replace(", ", ".")
        if row == TITLE:
            return self._show_entry(path)
        match = _PLACE.fullmatch(row)
        if match is None:
            return place
        letter = self.columns[match["sheet"]].get(path)
        at = f", column {letter} ({path})" if letter else f", {path}" if path else ""
        return f"sheet {match['sheet']}, row {match['row']}{at}"

    def _row_of(self, place: str) -> tuple[str, str]:
        """Split a place of the reader into the place of a row, and the names below it."""
        if match := _PLACE.fullmatch(place):
            return f"sheet {match['sheet']}, row {match['row']}", match["rest"] or ""
        parts = place.split(", ")
        for count in range(len(parts), 0, -1):
            if row := self.rows.get(", ".join(parts[:count])):
                return row, ", ".join(parts[count:])
        return parts[0], ", ".join(parts[1:])

    def _show_entry(self, path: str) -> str:
        """Format the place of an entry of the edition: its row, or the sheet of its parts."""
        if row := self.columns[EDITION.name].get(path):
            return f"sheet {EDITION.name}, row {row}, column B ({path})"
        sheet = next((sheet for sheet in ROW_SHEETS if sheet.name.casefold() == path), None)
        return f"sheet {sheet.name}" if sheet else f"sheet {EDITION.name}" + (f", {path}" if path else "")


def read_workbook(path: Path, reader: EntryReader) -> Workbook:
    """Read a workbook. Raises MalformedEdition with every missing sheet, and every missing or unknown column."""
    grids = read_grids(path)
    names = {sheet.name.casefold(): sheet for sheet in SHEETS}
    found = {names[name.casefold()]: grid for name, grid in grids.items() if name.casefold() in names}
    problems = [_describe_missing(sheet, grids) for sheet in SHEETS if sheet not in found and not sheet.may_be_missing]
    for sheet, grid in found.items():
        problems += _find_structure_problems(sheet, grid)
    if problems:
        raise MalformedEdition(problems)
    unread = [f"the sheet {name}" for name in grids if name.casefold() not in names]
    workbook = Workbook({}, unread=unread, dialect=WORKBOOK, name=path.name, location="the workbook")
    _Assembly(workbook, {sheet: found.get(sheet, Grid(sheet.name, ())) for sheet in SHEETS}, reader).build()
    return workbook


# --- Sheets and columns ---------------------------------------------------------------------------------------------


def _describe_missing(sheet: Sheet, grids: Iterable[str]) -> str:
    close = get_close_matches(sheet.name, grids, n=1)
    remedy = f"Rename “{close[0]}”." if close else "Add it, or begin with a workbook that save_guide has written."
    return f"The sheet {sheet.name} is missing. {remedy}"


def _headers(grid: Grid) -> list[str]:
    return ["" if cell.value is None else str(cell.value).strip() for cell in grid.rows[0]] if grid.rows else []


def _find_structure_problems(sheet: Sheet, grid: Grid) -> Iterator[str]:
    """Yield the problems that prevent reading the rows of a sheet."""
    for area in grid.merged:
        yield (
            f"sheet {sheet.name}, cells {area}: These cells are merged, so that all but the first are empty. "
            "Unmerge them, and write what each must have."
        )
    if sheet is EDITION:
        yield from _find_entry_problems(grid)
        return
    headers = _headers(grid)
    for place, header in enumerate(headers):
        where = f"sheet {sheet.name}, row 1, column {_letter(place)}"
        if header and header not in sheet.by_header:
            yield f"{where}: The entry “{header}” is not known here. {suggest(header, sheet.by_header)}"
        elif header and header in headers[:place]:
            yield f"{where}: The entry “{header}” stands twice. Remove one of the two columns."
        elif not header and (row := _first_filled(grid, place)):
            yield f"{where}: The column has no name, and row {row} has a value. Write the name of its entry, or empty it."
    for column in sheet.columns:
        if column.entry.is_needed and column.header not in headers:
            yield f"sheet {sheet.name}: The column “{column.header}” is missing. Add it, with its name in row 1."


def _first_filled(grid: Grid, place: int) -> int:
    return next((number for number, row in enumerate(grid.rows, start=1) if not row[place].is_empty), 0)


def _find_entry_problems(grid: Grid) -> Iterator[str]:
    """Yield the problems of the sheet `EDITION`, which has a row for each entry."""
    if _headers(grid)[:2] != ["entry", "value"]:
        yield f"sheet {EDITION.name}, row 1: The columns A and B must be “entry” and “value”. Write that into row 1."
        return
    seen: set[str] = set()
    for number, row in enumerate(grid.rows[1:], start=2):
        name, where = _text(row[0]), f"sheet {EDITION.name}, row {number}, column A"
        if name and name not in EDITION.by_header:
            yield f"{where}: The entry “{name}” is not known here. {suggest(name, EDITION.by_header)}"
        elif name in seen:
            yield f"{where}: The entry “{name}” stands twice. Remove one of the two rows."
        elif not name and not row[1].is_empty:
            yield f"{where}: The value beside it has no entry. Write the name of its entry, or empty it."
        seen |= {name} - {""}


def _text(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value).strip()


def _letter(place: int) -> str:
    """Return the letters of a column by its number from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# --- Rows -----------------------------------------------------------------------------------------------------------


class _Assembly:
    """The builder of an edition's entries from the rows of the sheets."""

    def __init__(self, workbook: Workbook, grids: Mapping[Sheet, Grid], reader: EntryReader) -> None:
        self.workbook, self.grids, self.reader = workbook, grids, reader

    def build(self) -> None:
        self.workbook.title = {
            **self._read_entries(),
            OBLIGATIONS.name.casefold(): self._read_rule(OBLIGATIONS, "obligation"),
            OUTCOMES.name.casefold(): self._read_outcomes(),
            RESULTS.name.casefold(): self._read_rule(RESULTS, "result"),
            TRAITS.name.casefold(): self._read_rule(TRAITS, "trait"),
            GROUPS.name.casefold(): self._read_rule(GROUPS, "group"),
            PASSING.name.casefold(): self._fold(self._read_rows(PASSING), "passing"),
        }
        domains, standards = self._read_rows(DOMAINS), self._read_rows(STANDARDS)
        for part in domains:
            part["standards"] = []
        for part in standards:
            part["indicators"] = []
        self._attach(standards, domains, STANDARDS)
        self._attach(self._read_rows(INDICATORS), standards, INDICATORS)
        self.workbook.domains = [(part.place, part) for part in domains]
        if not domains:
            self.reader.at(TITLE).note("There is no domain. Write one in the sheet Domains.", DOMAINS.name.casefold())

    def _read_entries(self) -> dict[str, Any]:
        values = {}
        rows = self.workbook.columns.setdefault(EDITION.name, {})
        for number, row in enumerate(self.grids[EDITION].rows[1:], start=2):
            if name := _text(row[0]):
                rows[name] = str(number)
                if not row[1].is_empty:
                    values[name] = read_cell(row[1], EDITION.by_header[name].entry)
        return nest(values, EDITION)

    def _read_rows(self, sheet: Sheet) -> list[Row]:
        """Return the entries of each row that is not empty."""
        headers = _headers(self.grids[sheet])
        self.workbook.columns[sheet.name] = {name: _letter(place) for place, name in enumerate(headers) if name}
        found = []
        for number, cells in enumerate(self.grids[sheet].rows[1:], start=2):
            values = {
                name: read_cell(cell, sheet.by_header[name].entry)
                for name, cell in zip(headers, cells, strict=True)
                if name and not cell.is_empty
            }
            if values:
                found.append(Row(nest(values, sheet), f"sheet {sheet.name}, row {number}"))
        if sheet in (DOMAINS, STANDARDS, INDICATORS):
            self.workbook.codes += [(str(row.get("code")), row.place, False) for row in found]
        return found

    def _read_rule(self, sheet: Sheet, kind: str) -> list[Row]:
        rows = self._read_rows(sheet)
        for number, row in enumerate(rows, start=1):
            self._locate(f"{kind}/{row.get('code', number)}", row)
            self.workbook.codes.append((str(row.get("code")), row.place, True))
        return rows

    def _read_outcomes(self) -> list[Row]:
        outcomes = self._read_rule(OUTCOMES, "outcome")
        conditions: dict[str, list[Row]] = {str(row.get("code")): [] for row in outcomes}
        for row in self._read_rows(CONDITIONS):
            self._attach_row(row, OF_OUTCOME.name, conditions, CONDITIONS)
        for outcome in outcomes:
            code = str(outcome.get("code"))
            outcome["conditions"] = self._fold(conditions[code], f"outcome/{code}")
        return outcomes

    def _locate(self, where: str, row: Row) -> None:
        self.workbook.rows.setdefault(place_in_file(where, self.reader), row.place)

    def _fold(self, rows: Sequence[Row], where: str) -> list[Row]:
        """Return the conditions in rows. An alternative is added to the condition above it."""
        found: list[Row] = []
        for row in rows:
            is_alternative = row.pop(ALTERNATIVE.name, False)
            if isinstance(is_alternative, UnreadableValue) or not isinstance(is_alternative, bool):
                sentence = getattr(is_alternative, "sentence", f"Write {WORKBOOK.kinds[bool]}.")
                self.reader.at(row.place).note(sentence, ALTERNATIVE.name)
            elif is_alternative and not found:
                sentence = "There is no condition above this alternative. Write the condition “any” above it."
                self.reader.at(row.place).note(sentence, ALTERNATIVE.name)
            elif is_alternative:
                inner = found[-1].setdefault("conditions", [])
                self._locate(f"{where}/{len(found) - 1}/{len(inner)}", row)
                inner.append(row)
            else:
                self._locate(f"{where}/{len(found)}", row)
                found.append(row)
        return found

    def _attach(self, parts: Iterable[Row], parents: Sequence[Row], sheet: Sheet) -> None:
        """Append each part to the parent whose code is in its row."""
        lists = {str(parent.get("code")): parent[sheet.name.casefold()] for parent in reversed(parents)}
        for part in parts:
            self._attach_row(part, sheet.own[0].name, lists, sheet)

    def _attach_row(self, row: Row, name: str, lists: Mapping[str, list[Row]], sheet: Sheet) -> None:
        code, kind = row.pop(name, None), name.rpartition(" ")[2]
        if isinstance(code, UnreadableValue):
            self.reader.at(row.place).note(code.sentence, name)
        elif code is None:
            self.reader.at(row.place).note(f"This row names no {kind}. Write the code of the {kind} it is of.", name)
        elif code not in lists:
            known = f"There is no {kind} “{code}” in the sheet {kind.capitalize()}s."
            self.reader.at(row.place).note(f"{known} Write its code, or add it there.", name)
        else:
            lists[code].append(row)
