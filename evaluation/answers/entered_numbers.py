"""Parse and format the numbers that users enter in a form or a workbook, with a decimal point or comma."""

import re
from decimal import Decimal

from django.utils.formats import number_format

from evaluation.answers.judgements import KEPT_DECIMALS, InvalidAnswer

_A_NUMBER = re.compile(r"(?P<whole>[0-9]{1,11})([.,](?P<decimals>[0-9]{1,10}))?", re.ASCII)
"""Digits, and a decimal point or comma. Stricter than Python, which also accepts 1e5 and 1_000."""
_GROUP = 3
"""The number of digits between thousands separators."""
_BLANKS = " \u00a0\u202f"


def read_number(text: str) -> Decimal:
    """Parse a submitted number.

    Raises InvalidAnswer for text that is not a number, is ambiguous, such as 1,234, or has too many decimals.
    """
    found = _A_NUMBER.fullmatch(text.strip(_BLANKS))
    if found is None:
        raise InvalidAnswer("not_a_number")
    whole, decimals = found["whole"], found["decimals"] or ""
    if _could_be_thousands(whole, decimals):
        raise InvalidAnswer("ambiguous_number")
    if len(decimals) > KEPT_DECIMALS:
        raise InvalidAnswer("too_many_decimals")
    return Decimal(f"{whole}.{decimals or 0}")


def write_number(number: Decimal) -> str:
    """Format a number as the value of a form field: localised, and in a form that `read_number` parses."""
    whole, _, decimals = format(number, "f").partition(".")
    decimals = decimals.rstrip("0")
    if _could_be_thousands(whole, decimals):
        decimals += "0"
    return number_format(Decimal(f"{whole}.{decimals or 0}"), len(decimals), use_l10n=True, force_grouping=False)


def _could_be_thousands(whole: str, decimals: str) -> bool:
    return len(decimals) == _GROUP and len(whole) <= _GROUP and not whole.startswith("0")
