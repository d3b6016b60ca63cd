"""Submitted form values, as text that both databases can store."""

import hashlib
import json
from typing import Protocol

from django.utils.translation import gettext as _

from evaluation.answers.judgements import InvalidAnswer


class SubmittedValues(Protocol):
    """The fields of a request: all of them, or those of one indicator."""

    def get(self, name: str, default: str, /) -> str: ...


def read_words(sent: SubmittedValues, name: str) -> str:
    """Return the text of a field, without the null character, which PostgreSQL refuses."""
    return sent.get(name, "").replace("\x00", "")


def fingerprint(level: str, value: str, words: str, good_practice: bool, strength: str = "", concern: str = "") -> str:
    """Return a short digest of a form's content. Line ends are normalised, as browsers change them."""
    texts = ["\n".join(text.splitlines()).strip() for text in (words, strength, concern)]
    submitted = [level, value.strip(), texts, good_practice]
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
