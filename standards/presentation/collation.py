"""The order of words in the alphabet of a language, and the letter under which an index lists each. Pure.

Letters with marks are sorted as those without, except where the language counts them as letters of their own.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from standards.presentation.folding import fold

_ALPHABETS = {
    "bs": "c č ć|d dž đ|l lj|n nj|s š|z ž",
    "cs": "c č|h ch|r ř|s š|z ž",
    "da": "z æ ø å",
    "es": "n ñ",
    "et": "s š z ž|w õ ä ö ü",
    "fi": "z å ä ö",
    "hr": "c č ć|d dž đ|l lj|n nj|s š|z ž",
    "hu": "c cs|d dz dzs|g gy|l ly|n ny|o ö|s sz|t ty|u ü|z zs",
    "lt": "c č|s š|z ž",
    "lv": "c č|g ģ|k ķ|l ļ|n ņ|s š|z ž",
    "nb": "z æ ø å",
    "pl": "a ą|c ć|e ę|l ł|n ń|o ó|s ś|z ź ż",
    "ro": "a ă â|i î|s ș|t ț",
    "sk": "a ä|c č|h ch|o ô|s š|z ž",
    "sl": "c č|s š|z ž",
    "sv": "z å ä ö",
}
"""The letters that follow a letter of the Latin alphabet, by language."""

NUMBERS = "0–9"
"""The heading of what begins with no letter."""

Letter = tuple[str, int]
"""A letter without marks, and how many letters of the language come between it and this one."""


@cache
def _letters(language: str) -> dict[str, Letter]:
    groups = [group.split() for group in _ALPHABETS.get(language.partition("-")[0], "").split("|")]
    return {letter: (group[0], place) for group in groups for place, letter in enumerate(group)}


def _read(text: str, language: str) -> Iterator[tuple[str, Letter]]:
    """Yield each letter as it is written in lower case, with its place in the alphabet."""
    known = _letters(language)
    longest = max(map(len, known), default=1)
    lower, place = unicodedata.normalize("NFC", text).lower(), 0
    while place < len(lower):
        found = next((lower[place : place + n] for n in range(longest, 0, -1) if lower[place : place + n] in known), "")
        if found:
            yield found, known[found]
        else:
            for letter in fold(lower[place]):
                yield letter, (letter, 0)
        place += len(found) or 1


def sort_key(text: str, language: str) -> tuple[tuple[Letter, ...], str]:
    """Return a key by which words are sorted as in a dictionary of the language."""
    return tuple(place for _letter, place in _read(text, language)), text.casefold()


def index_letter(text: str, language: str) -> str:
    """Return the heading of a word in an index: `Ś` for Polish “świadek”, `E` for French “État”, `Nj` in Croatian."""
    first = next((letter for letter, _place in _read(text, language) if letter.isalnum()), "")
    return first.capitalize() if first.isalpha() else NUMBERS
