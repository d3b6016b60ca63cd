"""The panel's list: waiting evaluations with the member's pending action, and decided ones."""

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from evaluation import queries
from evaluation.models import AppealVote, Decision, Declaration, Evaluation, Role, Scorecard, User, Vote
from evaluation.panel.appeals import to_be_heard_by
from portal.access import require
from portal.presentation.scorecard.decisions import Sign, signs_of
from portal.requests.signed_in import SignedInRequest

ROWS_A_PAGE = 25
"""Rows of each of the two lists."""
ORDER = "state", "-round__opens_on", "hotline__recorded_name", "pk"


@dataclass(frozen=True, slots=True)
class Row:
    """A hotline that waits for the panel. `part` is the member's done or pending action, `is_due` if pending.

    `is_locked` if the member cannot read it until the assessors' replies are in.
    """

    evaluation: Evaluation
    card: Scorecard | None
    sign: Sign | None
    part: str
    is_due: bool
    is_locked: bool


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """A hotline with its current decision; None if the member must declare first.

    `proposed` is the outcome that the rule proposed on the decision's scorecard.
    """

    evaluation: Evaluation
    decision: Decision | None
    sign: Sign | None
    proposed: Sign | None

    @property
    def card(self) -> Scorecard | None:
        return self.decision.scorecard if self.decision else None


@require_safe
def panel(request: SignedInRequest) -> HttpResponse:
    """List evaluations before the panel and decided ones, without hotlines that the member has a tie to.

    Without the member's declaration, only name and stage of a hotline are shown.
    """
    require(request, "round.view")
    waits, is_decided = Q(state=Evaluation.State.DECISION), Q(state__in=Evaluation.DECIDED_AND_LATER)
    is_waiting = _page_of(
        _listed(request.user, waits).order_by(_has_voted(request.user), *ORDER), request.GET.get("waiting")
    )
    page = _page_of(_listed(request.user, is_decided).order_by(*ORDER), request.GET.get("page"))
    evaluations = [*is_waiting, *page]
    keys = [evaluation.pk for evaluation in evaluations]
    may_be_read = set(queries.visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    cards = queries.latest_scorecards(e for e in is_waiting if e.pk in may_be_read)
    decisions = queries.latest_decisions(e for e in page if e.pk in may_be_read)
    is_member = request.user.has_role(Role.PANEL_MEMBER)
    locked = queries.declared_and_waiting(request.user).filter(pk__in=set(keys) - may_be_read)
    is_locked = set(locked.values_list("pk", flat=True))
    parts = _parts(request.user, evaluations, cards) if is_member else {}
    signs = signs_of(evaluation.round.edition for evaluation in evaluations)
    waiting = []
    for evaluation in is_waiting:
        card = cards.get(evaluation.pk)
        sign = signs[evaluation.round.edition_id, card.proposal] if card else None
        part, is_due = parts.get(evaluation.pk, ("", False))
        if evaluation.pk in is_locked:
            part, is_due = gettext("The assessors’ answers are awaited"), False
        waiting.append(Row(evaluation, card, sign, part, is_due, evaluation.pk in is_locked))
    decided = []
    for evaluation in evaluations:
        if evaluation.state != Evaluation.State.DECISION:
            decision, edition = decisions.get(evaluation.pk), evaluation.round.edition_id
            sign = signs[edition, decision.outcome] if decision else None
            proposed = signs[edition, decision.scorecard.proposal] if decision else None
            decided.append(DecidedRow(evaluation, decision, sign, proposed))
    return render(
        request,
        "panel/panel.html",
        {
            "waiting": waiting,
            "waiting_page": is_waiting,
            "decided": decided,
            "page": page,
            "is_member": is_member,
            "appeals": appeals_to_hear(request.user) if is_member else [],
        },
    )


def _listed(user: User, in_state: Q) -> QuerySet[Evaluation]:
    """Return the evaluations in some states that a user may read, or may after declaring or once replies are given.

    Each of the three is limited to the states, as a database works out every subquery for all its rows.
    """
    parts = queries.visible_to(user), queries.to_be_declared_by(user), queries.declared_and_waiting(user)
    keys = [part.filter(in_state).values("pk") for part in parts]
    return Evaluation.objects.filter(reduce(or_, (Q(pk__in=one) for one in keys)))


def _page_of(rows: QuerySet[Evaluation], number: str | None) -> Page[Any]:
    """Return a page of evaluations. Their keys are sorted, and only those of the page are read."""
    page: Page[Any] = Paginator(list(rows.values_list("pk", flat=True)), ROWS_A_PAGE).get_page(number)
    shown = Evaluation.objects.select_related("hotline", "round__edition").defer("round__edition__structure")
    loaded = shown.in_bulk(list(page))
    page.object_list = [loaded[key] for key in page if key in loaded]
    return page


def _has_voted(user: User) -> Exists:
    """Return a condition: the member has voted on the latest scorecard."""
    latest = Scorecard.objects.latest_of(OuterRef(OuterRef("pk")))
    return Exists(Vote.objects.filter(user=user, scorecard=Subquery(latest.values("pk"))))


def appeals_to_hear(user: User) -> list[dict[str, Any]]:
    """Return open appeals that the member may hear, each with whether they have voted."""
    appeals = list(to_be_heard_by(user))
    voted = set(AppealVote.objects.filter(user=user, appeal__in=appeals).values_list("appeal", flat=True))
    return [{"appeal": appeal, "has_voted": appeal.pk in voted} for appeal in appeals]


def _parts(user: User, evaluations: list[Evaluation], cards: dict[int, Scorecard]) -> dict[int, tuple[str, bool]]:
    """Return the member's action in each waiting evaluation, and whether it is pending: declare, vote, or done."""
    waiting = [evaluation for evaluation in evaluations if evaluation.state == Evaluation.State.DECISION]
    declared = set(Declaration.objects.filter(user=user, evaluation__in=waiting).values_list("evaluation", flat=True))
    voted = set(Vote.objects.filter(user=user, scorecard__in=cards.values()).values_list("scorecard", flat=True))
    found = {}
    for evaluation in waiting:
        card = cards.get(evaluation.pk)
        if card and card.pk in voted:
            found[evaluation.pk] = gettext("You have voted"), False
        elif evaluation.pk in declared:
            found[evaluation.pk] = gettext("Your vote is awaited"), True
        else:
            found[evaluation.pk] = gettext("Declare, then vote"), True
    return found
