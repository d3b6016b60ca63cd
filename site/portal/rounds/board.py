"""The board of an open or closed round: what the user has to do, the stages, and each hotline with its scores."""

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from evaluation import queries
from evaluation.models import Evaluation, Round, User
from evaluation.models.people.permissions import is_allowed
from evaluation.rounds.planning import hotlines_without_people
from evaluation.rounds.renewal import count_undecided_pairs
from portal.answers import tasks as answers
from portal.moves.pages import offered_moves, shown_steps
from portal.moves.stored_notes import pop_note
from portal.requests.signed_in import SignedInRequest
from portal.response import tasks as response
from portal.rounds.board_rows import ORDERS, BoardFilter, read_progress, read_rows
from portal.scorecards import tasks as scorecards
from portal.tasks import find_evaluations
from portal.visits import tasks as visits
from standards.models import EditionPage, Texts

TASKS = (*answers.TASKS, *visits.TASKS, *scorecards.TASKS, *response.TASKS)
"""The kinds of tasks that are listed, up to the response."""
ROWS_A_PAGE = 50
"""Rows of the tables of hotlines; the stages above them show every hotline."""

WAITING_FOR_THE_HOTLINE = (Evaluation.State.SELF_ASSESSMENT, Evaluation.State.RESPONSE)
"""The stages in which a hotline must act, and so needs people."""


def visible_evaluations(user: User, round_: Round) -> list[Evaluation]:
    """Return the evaluations of a round that the user may see, each with the round as its `round`."""
    visible = queries.visible_to(user).filter(round=round_).select_related("hotline").order_by("hotline__country")
    evaluations = list(visible)
    for evaluation in evaluations:
        evaluation.round = round_
    return evaluations


def render_board(request: SignedInRequest, round_: Round) -> HttpResponse:
    """Render the stages of the hotlines of a round and their scores by domain; a constant number of queries."""
    evaluations = visible_evaluations(request.user, round_)
    rows = read_rows(round_, evaluations)
    wanted = BoardFilter.read(request.GET)
    page = Paginator(wanted.apply(rows), ROWS_A_PAGE).get_page(request.GET.get("page"))
    read_progress(page)
    late = {row.evaluation.pk for row in rows if row.is_late}
    texts = round_.edition.texts(get_language())
    needs = find_waiting_kinds(request.user, round_) if round_.state == Round.State.OPEN else []
    return render(
        request,
        "rounds/board.html",
        {
            "round": round_,
            "columns": _columns(evaluations, late),
            "late": late,
            "has_late_answers": any(row.is_late and row.evaluation.is_open for row in rows),
            "size": len(evaluations),
            "rows": page,
            "wanted": wanted,
            "orders": [(code, label) for code, (label, _key) in ORDERS.items()],
            "stages": [(state.value, state.label) for state in Evaluation.State],
            "needs": needs,
            "needing": count_waiting_hotlines(needs),
            "highest_obligation": texts[f"obligation/{round_.edition.framework.rule.highest_obligation.code}"],
            "domains": domain_headings(round_, texts),
            "may_correct": round_.state == Round.State.OPEN and is_allowed("round.open", request.user),
            "unreached": hotlines_without_people(e.hotline for e in evaluations if e.state in WAITING_FOR_THE_HOTLINE),
            "undecided": find_undecided_pairs(round_) if is_allowed("round.open", request.user) else [],
            "stored_note": pop_note(request),
            "moves": offered_moves(round_, request.user),
            "steps": shown_steps(queries.steps_of(round_)),
        },
    )


def _columns(evaluations: list[Evaluation], late: set[int]) -> list[dict[str, Any]]:
    return [
        {
            "state": state,
            "evaluations": [e for e in evaluations if e.state == state],
            "late": sum(e.pk in late for e in evaluations if e.state == state),
        }
        for state in Evaluation.State
        if state != Evaluation.State.EXCUSED or any(e.state == state for e in evaluations)
    ]


def find_waiting_kinds(user: User, round_: Round) -> list[dict[str, Any]]:
    """Return what waits for the user in this round, as on Today: each kind with its evaluations."""
    found = find_evaluations(user, TASKS, Q(round=round_))
    return [
        {"kind": kind, "count": len(found[kind.code]), "keys": found[kind.code]} for kind in TASKS if kind.code in found
    ]


def count_waiting_hotlines(needs: Iterable[dict[str, Any]]) -> int:
    """Return how many hotlines have anything that waits."""
    return len(set().union(*(need["keys"] for need in needs)))


def domain_headings(round_: Round, texts: Texts) -> list[dict[str, Any]]:
    """Return the domains as column headings."""
    return [
        {
            "code": domain.code,
            "title": texts[f"domain/{domain.code}/title"],
            "short": texts[f"domain/{domain.code}/short_title"],
        }
        for domain in round_.edition.framework.domains
    ]


def find_undecided_pairs(round_: Round) -> list[dict[str, Any]]:
    """Return the earlier editions with undecided pairs of indicators, each with the URL to decide them."""
    counts = count_undecided_pairs(round_)
    if not counts:
        return []
    pages = EditionPage.objects.filter(code=round_.edition.code, locale__language_code=round_.edition.source_language)
    page = pages.values_list("pk", flat=True).first()
    return [
        {
            "edition": code,
            "count": count,
            "url": f"{reverse('guide_mapping', args=[page])}?before={code}&now={round_.edition.code}" if page else "",
        }
        for code, count in counts.items()
    ]
