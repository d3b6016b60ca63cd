"""The comparison of two editions of the Guide in the CMS: changes by kind and by part, and their effect."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.judging.edition_effect import find_effect, last_closed_round
from evaluation.models.people.permissions import is_allowed
from portal.cms.guide import find_source_page
from portal.cms.releasing.effects import show_effect
from standards.editions.compared import ComparedEdition, list_editions, read_mapping
from standards.editions.comparison import Comparison, EditionMapping, Kind, PartChanges, compare_editions
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from standards.presentation.condition_sentences import name_of
from standards.public_guide.changes import ChangeReader, ShownChange, describe_kind

_MODELS = {"domain": DomainPage, "standard": StandardPage, "indicator": IndicatorPage}


@dataclass(frozen=True, slots=True)
class Count:
    """The number of parts with a change of one kind. `url` shows only these."""

    kind: Kind
    label: str
    number: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A domain, a standard or an indicator with its changes. `url` is where it is edited; empty if it has no page."""

    code: str
    title: Any
    language: str
    """The language of the title. The title is that of the edition `now` if it has the part, else that of `before`."""
    url: str
    kinds: tuple[str, ...]
    changes: tuple[ShownChange, ...]
    counts: tuple[Count, ...]
    parts: tuple["ShownPart", ...]


@dataclass(frozen=True)
class Choice:
    """The two chosen editions, and all editions there are."""

    page: EditionPage
    editions: list[ComparedEdition]
    before: ComparedEdition
    now: ComparedEdition

    @property
    def in_order(self) -> tuple[ComparedEdition, ComparedEdition]:
        """The older edition and the newer one."""
        now, before = sorted((self.before, self.now), key=self.editions.index)
        return before, now

    def address(self, name: str, **more: str) -> str:
        query = urlencode({"before": self.before.code, "now": self.now.code, **more})
        return f"{reverse(name, args=[self.page.pk])}?{query}"


def choose(request: HttpRequest, page_id: int) -> Choice:
    """Return the editions named in the query string; by default that of the page and the last released one before."""
    page = find_source_page(page_id)
    editions = list_editions()
    known = {edition.code: edition for edition in editions}
    now = known.get(request.GET.get("now", "")) or known.get(page.code) or editions[0]
    place = editions.index(now)
    former = next((edition for edition in editions[place + 1 :] if not edition.is_draft), now)
    return Choice(page, editions, known.get(request.GET.get("before", "")) or former, now)


@require_safe
def compare(request: HttpRequest, page_id: int) -> HttpResponse:
    choice = choose(request, page_id)
    mapping = read_mapping(choice.before, choice.now)
    comparison = compare_editions(mapping.before, mapping.now, mapping.related())
    wanted = request.GET.get("kind", "")
    kind = Kind(wanted) if wanted in tuple(Kind) else None
    shown = ShownComparison(
        comparison,
        (choice.before.source_language, choice.now.source_language),
        (pages_of(choice.before.page), pages_of(choice.now.page)),
    )
    is_mce = is_allowed("network.follow", request.user)
    context: dict[str, Any] = {
        "title": _("Compare editions"),
        "icon": "list-ul",
        "page": choice.page,
        "choice": choice,
        "kind": kind,
        "kind_label": describe_kind(kind) if kind else "",
        "counts": [
            Count(one, describe_kind(one), comparison.counts[one], choice.address("guide_compare", kind=one.value))
            for one in Kind
        ],
        "is_empty": comparison.is_empty,
        "same": comparison.same,
        "everything": choice.address("guide_compare"),
        "mapping_url": choice.address("guide_mapping"),
        "undecided": sum(mapped.needs_decision for mapped in mapping.mapped),
        "edition_changes": shown.edition(kind),
        "domains": shown.parts(comparison.only(kind).domains),
        "is_mce": is_mce,
        **(_effect_context(choice, mapping) if is_mce else {}),
    }
    return TemplateResponse(request, "standards/compare.html", context)


def _effect_context(choice: Choice, mapping: EditionMapping) -> dict[str, Any]:
    """Return the context of the newer edition's effect. Decisions on pairs are stored from older to newer edition."""
    before, now = choice.in_order
    if before != choice.before:
        mapping = read_mapping(before, now)
    effect = find_effect(before, now, mapping)
    last = effect.round if effect else last_closed_round()
    shown = show_effect(effect, mapping, (before, now), names_hotlines=True) if effect else {}
    return {"effect": effect, "last_round": last, **shown}


PagesOfParts = Mapping[tuple[str, str], int]
"""The primary keys of the pages of an edition, by kind and code."""


class ShownComparison:
    """Prepares a comparison for a template, with the addresses where the parts are edited."""

    def __init__(
        self, comparison: Comparison, languages: tuple[str, str], pages: tuple[PagesOfParts, PagesOfParts]
    ) -> None:
        self.comparison, self.languages, self.pages = comparison, languages, pages
        self.reader = ChangeReader(comparison.before, comparison.now, languages)

    def edition(self, kind: Kind | None) -> list[ShownChange]:
        shown = (self.reader.of_edition(change) for change in self.comparison.changes if kind in (None, change.kind))
        return list(shown)

    def parts(self, parts: Iterable[PartChanges]) -> tuple[ShownPart, ...]:
        return tuple(map(self._part, parts))

    def _part(self, found: PartChanges) -> ShownPart:
        part, side = found.part, 1 if found.now else 0
        name = "wording" if part.kind == "indicator" else "title"
        page = self.pages[side].get((part.kind, part.code))
        return ShownPart(
            part.code,
            name_of((self.comparison.before, self.comparison.now)[side].texts, f"{part.path}/{name}"),
            self.languages[side],
            reverse("wagtailadmin_pages:edit", args=[page]) if page else "",
            tuple(describe_kind(kind) for kind in Kind if kind in found.kinds),
            tuple(
                self.reader.of_part(change, found.before, found.now)
                for change in found.changes
                if change.kind not in (Kind.ADDED, Kind.REMOVED)
            ),
            tuple(Count(kind, describe_kind(kind), number) for kind in Kind if (number := found.counts[kind])),
            self.parts(found.parts),
        )


def pages_of(edition: EditionPage | None) -> PagesOfParts:
    """Return the primary keys of the pages of an edition, by kind and code; empty if it has none. Three queries."""
    if edition is None:
        return {}
    return {
        (kind, code): pk
        for kind, model in _MODELS.items()
        for code, pk in model.objects.descendant_of(edition).values_list("code", "pk")
    }
