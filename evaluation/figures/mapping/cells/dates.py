"""Parse an export's dates, months, quarters and years into periods. Pure."""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from evaluation.figures.dictionary.spelling import fold, month_words
from evaluation.figures.mapping.cells.named_periods import MONTH, YEAR, read_named_period, whole_months
from evaluation.figures.mapping.column_mapping import Period

_TIME = r"(?:[T ,]+[0-9]{1,2}[:.h][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp][Mm])?Z?)?"
_YEAR_FIRST = re.compile(rf"([12][0-9]{{3}})[-./] ?([0-9]{{1,2}})[-./] ?([0-9]{{1,2}})\.?{_TIME}")
_DAY_OR_MONTH_FIRST = re.compile(rf"([0-9]{{1,2}})([-./]) ?([0-9]{{1,2}})\2 ?([12][0-9]{{3}}|[0-9]{{2}})\.?{_TIME}")
_MONTH = re.compile(r"([12][0-9]{3})[-./ ]([0-9]{1,2})|([0-9]{1,2})[-./ ]([12][0-9]{3})")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SPAN = re.compile(r"([0-9][0-9./-]{5,9})\s?(?:[-\u2013\u2014]|bis|to|au|al|do|a|až|έως|ως)\s?([0-9][0-9./-]{5,9})")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROMAN = re.compile(rf"({'|'.join(_ROMANS)})\s?[-./ ]\s?((?:19|20)[0-9]{{2}})")
_NUMBER = re.compile(r"0?[1-9]|1[0-2]")
_WORDS = re.compile(r"([^\W\d_]+) ?((?:19|20)?[0-9]{2})")
_DAY_MONTH_WORD_YEAR = re.compile(r"([0-9]{1,2}) (?:de )?([^\W\d_]+) (?:de )?((?:19|20)[0-9]{2})")


def whole_month(year: int, month: int) -> Period | None:
    if not 1 <= month <= 12:
        return None
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def read_period(text: str, order: str, year: int | None = None, months: int = MONTH) -> Period | None:
    """Return the month, quarter, half year or year that a cell names or that contains its date; None if unreadable.

    `order` is the order of day and month, `year` the year of a cell without one. `months` is the result of
    `months_numbered` for its heading: it decides whether `2` is February, the second quarter, or unknown.
    """
    if day := read_day(text, order):
        return _part_of(day, months) or whole_month(day.year, day.month)
    if months > YEAR:  # `S1 2025` is the first week below a heading that names weeks, and a half year elsewhere
        return None
    if match := _MONTH.fullmatch(text):
        wanted = (match[1], match[2]) if match[1] else (match[4], match[3])
        return _numbered(int(wanted[0]), wanted[1], MONTH if months in (0, YEAR) else months)
    if roman := _ROMAN.fullmatch(text):
        return _numbered(int(roman[2]), str(_ROMANS.index(roman[1]) + 1), 0 if months == YEAR else months)
    if year is not None and text in _ROMANS:
        return _numbered(year, str(_ROMANS.index(text) + 1), 0 if months == YEAR else months)
    if _YEAR.fullmatch(text):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    if span := _SPAN.fullmatch(text):
        return _between(span[1], span[2], order)
    words = fold(text)
    if year is not None and _NUMBER.fullmatch(words):
        return _numbered(year, words, months) if months != YEAR else None
    return _read_words(words, year)


def _between(first: str, last: str, order: str) -> Period | None:
    """Return the period between two days if it has whole months under exactly one order of day and month; else None."""
    days = {(read_day(first, each), read_day(last, each)) for each in ((order,) if order else ("dmy", "mdy"))}
    spans = [(start, end) for start, end in days if start and end and start.day == 1 and start <= end]
    whole = [(start, end) for start, end in spans if end == _last_day_of(end)]
    return whole[0] if len(whole) == 1 else None


def _last_day_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _part_of(day: date, months: int) -> Period | None:
    """Return the quarter, half year or year, of `months` months, that begins or ends on a day, or None."""
    if not MONTH < months <= YEAR:
        return None
    part = whole_months(day.year, (day.month - 1) // months * months + 1, months)
    return part if day in part else None


def _numbered(year: int, number: str, months: int) -> Period | None:
    """Return the part of a year by its number, or None. `01/2025` is not read as a quarter: it may be a month."""
    if not months or not 1 <= int(number) <= YEAR // months or (months > MONTH and number.startswith("0")):
        return None
    return whole_months(year, (int(number) - 1) * months + 1, months)


def read_day(text: str, order: str) -> date | None:
    """Return the day of a cell, or None."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_OR_MONTH_FIRST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        year += 2000 if year < 100 else 0
        order = order or ("dmy" if first > 12 or first == second else "mdy" if second > 12 else "")
        if order == "dmy":
            return _checked(year, second, first)
        return _checked(year, first, second) if order == "mdy" else None
    if (match := _DAY_MONTH_WORD_YEAR.fullmatch(fold(text))) and (month := month_words().get(match[2])):
        return _checked(int(match[3]), month, int(match[1]))
    return None


def _checked(year: int, month: int, day: int) -> date | None:
    found = whole_month(year, month)
    return date(year, month, day) if found and 1 <= day <= found[1].day else None


def _read_words(words: str, year: int | None) -> Period | None:
    if match := _WORDS.fullmatch(words):
        month = month_words().get(match[1])
        of = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
        if month:
            return whole_month(of, month)
    return read_named_period(words, year)


def is_year(text: str) -> bool:
    """Whether a cell is a year and nothing else."""
    return _YEAR.fullmatch(text) is not None


@dataclass(slots=True)
class DateEvidence:
    """The evidence for the order of day and month in a file's dates, with the rows that have it."""

    day_first: int = 0
    month_first: int = 0
    two_ways: dict[str, int] = field(default_factory=dict)

    def add(self, text: str, row: int) -> None:
        span = _SPAN.fullmatch(text)
        for day in span.groups() if span else (text,):
            self._add_day(day, row)

    def _add_day(self, text: str, row: int) -> None:
        match = _DAY_OR_MONTH_FIRST.fullmatch(text)
        if match is None:
            return
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            self.day_first = self.day_first or row
        elif second > 12 >= first:
            self.month_first = self.month_first or row
        elif first != second and first <= 12 and len(self.two_ways) < 100:
            self.two_ways.setdefault(text, row)

    def merge(self, other: "DateEvidence") -> None:
        self.day_first = min(filter(None, (self.day_first, other.day_first)), default=0)
        self.month_first = min(filter(None, (self.month_first, other.month_first)), default=0)
        self.two_ways |= other.two_ways

    def kind(self, order: str) -> str:
        """Whether the file proves its order, or has first and last days of months or others under `order`, or neither.

        Dates with points are never written month first.
        """
        if self.day_first or self.month_first:
            return "proved"
        days = [read_day(text, order) for text in self.two_ways if "." not in text]
        if not days:
            return ""
        return "ends of months" if all(day is not None and is_end_of_month(day) for day in days) else "days"

    def contradiction(self) -> tuple[int, int] | None:
        if self.day_first and self.month_first:
            return min(self.day_first, self.month_first), max(self.day_first, self.month_first)
        return None

    def settle(self, saved: str) -> tuple[str, bool]:
        """Return the order, and whether a user must confirm it."""
        proved = "dmy" if self.day_first else "mdy" if self.month_first else ""
        differs = bool(proved and saved and proved != saved)
        settled = proved or saved
        return settled, differs or bool(self.two_ways and not settled)


def is_end_of_month(day: date) -> bool:
    """Whether a day is the first or the last of its month."""
    return day.day == 1 or day == _last_day_of(day)


def covered(periods: Sequence[Period]) -> Period | None:
    """Return the month, quarter or year that these periods fill exactly, without a gap, or None."""
    if not periods:
        return None
    start, end = min(start for start, _ in periods), max(end for _, end in periods)
    months = {first for period in periods for first in months_in(period)}
    wanted = months_in((start, end))
    if set(wanted) != months or len(wanted) not in (1, 3, 12) or (start.month - 1) % len(wanted):
        return None
    return start, end


def months_in(period: Period) -> list[date]:
    """Return the first day of each month of a period."""
    start, end = period
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    places = [start.month - 1 + place for place in range(count)]
    return [date(start.year + place // 12, place % 12 + 1, 1) for place in places]
