"""Reads a workbook that was filled in offline. Rows are found by their codes, columns by their keys, never by position."""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import override

from evaluation.assessment.entered_numbers import read_number
from evaluation.assessment.judgements import AnswerInput, InvalidAnswer, validate_answer
from evaluation.assessment.workbook.choices import Choice, choices_of, find_choice
from evaluation.assessment.workbook.layout import (
    CHOICES_SHEET,
    FORMAT,
    READ,
    STATE_SHEET,
    Column,
    Key,
    StateColumn,
    fingerprint,
)
from evaluation.assessment.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.assessment.workbook.texts import clean_words
from evaluation.crm.formats.archive import repack
from evaluation.crm.formats.source import MEGABYTE, Limits, Source, Unreadable
from evaluation.files.addresses import AddressField
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation
from standards.editions.files.workbook.cells import UNREADABLE, Cell
from standards.framework import Indicator, Measure
from standards.framework.units import PERCENT

MOST_BYTES = 10 * MEGABYTE
_LIMITS = Limits(inflated_bytes=50 * MEGABYTE, loaded_cells=100_000, line=200_000, computed_only=False)
_MOST_ROWS, _MOST_SHEETS = 5_000, 200
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of an .xls file, and of an .xlsx file with a password."""
_OF_ARCHIVES = {
    "too_many_loaded_cells": "too_many_cells",
    "workbook_too_large": "too_many_cells",
    "cell_too_long": "too_many_cells",
    "workbook_locked": "old_or_locked",
}
"""The code of a problem, by that of the reader of archives; every other one is `broken`."""
_NOTHING = Cell(None)

Rows = list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """What the workbook says of an indicator. `version` is that of the stored answer when it was made."""

    code: str
    sheet: str
    cells: dict[Column, str]
    """The name of each cell that is read, such as `E7`."""
    answer: AnswerInput
    version: int
    was: str
    addresses: tuple[str, ...]
    former_addresses: tuple[str, ...]

    @property
    def is_edited(self) -> bool:
        """Whether the answer is another than when the workbook was made."""
        return fingerprint(self.answer) != self.was


@dataclass(frozen=True, slots=True)
class FilledWorkbook:
    """A workbook of this evaluation without a problem."""

    language: str
    made_at: str
    rows: tuple[FilledRow, ...]


def read_workbook(content: bytes, name: str, evaluation: Evaluation) -> FilledWorkbook:
    """Read a workbook. Raises UnusableWorkbook with everything that is wrong with it."""
    sheets = _load(_unpack(content, name))
    state = _State.read(sheets.pop(STATE_SHEET, []))
    if state.entries.get(Key.FORMAT) != FORMAT:
        raise UnusableWorkbook(WorkbookProblem("not_a_workbook"))
    if state.entries.get(Key.EDITION) != evaluation.round.edition.sha256:
        raise UnusableWorkbook(WorkbookProblem("other_edition"))
    if state.entries.get(Key.EVALUATION) != str(evaluation.uid):
        raise UnusableWorkbook(WorkbookProblem("other_evaluation"))
    language = state.entries.get(Key.LANGUAGE, "")
    found = _find_rows(sheets, state)
    with override(language):
        reader = _RowReader(evaluation, language)
        rows = tuple(filled for place in found if (filled := reader.read(place, state)))
    if reader.problems:
        raise UnusableWorkbook(*reader.problems)
    return FilledWorkbook(language, state.entries.get(Key.MADE_AT, ""), rows)


# --- The file --------------------------------------------------------------------------------------------------------


def _unpack(content: bytes, name: str) -> BinaryIO:
    """Return the sheets of the file, within limits and without anything that runs. Raises UnusableWorkbook."""
    problem = None
    try:
        inspect_upload(content, name, limit=MOST_BYTES, kinds=("xlsx",))
        return repack(Source.of_bytes(content, name), _LIMITS)
    except Unacceptable as refused:
        is_old = refused.code in ("wrong_kind", "protected") and content.startswith(_OLD_OR_LOCKED)
        is_locked = is_old or refused.code == "protected"
        problem = WorkbookProblem("old_or_locked" if is_locked else refused.code)
    except Unreadable as unreadable:
        problem = WorkbookProblem(_OF_ARCHIVES.get(unreadable.problems[0].code, "broken"))
    # outside the handlers, so that no traceback contains a cell
    raise UnusableWorkbook(problem)


def _load(file: BinaryIO) -> dict[str, Rows]:
    """Return the cells of each sheet by its name. Raises UnusableWorkbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only for who brings a workbook

    code = "broken"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep, such as lists of choices
            book = load_workbook(file, read_only=True, keep_links=False)
            pages = [page for page in book.worksheets[:_MOST_SHEETS] if page.title != CHOICES_SHEET]
            sheets = {page.title: _cells(page) for page in pages}
        if all(len(rows) <= _MOST_ROWS for rows in sheets.values()):
            return sheets
        code = "too_many_cells"
    except UNREADABLE:
        pass
    raise UnusableWorkbook(WorkbookProblem(code))


def _cells(page: Any) -> Rows:
    page.reset_dimensions()  # what a file says of its size is not trusted
    return [
        tuple(
            Cell(cell.value, cell.data_type or "", getattr(cell, "number_format", "") or "")
            if cell.value is not None
            else _NOTHING
            for cell in row
        )
        for row in islice(page.iter_rows(), _MOST_ROWS + 1)
    ]


# --- Its structure ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    """The hidden sheet: its entries, and the row of each indicator."""

    entries: dict[str, str]
    rows: dict[str, dict[str, str]]

    @classmethod
    def read(cls, rows: Rows) -> "_State":
        texts = [[_text(cell) for cell in row] for row in rows]
        entries = {cells[0]: cells[1] for cells in texts[: len(Key)] if len(cells) > 1}
        table: dict[str, dict[str, str]] = {}
        for cells in texts[len(Key) + 1 :]:
            padded = [*cells, *[""] * len(StateColumn)]
            found = {str(column): text for column, text in zip(StateColumn, padded, strict=False)}
            if found[StateColumn.CODE]:
                table[found[StateColumn.CODE]] = found
        return cls(entries, table)


@dataclass(frozen=True, slots=True)
class _PlacedRow:
    """A row of a domain's sheet: its number, and its cells by column, each with its letter."""

    code: str
    sheet: str
    row: int
    cells: dict[Column, Cell]
    letters: dict[Column, str]

    def problem(self, column: Column, code: str, **params: str | int) -> WorkbookProblem:
        return WorkbookProblem(code, self.sheet, self.cell(column), params)

    def cell(self, column: Column) -> str:
        """Return the name of a cell, such as `E7`."""
        return f"{self.letters[column]}{self.row}"


def _find_rows(sheets: dict[str, Rows], state: _State) -> list[_PlacedRow]:
    """Return the rows of all indicators. Raises UnusableWorkbook if rows or columns were added or removed."""
    problems: list[WorkbookProblem] = []
    found: dict[str, _PlacedRow] = {}
    for sheet, rows in sheets.items():
        keys = [_text(cell) for cell in rows[0]] if rows else []
        if Column.CODE not in keys:
            continue
        if missing := [column for column in READ if keys.count(column) != 1]:
            problems.append(WorkbookProblem("columns_missing", sheet, params={"count": len(missing)}))
            continue
        places = {column: keys.index(column) for column in READ}
        for row in _rows_of(sheet, rows, places):
            if row.code not in state.rows:
                is_filled = any(not row.cells[column].is_empty for column in READ)
                code = "row_unknown" if row.code else "row_without_code"
                problems += [row.problem(Column.CODE, code)] if is_filled else []
            elif row.code in found:
                problems.append(row.problem(Column.CODE, "row_twice", indicator=row.code))
            else:
                found[row.code] = row
    if not problems and (absent := [code for code in state.rows if code not in found]):
        problems.append(WorkbookProblem("rows_missing", params={"codes": ", ".join(absent), "count": len(absent)}))
    if problems:
        raise UnusableWorkbook(*problems)
    return [found[code] for code in state.rows]


def _rows_of(sheet: str, rows: Rows, places: dict[Column, int]) -> Iterator[_PlacedRow]:
    """Yield the rows below the headings."""
    letters = {column: _letters(place) for column, place in places.items()}
    for number, row in enumerate(rows[3:], start=4):
        cells = {column: row[place] if place < len(row) else _NOTHING for column, place in places.items()}
        yield _PlacedRow(_text(cells[Column.CODE]), sheet, number, cells, letters)


def _letters(place: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - only for who brings a workbook

    return str(get_column_letter(place + 1))


def _text(cell: Cell) -> str:
    return "" if cell.value is None else str(cell.value).strip()


# --- Its cells -------------------------------------------------------------------------------------------------------


class _WrongCell(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _RowReader:
    """Reads the rows in the language of the workbook; notes what is wrong with each cell."""

    def __init__(self, evaluation: Evaluation, language: str) -> None:
        edition = evaluation.round.edition
        self.framework = evaluation.framework
        self.texts = (edition.texts(language), edition.texts(edition.source_language))
        """Also the source: a translation may be published after the workbook was made."""
        self.problems: list[WorkbookProblem] = []

    def read(self, placed: _PlacedRow, state: _State) -> FilledRow | None:
        """Return what a row says; None if something is wrong with it, or if it had no room for the answer."""
        indicator, before = self.framework.indicators.get(placed.code), state.rows[placed.code]
        version = before[StateColumn.VERSION]
        if indicator is None or not re.fullmatch(r"[0-9]{1,9}", version, re.ASCII):
            return None
        known = len(self.problems)
        words = self._words(placed)
        answer = self._answer(placed, indicator, words)
        former = _lines(before[StateColumn.ADDRESSES])
        addresses = self._addresses(placed, former)
        if len(self.problems) > known:
            return None
        return FilledRow(
            placed.code,
            placed.sheet,
            {column: placed.cell(column) for column in READ},
            answer,
            int(version),
            before[StateColumn.WAS],
            addresses,
            former,
        )

    def _words(self, placed: _PlacedRow) -> str:
        try:
            return clean_words(_read_text(placed.cells[Column.WORDS]))
        except _WrongCell as wrong:
            self.problems.append(placed.problem(Column.WORDS, wrong.code))
            return ""

    def _answer(self, placed: _PlacedRow, indicator: Indicator, words: str) -> AnswerInput:
        cell = placed.cells[Column.ANSWER]
        try:
            chosen = self._read_answer(cell, indicator)
            answer = AnswerInput(chosen.level, chosen.value, chosen.not_applicable, words)
            validate_answer(self.framework, indicator.code, answer)
        except (_WrongCell, InvalidAnswer) as wrong:
            self.problems.append(placed.problem(Column.ANSWER, wrong.code, **self._choices_for(wrong.code, indicator)))
            return AnswerInput()
        return answer

    def _choices_for(self, code: str, indicator: Indicator) -> dict[str, str | int]:
        """Return the answers to choose from, for the problem that needs them."""
        if code != "no_such_choice":
            return {}
        return {"choices": ", ".join(choice.name for choice in choices_of(indicator, self.framework, self.texts[0]))}

    def _read_answer(self, cell: Cell, indicator: Indicator) -> AnswerInput:
        if cell.is_empty:
            return AnswerInput()
        is_number = indicator.measure is Measure.NUMERIC and not indicator.from_figures
        if is_number and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            return AnswerInput(value=_read_value(cell, indicator))
        text = _read_text(cell)
        if choice := self._find_choice(text, indicator):
            return choice.answer
        if is_number:
            return AnswerInput(value=read_number(text))
        raise _WrongCell("from_figures" if indicator.from_figures else "no_such_choice")

    def _find_choice(self, text: str, indicator: Indicator) -> Choice | None:
        for texts in self.texts:
            if choice := find_choice(text, choices_of(indicator, self.framework, texts)):
                return choice
        return None

    def _addresses(self, placed: _PlacedRow, former: Sequence[str]) -> tuple[str, ...]:
        """Return the addresses of a row; those that it had are not read again."""
        try:
            lines = _lines(_read_text(placed.cells[Column.ADDRESSES]))
            return tuple(dict.fromkeys(line if line in former else _read_address(line) for line in lines))
        except _WrongCell as wrong:
            self.problems.append(placed.problem(Column.ADDRESSES, wrong.code))
            return ()


def _read_text(cell: Cell) -> str:
    """Return a cell as text. Raises _WrongCell for what a spreadsheet may have made of another text."""
    if cell.value is None:
        return ""
    if cell.kind == "f":
        raise _WrongCell("is_formula")
    if cell.kind == "e":
        raise _WrongCell("is_error")
    if isinstance(cell.value, date | time | timedelta):
        raise _WrongCell("is_date")
    if isinstance(cell.value, float):
        return f"{Decimal(repr(cell.value)).normalize():f}"
    return str(cell.value)


def _read_value(cell: Cell, indicator: Indicator) -> Decimal:
    """Return the number of a cell as it is shown: a percentage is stored as a part of one."""
    if cell.kind == "f":
        raise _WrongCell("is_formula")
    try:
        exact = Decimal(repr(cell.value))
    except InvalidOperation:
        raise _WrongCell("not_a_number") from None
    if "%" in cell.number_format:
        if indicator.unit != PERCENT:
            raise _WrongCell("not_a_number")
        exact *= 100
    return exact


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean_words(text).split("\n") if line.strip())


def _read_address(line: str) -> str:
    try:
        return str(AddressField().clean(line))
    except ValidationError:
        raise _WrongCell("not_an_address") from None
