"""Search in a released edition for texts with every word of a query, or with words that begin so, ignoring accents.

As editions are frozen, their folded texts are cached in memory by the digests of their wordings. A search does not use
the database, so that results are the same with every database.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from standards.framework import INDICATOR_TEXTS, Framework
from standards.models import Texts
from standards.presentation.folding import index_words_of, words_of

MOST_CHARACTERS = 200
"""The maximal length of a query. A longer one is refused with a message."""
MOST_INDEXES = 32
"""The number of cached indexes, one per edition and language. That of 1,000 indicators takes 1.5 MB."""

TITLE, INTRODUCTION, WORDING = "title", "introduction", "wording"


@dataclass(frozen=True, slots=True)
class Query:
    """A query as typed, with its folded words. Any text is a query, also one without words."""

    typed: str
    words: tuple[str, ...]
    is_too_long: bool = False

    @classmethod
    def of(cls, typed: str) -> Self:
        """Return the query for a text. A text that is too long is cut, and the query has no words.

        Soft hyphens and joiners are removed; any other unprintable character separates words.
        """
        joined = (c for c in typed[: 4 * MOST_CHARACTERS] if unicodedata.category(c) != "Cf")
        shown = "".join(c if c.isprintable() else " " for c in joined).strip()
        if len(shown) > MOST_CHARACTERS:
            return cls(shown[:MOST_CHARACTERS], (), is_too_long=True)
        return cls(shown, tuple(dict.fromkeys(words_of(shown))))


@dataclass(frozen=True, slots=True)
class Entry:
    """A domain, a standard or an indicator with the codes of its parents, and its folded words, each after a space."""

    code: str
    path: str
    domain: str
    standard: str
    title: str
    texts: tuple[str, ...]
    """The names of its texts other than its title, below its path."""
    code_words: str
    title_words: str
    all_words: str

    @property
    def is_indicator(self) -> bool:
        return self.title == WORDING

    def rank(self, words: tuple[str, ...]) -> int | None:
        """Return 0 if the words are its code, 1 if its title has all of them, 2 if its texts do, or else None."""
        searched = [f" {word}" for word in words]
        if not all(word in self.all_words for word in searched):
            return None
        if self.code_words == "".join(searched):
            return 0
        return 1 if all(word in self.title_words for word in searched) else 2


class Index:
    """The folded texts of an edition in one language."""

    def __init__(self, framework: Framework, texts: Texts) -> None:
        self.entries = tuple(_entries(framework, texts))

    def find(self, query: Query) -> list[Entry]:
        """Return the entries with every word, grouped by standard in the order of the best rank, then of the Guide."""
        if not query.words:
            return []
        found = [(rank, entry) for entry in self.entries if (rank := entry.rank(query.words)) is not None]
        best: dict[tuple[str, str], int] = {}
        for rank, entry in found:
            place = (entry.domain, entry.standard)
            best[place] = min(best.get(place, rank), rank)
        order = {place: number for number, place in enumerate(best)}

        def position(ranked: tuple[int, Entry]) -> tuple[int, int, bool, int]:
            rank, entry = ranked
            place = (entry.domain, entry.standard)
            return best[place], order[place], entry.is_indicator, rank

        return [entry for _rank, entry in sorted(found, key=position)]


def _entries(framework: Framework, texts: Texts) -> Iterator[Entry]:
    for domain in framework.domains:
        yield _entry(texts, f"domain/{domain.code}", (domain.code, ""), TITLE, [INTRODUCTION])
        for standard in domain.standards:
            place = (domain.code, standard.code)
            yield _entry(texts, f"standard/{standard.code}", place, TITLE, [INTRODUCTION])
            for indicator in standard.indicators:
                others = [text.path for text in INDICATOR_TEXTS if text.path != WORDING]
                yield _entry(texts, f"indicator/{indicator.code}", place, WORDING, others)


def _entry(texts: Texts, path: str, place: tuple[str, str], title: str, others: list[str]) -> Entry:
    names = tuple(name for name in others if texts[f"{path}/{name}"])
    code = path.partition("/")[2]
    code_words, title_words = _index_text(code), _index_text(texts[f"{path}/{title}"].text)
    return Entry(
        *(code, path, *place, title, names),
        code_words=code_words,
        title_words=code_words + title_words,
        all_words=code_words + title_words + "".join(_index_text(texts[f"{path}/{name}"].text) for name in names),
    )


def _index_text(text: str) -> str:
    return "".join(f" {word}" for word in index_words_of(text))


_INDEXES: dict[tuple[str, ...], Index] = {}
"""The cached indexes by digests, in the order of their last use."""


def index_of(framework: Framework, texts: Texts) -> Index:
    """Return the index of a released edition in the language of its texts, cached if possible."""
    index = _INDEXES.pop(texts.digests, None) or Index(framework, texts)
    _INDEXES[texts.digests] = index
    for oldest in list(_INDEXES)[:-MOST_INDEXES]:
        _INDEXES.pop(oldest, None)
    return index
