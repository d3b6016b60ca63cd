"""The public handbook: each entry in the reader's language if it is published in it, else in the source language."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from evaluation.models import Hotline
from evaluation.queries import with_operators
from portal.handbook.models import (
    CountryPage,
    HandbookEntry,
    HandbookPage,
    ProcedurePage,
    TermPage,
)
from portal.handbook.practice import GoodPracticePage
from portal.presentation.passages import language_name
from standards.framework import Standard
from standards.models import Edition
from standards.models.tree import PageOfGuide, context_of, slug_of
from standards.presentation.collation import index_letter, sort_key
from standards.presentation.sentences import Passage
from standards.public_guide.reader import Reading

PARTS: dict[type[HandbookEntry], Any] = {
    ProcedurePage: gettext_lazy("Procedures"),
    TermPage: gettext_lazy("Glossary"),
    CountryPage: gettext_lazy("Country sheets"),
    GoodPracticePage: gettext_lazy("Good practice"),
}
"""The parts of the handbook, as their headings, in the order in which pages show them."""

ENTRIES = tuple(PARTS)

Entry = TypeVar("Entry", bound=HandbookEntry)
SomePage = TypeVar("SomePage", bound=PageOfGuide)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in a list: its title, a sentence about it, its address, and whether it is a sample."""

    title: Passage
    sentence: Passage
    url: str
    is_sample: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the handbook under its heading, with entries in order."""

    heading: Any
    url: str
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class PartOfGuide:
    """A standard or an indicator that an entry belongs to."""

    code: str
    title: Passage
    url: str


class Handbook:
    """The public handbook. One query for each kind of entry, however many entries there are."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, model: type[Entry]) -> list[Entry]:
        """Return the entries of a kind, in the alphabetical order of the reader's language."""
        found: list[Any] = self._pages[model]
        return found

    @cached_property
    def _pages(self) -> dict[type[HandbookEntry], list[HandbookEntry]]:
        return {
            model: sorted(
                choose_languages(model.public().select_related("locale"), self.language),
                key=lambda page: sort_key(page.title, self.language),
            )
            for model in ENTRIES
        }

    def front(self) -> dict[str, Any]:
        """Return the context of the front page. The page itself may be missing."""
        pages = choose_languages(HandbookPage.objects.live().select_related("locale"), self.language)
        page = next(iter(pages), None)
        return {**show_front(page, self.language), "parts": tuple(self._part(model, self[model]) for model in ENTRIES)}

    def parts_of(self, standard: Standard) -> tuple[PartView, ...]:
        """Return the entries of a standard and of its indicators; a part without one is left out."""
        keys = {standard.permanent_key, *(indicator.permanent_key for indicator in standard.indicators)}
        parts = (
            self._part(model, [page for page in self[model] if not keys.isdisjoint(page.belongs_to)])
            for model in ENTRIES
        )
        return tuple(part for part in parts if part.lines)

    def letters(self) -> list[tuple[str, tuple[EntryLine, ...]]]:
        """Return the terms of the glossary by letter."""
        grouped = groupby(self[TermPage], key=lambda page: index_letter(page.title, self.language))
        return [(letter, tuple(map(line_of, pages))) for letter, pages in grouped]

    def _part(self, model: type[HandbookEntry], pages: Iterable[HandbookEntry]) -> PartView:
        return PartView(PARTS[model], part_url(model), tuple(map(line_of, pages)))


def choose_languages(pages: Iterable[SomePage], language: str) -> list[SomePage]:
    """Return each page once: in `language`, else in the language of the site, else in any in which it is public."""
    wanted = (language, settings.LANGUAGE_CODE)
    chosen: dict[Any, SomePage] = {}
    for page in sorted(pages, key=lambda page: page.pk):
        known = chosen.setdefault(page.translation_key, page)
        if _rank(page, wanted) < _rank(known, wanted):
            chosen[page.translation_key] = page
    return list(chosen.values())


def _rank(page: PageOfGuide, wanted: tuple[str, ...]) -> int:
    code = page.locale.language_code
    return wanted.index(code) if code in wanted else len(wanted)


_OWN_PAGES: dict[type[HandbookEntry], str] = {TermPage: "pages:glossary", GoodPracticePage: "pages:practices"}


def part_url(model: type[HandbookEntry]) -> str:
    """Return the address of a part: its own page, or its section of the front page."""
    if model in _OWN_PAGES:
        return reverse(_OWN_PAGES[model])
    return f"{reverse('pages:handbook')}#{'procedures' if model is ProcedurePage else 'countries'}"


def line_of(page: HandbookEntry) -> EntryLine:
    language = page.locale.language_code
    sentence = {CountryPage: "hours", TermPage: "definition"}.get(type(page), "summary")
    return EntryLine(
        Passage(page.title, language),
        Passage(getattr(page, sentence), language),
        reverse(page.public_view, args=page.public_arguments()),
        page.is_sample,
        isinstance(page, CountryPage) and page.is_overdue,
    )


# --- Contexts of the pages ------------------------------------------------------------------------------------------


def show_front(page: HandbookPage | None, language: str) -> dict[str, Any]:
    own = page.locale.language_code if page else language
    introduction = Passage(page.introduction, own) if page else Passage("", language)
    return {"handbook": page, "heading": Passage(page.title, own) if page else None, "introduction": introduction}


def show_entry(page: HandbookEntry, language: str) -> dict[str, Any]:
    """Return the context of an entry: itself, its language if it is not the reader's, and its parts of the Guide."""
    own = page.locale.language_code
    return {
        "entry": page,
        "title": Passage(page.title, own),
        "foreign": "" if own == language else own,
        "part": PartView(PARTS[type(page)], part_url(type(page)), ()),
        "parts_of_guide": find_parts(page.belongs_to, language),
    }


def find_parts(keys: list[str], language: str) -> tuple[PartOfGuide, ...]:
    """Return the standards and indicators of the newest edition with these keys, in the order of the Guide."""
    edition = Edition.objects.first() if keys else None
    if edition is None:
        return ()
    reading, found = Reading.of(edition, language), []
    for standard in reading.framework.standards.values():
        domain = reading.framework.domain_of[standard.code]
        url = reverse("pages:guide_standard", args=[edition.code, slug_of(domain.code), slug_of(standard.code)])
        if standard.permanent_key in keys:
            found.append(PartOfGuide(standard.code, reading.texts[f"standard/{standard.code}/title"], url))
        found += [
            PartOfGuide(one.code, reading.texts[f"indicator/{one.code}/wording"], f"{url}#i{one.code}")
            for one in standard.indicators
            if one.permanent_key in keys
        ]
    return tuple(found)


def show_country(page: CountryPage, language: str) -> dict[str, Any]:
    """Return the context of a country sheet, with the hotline of the register."""
    hotline = with_operators(Hotline.objects.filter(country=page.country)).first()
    languages = hotline.language_codes if hotline else []
    return {
        **show_entry(page, language),
        "hotline": hotline,
        "languages": ", ".join(language_name(code) for code in languages),
    }


@context_of(HandbookPage)
def _preview_front(page: HandbookPage) -> dict[str, Any]:
    language = page.locale.language_code
    return {**Handbook(language).front(), **show_front(page, language)}


@context_of(ProcedurePage)
@context_of(TermPage)
def _preview_entry(page: HandbookEntry) -> dict[str, Any]:
    return show_entry(page, page.locale.language_code)


@context_of(CountryPage)
def _preview_country(page: CountryPage) -> dict[str, Any]:
    return show_country(page, page.locale.language_code)
