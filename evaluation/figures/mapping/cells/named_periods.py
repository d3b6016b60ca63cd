"""Parse months, quarters and half years in words: `Jan`, `I kwartał 2025`, `1er trimestre 2025`, `H1/2025`. Pure."""

import csv
import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from evaluation.figures.dictionary.spelling import fold, month_words
from evaluation.figures.mapping.cells.tokens import tokenize
from evaluation.figures.mapping.column_mapping import Period

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_SHORT_YEAR = re.compile(r"1[3-9]|[2-9][0-9]")
"""A two-digit year that cannot be the number of a month or quarter."""
_GLUED = re.compile(r"([qtkhs])([1-4])|([1-4])([qtkhs])")
_MOST_WORDS = 7
_UP_TO = frozenset(["do", "a", "al", "la"])
"""Filler words of one language that precede the last month of a sum in another: `do marca 2025`."""
MONTH, YEAR = 1, 12
"""The number of months of each."""


@cache
def _words(kind: str) -> dict[str, int]:
    """Return the folded words of a kind, each with its number.

    `months`: names of parts of a year, with their number of months. `number`: ordinals. `filler`: ignored words, 0.
    `heading`: words of headings, with the months of the part of a year that the column numbers.
    """
    text = (files("evaluation.figures") / "data" / "period_words.csv").read_text(encoding="utf-8")
    found: dict[str, int] = {}
    for row in csv.DictReader(text.splitlines()):
        of, _, number = row["meaning"].partition("=")
        if of == kind:
            found |= {fold(word): int(number or 0) for word in row["words"].split()}
    return found


@lru_cache(maxsize=4096)
def months_numbered(heading: str) -> int:
    """Return the months of the unit that the numbers under a heading count: 3 for `Quarter`, 12 for `Year`.

    Return 0 if the heading does not determine it, as for `Period`. Weeks are not supported.
    """
    known = _words("heading")
    found = {known[word] for token in tokenize(heading) if (word := fold(token)) in known}
    found = found - {YEAR} or found
    return found.pop() if len(found) == 1 else 0


def read_named_period(text: str, year: int | None = None) -> Period | None:
    """Return the part of a year that a text names, or None. `year` is the year of a text without one."""
    tokens = fold(text).split()
    if not 1 <= len(tokens) <= _MOST_WORDS:
        return None
    tokens = [part for token in tokens for part in _with_short_year(token)]
    years = [token for token in tokens if _YEAR.fullmatch(token)]
    if not years and len(short := [token for token in tokens if _SHORT_YEAR.fullmatch(token)]) == 1:
        rest = [part for token in tokens if token != short[0] for part in _split_glued(token)]
        return _read_part(2000 + int(short[0]), rest)
    if len(years) > 1 or (not years and year is None):
        return None
    of = int(years[0]) if years else year
    assert of is not None
    rest = [part for token in tokens if not _YEAR.fullmatch(token) for part in _split_glued(token)]
    return _read_part(of, rest) or _read_month(of, rest)


def _with_short_year(token: str) -> Iterator[str]:
    """Split `1t25` into a quarter and a year."""
    glued = re.fullmatch(r"([1-4][qtkhs])([0-9]{2})", token)
    yield from glued.groups() if glued else (token,)


def _split_glued(token: str) -> Iterator[str]:
    """Split `q1` into two words."""
    glued = _GLUED.fullmatch(token)
    yield from (part for part in glued.groups() if part) if glued else (token,)


def _read_part(year: int, words: list[str]) -> Period | None:
    """Return the part of a year from a unit and a number in any order, with nothing but filler words; else None.

    `a` and `s` may be fillers or units.
    """
    units, numbers, fillers = _words("months"), _words("number"), _words("filler")
    for place, unit in enumerate(words):
        others = [*words[:place], *words[place + 1 :]]
        if unit not in units:
            continue
        counting = [word for word in others if word in numbers and word not in fillers] or [
            word for word in others if word in numbers
        ]
        rest = [word for word in others if word not in fillers and word not in counting]
        if len(counting) == 1 and not rest and numbers[counting[0]] * units[unit] <= 12:
            return whole_months(year, (numbers[counting[0]] - 1) * units[unit] + 1, units[unit])
    return None


def _read_month(year: int, words: list[str]) -> Period | None:
    """Return the month that is named, with nothing but filler words; else None."""
    if month := month_words().get(" ".join(words)):
        return whole_months(year, month, 1)
    named = [word for word in words if word in month_words()]
    fillers = _words("filler").keys() - _UP_TO
    others = [word for word in words if word not in month_words() and word not in fillers]
    return whole_months(year, month_words()[named[0]], 1) if len(named) == 1 and not others else None


def whole_months(year: int, first: int, count: int) -> Period:
    """Return the period of `count` months from the month `first`."""
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])
