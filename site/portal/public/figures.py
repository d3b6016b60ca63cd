"""The public pages of the network's figures: its released years, and the figures published earlier."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.figures.publishing.release import find_release, public_years
from evaluation.figures.publishing.year_data import from_text
from evaluation.models import NetworkRelease
from portal.presentation.network_figures import show_year
from portal.presentation.tables import as_file
from portal.public.published_series import show_blocks, tables
from standards.presentation.reading_language import interface_language


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show one year of the network, by default the newest, and the figures published earlier."""
    years = public_years(invented=settings.DEMONSTRATION)
    requested = request.GET.get("year", "")
    year = next((year for year in years if str(year) == requested), years[0] if years else None)
    release = _find(year) if year else None
    return render(
        request,
        "public/figures.html",
        {
            "years": years,
            "release": release,
            "network": release and show_year(from_text(release.document)),
            "formers": release and release.network_year.releases.filter(number__lt=release.number).defer("basis"),
            "blocks": show_blocks(),
        },
    )


def _find(year: int, number: int | None = None) -> NetworkRelease:
    release = find_release(year, invented=settings.DEMONSTRATION, number=number)
    if release is None:
        raise Http404
    return release


@require_safe
def network_file(_request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """Return the tables of a year as `csv`, `xlsx` or `json`."""
    release = _find(year)
    if kind == "json":
        return _document(release)
    network = show_year(from_text(release.document))
    title = _("116 000 network, %(year)s") % {"year": year}
    if settings.DEMONSTRATION:
        title = _("116 000 network, %(year)s: invented, for a demonstration") % {"year": year}
    response = as_file([shown.table for shown in network.tables], kind, name=f"116000-network-{year}", title=title)
    response["Content-Language"] = interface_language()
    return response


@require_safe
def release_file(_request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Return one release of a year, byte for byte as it was published."""
    return _document(_find(year, number))


def _document(release: NetworkRelease) -> HttpResponse:
    response = HttpResponse(release.document, content_type="application/json")
    name = f"116000-network-{release.network_year.year}-release-{release.number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def published_file(_request: HttpRequest, kind: str) -> HttpResponse:
    """Return the figures that the network published, with their sources, as `csv` or `xlsx`."""
    response = as_file(tables(), kind, name="116000-published", title=_("Published figures of the network"))
    response["Content-Language"] = interface_language()
    return response
