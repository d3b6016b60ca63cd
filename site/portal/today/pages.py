"""The page Today: what waits for a user of the network, oldest first, by kind."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from evaluation.models import Evaluation
from portal.requests.signed_in import SignedInRequest
from portal.today import decisions, evaluations, network, translations
from portal.today.source import Desk, Found, Source, find_first, in_order, read_rows

SOURCES: tuple[Source, ...] = (*evaluations.SOURCES, *decisions.SOURCES, *network.SOURCES, *translations.SOURCES)
"""Every kind of waiting thing, in the order of the filter."""

ROWS_A_PAGE = 25
_MOST_PAGES = 10_000
"""A page with a greater number is the last one."""


def render_today(request: SignedInRequest, own: Iterable[Evaluation]) -> HttpResponse:
    """Render what waits for the user; `own` are the evaluations of hotlines in which the user also has a role."""
    desk, number = Desk(request.user), request.GET.get("page")
    kinds, wanted = find_kinds(desk, request.GET.get("kind", ""), most=_last_row(number))
    listed = sum(kind.count for kind in kinds if not wanted or kind.source.code == wanted)
    page: Page[Any] = Paginator(range(listed), ROWS_A_PAGE).get_page(number)
    page.object_list = read_rows(desk, in_order(kinds)[page.start_index() - 1 : page.end_index()]) if listed else []
    return render(
        request,
        "today/today.html",
        {"page": page, "total": sum(kind.count for kind in kinds), "kinds": kinds, "wanted": wanted, "own": own},
    )


def find_kinds(desk: Desk, wanted: str, *, most: int | None) -> tuple[list[Found], str]:
    """Return the kinds of which something waits, in the order of their declaration, and the code of the chosen one.

    With the first `most` rows of every kind, or of the chosen kind only. None is chosen if nothing waits of `wanted`.
    """
    chosen = next((find_first(desk, source, most) for source in SOURCES if source.code == wanted), None)
    if chosen and chosen.count:
        found = [chosen if source is chosen.source else find_first(desk, source, 0) for source in SOURCES]
    else:
        found, wanted = [find_first(desk, source, most) for source in SOURCES], ""
    return [kind for kind in found if kind.count], wanted


def _last_row(number: str | None) -> int | None:
    """Return the number of rows up to the end of a page, as `Paginator.get_page` reads its number; None for all."""
    try:
        page = int(number or 1)
    except ValueError:
        page = 1
    return page * ROWS_A_PAGE if 0 < page <= _MOST_PAGES else None
