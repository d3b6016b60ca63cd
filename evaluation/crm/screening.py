"""Keeps out what points to a person, such as a telephone number, and what a spreadsheet would run. Pure."""

import re

LONGEST_CELL = 40

_EMAIL = re.compile(r"\S@\S|\(at\)|\[at\]", re.IGNORECASE)
_YEAR_FIRST = r"(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}"
_DAY_OR_MONTH_FIRST = r"[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:[0-9]{2}){1,2}"
_DATE = re.compile(rf"(?<![0-9])(?:{_YEAR_FIRST}|{_DAY_OR_MONTH_FIRST})(?![0-9])")
_TELEPHONE = re.compile(r"(?:\+|00|\(?0)[0-9 ()/.\-]{5,}[0-9]|[0-9][0-9 ()/.\-]{5,}[0-9]")

_SIGNED = re.compile(r"[-+\u2212][0-9][0-9.,'\u2019 \u00a0\u2009\u202f]*%?")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens the file would run the cell; a number with a sign is none."""
    return text.startswith(("=", "+", "-", "@", "\t", "\r")) and len(text) > 1 and not _SIGNED.fullmatch(text)


def looks_personal(text: str) -> bool:
    """Whether a cell that is no code and no number has the shape of something that points to a person."""
    return bool(_EMAIL.search(text) or _DATE.search(text) or _TELEPHONE.search(text))
