"""Validate that a value is a number of its item in the published format. Pure."""

import re

from evaluation.figures.dictionary.items import Item
from evaluation.figures.problems.file_problems import Problem

_DIGITS = re.compile(r"[0-9]+")
_DECIMAL = re.compile(r"([0-9]+)\.([0-9]+)")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,'\u2019 \u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?")
_NEGATIVE = re.compile(r"[-\u2212][0-9]+(?:[.,][0-9]+)?")
_LONGEST_COUNT = 8
_LONGEST_NUMBER = 11
_MOST_DECIMALS = 4


def find_value_problem(text: str, item: Item, row: int, column: str = "value") -> Problem | None:
    """Return the problem of a value that is not a number of this item, or None. A number is never guessed."""
    code = _find_number_problem(text, item)
    if code is None:
        return None
    return Problem(code, row, column, item.code, {"limit": _MOST_DECIMALS} if code == "too_many_decimals" else {})


def is_like_a_number(text: str) -> bool:
    """Whether a text has the shape of a number, valid or not, so that it is no data about a person."""
    if _DIGITS.fullmatch(text):
        return not (text.startswith("0") and len(text) >= 7)
    return any(shape.fullmatch(text) for shape in (_DECIMAL, _DECIMAL_COMMA, _THOUSANDS, _NEGATIVE))


def _find_number_problem(text: str, item: Item) -> str | None:
    if _DIGITS.fullmatch(text):
        too_long = len(text) > (_LONGEST_COUNT if item.is_count else _LONGEST_NUMBER)
        return "number_too_large" if too_long else None
    if _TWO_WAYS.fullmatch(text):
        return "ambiguous_number"
    if decimal := _DECIMAL.fullmatch(text):
        if item.is_count:
            return "decimal_in_count"
        if len(decimal[1]) > _LONGEST_NUMBER:
            return "number_too_large"
        return "too_many_decimals" if len(decimal[2]) > _MOST_DECIMALS else None
    if _NEGATIVE.fullmatch(text):
        return "negative"
    if _THOUSANDS.fullmatch(text):
        return "thousands_separated"
    if _DECIMAL_COMMA.fullmatch(text):
        return "decimal_in_count" if item.is_count else "decimal_comma"
    return "not_a_number"
