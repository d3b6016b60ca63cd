"""Keeps persons out: what looks like an e-mail address, a telephone number or a date of birth. Pure."""

import re

LONGEST_CELL = 40

_EMAIL = re.compile(r"\S@\S|\(at\)|\[at\]", re.IGNORECASE)
_YEAR_FIRST = r"(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}"
_DAY_OR_MONTH_FIRST = r"[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:[0-9]{2}){1,2}"
_DATE = re.compile(rf"(?<![0-9])(?:{_YEAR_FIRST}|{_DAY_OR_MONTH_FIRST})(?![0-9])")
_TELEPHONE = re.compile(r"(?:\+|00|\(?0)[0-9 ()/.\-]{5,}[0-9]|[0-9][0-9 ()/.\-]{5,}[0-9]")


def looks_personal(text: str) -> bool:
    """Whether a cell that is no code and no number has the shape of something that points to a person."""
    return bool(_EMAIL.search(text) or _DATE.search(text) or _TELEPHONE.search(text))
