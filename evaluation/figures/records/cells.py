"""Convert a cell of a record field to a number, or return its problem. Pure."""

import re
from datetime import date
from functools import lru_cache

from evaluation.figures.dictionary.items import NOT_APPLICABLE, RecordField, code_lists
from evaluation.figures.formats.published.header import Header
from evaluation.figures.problems.screening import LONGEST_CELL, is_formula, looks_personal

EMPTY, WRONG = -1, -2

MAX_SECONDS = 3600
MAX_CHILDREN = 99

_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")
_LIKE_A_MONTH = re.compile(r"[0-9]{4}[-./ ]?[0-9]{1,2}|[0-9]{1,2}[-./ ]?[0-9]{4}")
_DIGITS = re.compile(r"[0-9]{1,4}")
_BETWEEN_CODES = re.compile(r"[|;]")
_TRUTHS = {"false": 0, "true": 1}
_SCREENED = 1000


def month_number(day: date) -> int:
    """Return the number of months since the year 0, to compare months."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=64)
def places(list_name: str) -> dict[str, int]:
    """Return the codes of a list with their indexes."""
    return {code: place for place, code in enumerate(code_lists()[list_name])}


def measure(field: RecordField, text: str) -> int:
    """Return the cell as a number: a code's index, several codes as bits, a month or a count; or EMPTY or WRONG."""
    if not text or text == NOT_APPLICABLE:
        return EMPTY
    if field.type == "code":
        return places(field.list).get(text, WRONG)
    if field.type == "codes":
        return _bits(places(field.list), text)
    if field.type == "boolean":
        return _TRUTHS.get(text.lower(), WRONG) if len(text) <= len("false") else WRONG
    if field.type == "month":
        month = _MONTH.fullmatch(text)
        return int(month[1]) * 12 + int(month[2]) - 1 if month else WRONG
    lowest, most = (0, MAX_SECONDS) if field.name == "wait_seconds" else (1, MAX_CHILDREN)
    return int(text) if _DIGITS.fullmatch(text) and lowest <= int(text) <= most else WRONG


def _bits(known: dict[str, int], text: str) -> int:
    bits = 0
    for part in _BETWEEN_CODES.split(text[:_SCREENED]):
        place = known.get(part.strip())
        if place is None:
            return WRONG
        bits |= 1 << place
    return bits


def find_cell_problem(field: RecordField, text: str) -> tuple[str, dict[str, str | int]]:
    """Return the code and parameters of the problem of a cell that is WRONG."""
    if is_formula(text):
        return "formula", {}
    if not _has_shape_of_field(field, text) and looks_personal(text[:_SCREENED]):
        return "looks_personal", {}
    if len(text) > LONGEST_CELL:
        return "text_too_long", {"limit": LONGEST_CELL}
    if field.type in ("code", "codes"):
        return "code_unknown", {"list": field.list}
    if field.type == "boolean":
        return "not_true_or_false", {}
    if field.type == "month":
        return "month_unreadable", {}
    return ("seconds_unreadable" if field.name == "wait_seconds" else "child_unreadable"), {}


def _has_shape_of_field(field: RecordField, text: str) -> bool:
    """Whether a text has the shape of this field, valid or not, so that it is no telephone number or date of birth."""
    if field.type == "month":
        return _LIKE_A_MONTH.fullmatch(text) is not None
    return field.type == "integer" and text.isdecimal() and len(text) <= 6


def period_of(header: Header) -> tuple[int, int]:
    """Return the numbers of the first and the last month."""
    return month_number(header.period_start), month_number(header.period_end)
