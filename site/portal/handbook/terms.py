"""Marks the terms of the glossary in texts: the first occurrence of each on a page becomes a link to the glossary."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.handbook.models import TermPage
from standards.presentation.collation import casefold
from standards.presentation.marking import language_of
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class Term:
    """A term in one language: its forms in texts, and the slug of its page."""

    slug: str
    language: str
    forms: tuple[str, ...]


def read_terms() -> list[Term]:
    """Return the terms that are marked, in every language in which they are public. One query."""
    pages = TermPage.public().filter(is_marked=True).select_related("locale")
    return [Term(page.slug, page.locale.language_code, (page.title, *page.other_forms)) for page in pages]


@lru_cache(maxsize=64)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for these forms as whole words, ignoring white space and case. Each form is a group."""
    words = "|".join("(" + r"\s+".join(map(re.escape, form.split())) + ")" for form in forms)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _key(form: str, language: str) -> str:
    """Return the form without differences of case and white space."""
    return " ".join(casefold(form, language).split())


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms of all terms in one language."""

    slugs: dict[str, str]
    """The slug of each form, by its key."""
    written: tuple[str, ...]
    """The forms as they were written, the longest first."""

    def find(self, text: str, language: str) -> Iterator[tuple[re.Match[str], str]]:
        """Yield each match of a form, with the slug of its term.

        Regular expressions ignore case differently from `_key`: they treat every i as the same letter.
        """
        for match in _pattern(self.written).finditer(text):
            found = _key(match[0], language)
            yield match, self.slugs.get(found) or self.slugs[_key(self.written[(match.lastindex or 1) - 1], language)]


@dataclass
class TermMarker:
    """Marks the terms on one page, each of them once."""

    terms: Iterable[Term]
    marked: set[str] = field(default_factory=set)
    """The slugs of the terms that were marked."""
    _forms: dict[str, _Forms] = field(init=False)
    """By language."""

    def __post_init__(self) -> None:
        by_language: dict[str, dict[str, tuple[str, str]]] = {}
        for term in self.terms:
            forms = by_language.setdefault(term.language, {})
            for form in filter(str.strip, term.forms):
                forms.setdefault(_key(form, term.language), (term.slug, form))
        self._forms = {
            language: _Forms(
                {key: slug for key, (slug, _form) in forms.items()},
                tuple(sorted((form for _slug, form in forms.values()), key=len, reverse=True)),
            )
            for language, forms in by_language.items()
            if forms
        }

    def mark(self, passage: Any) -> SafeString:
        """Return a text as HTML, escaped, with its language if that is not the reader's, and links to new terms."""
        text = passage.text if isinstance(passage, Passage) else str(passage)
        pieces = self._pieces(text, getattr(passage, "language", ""))
        found = format_html_join("", "{}", ((piece,) for piece in pieces))
        language = language_of(passage)
        return format_html('<span lang="{}">{}</span>', language, found) if language else found

    def _pieces(self, text: str, language: str) -> Iterator[str]:
        end = 0
        forms = self._forms.get(language)
        for match, slug in forms.find(text, language) if forms else ():
            if slug in self.marked:
                continue
            self.marked.add(slug)
            yield text[end : match.start()]
            yield format_html('<a class="term" href="{}">{}</a>', reverse("pages:term", args=[slug]), match[0])
            end = match.end()
        yield text[end:]
