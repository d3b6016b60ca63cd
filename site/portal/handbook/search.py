"""The search in the handbook: an entry is found if it contains every word of the query, whole or as a prefix."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import normalize_newlines
from wagtail.rich_text import get_text_for_indexing

from portal.handbook.models import HandbookEntry
from portal.handbook.reader import ENTRIES, PARTS, Handbook
from standards.presentation.folding import highlight, index_words_of
from standards.presentation.sentences import Passage
from standards.public_guide.search import Query
from standards.public_guide.search_results import HighlightedText, shorten


@dataclass(frozen=True, slots=True)
class HandbookHit:
    """A found entry: its part, its title, and a passage with the words that the title lacks."""

    part: Any
    title: HighlightedText
    excerpt: HighlightedText | None
    url: str


@lru_cache(maxsize=2048)
def _folded(text: str) -> str:
    return "".join(f" {word}" for word in index_words_of(text))


def plain(text: str) -> str:
    """Return a text, formatted or plain, without formatting and with single spaces."""
    return " ".join(normalize_newlines(strip_tags(get_text_for_indexing(text))).split())


def find_in_handbook(handbook: Handbook, query: Query) -> list[HandbookHit]:
    """Return the entries with every word of a query, by part; those with all in their title come first."""
    if not query.words:
        return []
    hits = []
    for model in ENTRIES:
        found = [(page, hit) for page in handbook[model] if (hit := _find(page, query)) is not None]
        hits += [hit for page, hit in sorted(found, key=lambda pair: pair[1].excerpt is not None)]
    return hits


def _find(page: HandbookEntry, query: Query) -> HandbookHit | None:
    title = _folded(page.title)
    missing = [word for word in query.words if f" {word}" not in title]
    text = " · ".join(filter(None, map(plain, page.searched_texts())))
    if any(f" {word}" not in _folded(text) for word in missing):
        return None
    language = page.locale.language_code
    return HandbookHit(
        PARTS[type(page)],
        _highlight(Passage(page.title, language), query),
        _highlight(Passage(shorten(text, missing), language), query) if missing else None,
        reverse(page.public_view, args=page.public_arguments()),
    )


def _highlight(passage: Passage, query: Query) -> HighlightedText:
    return HighlightedText(highlight(passage.text, query.words), passage.language)
