"""Submitted form values, as text that both databases can store, and as numbers."""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from evaluation.assessment.judgements import InvalidAnswer

_A_NUMBER = re.compile(r"(?P<whole>[0-9]{1,11})([.,](?P<decimals>[0-9]{1,10}))?", re.ASCII)
"""Digits, and a point or a comma. Python would accept more as a number: 1e5, 1_000."""
_GROUP = 3
"""The number of digits between separators of thousands."""
_KEPT_DECIMALS = 4
_BLANKS = " \u00a0\u202f"


class SubmittedValues(Protocol):
    """The fields of a request: all of them, or those of one indicator."""

    def get(self, name: str, default: str, /) -> str: ...


def read_words(sent: SubmittedValues, name: str) -> str:
    """Return the text of a field, without the null character, which PostgreSQL refuses."""
    return sent.get(name, "").replace("\x00", "")


def read_number(text: str) -> Decimal:
    """Parse a submitted number. Raises InvalidAnswer for text that is no number or is ambiguous, such as 1,234."""
    found = _A_NUMBER.fullmatch(text.strip(_BLANKS))
    if found is None:
        raise InvalidAnswer("not_a_number")
    whole, decimals = found["whole"], found["decimals"] or ""
    if _could_be_thousands(whole, decimals):
        raise InvalidAnswer("ambiguous_number")
    if len(decimals) > _KEPT_DECIMALS:
        raise InvalidAnswer("too_many_decimals")
    return Decimal(f"{whole}.{decimals or 0}")


def write_number(number: Decimal) -> str:
    """Return a number as the value of a field: localised, and such that `read_number` parses it."""
    whole, _, decimals = format(number, "f").partition(".")
    decimals = decimals.rstrip("0")
    if _could_be_thousands(whole, decimals):
        decimals += "0"
    return number_format(Decimal(f"{whole}.{decimals or 0}"), len(decimals), use_l10n=True, force_grouping=False)


def _could_be_thousands(whole: str, decimals: str) -> bool:
    return len(decimals) == _GROUP and len(whole) <= _GROUP and not whole.startswith("0")


def level_field(submitted: Any) -> str:
    """Return the level of a judgement as a form value: the level, `na`, `unseen`, or an empty string."""
    if submitted.not_applicable:
        return "na"
    if getattr(submitted, "not_seen", False):
        return "unseen"
    return "" if submitted.level is None else str(submitted.level)


def fingerprint(level: str, value: str, words: str, good_practice: bool) -> str:
    """Return a short digest of a form's content. Line ends are normalised, as browsers change them."""
    submitted = [level, value.strip(), "\n".join(words.splitlines()).strip(), good_practice]
    return hashlib.sha256(json.dumps(submitted).encode()).hexdigest()[:16]


def describe_invalid_answer(invalid: InvalidAnswer) -> str:
    """Return the message for an invalid answer."""
    return {
        "no_such_level": _("Choose one of the levels shown."),
        "not_a_number": _("Write a number from 0 up, such as 92.4, without a thousands separator."),
        "ambiguous_number": _(
            "This can be read in two ways: some write thousands so, others decimals. Write thousands without a "
            "separator, such as 1234, or decimals with another number of digits, such as 1.23."
        ),
        "more_than_100_percent": _("This is a percentage: write a number from 0 to 100."),
        "too_many_decimals": _("Write at most four digits after the decimal sign."),
        "from_figures": _("This number comes from your figures. Nothing is typed here."),
        "exception_not_allowed": _(
            "“Not applicable” is not open here: the Guide asks it of every hotline. Choose a level, or leave it open and "
            "say in words what was missing."
        ),
    }[invalid.code]
