"""The words of a text as a search compares them: in lower case, without accents, `ł` as `l`, `ß` as `ss`. Pure.

A text is folded character by character, so that the original of each folded word is known.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_LETTERS = {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ħ": "h", "\u0131": "i", "ð": "d", "þ": "th", "ŧ": "t"}
"""Letters that Unicode does not decompose, including the Turkish i without a dot. Case folding turns `ß` into `ss`."""

_IGNORED = {"Mn", "Me", "Cf"}
"""The Unicode categories of accents, and of invisible characters such as soft hyphens and joiners."""

_CACHED_UP_TO = 0x3000
"""The code point up to which folded characters are cached. Others are rare, and user input must not fill the memory."""


class _Folds(dict[int, str]):
    """The folded form of each character, which has any number of characters."""

    def __missing__(self, code: int) -> str:
        letters = (_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFKD", chr(code)).casefold())
        # The result of case folding can be decomposable again.
        parts = unicodedata.normalize("NFKD", "".join(letters))
        folded = "".join(part for part in parts if unicodedata.category(part) not in _IGNORED)
        if code < _CACHED_UP_TO:
            self[code] = folded
        return folded


_FOLDS = _Folds()

_WORD = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)+|[^\W_]+")
"""A word. A number in groups of three digits is one word, such as `116 000`, and so is a code such as `1.2.3`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text. `is_found` means that it is a searched word."""

    text: str
    is_found: bool = False


def fold(text: str) -> str:
    """Return the text in lower case without accents: `aland` finds `Åland`, `lodz` finds `Łódź`."""
    return text.translate(_FOLDS)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order. Only codes and decimal numbers contain punctuation."""
    return [word for _start, _end, word in _words(fold(text))]


def index_words_of(text: str) -> list[str]:
    """Return the folded words by which a text is found: those of `words_of`, and each end of a number in groups.

    As `12 116 000` may be one number or two, it is found by `12116000`, `116000` and `000`.
    """
    return [word for _start, _end, word in _index_words(fold(text))]


def highlight(text: str, words: Collection[str]) -> tuple[Part, ...]:
    """Return a text in parts. The words that begin with one of the folded `words` are parts with `is_found`.

    Together, the texts of the parts are the original text. An accent or a soft hyphen stays with its letter.
    """
    prefixes = tuple(words)
    if not prefixes or not text:
        return (Part(text),) if text else ()
    folded, origins = _fold_with_origins(text)
    parts, end = [], 0
    for first, last, word in _index_words(folded):
        if not word.startswith(prefixes):
            continue
        start, stop = origins[first], origins[last - 1] + 1
        while stop < len(text) and not _FOLDS[ord(text[stop])]:
            stop += 1
        start = max(start, end)  # one character can fold into two words, and a number can contain another
        if start >= stop:
            continue
        if start > end:
            parts.append(Part(text[end:start]))
        parts.append(Part(text[start:stop], is_found=True))
        end = stop
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def _words(folded: str) -> Iterator[tuple[int, int, str]]:
    for found in _WORD.finditer(folded):
        yield found.start(), found.end(), found[0].replace(" ", "")


def _index_words(folded: str) -> Iterator[tuple[int, int, str]]:
    for start, end, word in _words(folded):
        yield start, end, word
        for space in re.finditer(" ", folded[start:end]):
            yield start + space.end(), end, folded[start + space.end() : end].replace(" ", "")


def _fold_with_origins(text: str) -> tuple[str, list[int]]:
    """Return the folded text, and for each of its characters the index of its original character."""
    pieces, origins = [], []
    for place, character in enumerate(text):
        piece = _FOLDS[ord(character)]
        pieces.append(piece)
        origins += [place] * len(piece)
    return "".join(pieces), origins
