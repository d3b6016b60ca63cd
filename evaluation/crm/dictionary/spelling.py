"""Fold words of files so that spellings compare equal; recognize the names of months in many languages. Pure."""

import unicodedata
from functools import cache

from django.conf import settings
from django.utils import dates, translation

LANGUAGES = ("bg", "cs", "da", "de", "el", "en", "es", "fr", "hr", "hu", "it", "lt", "lv", "nl", "pl", "pt", "ro", "sk")
"""Languages of hotlines, in addition to those of the site, for which Django has the names of months."""


def fold(text: str) -> str:
    """Return a text in lower case without accents, with single blanks in place of all signs."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


@cache
def month_words() -> dict[str, int]:
    """Return the number of the month by its folded name, long or short, in all supported languages.

    Words that are different months in two languages are left out.
    """
    found: dict[str, set[int]] = {"mrz": {3}}  # the abbreviation of German spreadsheets
    codes = sorted({*LANGUAGES, *(code for code, _name in settings.LANGUAGES)})
    for code in codes:
        with translation.override(code):
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_ALT):
                for number, name in names.items():
                    found.setdefault(fold(str(name)), set()).add(number)
    return {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}
