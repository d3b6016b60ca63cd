"""The page Today: what waits for a user of the network, oldest first, by kind."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from evaluation.models import Evaluation
from portal.workspace.requests import SignedInRequest
from portal.workspace.today import decisions, evaluations, network, translations
from portal.workspace.today.source import Desk, Row, Source, list_waiting, read_rows

SOURCES: tuple[Source, ...] = (*evaluations.SOURCES, *decisions.SOURCES, *network.SOURCES, *translations.SOURCES)
"""Every kind of waiting thing, in the order of the filter."""

ROWS_A_PAGE = 25


def render_today(request: SignedInRequest, own: Iterable[Evaluation]) -> HttpResponse:
    """Render what waits for the user; `own` are the evaluations of hotlines in which the user also has a role."""
    desk = Desk(request.user)
    rows = list_waiting(desk, SOURCES)
    kinds = count_kinds(rows)
    codes = {kind["source"].code for kind in kinds}
    wanted = request.GET.get("kind", "")
    wanted = wanted if wanted in codes else ""
    listed = [row for row in rows if row.source.code == wanted] if wanted else rows
    page = Paginator(listed, ROWS_A_PAGE).get_page(request.GET.get("page"))
    page.object_list = read_rows(desk, page.object_list)
    return render(
        request,
        "workspace/today/today.html",
        {
            "page": page,
            "total": len(rows),
            "late": sum(row.found.is_late for row in rows),
            "kinds": kinds,
            "wanted": wanted,
            "own": own,
        },
    )


def count_kinds(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the kinds with waiting rows, each with its count, in the order of their declaration."""
    counted = Counter(row.source.code for row in rows)
    return [{"source": source, "count": counted[source.code]} for source in SOURCES if counted[source.code]]
