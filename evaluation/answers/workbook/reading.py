"""Read a workbook that was filled in offline. Rows are found by code and columns by key, never by position."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from evaluation.answers.entered_numbers import read_number
from evaluation.answers.judgements import KEPT_DECIMALS, MOST_VALUE, AnswerInput, InvalidAnswer, validate_answer
from evaluation.answers.workbook.choices import Choice, find_choice
from evaluation.answers.workbook.layout import (
    KEPT_DIGITS,
    LONGEST_CELL,
    STATE_SHEET,
    Column,
    Key,
    StateColumn,
    fingerprint,
)
from evaluation.answers.workbook.problems import UnusableWorkbook, WorkbookProblem
from evaluation.answers.workbook.rows import PlacedRow, State, find_rows
from evaluation.answers.workbook.sheets import load_sheets
from evaluation.answers.workbook.subject import Subject
from evaluation.answers.workbook.texts import clean_words
from evaluation.files.addresses import AddressField
from standards.editions.files.workbook.cells import Cell
from standards.framework import Indicator
from standards.framework.units import PERCENT
from standards.presentation.reading_language import active_language

_MOST_ADDRESSES = 50
"""The number of addresses that a workbook may add to one answer."""


@dataclass(frozen=True, slots=True)
class FilledRow:
    """The filled row of an indicator. `version` and `was` are those of the stored answer when the workbook was made."""

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
        """Whether the answer was changed since the workbook was made."""
        return fingerprint(self.answer) != self.was


@dataclass(frozen=True, slots=True)
class FilledWorkbook:
    """A valid workbook of a subject."""

    language: str
    rows: tuple[FilledRow, ...]
    further: tuple[Any, ...] = ()
    """The content of the subject's further sheets."""


def read_workbook(content: bytes, name: str, subject: Subject) -> FilledWorkbook:
    """Read a workbook. Raises UnusableWorkbook with all its problems."""
    sheets = load_sheets(content, name)
    state = State.read(sheets.pop(STATE_SHEET, []))
    language = state.entries.get(Key.LANGUAGE, "")
    if state.entries.get(Key.FORMAT) != subject.layout.format or language not in dict(settings.LANGUAGES):
        raise UnusableWorkbook(WorkbookProblem("not_a_workbook"))
    if state.entries.get(Key.EDITION) != subject.evaluation.round.edition.sha256:
        raise UnusableWorkbook(WorkbookProblem("other_edition"))
    if state.entries.get(Key.EVALUATION) != subject.uid:
        raise UnusableWorkbook(WorkbookProblem("other_evaluation"))
    found = find_rows(sheets, state, subject.layout)
    with override(active_language(language)):
        reader = _RowReader(subject, language)
        rows = tuple(filled for place in found if (filled := reader.read(place, state)))
        further, problems = subject.read_further(sheets)
    if reader.problems or problems:
        raise UnusableWorkbook(*reader.problems, *problems)
    return FilledWorkbook(language, rows, further)


class WrongCell(Exception):
    """A cell that cannot be read. `code` is the code of the problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _RowReader:
    """Reads the rows in the language of the workbook, and collects the problems of the cells."""

    def __init__(self, subject: Subject, language: str) -> None:
        edition = subject.evaluation.round.edition
        self.subject, self.framework = subject, subject.evaluation.framework
        self.texts = (edition.texts(language), edition.texts(edition.source_language))
        """In the language of the workbook and the source language: a translation may be published after it was made."""
        self.problems: list[WorkbookProblem] = []

    def read(self, placed: PlacedRow, state: State) -> FilledRow | None:
        """Return the content of a row; None if it has a problem, or was written as read-only."""
        indicator, before = self.framework.indicators.get(placed.code), state.rows[placed.code]
        version = before[StateColumn.VERSION]
        if indicator is None or not re.fullmatch(r"[0-9]{1,9}", version, re.ASCII):
            return None
        known = len(self.problems)
        texts = AnswerInput(
            words=self._words(placed, Column.WORDS),
            strength=self._words(placed, Column.STRENGTH),
            concern=self._words(placed, Column.CONCERN),
            good_practice=self._is_marked(placed),
        )
        answer = self._answer(placed, indicator, texts)
        former = _lines(before[StateColumn.ADDRESSES])
        addresses = self._addresses(placed, former)
        if len(self.problems) > known:
            return None
        return FilledRow(
            placed.code,
            placed.sheet,
            {column: placed.cell(column) for column in self.subject.layout.read},
            answer,
            int(version),
            before[StateColumn.WAS],
            addresses,
            former,
        )

    def _words(self, placed: PlacedRow, column: Column) -> str:
        """Return the words of a column; empty if this kind of workbook does not have the column."""
        if column not in placed.cells:
            return ""
        try:
            return _read_words(placed.cells[column])
        except WrongCell as wrong:
            self.problems.append(placed.problem(column, wrong.code))
            return ""

    def _is_marked(self, placed: PlacedRow) -> bool:
        """Whether the cell of good practice contains yes; an empty cell is no."""
        if Column.GOOD_PRACTICE not in placed.cells:
            return False
        try:
            if (text := read_text(placed.cells[Column.GOOD_PRACTICE]).strip().casefold()) not in _yes_and_no():
                raise WrongCell("no_such_choice")
        except WrongCell as wrong:
            choices = {"choices": ", ".join([_("Yes"), _("No")])} if wrong.code == "no_such_choice" else {}
            self.problems.append(placed.problem(Column.GOOD_PRACTICE, wrong.code, **choices))
            return False
        return _yes_and_no()[text]

    def _answer(self, placed: PlacedRow, indicator: Indicator, texts: AnswerInput) -> AnswerInput:
        """Return the answer of a row, with the texts and the good-practice mark of its other cells."""
        cell = placed.cells[Column.ANSWER]
        try:
            chosen = self._read_answer(cell, indicator)
            judged = {name: getattr(chosen, name) for name in ("level", "value", "not_applicable", "not_seen")}
            answer = replace(texts, **judged)
            validate_answer(self.framework, indicator.code, answer)
        except (WrongCell, InvalidAnswer) as wrong:
            self.problems.append(placed.problem(Column.ANSWER, wrong.code, **self._choices_for(wrong.code, indicator)))
            return AnswerInput()
        return answer

    def _choices_for(self, code: str, indicator: Indicator) -> dict[str, str | int]:
        """Return the possible choices as a parameter of the problem `no_such_choice`; empty for other problems."""
        if code != "no_such_choice":
            return {}
        return {"choices": ", ".join(choice.name for choice in self.subject.choices_of(indicator, self.texts[0]))}

    def _read_answer(self, cell: Cell, indicator: Indicator) -> AnswerInput:
        if cell.is_empty:
            return AnswerInput()
        is_number = self.subject.takes_number(indicator)
        if is_number and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
            return AnswerInput(value=_read_value(cell, indicator))
        text = read_text(cell)
        if choice := self._find_choice(text, indicator):
            return choice.answer
        if is_number:
            return AnswerInput(value=read_number(text))
        raise WrongCell("from_figures" if indicator.from_figures else "no_such_choice")

    def _find_choice(self, text: str, indicator: Indicator) -> Choice | None:
        for texts in self.texts:
            if choice := find_choice(text, self.subject.choices_of(indicator, texts)):
                return choice
        return None

    def _addresses(self, placed: PlacedRow, former: Sequence[str]) -> tuple[str, ...]:
        """Return the addresses of a row. Former addresses are not validated again."""
        if Column.ADDRESSES not in placed.cells:
            return ()
        try:
            lines = dict.fromkeys(_lines(_read_words(placed.cells[Column.ADDRESSES])))
            if len(lines.keys() - set(former)) > _MOST_ADDRESSES:
                raise WrongCell("too_many_addresses")
            return tuple(dict.fromkeys(line if line in former else _read_address(line) for line in lines))
        except WrongCell as wrong:
            self.problems.append(placed.problem(Column.ADDRESSES, wrong.code))
            return ()


def _yes_and_no() -> dict[str, bool]:
    """Return the possible texts of a yes-or-no cell, case-folded. An empty cell is no."""
    return {"": False, _("No").casefold(): False, _("Yes").casefold(): True}


def read_text(cell: Cell) -> str:
    """Return a cell as text. Raises WrongCell for a formula, an error or a date, which may have been another text."""
    if cell.value is None:
        return ""
    if cell.kind == "f":
        raise WrongCell("is_formula")
    if cell.kind == "e":
        raise WrongCell("is_error")
    if isinstance(cell.value, date | time | timedelta):
        raise WrongCell("is_date")
    if isinstance(cell.value, float):
        return f"{_shown_number(cell.value).normalize():f}"
    return str(cell.value)


def _read_words(cell: Cell) -> str:
    """Return the words of a cell. Raises WrongCell if they are longer than the limit of a cell."""
    words = clean_words(read_text(cell))
    if len(words) > LONGEST_CELL:
        raise WrongCell("too_long")
    return words


def _read_value(cell: Cell, indicator: Indicator) -> Decimal:
    """Return the number of a cell as it is displayed: a percentage is stored as a fraction. Raises WrongCell."""
    if cell.kind == "f":
        raise WrongCell("is_formula")
    exact = _shown_number(cell.value)
    if "%" in cell.number_format:
        if indicator.unit != PERCENT:
            raise WrongCell("not_a_number")
        exact *= 100
    if 0 <= exact < MOST_VALUE and exact != round(exact, KEPT_DECIMALS):
        raise WrongCell("too_many_decimals")
    return exact


def _shown_number(value: float) -> Decimal:
    """Return a number rounded to the digits that a spreadsheet stores: there 92.43 + 0.01 is 92.44."""
    return Decimal(format(value, f".{KEPT_DIGITS}g"))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in clean_words(text).split("\n") if line.strip())


def _read_address(line: str) -> str:
    try:
        return str(AddressField().clean(line))
    except ValidationError:
        raise WrongCell("not_an_address") from None
