"""Reads a workbook that was filled in offline. Rows are found by their codes, columns by their keys, never by position."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import override

from evaluation.assessment.entered_numbers import read_number
from evaluation.assessment.judgements import KEPT_DECIMALS, MOST_VALUE, AnswerInput, InvalidAnswer, validate_answer
from evaluation.assessment.workbook.choices import Choice, choices_of, find_choice
from evaluation.assessment.workbook.layout import (
    FORMAT,
    KEPT_DIGITS,
    LONGEST_CELL,
    READ,
    STATE_SHEET,
    Column,
    Key,
    StateColumn,
    fingerprint,
)
from evaluation.assessment.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.assessment.workbook.rows import PlacedRow, State, find_rows
from evaluation.assessment.workbook.sheets import load_sheets
from evaluation.assessment.workbook.texts import clean_words
from evaluation.files.addresses import AddressField
from evaluation.models import Evaluation
from standards.editions.files.workbook.cells import Cell
from standards.framework import Indicator, Measure
from standards.framework.units import PERCENT
from standards.presentation.reading_language import active_language

_MOST_ADDRESSES = 50
"""That a workbook adds to one answer."""


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
    rows: tuple[FilledRow, ...]


def read_workbook(content: bytes, name: str, evaluation: Evaluation) -> FilledWorkbook:
    """Read a workbook. Raises UnusableWorkbook with everything that is wrong with it."""
    sheets = load_sheets(content, name)
    state = State.read(sheets.pop(STATE_SHEET, []))
    language = state.entries.get(Key.LANGUAGE, "")
    if state.entries.get(Key.FORMAT) != FORMAT or language not in dict(settings.LANGUAGES):
        raise UnusableWorkbook(WorkbookProblem("not_a_workbook"))
    if state.entries.get(Key.EDITION) != evaluation.round.edition.sha256:
        raise UnusableWorkbook(WorkbookProblem("other_edition"))
    if state.entries.get(Key.EVALUATION) != str(evaluation.uid):
        raise UnusableWorkbook(WorkbookProblem("other_evaluation"))
    found = find_rows(sheets, state)
    with override(active_language(language)):
        reader = _RowReader(evaluation, language)
        rows = tuple(filled for place in found if (filled := reader.read(place, state)))
    if reader.problems:
        raise UnusableWorkbook(*reader.problems)
    return FilledWorkbook(language, rows)


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

    def read(self, placed: PlacedRow, state: State) -> FilledRow | None:
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

    def _words(self, placed: PlacedRow) -> str:
        try:
            return _read_words(placed.cells[Column.WORDS])
        except _WrongCell as wrong:
            self.problems.append(placed.problem(Column.WORDS, wrong.code))
            return ""

    def _answer(self, placed: PlacedRow, indicator: Indicator, words: str) -> AnswerInput:
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

    def _addresses(self, placed: PlacedRow, former: Sequence[str]) -> tuple[str, ...]:
        """Return the addresses of a row; those that it had are not read again."""
        try:
            lines = dict.fromkeys(_lines(_read_words(placed.cells[Column.ADDRESSES])))
            if len(lines.keys() - set(former)) > _MOST_ADDRESSES:
                raise _WrongCell("too_many_addresses")
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
        return f"{_shown_number(cell.value).normalize():f}"
    return str(cell.value)


def _read_words(cell: Cell) -> str:
    """Return a cell of several lines. Raises _WrongCell if it is longer than a spreadsheet lets a cell be."""
    words = clean_words(_read_text(cell))
    if len(words) > LONGEST_CELL:
        raise _WrongCell("too_long")
    return words


def _read_value(cell: Cell, indicator: Indicator) -> Decimal:
    """Return the number of a cell as it is shown: a percentage is stored as a part of one."""
    if cell.kind == "f":
        raise _WrongCell("is_formula")
    exact = _shown_number(cell.value)
    if "%" in cell.number_format:
        if indicator.unit != PERCENT:
            raise _WrongCell("not_a_number")
        exact *= 100
    if 0 <= exact < MOST_VALUE and exact != round(exact, KEPT_DECIMALS):
        raise _WrongCell("too_many_decimals")
    return exact


def _shown_number(value: float) -> Decimal:
    """Return a number with the digits that a spreadsheet keeps: 92.43 + 0.01 is 92.44 there."""
    return Decimal(format(value, f".{KEPT_DIGITS}g"))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean_words(text).split("\n") if line.strip())


def _read_address(line: str) -> str:
    try:
        return str(AddressField().clean(line))
    except ValidationError:
        raise _WrongCell("not_an_address") from None
