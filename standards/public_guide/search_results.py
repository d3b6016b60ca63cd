"""The results of a search for display: by standard, with the searched words marked in the original texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from standards.models.tree import slug_of
from standards.presentation.folding import Part, highlight, index_words_of
from standards.presentation.sentences import Passage
from standards.public_guide.contexts import LevelRow
from standards.public_guide.reader import Reading
from standards.public_guide.search import TITLE, Entry, Index, Query, index_of

BEFORE, AFTER = 60, 130
"""The numbers of characters of an excerpt before the beginning of a found word, and from there on."""


@dataclass(frozen=True, slots=True)
class HighlightedText:
    """A text in parts, with its language."""

    parts: tuple[Part, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An excerpt of a found text. `kind` is the name of the text, `level` the level that it describes, if any."""

    kind: str
    text: HighlightedText
    level: LevelRow | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A found entry: its title, and excerpts with the words that are not in its title."""

    code: str
    title: HighlightedText
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A standard with its found indicators, or a domain. `excerpts` are its own, if it was found itself."""

    code: str
    title: HighlightedText
    domain_slug: str
    standard_slug: str
    excerpts: tuple[Excerpt, ...]
    indicators: tuple[Hit, ...]


class Search:
    """A query in an edition, with its results."""

    def __init__(self, reading: Reading, typed: str) -> None:
        self.reading, self.query = reading, Query.of(typed)
        self.found = self._index.find(self.query)

    @property
    def _index(self) -> Index:
        return index_of(self.reading.framework, self.reading.texts)

    def show(self, entries: Sequence[Entry]) -> tuple[Group, ...]:
        """Return the results for some of the found entries in order, by standard."""
        return tuple(
            self._group(domain, standard, tuple(found))
            for (domain, standard), found in groupby(entries, key=lambda entry: (entry.domain, entry.standard))
        )

    def _group(self, domain: str, standard: str, entries: tuple[Entry, ...]) -> Group:
        path = f"standard/{standard}" if standard else f"domain/{domain}"
        own = next((self._hit(entry) for entry in entries if not entry.is_indicator), None)
        return Group(
            standard or domain,
            own.title if own else self._highlight(self.reading.texts[f"{path}/{TITLE}"], ()),
            slug_of(domain),
            slug_of(standard),
            own.excerpts if own else (),
            tuple(self._hit(entry) for entry in entries if entry.is_indicator),
        )

    def _hit(self, entry: Entry) -> Hit:
        """Return the result for an entry: its title, and few excerpts that have the other words, best first."""
        texts = self.reading.texts
        missing = {word for word in self.query.words if f" {word}" not in entry.title_words}
        found = [
            (name, _find_prefixes(missing, index_words_of(texts[f"{entry.path}/{name}"].text))) for name in entry.texts
        ]
        excerpts = []
        while missing:
            name, words = max(found, key=lambda pair: len(pair[1] & missing))
            excerpts.append(self._excerpt(name, texts[f"{entry.path}/{name}"], words))
            missing -= words
        title = self._highlight(texts[f"{entry.path}/{entry.title}"], self.query.words)
        return Hit(entry.code, title, tuple(excerpts))

    def _excerpt(self, name: str, passage: Passage, words: set[str]) -> Excerpt:
        kind, _slash, key = name.partition("/")
        short = Passage(shorten(passage.text, words), passage.language)
        level = self.reading.level_row(key) if kind == "level" else None
        return Excerpt(kind, self._highlight(short, self.query.words), level)

    def _highlight(self, passage: Passage, words: Iterable[str]) -> HighlightedText:
        return HighlightedText(highlight(passage.text, tuple(words)), passage.language)


def _find_prefixes(words: Iterable[str], text: Iterable[str]) -> set[str]:
    """Return those of `words` with which some word of the text begins."""
    within = "".join(f" {word}" for word in text)
    return {word for word in words if f" {word}" in within}


def shorten(text: str, words: Iterable[str]) -> str:
    """Return the parts of a text around the first occurrence of each word, cut between words."""
    windows: list[list[int]] = []
    for place in sorted(place for word in words if (place := _find(text, word)) is not None):
        start, end = _window(text, place)
        if windows and start <= windows[-1][1]:
            windows[-1][1] = end
        else:
            windows.append([start, end])
    shown = " … ".join(text[start:end].strip() for start, end in windows)
    is_cut = windows[0][0] > 0, windows[-1][1] < len(text)
    return f"{'… ' if is_cut[0] else ''}{shown}{' …' if is_cut[1] else ''}"


def _find(text: str, word: str) -> int | None:
    """Return the index in a text of the first word that begins with `word`, or None."""
    place = 0
    for part in highlight(text, (word,)):
        if part.is_found:
            return place
        place += len(part.text)
    return None


def _window(text: str, place: int) -> tuple[int, int]:
    """Return the start and the end of the excerpt around an index. It has whole words if they are not too long."""
    start, end = max(place - BEFORE, 0), place + AFTER
    if start:
        start = text.find(" ", start, place) + 1 or place
    if end >= len(text):
        return start, len(text)
    last = text.rfind(" ", place, end)
    return start, end if last < 0 else last
