"""Fold words of files so that spellings compare equal; recognize the names of months in many languages. Pure."""

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from babel import Locale
from django.conf import settings
from django.utils import dates, translation

LANGUAGES = ("bg", "cs", "da", "de", "el", "en", "es", "fr", "hr", "hu", "it", "lt", "lv", "nl", "pl", "pt", "ro", "sk")
"""Languages of hotlines, in addition to those of the site, for which Django has the names of months."""


def fold(text: str) -> str:
    """Return a text in lower case without accents, with single blanks in place of all signs."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


_IN_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe", "Æ": "Ae"}
)


def spellings(text: str) -> tuple[str, ...]:
    """Return a text, and as a system without some of its letters writes it, if that differs: `Fälle`, `Faelle`."""
    return tuple(dict.fromkeys((text, text.translate(_IN_ASCII))))


_LETTERS = re.compile(r"[^\W\d_]+")
OTHER_LANGUAGES = (
    *("bg", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "is", "it"),
    *("lb", "lt", "lv", "mk", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "tr"),
    *("uk", "de_AT"),
)
"""Languages whose names of months come from CLDR, which also has their abbreviations and cases."""


@cache
def month_words() -> dict[str, int]:
    """Return the number of the month by its folded name, long or short, in all supported languages.

    Some Irish names have two words. Words that are different months in two languages are left out.
    """
    return {word: next(iter(numbers)) for word, numbers in possible_months().items() if len(numbers) == 1}


@cache
def possible_months() -> dict[str, frozenset[int]]:
    """Return the numbers of the months that a folded name means in one language or another.

    Where Django and CLDR differ, Django counts.
    """
    known: dict[str, set[int]] = {
        "mrz": {3},
        "maa": {3},
    }  # abbreviations of German, and of Dutch and Finnish, spreadsheets
    for code in sorted({*LANGUAGES, *(code for code, _name in settings.LANGUAGES)}):
        with translation.override(code):
            for names in (dates.MONTHS, dates.MONTHS_3, dates.MONTHS_ALT):
                for number, name in names.items():
                    known.setdefault(fold(str(name)), set()).add(number)
    others: dict[str, set[int]] = {}
    for number, name in _cldr_months():
        if name not in known:
            others.setdefault(name, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in (known | others).items()}


@cache
def words_outside_ascii() -> frozenset[str]:
    """Return the words of three and more letters, not all of them ASCII, of months and of the headings of exports; and `Nº`."""
    found: set[str] = set()
    for code in OTHER_LANGUAGES:
        for widths in Locale.parse(code).months.values():
            found |= {*widths["wide"].values(), *widths["abbreviated"].values()}
    for name, column in (("synonyms", "word"), ("heading_words", "words")):
        text = (files("evaluation.figures") / "data" / f"{name}.csv").read_text(encoding="utf-8")
        found |= {row[column] for row in csv.DictReader(text.splitlines())}
    words = {word for text in found for word in _LETTERS.findall(text.casefold())}
    return frozenset({"nº", *(word for word in words if len(word) >= 3 and not word.isascii())})


def _cldr_months() -> Iterator[tuple[int, str]]:
    for code in OTHER_LANGUAGES:
        months = Locale.parse(code).months
        for context in ("stand-alone", "format"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    for spelling in spellings(name):
                        word = fold(spelling).removeprefix("de ")  # Catalan: `de gener`
                        if not word.isdecimal():
                            yield number, word
