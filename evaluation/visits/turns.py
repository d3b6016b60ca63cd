"""The next task in the planning of a study visit: who has to do it, and since when."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from evaluation import queries
from evaluation.models import Evaluation, Membership, Stake, SuggestedDates, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.dates import Side, side_of

State = Visit.State
RIGHTS = {
    "propose": "visit.arrange",
    "change_team": "visit.arrange",
    "suggest": "visit.agree",
    "answer": "visit.agree",
    "declare": "visit.step_aside",
    "send_agenda": "visit.plan",
    "begin": "visit.observe",
}
"""The right to each task: to propose a cancelled visit again, to change a team with a stake or without a lead, to
suggest and to answer days, to declare interests, to send the agenda, and to begin."""
_STATE_OF = {"declare": State.DATES_AGREED, "send_agenda": State.TEAM_CONFIRMED, "begin": State.AGENDA_SENT}


@dataclass(frozen=True, slots=True)
class Turn:
    """The next task for a visit that has not begun, or whose team cannot continue; `code` is one of `RIGHTS`.

    It is the task of every user who has the right, and, if these are given, speaks for the `side` and is one of
    `people`.
    """

    code: str
    since: datetime | None
    side: str = ""
    people: tuple[User, ...] = ()

    def is_of(self, user: User, visit: Visit) -> bool:
        return (
            is_allowed(RIGHTS[self.code], user, visit)
            and (not self.side or side_of(user, visit) == self.side)
            and (not self.people or user in self.people)
        )


def find_turn(visit: Visit) -> Turn | None:
    """Return the next task of a visit. None once it has begun, unless a member of its team has a stake. One query.

    The team of the visit must be prefetched.
    """
    if visit.has_begun and visit.state not in Visit.HELD:
        return None
    newest = open_suggestions()
    code, side, suggested_at, came_at = Evaluation.objects.values_list(
        Case(*(When(at_turn(code), then=Value(code)) for code in RIGHTS)),
        Subquery(newest.values("side")[:1]),
        Subquery(newest.values("at")[:1]),
        queries.state_since(Visit.kind, "visit__uid"),
    ).get(visit=visit)
    if code is None:
        return None
    if code == "suggest":
        return Turn(code, came_at, Side.TEAM)
    if code == "answer":
        return Turn(code, suggested_at, Side.TEAM if side == Side.HOTLINE else Side.HOTLINE)
    waiting = tuple(member.user for member in visit.team.all() if member.declared_at is None)
    return Turn(code, came_at, people=waiting if code == "declare" else ())


def may_declare(visit: Visit, user: User) -> bool:
    """Whether a user is on the team of a planned visit and has not declared yet. The team must be prefetched.

    Members can declare as soon as they are proposed, before it is the next task.
    """
    is_asked = any(member.user_id == user.pk and member.declared_at is None for member in visit.team.all())
    return is_asked and visit.state in Visit.BEFORE_IT_BEGINS and is_allowed("visit.declare", user, visit)


def at_turn(code: str) -> Q:
    """Return the condition that the next task of the visit of an evaluation has this code; one code at most applies."""
    own = {"visit__evaluation": OuterRef("pk")}
    is_tied, has_lead = Exists(_tied().filter(**own)), Exists(TeamMember.objects.filter(**own, is_lead=True))
    if code == "propose":
        return Q(visit__state=State.CANCELLED)
    if code == "change_team":
        without_lead = Q(~has_lead, visit__state__in=Visit.BEFORE_IT_BEGINS)
        return Q(is_tied, visit__state__in=(*Visit.BEFORE_IT_BEGINS, *Visit.HELD)) | without_lead
    if code in _STATE_OF:
        return Q(~is_tied, has_lead, visit__state=_STATE_OF[code])
    is_suggested = Exists(open_suggestions())
    return Q(~is_tied, has_lead, is_suggested if code == "answer" else ~is_suggested, visit__state=State.PROPOSED)


def open_suggestions() -> QuerySet[SuggestedDates]:
    """Return the open suggestions of days for the visit of the evaluation of an outer row, newest first."""
    return SuggestedDates.objects.filter(visit__evaluation=OuterRef("pk"), is_open=True).order_by("-at", "-pk")


def _tied() -> QuerySet[TeamMember]:
    """Return the members with a tie to the hotline that they visit, or whose country is unknown."""
    own = {"user": OuterRef("user"), "hotline": OuterRef("visit__evaluation__hotline")}
    begun = Membership.objects.filter(**own, since__lte=timezone.localdate())
    tied = Q(user__country=F("visit__evaluation__hotline__country")) | Q(user__country="")
    return TeamMember.objects.filter(tied | Q(Exists(begun)) | Q(Exists(Stake.objects.filter(**own))))
