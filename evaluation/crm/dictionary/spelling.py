"""How words are spelt in files: folded so that spellings compare equal, and the names of months in many languages. Pure."""

import unicodedata
from functools import cache

from django.conf import settings
from django.utils import dates, translation

LANGUAGES = ("bg", "cs", "da", "de", "el", "en", "es", "fr", "hr", "hu", "it", "lt", "lv", "nl", "pl", "pt", "ro", "sk")
"""Languages of hotlines whose names of months Django knows, beside those of the site."""


def fold(text: str) -> str:
    """A word without capitals, accents and anything between its letters, so that spellings of it compare equal."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


@cache
def month_words() -> dict[str, int]:
    """The names of months, long and short, in every language here; a word that means two months is left out."""
    found: dict[str, set[int]] = {"mrz": {3}}  # as German spreadsheets shorten it
    codes = sorted({*LANGUAGES, *(code for code, _name in settings.LANGUAGES)})
    for code in codes:
        with translation.override(code):
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_ALT):
                for number, name in names.items():
                    found.setdefault(fold(str(name)), set()).add(number)
    return {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}
