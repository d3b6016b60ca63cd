"""The proposed programme of the network: who visits whom for which indicators, on a map and in a table."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluation.exchanges.proposal import KM_A_POINT, Proposal, propose_programme
from evaluation.exchanges.visits import read_sides_to_plan
from evaluation.models import Hotline
from portal.access import require
from portal.exchanges.pages import show_match
from portal.exchanges.showing import Indicators
from portal.presentation import tiles
from portal.requests.signed_in import SignedInRequest

TILE = 100
"""The side of a tile on the map, in units of the SVG."""


@require_safe
def programme(request: SignedInRequest) -> HttpResponse:
    require(request, "exchange.plan")
    sides = read_sides_to_plan(tiles.place_of)
    proposal = propose_programme(sides, 1)
    names = Hotline.objects.names()
    indicators = Indicators()
    return render(
        request,
        "exchanges/programme.html",
        {
            "proposal": proposal,
            "rows": [
                {**show_match(visit.match, names, indicators), "visit": visit}
                for visit in sorted(proposal.visits, key=lambda visit: (-visit.net, visit.match.visitor))
            ],
            "hosts": sum(side.offer is not None for side in sides),
            "kilometres": KM_A_POINT,
            "map": _draw_map(proposal, names),
        },
    )


def _draw_map(proposal: Proposal, names: dict[str, str]) -> dict[str, Any]:
    """Return dots of the participating hotlines and lines from visitors to hosts, for countries on the tile map."""
    countries = {country for visit in proposal.visits for country in (visit.match.visitor, visit.match.host)}
    dots = {country: _centre(place) for country in countries if (place := tiles.place(country))}
    lines = [
        (*dots[visit.match.visitor], *dots[visit.match.host])
        for visit in proposal.visits
        if visit.match.visitor in dots and visit.match.host in dots
    ]
    hosts = {visit.match.host for visit in proposal.visits}
    return {
        "dots": [(x, y, country, names[country], country in hosts) for country, (x, y) in sorted(dots.items())],
        "lines": lines,
        "box": _frame(dots.values()),
    }


def _frame(dots: Iterable[tuple[int, int]]) -> str:
    """Return the box around the dots, with a margin of half a tile, as the viewBox of an SVG."""
    found = list(dots) or [(0, 0)]
    left, top = (min(place) - TILE // 2 for place in zip(*found, strict=True))
    right, bottom = (max(place) + TILE // 2 for place in zip(*found, strict=True))
    return f"{left} {top} {right - left} {bottom - top}"


def _centre(place: tuple[int, int]) -> tuple[int, int]:
    column, row = place
    return column * TILE, row * TILE
