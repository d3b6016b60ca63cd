"""Determine the figure that a heading means, only if every word of it is understood. Pure.

A heading that resembles a known one may mean its opposite or something close to it: `unanswered`, `within 30 s`,
`minutes`. So no word is matched by similarity, and none is ignored. Words of one language represent concepts, and the
concepts of the whole heading must be those of one figure. There is no word for "not": a negation is never
understood.

`data/heading_words.csv` has the words of the hotlines' languages in every inflected form;
`data/heading_meanings.csv` has the concepts that identify a figure, those allowed in addition, and their order:
`children in new cases` counts children, and `new child cases` counts cases. In the column `order`, `a<b` means that the
concept a comes before b if the heading has both, `a+b` that b follows a at once, and `a~b` that they are neighbours.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.spelling import spellings
from evaluation.figures.mapping.cells.tokens import tokenize
from standards.framework.units import HOURS, SECONDS

_MOST_TOKENS = 24
_LONGEST_PHRASE = 6
UNITS = {"second": "s", "minute": "min", "hour": "h"}
"""The unit of each concept that is a unit of time."""
_LIKE_A_PREFIX = ("in", "des")
_NEGATED = frozenset(
    ["answered", "received", "relevant", "closed", "open", "covered", "handled", "abandoned", "crossborder"]
)
"""Concepts that a prefix would negate: `inRelevant` is split like `in relevant`, and is not understood."""
_OPTIONAL = frozenset({"of"})
_OPTIONAL_FOR_AMOUNTS = frozenset({"of", "number", "total"})

_CLOCK_PATTERN = re.compile(r"(?<![\w:])(?:hh?:)?mm?:ss?(?![\w:])|(?<![\w:])hh?:mm?(?![\w:])", re.IGNORECASE)

_APART = re.compile(
    r"[(\[]([^()\[\]]*)[)\]]|(?:[,;:]|(?<!\w)(?:in|en|em|u|w|v|i|în|σε|в)\b)([^,;:()\[\]]*)$", re.IGNORECASE
)
"""A part of a heading in brackets, or at its end after a sign or a word for `in`."""
_MOST_WAYS = 300
"""The most ways to read a heading. One with more is not understood."""
_ORDER = re.compile(r"(\w+)([<+~])(\w+)")

Phrase = tuple[str, ...]
Concepts = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The concepts that identify an item, those allowed in addition, and their order as pairs with a sign."""

    item: str
    needed: Concepts
    allowed: Concepts
    order: tuple[tuple[str, str, str], ...]

    def fits(self, way: Phrase) -> bool:
        return self.needed <= set(way) <= self.allowed and all(_is_in_order(way, *pair) for pair in self.order)


def _is_in_order(way: Phrase, first: str, sign: str, second: str) -> bool:
    if sign == "<":
        places = {concept: [n for n, each in enumerate(way) if each == concept] for concept in (first, second)}
        return not all(places.values()) or max(places[first]) < min(places[second])
    neighbours = set(pairwise(way))
    return first not in way or (first, second) in neighbours or (sign == "~" and (second, first) in neighbours)


@cache
def _lexicon() -> Mapping[str, Mapping[Phrase, Concepts]]:
    """Return the possible concepts by language and phrase. Numbers and signs belong to every language."""
    found: dict[str, dict[Phrase, set[str]]] = {}
    text = (files("evaluation.figures") / "data" / "heading_words.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        words = found.setdefault(row["language"], {})
        for word in row["words"].split("|"):
            for phrase in map(tokenize, spellings(word)):
                words.setdefault(phrase, set()).add(row["concept"])
    everywhere = found.pop("")
    return {
        language: {
            phrase: frozenset(words.get(phrase, set()) | everywhere.get(phrase, set()))
            for phrase in {*words, *everywhere}
        }
        for language, words in found.items()
    }


@cache
def _meanings() -> tuple[_Meaning, ...]:
    text = (files("evaluation.figures") / "data" / "heading_meanings.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        unit = items()[row["item"]].unit
        optional = (_OPTIONAL | UNITS.keys()) if unit == SECONDS else _OPTIONAL_FOR_AMOUNTS
        if unit == HOURS:
            optional |= UNITS.keys()
        needed, order = frozenset(row["concepts"].split()), _ORDER.findall(row["order"])
        found.append(_Meaning(row["item"], needed, needed | optional | set(row["optional"].split()), tuple(order)))
    return tuple(found)


@lru_cache(maxsize=4096)
def find_items(tokens: Phrase) -> Concepts:
    """Return the items that a heading may mean in any language; none if a token is not understood."""
    if not tokens or len(tokens) > _MOST_TOKENS:
        return frozenset()
    return frozenset(
        meaning.item
        for language in _lexicon()
        for way in _understand(tokens, language)
        for meaning in _meanings()
        if meaning.fits(way)
    )


def _understand(tokens: Phrase, language: str) -> set[Phrase]:
    """Return the concepts of every way to read all tokens as phrases of a language; equal neighbours count once."""
    known = _lexicon()[language]
    if any(
        token in _LIKE_A_PREFIX and known.get((after,), frozenset()) & _NEGATED for token, after in pairwise(tokens)
    ):
        return set()
    ways: list[set[Phrase]] = [{()}, *(set() for _token in tokens)]
    for start in range(len(tokens)):
        if len(ways[start]) > _MOST_WAYS:
            return set()
        for end in range(start + 1, min(len(tokens), start + _LONGEST_PHRASE) + 1):
            for concept in known.get(tokens[start:end], ()):
                ways[end] |= {way if way[-1:] == (concept,) else (*way, concept) for way in ways[start]}
    return ways[-1]


def concepts_of(word: str) -> Concepts:
    """Return the possible concepts of a single word in any language."""
    phrase = tokenize(word)
    return frozenset(concept for words in _lexicon().values() for concept in words.get(phrase, ()))


def concepts_of_heading(text: str) -> Concepts:
    """Return the concepts of a heading that a language understands wholly as a number of something, else none."""
    ways = (way for language in _lexicon() for way in _understand(tokenize(text), language))
    return next((found for way in ways if len(found := frozenset(way) - _OPTIONAL_FOR_AMOUNTS) == 1), frozenset())


@lru_cache(maxsize=4096)
def find_unit(text: str, *, is_known: bool) -> str:
    """Return the only unit of time that a heading names without a number: `(min)`, but not `within 20 seconds`.

    Only the languages that have most of its words are used: `time` means hour in one of the others. If the figure of
    the heading is not known, only a unit that is set apart counts: `hour` in `waiting time per hour` is none.
    """
    if not is_known:
        return _find_unit_apart(text)
    tokens = tokenize(text)
    known = {
        language: [words[token,] for token in tokens if (token,) in words] for language, words in _lexicon().items()
    }
    most = max(map(len, known.values()))
    languages = [language for language, found in known.items() if len(found) == most]
    found = set()
    for place, token in enumerate(tokens):
        if not (place and tokens[place - 1][0].isdigit()):
            concepts = frozenset().union(*(_lexicon()[language].get((token,), ()) for language in languages))
            found |= {UNITS[concept] for concept in concepts if concept in UNITS}
    return found.pop() if len(found) == 1 else ""


def _find_unit_apart(text: str) -> str:
    """Return the only unit of time in brackets, or after a comma, a colon or `in`, with nothing else there."""
    apart = {tokenize(part) for found in _APART.findall(text) for part in found if part}
    units = {unit for part in apart if len(part) == 1 for unit in concepts_of(part[0]) & UNITS.keys()}
    return UNITS[units.pop()] if len(units) == 1 else ""


def without_clock(text: str) -> str:
    """Return a heading without the pattern of its times, such as `(mm:ss)`."""
    return _CLOCK_PATTERN.sub(" ", text)


def without_unit(tokens: Phrase) -> Phrase:
    """Return the tokens without a final unit of time and an `in` before it, unless a number precedes the unit."""
    rest = tokens[:-1]
    if not rest or not concepts_of(tokens[-1]) & UNITS.keys() or rest[-1][0].isdigit():
        return tokens
    return rest[:-1] if rest[-1] in ("in", "en", "em", "u", "w") else rest
