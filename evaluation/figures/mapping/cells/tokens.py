"""Split a text of a file into normalized words, numbers and signs, without losing any of them. Pure.

`fold` drops every sign, so that `answered` and `answered %`, or `<24h` and `>24h`, compare equal. The meaning of a
heading may depend on such a sign, so here each sign is a separate token.
"""

import re
import unicodedata
from functools import lru_cache

_NUMBER_SIGN = re.compile(r"\u2116|\b[nN]\s?\.?\s?[\u00ba\u00b0]\.?")
"""`Nº`, `N.º`, `n°`: they mean a number, like `#`."""
_OURS = re.compile(r"(?<![0-9])116[ .\-]?000(?![0-9])")
_SIGNS = "%\u2030<>\u2264\u2265=\u2260!\u00ac+\u00b1\u00d7\u00f7/\u20ac$\u00a3~\u2205\u2191\u2193\u2192\u2713\u2714\u2717\u2718#&^"
_TOKEN = re.compile(rf"[0-9]+(?:[.,][0-9]+)?(?:-[0-9]+)?|[^\W\d_]+|[{re.escape(_SIGNS)}]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


@lru_cache(maxsize=4096)
def tokenize(text: str) -> tuple[str, ...]:
    """Return the same tokens for `CallsUnanswered`, `calls_unanswered` and `Calls (unanswered)`; `1-3` is one token."""
    text = unicodedata.normalize("NFC", text)
    text = _OURS.sub("116000", _NUMBER_SIGN.sub(" # ", text))
    text = _DASHES.sub("-", _split_capitals(text)).casefold()
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return tuple(_TOKEN.findall(bare))


def _split_capitals(text: str) -> str:
    """Insert a blank between the words of `aCompoundName` or `ANOther`."""
    made = []
    for place, letter in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if letter.isupper() and (before.islower() or (before.isupper() and after.islower())):
            made.append(" ")
        made.append(letter)
    return "".join(made)


def spell(text: str) -> str:
    """Return the tokens of a text joined by blanks, for comparison."""
    return " ".join(tokenize(text))
