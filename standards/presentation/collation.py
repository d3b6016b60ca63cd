"""The sort order of words in each language of a hotline's country. Pure.

Separate letters of an alphabet, such as the Polish `ł` or the Czech `ch`, have their own position. Any other accent
matters only between words that are otherwise equal. The alphabets follow Unicode's CLDR.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any

from standards.presentation.folding import fold
from standards.presentation.reading_language import interface_language

_LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_CROATIAN = "a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž"
_NORDIC = f"{_LATIN} å ä ö"

_ALPHABETS = {
    "bg": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я",
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "da": f"{_LATIN} æ ø å",
    "el": "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "fi": _NORDIC,
    "hr": _CROATIAN,
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs",
    "lt": "a b c č d e f g h i y j k l m n o p q r s š t u v w x z ž",
    "lv": "a b c č d e f g ģ h i y j k ķ l ļ m n ņ o p q r s š t u v w x z ž",
    "mt": "a b ċ c d e f ġ g għ h ħ i j k l m n o p q r s t u v w x y ż z",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "sk": "a ä b c č d e f g h ch i j k l m n o ô p q r s š t u v w x y z ž",
    "sl": "a b c č ć d đ e f g h i j k l m n o p q r s š t u v w x y z ž",
    "sq": "a b c ç d dh e ë f g gj h i j k l ll m n nj o p q r rr s sh t th u v w x xh y z zh",
    "sr": "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш",
    "sv": _NORDIC,
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p q r s ş t u ü v w x y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
}
"""The alphabets by language. Any other language has the Latin one without further letters."""
_SAME = {"ő": "ö", "ű": "ü", "ş": "ș", "ţ": "ț"}
"""Letters that are sorted as another one, if the alphabet has that one and not them."""

NUMBERS = "0–9"
"""The heading in an index of words that do not begin with a letter."""


@cache
def _places(language: str) -> dict[str, int]:
    """Return the position of each letter in an alphabet, counted from 1."""
    places = {letter: number for number, letter in enumerate(letters_of(language), start=1)}
    return places | {one: places[other] for one, other in _SAME.items() if one not in places and other in places}


def letters_of(language: str) -> tuple[str, ...]:
    """Return the alphabet of a language in order, in lower case."""
    return tuple(_ALPHABETS.get(language, _LATIN).split())


def casefold(text: str, language: str) -> str:
    """Return a text for caseless comparison. In Turkish, `I` is the capital of the `i` without a dot."""
    if language == "tr":
        text = text.replace("I", "ı").replace("İ", "i")
    return text.casefold()


def sort_key(text: str, language: str | None = None) -> tuple[Any, ...]:
    """Return the key by which texts are sorted in a language, by default that of the interface."""
    language = language or interface_language()
    small = unicodedata.normalize("NFC", casefold(unicodedata.normalize("NFC", text), language))
    return (tuple(_weights(small, _places(language))), small, text)


def index_letter(text: str, language: str) -> str:
    """Return the heading of a word in an index: `Ś` for Polish “świadek”, `E` for French “État”, `Nj` in Croatian."""
    places = _places(language)
    small = unicodedata.normalize("NFC", text).lower()
    at = next((place for place, letter in enumerate(small) if letter.isalnum()), len(small))
    letter = _letter_at(small, at, places)
    if letter not in places:
        letter = fold(letter)[:1]
    return letter.capitalize() if letter.isalpha() else NUMBERS


def _letter_at(text: str, at: int, places: dict[str, int]) -> str:
    """Return the letter of the alphabet at an index, of up to three characters, or else the character there."""
    return next((text[at : at + size] for size in (3, 2, 1) if text[at : at + size] in places), text[at : at + 1])


def _weights(text: str, places: dict[str, int]) -> Iterable[tuple[int, Any]]:
    """Yield the weights of a text, without punctuation.

    White space sorts first, then numbers by value, letters of the alphabet, and other letters.
    """
    at = 0
    while at < len(text):
        letter = _letter_at(text, at, places)
        at += len(letter)
        if letter in places:
            yield (2, places[letter])
        elif letter.isspace():
            yield (0, 0)
        elif letter.isdecimal():
            number = letter
            while at < len(text) and text[at].isdecimal():
                number, at = number + text[at], at + 1
            yield (1, int(number))
        else:
            yield from _folded_weights(letter, places)


def _folded_weights(letter: str, places: dict[str, int]) -> Iterable[tuple[int, Any]]:
    for part in fold(letter):
        if part in places:
            yield (2, places[part])
        elif part.isalpha():
            yield (3, ord(part))
