"""Find the possible meanings of the words of columns and cells, in every supported language. Pure.

Nothing is matched by similarity: `unanswered` resembles `answered`.
"""

import csv
from collections.abc import Collection, Iterator, Mapping
from enum import IntEnum
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils import translation

from evaluation.figures.dictionary import names
from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.dictionary.spelling import fold, spellings
from evaluation.figures.mapping.cells.tokens import spell, tokenize
from evaluation.figures.mapping.column_mapping import AGGREGATE, LONGEST_WORD
from evaluation.figures.mapping.words.fields import PARTS, fields_of, list_labels
from evaluation.figures.mapping.words.headings import find_items, without_clock, without_unit

_LOCALES = (
    *("bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mt"),
    *("nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sr_Latn", "sv", "tr", "uk"),
)
"""The languages whose names of languages and countries are known."""

Words = Mapping[str, frozenset[str]]
"""The possible meanings by word, as `spell` returns it; several if it is ambiguous."""


class Certainty(IntEnum):
    """The certainty of a guess. A user must confirm every guess."""

    NONE = 0
    LIKELY = 1
    SURE = 2
    CONFIRMED = 3
    """A user confirmed it."""


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    text = (files("evaluation.figures") / "data" / "synonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        found[row["field"]] = (*found.get(row["field"], ()), row["word"])
    return found


def _in_every_language(text: Any) -> set[str]:
    found = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.add(str(text))
    return found


def _gather(wanted: Mapping[str, Collection[str]]) -> Words:
    found: dict[str, set[str]] = {}
    for meant, words in wanted.items():
        for word in words:
            for spelled in filter(None, map(spell, spellings(word))):
                found.setdefault(spelled, set()).add(meant)
    return {word: frozenset(meant) for word, meant in found.items()}


@cache
def words_for_columns(level: str) -> Words:
    """Return the possible meanings of column names at this level."""
    synonyms = _synonyms()
    if level != AGGREGATE:
        return _gather(
            {
                name: {name, *_in_every_language(found.label), *synonyms.get(name, ())}
                for name, found in fields_of(level).items()
            }
        )
    parts = {name: {name, *_in_every_language(p.label), *synonyms.get(name, ())} for name, p in PARTS.items()}
    lists = {
        f"list:{name}": {name, *_in_every_language(label), *synonyms.get(name, ())}
        for name, label in list_labels().items()
        if any(name in item.dimensions for item in items().values())
    }
    return _merge(_gather(parts), _gather(lists), words_for_items())


def _merge(*many: Words) -> Words:
    found: dict[str, frozenset[str]] = {}
    for words in many:
        for word, meant in words.items():
            found[word] = found.get(word, frozenset()) | meant
    return found


@cache
def words_for_items() -> Words:
    return _gather(
        {code: {code, *_in_every_language(names.ITEMS[code]), *_synonyms().get(code, ())} for code in items()}
    )


@cache
def words_for_codes(name: str) -> Words:
    """Return the possible meanings of words: of a code list, `boolean`, `value` (in place of numbers) or `rows`."""
    synonyms = _synonyms()
    if name in code_lists():
        codes = {
            code: {code, *_in_every_language(names.CODES.get(name, {}).get(code, code))} for code in code_lists()[name]
        }
    else:
        codes = {"boolean": {"true": {"true"}, "false": {"false"}}, "value": {"NA": {"NA"}}}.get(name, {})
    wanted = {
        code: {*words, *synonyms.get(f"{name}={code}", ()), *_names_in_cldr(name, code)}
        for code, words in codes.items()
    }
    for field, words in synonyms.items():
        list_, parted, code = field.partition("=")
        if parted and list_ == name:
            wanted.setdefault(code, set()).update(words)
    return _gather(wanted)


def _names_in_cldr(name: str, code: str) -> set[str]:
    """Return the names of a language or a country in the languages of the hotlines."""
    kinds = {"language": "languages", "country": "territories"}
    if name not in kinds:
        return set()
    found = (getattr(Locale.parse(locale), kinds[name]).get(code) for locale in _LOCALES)
    return {word for word in found if word}


@cache
def _words_for_any_code() -> frozenset[str]:
    return frozenset(word for name in code_lists() for word in words_for_codes(name))


def _spelled(field: str) -> Iterator[str]:
    return chain.from_iterable(map(spellings, _synonyms()[field]))


@cache
def personal_words() -> frozenset[str]:
    return frozenset(map(fold, _spelled("personal")))


@cache
def file_words() -> frozenset[str]:
    """Return the words that are allowed in names of files of figures, in every supported language."""
    return frozenset(map(fold, _spelled("file")))


@cache
def title_words(code: str) -> frozenset[str]:
    """Return the phrases in titles that say that numbers are `cumulative`, `thousands`, `percent` or `other`."""
    return frozenset(map(spell, _spelled(f"title={code}")))


def find_all(text: str, words: Words) -> frozenset[str]:
    """Return all possible meanings of a text."""
    # `spell` returns an empty string for a code that has only signs
    return words.get(spell(text) or text, frozenset()) if len(text) <= LONGEST_WORD else frozenset()


def find(text: str, words: Words) -> tuple[str, Certainty]:
    """Return the meaning of a text if it has exactly one, with its certainty."""
    meant = find_all(text, words)
    return (min(meant), Certainty.SURE) if len(meant) == 1 else ("", Certainty.NONE)


_ALSO_COUNTRIES = frozenset(["am", "ba", "be", "ch", "cy", "ee", "ga", "ie", "li", "lu", "se", "si"])
"""Codes of languages that are countries of another language: `se` is Northern Sami, and Sweden."""
_ALSO_COUNTRIES_IN_CAPITALS = frozenset(["UK", "SR", "TG", "NE", "ML"])


def is_also_a_country(text: str, name: str) -> bool:
    """Whether a text in place of a language is a code of a country as well, so that its meaning is unsure."""
    return name == "language" and (text.lower() in _ALSO_COUNTRIES or text in _ALSO_COUNTRIES_IN_CAPITALS)


def known_code(text: str, name: str) -> str:
    """Return the only code of a list that a text means, or an empty string. The codes themselves take precedence."""
    if is_also_a_country(text, name):
        return ""
    if text in code_lists().get(name, ()):
        return text
    if name == "age_band" and text.isascii() and text.isdigit() and len(text) <= 2 and int(text) < 18:
        return next(band for band in code_lists()[name] if int(text) <= int(band.split("-")[1]))
    meant = words_for_codes(name).get(spell(text), frozenset())
    return min(meant) if len(meant) == 1 else ""


def find_code(text: str, name: str) -> tuple[str, Certainty]:
    """Return the code of a word, with its certainty."""
    known = known_code(text, name)
    if is_also_a_country(text, name):
        return "", Certainty.NONE
    return (known, Certainty.SURE) if known else find(text, words_for_codes(name))


def is_name_of_a_code(text: str) -> bool:
    """Whether a text is the name of a code of any list, in a supported language."""
    return len(text) <= LONGEST_WORD and spell(text) in _words_for_any_code()


@lru_cache(maxsize=4096)
def find_figure(text: str) -> tuple[str, Certainty]:
    """Return the figure that a text names: an item, or an item with the code that the text ends or begins with."""
    found = _find_item(text)
    if found[1] or len(text) > LONGEST_WORD:
        return found
    tokens = tokenize(text)
    for length in range(len(tokens) - 1, 0, -1):
        for head, tail in ((tokens[:length], tokens[length:]), (tokens[-length:], tokens[:-length])):
            if " ".join(tail) not in _words_for_any_code():
                continue
            code, sure = _find_item(" ".join(head))
            if sure and (item := items()[code]).dimensions:
                rest = known_code(" ".join(tail), item.dimensions[0])
                if rest and rest not in _FIT_ANY_LIST:
                    return f"{code}:{rest}", Certainty.LIKELY
    return "", Certainty.NONE


def _find_item(text: str) -> tuple[str, Certainty]:
    """Return the item of a known name, with or without its unit of time; else the item that all words together mean."""
    found = find(text, words_for_items())
    if found[1] or len(text) > LONGEST_WORD:
        return found
    tokens = tokenize(without_clock(text))
    known, sure = find(" ".join(without_unit(tokens)), words_for_items())
    if sure and items()[known].is_time:
        return known, sure
    meant = find_items(tokens)
    if len(meant) != 1 or (tokens != tokenize(text) and not items()[min(meant)].is_time):
        return "", Certainty.NONE
    return min(meant), Certainty.LIKELY


_FIT_ANY_LIST = ("other", "unknown")
"""Codes that are in several lists: `unknown` closed cases may be of a category or an outcome."""
