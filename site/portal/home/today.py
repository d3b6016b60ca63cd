"""The page Today: the tasks of a user of the network, oldest first, by kind."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render

from evaluation.models import Evaluation
from portal.accreditation import tasks as accreditation
from portal.answers import tasks as answers
from portal.cms import tasks as cms
from portal.consultation import tasks as consultation
from portal.discussions import tasks as discussions
from portal.figures import tasks as figures
from portal.panel import tasks as panel
from portal.people import tasks as people
from portal.practices import tasks as practices
from portal.recommendations import tasks as recommendations
from portal.requests.signed_in import SignedInRequest
from portal.response import tasks as response
from portal.rounds import tasks as rounds
from portal.scorecards import tasks as scorecards
from portal.tasks import Found, TaskKind, TaskSearch, find_first, in_order, read_rows
from portal.visits import tasks as visits

TASKS: tuple[TaskKind, ...] = (
    *answers.TASKS,
    *visits.TASKS,
    *scorecards.TASKS,
    *response.TASKS,
    *rounds.TASKS,
    *panel.TASKS,
    *accreditation.TASKS,
    *people.CHANGES,
    *recommendations.TASKS,
    *practices.TASKS,
    *figures.TASKS,
    *discussions.TASKS,
    *consultation.TASKS,
    *people.FAILURES,
    *cms.TASKS,
)
"""Every kind of task, in the order of the filter."""

ROWS_A_PAGE = 25
_MOST_PAGES = 10_000
"""A page with a greater number is the last one."""


def render_today(request: SignedInRequest, own: Iterable[Evaluation]) -> HttpResponse:
    """Render what waits for the user; `own` are the evaluations of hotlines in which the user also has a role."""
    search, number = TaskSearch(request.user), request.GET.get("page")
    found, wanted = find_kinds(search, request.GET.get("kind", ""), most=_last_row(number))
    listed = sum(one.count for one in found if not wanted or one.kind.code == wanted)
    page: Page[Any] = Paginator(range(listed), ROWS_A_PAGE).get_page(number)
    page.object_list = read_rows(search, in_order(found)[page.start_index() - 1 : page.end_index()]) if listed else []
    return render(
        request,
        "home/today.html",
        {"page": page, "total": sum(one.count for one in found), "found": found, "wanted": wanted, "own": own},
    )


def find_kinds(search: TaskSearch, wanted: str, *, most: int | None) -> tuple[list[Found], str]:
    """Return the kinds of which something waits, in the order of their declaration, and the code of the chosen one.

    With the first `most` rows of every kind, or of the chosen kind only. None is chosen if nothing waits of `wanted`.
    """
    chosen = next((find_first(search, kind, most) for kind in TASKS if kind.code == wanted), None)
    if chosen and chosen.count:
        found = [chosen if kind is chosen.kind else find_first(search, kind, 0) for kind in TASKS]
    else:
        found, wanted = [find_first(search, kind, most) for kind in TASKS], ""
    return [one for one in found if one.count], wanted


def _last_row(number: str | None) -> int | None:
    """Return the number of rows up to the end of a page, as `Paginator.get_page` reads its number; None for all."""
    try:
        page = int(number or 1)
    except ValueError:
        page = 1
    return page * ROWS_A_PAGE if 0 < page <= _MOST_PAGES else None
