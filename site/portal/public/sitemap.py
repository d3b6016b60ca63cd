"""The public pages for search engines, each in every language: hotlines, the newest edition and the handbook."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluation.models import Hotline
from portal.handbook.reader import ENTRIES
from standards.models import Edition
from standards.models.tree import slug_of

Place = tuple[str, tuple[str, ...], datetime | None]
"""The name of a view, its arguments, and when the page changed, if that is known."""


class _InEveryLanguage(Sitemap[Place]):
    i18n = True
    alternates = True
    x_default = True

    def location(self, item: Place) -> str:
        view, arguments, _changed = item
        return reverse(view, args=arguments)

    def lastmod(self, item: Place) -> datetime | None:
        return item[2]


class SitePages(_InEveryLanguage):
    """The pages that every installation has."""

    def items(self) -> Iterable[Place]:
        names = ("accreditation", "register", "figures", "guide", "handbook", "glossary", "practices")
        return [("wagtail_serve", ("",), None), *((f"pages:{name}", (), None) for name in names)]


class HotlinePages(_InEveryLanguage):
    """The hotlines of the register, each with its outcome."""

    def items(self) -> Iterable[Place]:
        countries = Hotline.objects.order_by("country").values_list("country", flat=True)
        return [("pages:hotline", (country,), None) for country in countries]


class GuidePages(_InEveryLanguage):
    """The newest edition with its domains and standards. A released edition never changes."""

    def items(self) -> Iterable[Place]:
        edition = Edition.objects.first()
        if edition is None:
            return []
        found: list[Place] = [("pages:guide_edition", (edition.code,), edition.released_at)]
        for domain in edition.framework.domains:
            place = (edition.code, slug_of(domain.code))
            found.append(("pages:guide_domain", place, edition.released_at))
            found += [
                ("pages:guide_standard", (*place, slug_of(standard.code)), edition.released_at)
                for standard in domain.standards
            ]
        return found


class HandbookPages(_InEveryLanguage):
    """The entries of the handbook, each once."""

    def items(self) -> Iterable[Place]:
        return [
            (model.public_view, (slug,), changed)
            for model in ENTRIES
            for slug, changed in model.public().values_list("slug").annotate(Max("last_published_at")).order_by("slug")
        ]


SITEMAPS: dict[str, Any] = {
    "site": SitePages,
    "hotlines": HotlinePages,
    "guide": GuidePages,
    "handbook": HandbookPages,
}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Allow search engines to read every public page, and name the sitemap."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(f"User-agent: *\nDisallow:\n\nSitemap: {sitemap}\n", content_type="text/plain")
