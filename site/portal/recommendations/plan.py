"""The hotline's plan on one page: a filtered board by state and a calendar by month."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from evaluation.models import Evaluation, Proof, Recommendation, TeamMember, User, Visit
from portal.access import find_evaluation
from portal.moves.pages import OfferedMove, offered_moves
from portal.presentation.scorecard.conditions import ShownCondition, show_conditions
from portal.recommendations.months import Month, months_of
from portal.recommendations.rows import COLUMNS, WAITS_FOR, Shown, show
from portal.requests.signed_in import SignedInRequest
from portal.visits.shown.follow_up import address_to_plan, is_near
from standards.models import Texts

State = Recommendation.State


@dataclass(frozen=True, slots=True)
class Card:
    """A recommendation on the board, with the user's moves."""

    shown: Shown
    moves: list[OfferedMove]

    @property
    def open_moves(self) -> list[OfferedMove]:
        return [move for move in self.moves if move.is_open]

    @property
    def shut_moves(self) -> list[OfferedMove]:
        return [move for move in self.moves if not move.is_open]


@dataclass(frozen=True, slots=True)
class Column:
    state: State
    cards: list[Card]

    @property
    def waits_for(self) -> str:
        return str(WAITS_FOR[self.state])

    @property
    def overdue(self) -> int:
        return sum(card.shown.is_overdue for card in self.cards)


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of the plan. Withdrawn recommendations do not count."""

    closed: int
    of: int
    taken_back: int
    overdue: int

    @property
    def percent(self) -> int:
        """The percentage, rounded down: 100 means that all are closed."""
        return self.closed * 100 // self.of if self.of else 100


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """The filter of the plan."""

    mine: bool
    overdue: bool
    priority: str
    domain: str

    @classmethod
    def read(cls, request: SignedInRequest) -> "PlanFilter":
        query = request.GET
        return cls(
            bool(query.get("mine")), bool(query.get("overdue")), query.get("priority", ""), query.get("domain", "")
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.mine or self.overdue or self.priority or self.domain)

    def fits(self, shown: Shown, name: str) -> bool:
        recommendation = shown.recommendation
        return (
            (not self.mine or recommendation.owner.strip().casefold() == name.strip().casefold())
            and (not self.overdue or shown.is_overdue)
            and (not self.priority or str(recommendation.priority) == self.priority)
            and (not self.domain or shown.domain == self.domain)
        )


@require_safe
def plan(request: SignedInRequest, uid: UUID) -> HttpResponse:
    evaluation = find_evaluation(request, uid)
    _prefetch_team(evaluation)
    edition = evaluation.round.edition
    texts = edition.texts(get_language())
    followed = evaluation.open_conditions
    everything = show(evaluation, (one for one in _read_plan(evaluation) if one.code not in followed), texts)
    wanted = PlanFilter.read(request)
    chosen = [shown for shown in everything if wanted.fits(shown, request.user.name)]
    conditions = show_conditions(evaluation.conditions, today=evaluation.round.today)
    is_any_near = any(one.is_open and is_near(one.due_on, evaluation) for one in conditions)
    view = "calendar" if request.GET.get("view") == "calendar" else "board"
    return render(
        request,
        "recommendations/plan.html",
        {
            "evaluation": evaluation,
            "source_language": edition.source_language,
            "view": view,
            "wanted": wanted,
            "priorities": Recommendation.Priority.choices,
            "domains": _domains_of(evaluation, texts, {shown.domain for shown in everything}),
            "progress": progress_of(everything),
            "conditions": conditions,
            "follow_up_url": address_to_plan(evaluation, request.user) if is_any_near else "",
            "counts": _count(everything),
            "chosen": len(chosen),
            "has_any": bool(everything) or bool(conditions),
            "columns": _board(chosen, request.user) if view == "board" else [],
            "late": sorted((s for s in chosen if s.is_overdue), key=lambda s: s.recommendation.due_on),
            "months": _calendar(chosen, conditions, evaluation) if view == "calendar" else [],
            "settled": [s for s in chosen if s.recommendation.is_settled],
        },
    )


def _read_plan(evaluation: Evaluation) -> list[Recommendation]:
    proofs = Prefetch("proofs", Proof.objects.only("pk", "recommendation"))
    return list(evaluation.recommendations.in_the_plan().prefetch_related(proofs))


def _prefetch_team(evaluation: Evaluation) -> None:
    """Prefetch the team, which the rights on every card depend on."""
    team = Prefetch("team", TeamMember.objects.select_related("user"))
    visit = Visit.objects.filter(evaluation=evaluation).prefetch_related(team).first()
    if visit:
        evaluation.visit = visit


def _domains_of(evaluation: Evaluation, texts: Texts, codes: set[str]) -> list[tuple[str, object]]:
    """Return the domains of the plan, in the order of the Guide."""
    return [
        (domain.code, texts[f"domain/{domain.code}/short_title"])
        for domain in evaluation.framework.domains
        if domain.code in codes
    ]


def progress_of(everything: list[Shown]) -> Progress:
    current = [shown for shown in everything if not shown.recommendation.is_withdrawn]
    return Progress(
        closed=sum(shown.recommendation.state == State.CLOSED for shown in current),
        of=len(current),
        taken_back=len(everything) - len(current),
        overdue=sum(shown.is_overdue for shown in current),
    )


def _count(everything: list[Shown]) -> list[dict[str, Any]]:
    """Return the number of recommendations by column; empty columns are included here only."""
    counted = Counter(shown.recommendation.state for shown in everything)
    return [{"state": state, "count": counted[state]} for state in COLUMNS]


def _board(chosen: list[Shown], user: User) -> list[Column]:
    """Return the columns that are not empty; in each the earliest day first."""
    columns = []
    for state in COLUMNS:
        here = [shown for shown in chosen if shown.recommendation.state == state]
        here.sort(key=lambda shown: (shown.recommendation.due_on is None, shown.recommendation.due_on))
        if here:
            columns.append(Column(state, [Card(s, offered_moves(s.recommendation, user)) for s in here]))
    return columns


def _calendar(chosen: list[Shown], conditions: list[ShownCondition], evaluation: Evaluation) -> list[Month]:
    """Return the months with due days from today, the earliest first."""
    open_ones = [one for one in conditions if one.is_open and not one.is_late]
    ahead = [shown for shown in chosen if not shown.recommendation.is_settled and not shown.is_overdue]
    return months_of(ahead, evaluation.round.today, int(get_format("FIRST_DAY_OF_WEEK")), open_ones)
