"""The public Guide: its released editions in every language, from their frozen rows alone."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluation.accreditation.edition_periods import periods_of
from portal.handbook.library import practices_by_code
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import Handbook
from portal.handbook.search import HandbookHit, find_in_handbook
from portal.handbook.terms import TermMarker, read_terms
from reports.models import GuidePrinting
from standards.editions.languages.reviews import is_reviewed
from standards.models import Edition, GuidePage
from standards.models.tree import slug_of
from standards.presentation.reading_language import content_language
from standards.public_guide.contexts import EditionView
from standards.public_guide.reader import Reading, show_domain, show_edition, show_guide, show_standard
from standards.public_guide.search import MOST_CHARACTERS, Entry
from standards.public_guide.search_results import Search

HITS_A_PAGE = 25


def reader_language() -> str:
    """Return the language in which the Guide is read. That of the interface may differ."""
    return content_language()


def _read(code: str) -> Reading:
    return Reading.of(get_object_or_404(Edition, code=code), get_language() or settings.LANGUAGE_CODE)


def render_page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page of an edition, with the newer and the former edition, and whether its translation is unreviewed."""
    codes, edition = list(Edition.objects.values_list("code", flat=True)), context["edition"]
    state = {
        "newer": "" if codes[0] == edition.code else codes[0],
        "former": next(iter(codes[codes.index(edition.code) + 1 :]), ""),
        "unreviewed": _is_unreviewed(edition),
    }
    return render(
        request, f"standards/{template}.html", {"terms": TermMarker(read_terms()), **context, **state}, status=status
    )


def _is_unreviewed(edition: EditionView) -> bool:
    """Whether a released edition is shown in a translation that no native speaker has reviewed as a whole."""
    released = edition.released
    if released is None or edition.title.language == released.source_language:
        return False
    return not is_reviewed(released, released.texts(edition.title.language))


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """Show the page of the Guide in the reader's language, else in the language of the site. There may be none."""
    pages = {page.locale.language_code: page for page in GuidePage.objects.live().select_related("locale")}
    page = pages.get(reader_language()) or pages.get(settings.LANGUAGE_CODE)
    context = show_guide(page, get_language() or settings.LANGUAGE_CODE)
    return render(request, "standards/guide_page.html", {**context, "editions": _with_periods(*context["editions"])})


def _with_periods(*views: EditionView) -> list[EditionView]:
    """Return released editions with the period in which each counted."""
    released = {view.code: view.released for view in views if view.released}
    periods = periods_of(released.values())
    return [replace(view, period=periods[released[view.code].pk]) for view in views]


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    context = show_edition(_read(code))
    (view,) = _with_periods(context["edition"])
    printings = GuidePrinting.objects.filter(wording__edition=view.released, wording__language=view.title.language)
    return render_page(request, "edition_page", {**context, "edition": view, "pdf": printings.exclude(pdf="").first()})


@require_safe
def whole(request: HttpRequest, code: str) -> HttpResponse:
    """Show all of an edition on one page."""
    return render_page(request, "edition_whole", show_edition(_read(code)))


@require_safe
def search(request: HttpRequest, code: str) -> HttpResponse:
    """Show the results of a search in an edition, in the language in which it is shown, and in the handbook."""
    reading = _read(code)
    found = Search(reading, request.GET.get("q", ""))
    in_handbook = find_in_handbook(Handbook(reader_language()), found.query)
    page = Paginator([*found.found, *in_handbook], HITS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": reading.edition(),
        "query": found.query,
        "hits": page,
        "count_in_edition": len(found.found),
        "count_in_handbook": len(in_handbook),
        "groups": found.show([hit for hit in page.object_list if isinstance(hit, Entry)]),
        "handbook_hits": [hit for hit in page.object_list if isinstance(hit, HandbookHit)],
        "most_characters": MOST_CHARACTERS,
    }
    return render_page(request, "search_page", context, status=422 if found.query.is_too_long else 200)


@require_safe
def domain(request: HttpRequest, code: str, domain: str) -> HttpResponse:
    reading = _read(code)
    for found in reading.framework.domains:
        if slug_of(found.code) == domain:
            return render_page(request, "domain_page", show_domain(reading, found))
    raise Http404


@require_safe
def standard(request: HttpRequest, code: str, domain: str, standard: str) -> HttpResponse:
    reading = _read(code)
    for found in reading.framework.standards.values():
        if slug_of(found.code) == standard and slug_of(reading.framework.domain_of[found.code].code) == domain:
            handbook = Handbook(reader_language())
            context = {
                **show_standard(reading, found),
                "handbook_parts": handbook.parts_of(found),
                "practices": practices_by_code(handbook[GoodPracticePage], reading.framework),
            }
            return render_page(request, "standard_page", context)
    raise Http404


@require_safe
def part(_request: HttpRequest, code: str, part: str) -> HttpResponse:
    """Redirect the short address of a standard or an indicator, `guide/2026/1.2.3/`, to its place."""
    framework = get_object_or_404(Edition, code=code).framework
    standard = framework.standard_of[part].code if part in framework.indicators else part
    if standard not in framework.standards:
        raise Http404
    place = [slug_of(framework.domain_of[standard].code), slug_of(standard)]
    anchor = f"#i{part}" if part in framework.indicators else ""
    return redirect(reverse("pages:guide_standard", args=[code, *place]) + anchor)
