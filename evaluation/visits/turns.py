"""The next task in the planning of a study visit: who has to do it, and since when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluation import queries
from evaluation.models import Membership, Stake, SuggestedDates, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed
from evaluation.visits.dates import Side, side_of


@dataclass(frozen=True, slots=True)
class Turn:
    """The next task for a visit that has not begun, or whose team cannot continue.

    `code` is one of `propose` (it was cancelled), `change_team` (a member has a stake, or there is no lead), `suggest`
    and `answer` (the days), `declare` (the interests), `send_agenda` and `begin`. It is the task of every user who has
    the `right`, and, if these are given, speaks for the `side` and is one of `people`.
    """

    code: str
    right: str
    since: datetime | None
    side: str = ""
    people: tuple[User, ...] = ()

    def is_of(self, user: User, visit: Visit) -> bool:
        return (
            is_allowed(self.right, user, visit)
            and (not self.side or side_of(user, visit) == self.side)
            and (not self.people or user in self.people)
        )


def find_turns(visits: Collection[Visit]) -> dict[int, Turn]:
    """Return the next task, by key, of each visit that has not begun or has a team member with a stake.

    The teams of the visits must be prefetched. At most three queries.
    """
    open_ = [visit for visit in visits if not visit.has_begun or visit.state in Visit.HELD]
    tied = _find_tied(open_)
    waiting = [visit for visit in open_ if not visit.has_begun or visit.pk in tied]
    came_at = queries.moved_at(Visit.objects.filter(pk__in=[visit.pk for visit in waiting])) if waiting else {}
    newest = _find_newest_suggestions(visit for visit in waiting if visit.state == Visit.State.PROPOSED)
    return {
        visit.pk: _find_turn(visit, newest.get(visit.pk), came_at.get(visit.uid), is_tied=visit.pk in tied)
        for visit in waiting
    }


def may_declare(visit: Visit, user: User) -> bool:
    """Whether a user is on the team of a planned visit and has not declared yet. The team must be prefetched.

    Members can declare as soon as they are proposed, before it is the next task.
    """
    is_asked = any(member.user_id == user.pk and member.declared_at is None for member in visit.team.all())
    return is_asked and visit.state in Visit.BEFORE_IT_BEGINS and is_allowed("visit.declare", user, visit)


def at_turn(code: str) -> Q:
    """Return the condition that the next task of the visit of an evaluation has this code, as in `find_turns`.

    `code` is `propose`, `change_team`, `suggest` or `answer`.
    """
    own = {"visit__evaluation": OuterRef("pk")}
    is_tied, has_lead = Exists(_tied().filter(**own)), Exists(TeamMember.objects.filter(**own, is_lead=True))
    if code == "propose":
        return Q(visit__state=Visit.State.CANCELLED)
    if code == "change_team":
        without_lead = Q(~has_lead, visit__state__in=Visit.BEFORE_IT_BEGINS)
        return Q(is_tied, visit__state__in=(*Visit.BEFORE_IT_BEGINS, *Visit.HELD)) | without_lead
    is_answered = Exists(open_suggestions())
    return Q(~is_tied, has_lead, is_answered if code == "answer" else ~is_answered, visit__state=Visit.State.PROPOSED)


def open_suggestions() -> QuerySet[SuggestedDates]:
    """Return the open suggestions of days for the visit of the evaluation of an outer row, newest first."""
    return SuggestedDates.objects.filter(visit__evaluation=OuterRef("pk"), is_open=True).order_by("-at", "-pk")


def _find_turn(visit: Visit, newest: SuggestedDates | None, since: datetime | None, *, is_tied: bool) -> Turn:
    state = Visit.State(visit.state)
    if state == Visit.State.CANCELLED:
        return Turn("propose", "visit.arrange", since)
    if is_tied or visit.lead is None:
        return Turn("change_team", "visit.arrange", since)
    if state == Visit.State.PROPOSED and newest is None:
        return Turn("suggest", "visit.agree", since, Side.TEAM)
    if state == Visit.State.PROPOSED and newest is not None:
        other = Side.TEAM if newest.side == Side.HOTLINE else Side.HOTLINE
        return Turn("answer", "visit.agree", newest.at, other)
    if state == Visit.State.DATES_AGREED:
        waiting = tuple(member.user for member in visit.team.all() if member.declared_at is None)
        return Turn("declare", "visit.step_aside", since, people=waiting)
    if state == Visit.State.TEAM_CONFIRMED:
        return Turn("send_agenda", "visit.plan", since)
    return Turn("begin", "visit.observe", since)


def _find_newest_suggestions(visits: Iterable[Visit]) -> dict[int, SuggestedDates]:
    """Return the newest open suggestion of days, by the key of the visit."""
    keys = [visit.pk for visit in visits]
    found = SuggestedDates.objects.filter(visit__in=keys, is_open=True).order_by("at", "pk") if keys else ()
    return {suggested.visit_id: suggested for suggested in found}


def _find_tied(visits: Collection[Visit]) -> set[int]:
    """Return the keys of the visits with a team member who has a tie to the hotline, or whose country is unknown."""
    if not visits:
        return set()
    return set(_tied().filter(visit__in=[one.pk for one in visits]).values_list("visit", flat=True))


def _tied() -> QuerySet[TeamMember]:
    """Return the members with a tie to the hotline that they visit, or whose country is unknown."""
    own = {"user": OuterRef("user"), "hotline": OuterRef("visit__evaluation__hotline")}
    begun = Membership.objects.filter(**own, since__lte=timezone.localdate())
    tied = Q(user__country=F("visit__evaluation__hotline__country")) | Q(user__country="")
    return TeamMember.objects.filter(tied | Q(Exists(begun)) | Q(Exists(Stake.objects.filter(**own))))
