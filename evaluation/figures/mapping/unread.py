"""Recognize columns that are neither needed nor personal: shares, times, amounts, parts of a year. Pure."""

import re

from evaluation.figures.dictionary.spelling import fold
from evaluation.figures.mapping.cells.dates import is_end_of_month, read_day, read_period
from evaluation.figures.mapping.column_profile import ColumnProfile
from evaluation.figures.mapping.durations import is_time
from evaluation.figures.mapping.words.headings import UNITS, concepts_of

_AMOUNT = re.compile(
    r"[<>≤≥~±]?\s*[-\u2212]?[0-9]{1,8}(?:[.,' \u00a0\u202f][0-9]{1,3})*\s*(?P<unit>[%‰€]|[^\W\d_]{1,8}\.?)?"
)
_CHANGE = re.compile(r"\+ ?[0-9]{1,4}(?:[.,][0-9]{1,2})?[ \u00a0\u202f]?%")
_RANGE = re.compile(r"[0-9]{1,3}\s?[-\u2013]\s?[0-9]{1,3}\s?%?")
_UNITS = frozenset(
    ["%", "‰", "€", "eur", "euro", "pct", "percent", "prozent", "ms", "fte", "etp", "vza", "pp", "pts", "n"]
)
"""Units of amounts, in addition to those of time."""
_ORDERS = ("dmy", "mdy")


def is_impersonal(column: ColumnProfile) -> bool:
    """Whether each text of a column has the shape of an amount, a time, or a part of a year without a day."""
    return bool(column.words) and not column.is_many and all(map(_is_impersonal_text, column.words))


def is_ends_of_months(column: ColumnProfile) -> bool:
    """Whether a column has only first or last days of months, which are no birthdays."""
    days = [read_day(word, order) for word in column.words for order in _ORDERS if read_day(word, order)]
    return column.is_all_dates and not column.is_many and all(day is not None and is_end_of_month(day) for day in days)


def _is_impersonal_text(text: str) -> bool:
    if is_time(text) or _RANGE.fullmatch(text) or _CHANGE.fullmatch(text):
        return True
    if amount := _AMOUNT.fullmatch(text):
        unit = amount["unit"] or "n"
        return (fold(unit) or unit) in _UNITS or not UNITS.keys().isdisjoint(concepts_of(unit))
    return any(read_period(text, order, 2000) and not read_day(text, order) for order in _ORDERS)
