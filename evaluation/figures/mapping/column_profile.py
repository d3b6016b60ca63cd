"""Gather a profile of each column of an export in one pass. Pure."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evaluation.figures.formats import Opened
from evaluation.figures.mapping.cells.dates import DateEvidence, read_period
from evaluation.figures.mapping.cells.named_periods import MONTH, months_numbered
from evaluation.figures.mapping.cells.number_formats import NumberEvidence, NumberWriting, read_writing
from evaluation.figures.mapping.column_mapping import LONGEST_WORD
from evaluation.figures.mapping.durations import is_time
from evaluation.figures.problems.screening import LONGEST_CELL, is_formula, looks_personal

MAX_WORDS = 60
"""The most words of a code list of a hotline."""
_MOST_DISTINCT = 2000
PROFILED_ROWS = 20_000
"""The rows of a chunk: few, as a column with a distinct text in each row takes long."""
_OUR_NUMBER = re.compile(r"116[ .\-]?000")
_LONGEST_NUMBER = 8
"""The most digits before the decimals of a count: a longer number may be a telephone number."""


def is_about_a_person(text: str) -> bool:
    """Whether a text has the shape of data about a person. The number 116000 of the hotlines is not."""
    return looks_personal(_OUR_NUMBER.sub("116", text))


@dataclass(slots=True)
class ColumnProfile:
    """The profile of one column. Counts are numbers of rows with a value in this column."""

    number: int
    name: str
    filled: int = 0
    words: dict[str, int] = field(default_factory=dict)
    """Its distinct texts with the first row of each, up to a limit."""
    is_many: bool = False
    """Whether it has more distinct texts than the limit."""
    numbers: int = 0
    times: int = 0
    """Clock times, and numbers with a unit of time."""
    dates: int = 0
    bare_months: int = 0
    """Parts of a year without the year: names, and numbers unless the heading says that they number something else."""
    personal_row: int | None = None
    exact_date_row: int | None = None
    """The first row with an exact date, which is allowed only in a column that is read as months or periods."""
    long_row: int | None = None
    is_text: bool = False
    """Whether it has a text longer than any word. Such a column is refused, and its texts are not matched."""
    formula_row: int | None = None
    marks: NumberEvidence = field(default_factory=NumberEvidence)
    order: DateEvidence = field(default_factory=DateEvidence)
    months: dict[str, set[tuple[date, date]]] = field(default_factory=lambda: {"dmy": set(), "mdy": set()})
    """The periods of its dates, under each order of day and month."""

    @property
    def is_empty(self) -> bool:
        return self.filled == 0

    @property
    def is_all_dates(self) -> bool:
        return 0 < self.filled == self.dates

    @property
    def is_mostly_numbers(self) -> bool:
        """Whether at least half of the values are numbers; others may be words such as `n/a`."""
        return self.numbers > 0 and 2 * self.numbers >= self.filled

    @property
    def is_mostly_amounts(self) -> bool:
        """Whether at least half of the values are numbers or times."""
        return self.numbers + self.times > 0 and 2 * (self.numbers + self.times) >= self.filled

    @property
    def is_mostly_distinct(self) -> bool:
        """Whether nearly every row has a different value."""
        return self.is_many or (self.filled >= 8 and 10 * len(self.words) > 7 * self.filled)

    @property
    def other_words(self) -> tuple[str, ...]:
        """The values that are neither numbers nor times."""
        return tuple(
            word for word in self.words if read_writing(word)[0] is NumberWriting.NO_NUMBER and not is_time(word)
        )

    @property
    def _numbered(self) -> int:
        return months_numbered(self.name)

    def add(self, text: str, row: int, count: int) -> None:
        """Count a text that is in `count` rows, first in `row`."""
        self.filled += count
        if text in self.words:
            self._count(text, count)
            return
        if len(self.words) < _MOST_DISTINCT:
            self.words[text] = row
        else:
            self.is_many = True
        is_a_number, is_date = self._count(text, count)
        if is_a_number:
            self.marks.add(text, row)
        if is_date:
            self.order.add(text, row)
            for order, months in self.months.items():
                if period := read_period(text, order, months=self._numbered):
                    months.add(period)
            if self.exact_date_row is None and not is_a_number and looks_personal(text):
                self.exact_date_row = row
        elif not is_a_number:
            if self.formula_row is None and is_formula(text):
                self.formula_row = row
            if self.personal_row is None and is_about_a_person(text[:1000]):
                self.personal_row = row
            if self.long_row is None and len(text) > LONGEST_CELL:
                self.long_row = row
            self.is_text = self.is_text or len(text) > LONGEST_WORD

    def _count(self, text: str, count: int) -> tuple[bool, bool]:
        if len(text) > LONGEST_CELL:
            return False, False
        is_a_number = is_number(text)
        is_date = any(read_period(text, order, months=self._numbered) for order in self.months)
        self.numbers += count if is_a_number else 0
        self.times += count if not is_a_number and is_time(text) else 0
        self.dates += count if is_date else 0
        self.bare_months += count if read_period(text, "dmy", 2000, self._numbered or MONTH) else 0
        return is_a_number, is_date


def is_number(text: str) -> bool:
    """Whether a text may be a count or another number, not a telephone number."""
    if read_writing(text)[0] is NumberWriting.NO_NUMBER:
        return False
    whole = re.sub(r"[.,][0-9]+$", "", text) if read_writing(text)[1].decimal else text
    digits = re.sub(r"[^0-9]", "", whole)
    return len(digits) <= _LONGEST_NUMBER and not (text.startswith("0") and len(digits) >= 7)


def profile_columns(
    opened: Opened, report_progress: Callable[[int], None] = lambda rows: None
) -> tuple[ColumnProfile, ...]:
    """Return the profile of every column, from all rows. `report_progress` gets the number of rows read so far."""
    columns = tuple(ColumnProfile(number, name) for number, name in enumerate(opened.names, start=1))
    rows = 0
    for frame in opened.chunks(size=PROFILED_ROWS):
        for place, column in enumerate(columns):
            for text, row, count in _texts(frame, place):
                column.add(text, row, count)
        rows += len(frame)
        report_progress(rows)
    return columns


def _texts(frame: Any, place: int) -> Iterator[tuple[str, int, int]]:
    """Yield each distinct text of a column with its first row and its number of rows."""
    import numpy

    values = frame.iloc[:, place].array
    places, first, counts = numpy.unique(values.codes, return_index=True, return_counts=True)
    for code, at, count in zip(places.tolist(), first.tolist(), counts.tolist(), strict=True):
        if code >= 0 and (text := str(values.categories[code])):
            yield text, int(frame.index[at]), count
