"""Marks the terms of the glossary in texts: each at its first place on a page, as a link to the glossary."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.handbook.models import TermPage
from standards.presentation.marking import language_of
from standards.presentation.sentences import Passage


@dataclass(frozen=True, slots=True)
class Term:
    """A term in one language: what it is called in texts, and the slug of its page."""

    slug: str
    language: str
    forms: tuple[str, ...]


def read_terms() -> list[Term]:
    """Return the terms that are marked, in every language in which they are public. One query."""
    pages = TermPage.objects.live().filter(is_marked=True).select_related("locale")
    return [Term(page.slug, page.locale.language_code, (page.title, *page.other_forms)) for page in pages]


@lru_cache(maxsize=64)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds these forms as whole words, the longest first, whatever the white space and the capitals."""
    ordered = sorted(forms, key=len, reverse=True)
    words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in ordered)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _key(form: str) -> str:
    return " ".join(form.lower().split())


@dataclass
class TermMarker:
    """Marks terms on one page: what was marked once is not marked again."""

    terms: Iterable[Term]
    marked: set[str] = field(default_factory=set)
    """The slugs of the terms that were marked."""
    _slugs: dict[str, dict[str, str]] = field(init=False)
    """The slug of each form, by language."""

    def __post_init__(self) -> None:
        self._slugs = {}
        for term in self.terms:
            for form in filter(None, map(_key, term.forms)):
                self._slugs.setdefault(term.language, {}).setdefault(form, term.slug)

    def mark(self, passage: Any) -> SafeString:
        """Return a text as HTML, escaped, with its language if that is not the reader's, and links to new terms."""
        text = passage.text if isinstance(passage, Passage) else str(passage)
        found = mark_safe("".join(self._pieces(text, getattr(passage, "language", ""))))  # noqa: S308 - each is escaped
        language = language_of(passage)
        return format_html('<span lang="{}">{}</span>', language, found) if language else found

    def _pieces(self, text: str, language: str) -> Iterator[str]:
        end = 0
        slugs = self._slugs.get(language)
        for match in _pattern(tuple(slugs)).finditer(text) if slugs else ():
            slug = slugs[_key(match[0])] if slugs else ""
            if slug in self.marked:
                continue
            self.marked.add(slug)
            yield conditional_escape(text[end : match.start()])
            yield format_html('<a class="term" href="{}">{}</a>', reverse("pages:term", args=[slug]), match[0])
            end = match.end()
        yield conditional_escape(text[end:])
