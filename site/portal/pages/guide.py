"""The public Guide: its released editions in every language, from their frozen rows alone."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from standards.models import Edition, GuidePage
from standards.models.tree import slug_of
from standards.public_guide.reader import Reading, show_domain, show_edition, show_guide, show_standard


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _read(code: str) -> Reading:
    return Reading.of(get_object_or_404(Edition, code=code), _language())


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The page of the Guide in the reader's language, else in its source language; it may be missing."""
    pages = {page.locale.language_code: page for page in GuidePage.objects.live().select_related("locale")}
    page = pages.get(_language()) or pages.get(settings.LANGUAGE_CODE)
    return render(request, "standards/guide_page.html", show_guide(page, _language()))


@require_safe
def edition(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, "standards/edition_page.html", show_edition(_read(code)))


@require_safe
def whole(request: HttpRequest, code: str) -> HttpResponse:
    """All of an edition on one page."""
    return render(request, "standards/edition_whole.html", show_edition(_read(code)))


@require_safe
def domain(request: HttpRequest, code: str, domain: str) -> HttpResponse:
    reading = _read(code)
    for found in reading.framework.domains:
        if slug_of(found.code) == domain:
            return render(request, "standards/domain_page.html", show_domain(reading, found))
    raise Http404


@require_safe
def standard(request: HttpRequest, code: str, domain: str, standard: str) -> HttpResponse:
    reading = _read(code)
    for found in reading.framework.standards.values():
        if slug_of(found.code) == standard and slug_of(reading.framework.domain_of[found.code].code) == domain:
            return render(request, "standards/standard_page.html", show_standard(reading, found))
    raise Http404
