"""The library of good practice: its public pages, filtered by part of the Guide and by language and country."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from evaluation.models import Hotline, PracticeThanks
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import EntryLine, Handbook, choose_languages, line_of
from portal.presentation.passages import language_name
from standards.framework import Framework
from standards.models import Edition
from standards.presentation.collation import sort_key
from standards.presentation.sentences import Passage
from standards.public_guide.reader import Reading


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A good practice in a list: its line, its hotline, and the number of people who said thanks."""

    line: EntryLine
    hotline: Hotline
    thanks: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A value by which the library is narrowed, with its name."""

    value: str
    name: Any
    is_chosen: bool


FILTERS = ("part", "language", "country")
"""The query parameters: the code of a domain or a standard, and the hotline's language and country."""


def show_library(handbook: Handbook, wanted: Mapping[str, str]) -> dict[str, Any]:
    """Return the context of the library: matching pages, and the values of all filters. Unknown values match none."""
    pages = handbook[GoodPracticePage]
    edition = Edition.objects.first()
    reading = Reading.of(edition, handbook.language) if edition else None
    chosen = {name: wanted.get(name, "").strip() for name in FILTERS}
    found = [page for page in pages if _fits(page, chosen, reading.framework if reading else None)]
    return {
        "practices": practice_lines(found),
        "count": len(found),
        "of": len(pages),
        "parts_of_guide": _parts(pages, reading, chosen["part"]) if reading else [],
        "languages": _languages(pages, handbook.language, chosen["language"]),
        "countries": _countries(pages, handbook.language, chosen["country"]),
        "is_narrowed": any(chosen.values()),
    }


def public_practices(language: str) -> list[GoodPracticePage]:
    """Return the pages of the library, each once. One query."""
    return choose_languages(GoodPracticePage.public().select_related("locale"), language)


def practice_lines(pages: Iterable[GoodPracticePage]) -> list[PracticeLine]:
    """Return the lines of some pages, in their order. One query."""
    pages = list(pages)
    if not pages:
        return []
    thanks = PracticeThanks.objects.filter(practice__in=[page.practice_id for page in pages])
    counted = dict(thanks.order_by().values_list("practice").annotate(Count("pk")))
    return [PracticeLine(line_of(page), page.practice.hotline, counted.get(page.practice_id, 0)) for page in pages]


def practices_by_code(pages: Iterable[GoodPracticePage], framework: Framework) -> dict[str, list[PracticeLine]]:
    """Return the lines of some pages by the code that their indicator has in an edition. One query."""
    found = defaultdict(list)
    pages = [page for page in pages if page.practice.key in framework.by_key]
    for page, line in zip(pages, practice_lines(pages), strict=True):
        found[framework.code_by_key[page.practice.key]].append(line)
    return dict(found)


def _fits(page: GoodPracticePage, chosen: Mapping[str, str], framework: Framework | None) -> bool:
    hotline = page.practice.hotline
    return (
        (not chosen["part"] or (framework is not None and chosen["part"] in _parts_of(page, framework)))
        and (not chosen["language"] or chosen["language"] in hotline.language_codes)
        and (not chosen["country"] or chosen["country"] == hotline.country)
    )


def _parts_of(page: GoodPracticePage, framework: Framework) -> tuple[str, ...]:
    """Return the codes of the domain and the standard of its indicator; none if the edition no longer has it."""
    code = framework.code_by_key.get(page.practice.key, "")
    if code not in framework.indicators:
        return ()
    return framework.domain_of[code].code, framework.standard_of[code].code


def _parts(pages: Iterable[GoodPracticePage], reading: Reading, chosen: str) -> list[Choice]:
    """Return the domains and standards that have good practice, in the order of the Guide."""
    known = {code for page in pages for code in _parts_of(page, reading.framework)}
    choices = []
    for domain in reading.framework.domains:
        parts = [("domain", domain.code), *(("standard", standard.code) for standard in domain.standards)]
        for kind, code in parts:
            if code in known:
                title: Passage = reading.texts[f"{kind}/{code}/title"]
                choices.append(Choice(code, title, code == chosen))
    return choices


def _languages(pages: Iterable[GoodPracticePage], reader: str, chosen: str) -> list[Choice]:
    codes = {code for page in pages for code in page.practice.hotline.language_codes}
    choices = [Choice(code, language_name(code), code == chosen) for code in codes]
    return sorted(choices, key=lambda choice: sort_key(choice.name, reader))


def _countries(pages: Iterable[GoodPracticePage], reader: str, chosen: str) -> list[Choice]:
    hotlines = {page.practice.hotline.country: page.practice.hotline.name for page in pages}
    choices = [Choice(country, name, country == chosen) for country, name in hotlines.items()]
    return sorted(choices, key=lambda choice: sort_key(choice.name, reader))
