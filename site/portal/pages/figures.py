"""The public figures: what the network published over the years, and its years from accepted files."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.crm.publishing.network_years import accepted_years
from portal.pages.network_figures import as_data, show_year
from portal.pages.published_series import show_blocks, tables
from portal.workspace.looking.tables import as_file


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """One year of the network, the newest unless another is asked for; below it, what was published before."""
    invented = settings.DEMONSTRATION
    years = accepted_years(invented=invented)
    asked = request.GET.get("year", "")
    year = next((year for year in years if str(year) == asked), years[0] if years else None)
    return render(
        request,
        "pages/figures.html",
        {
            "years": years,
            "network": show_year(year, invented=invented) if year else None,
            "blocks": show_blocks(),
        },
    )


@require_safe
def network_file(_request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """What the page shows of a year, as `csv`, `xlsx` or `json`."""
    invented = settings.DEMONSTRATION
    if year not in accepted_years(invented=invented):
        raise Http404
    network = show_year(year, invented=invented)
    if kind == "json":
        response: HttpResponse = JsonResponse(as_data(network.data, invented=invented))
        response["Content-Disposition"] = f'attachment; filename="116000-network-{year}.json"'
        return response
    title = _("116 000 network, %(year)s") % {"year": year}
    if invented:
        title = _("116 000 network, %(year)s: invented, for a demonstration") % {"year": year}
    response = as_file([shown.table for shown in network.tables], kind, name=f"116000-network-{year}", title=title)
    response["Content-Language"] = get_language()
    return response


@require_safe
def published_file(_request: HttpRequest, kind: str) -> HttpResponse:
    """The figures that the network published, with their sources, as `csv` or `xlsx`."""
    response = as_file(tables(), kind, name="116000-published", title=_("Published figures of the network"))
    response["Content-Language"] = get_language()
    return response
