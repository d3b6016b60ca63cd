"""A kind of waiting thing: declared once as a `Source`, and gathered for one user."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from evaluation import queries
from evaluation.assessment.deadline.timing import last_days_of
from evaluation.guards.permissions import is_allowed, may_ever_have
from evaluation.guards.ties import cache_ties
from evaluation.models import Evaluation, Hotline, Role, User, Visit
from evaluation.models.round import ZonedDates
from evaluation.visits.turns import Turn, find_turns


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting thing. `about` is the object that the right is checked for; `since` is None if it is unknown."""

    about: Any
    title: str
    url: str
    since: datetime | None
    why: str = ""
    is_late: bool = False


class Desk:
    """The data that the sources read for one user; data that several sources need is read once."""

    def __init__(self, user: User) -> None:
        self.user = user
        cache_ties([user], Hotline.objects.all())

    @cached_property
    def evaluations(self) -> list[Evaluation]:
        """The evaluations under way that the user may see, with their visits and teams."""
        found = list(queries.for_pages(self._under_way).order_by("pk"))
        if self.user.has_role(Role.PANEL_MEMBER):
            queries.cache_declarations(self.user, found)
        return found

    @cached_property
    def moved_at(self) -> dict[Any, datetime]:
        """When each of these evaluations entered its stage, by uid."""
        return queries.moved_at(self._under_way)

    @cached_property
    def followed_up(self) -> set[int]:
        """The keys of those that have a follow-up visit of an accredited hotline."""
        return set(self._under_way.filter(queries.followed_up()).values_list("pk", flat=True))

    @cached_property
    def last_days(self) -> dict[int, date | None]:
        """The last day of each open self-assessment, by key; None for one that was sent back after its last day."""
        return last_days_of(self.evaluations)

    @cached_property
    def visits(self) -> list[Visit]:
        """The visits of evaluations that are at the desk review or the visit, each with its evaluation."""
        found = []
        for evaluation in self.at(Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT):
            if (visit := evaluation.arranged_visit) is not None:
                visit.evaluation = evaluation
                found.append(visit)
        return found

    @cached_property
    def visits_moved_at(self) -> dict[Any, datetime]:
        """When each of the visits entered its state, by uid."""
        return queries.moved_at(Visit.objects.filter(pk__in=[visit.pk for visit in self.visits]))

    @cached_property
    def turns(self) -> list[tuple[Visit, Turn]]:
        """The visits that have not begun or cannot go on, each with the next step and whose turn it is."""
        turns = find_turns(self.visits, self.visits_moved_at)
        return [(visit, turns[visit.pk]) for visit in self.visits if visit.pk in turns]

    @property
    def _under_way(self) -> Any:
        over = (Evaluation.State.PUBLISHED, Evaluation.State.EXCUSED)
        return queries.visible_to(self.user).exclude(state__in=over)

    def at(self, *stages: str) -> list[Evaluation]:
        return [evaluation for evaluation in self.evaluations if evaluation.state in stages]

    def came_at(self, evaluation: Evaluation) -> datetime:
        """Return when the evaluation entered its stage."""
        return self.moved_at.get(evaluation.uid, evaluation.opened_at)


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of waiting thing: its code in addresses, its labels, the right to act on it, and how it is found.

    `find` makes a constant number of queries, and yields what waits for any user who has the right.
    """

    code: str
    label: Any
    act: Any
    """The text of the link to the page on which to act."""
    right: str
    find: Callable[[Desk], Iterable[Waiting]]


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting thing, with its kind."""

    source: Source
    waiting: Waiting

    @property
    def days(self) -> int | None:
        """The days that it has waited, rounded down; None if unknown."""
        since = self.waiting.since
        return None if since is None else max((timezone.now() - since).days, 0)


_FIRST = datetime.min.replace(tzinfo=ZoneInfo("UTC"))


def find_waiting(user: User, sources: Sequence[Source]) -> list[Row]:
    """Return what waits for a user, oldest first; rows of unknown age come before all others."""
    desk = Desk(user)
    rows = [
        Row(source, waiting)
        for source in sources
        if may_ever_have(source.right, user)
        for waiting in source.find(desk)
        if is_allowed(source.right, user, waiting.about)
    ]
    return sorted(rows, key=lambda row: row.waiting.since or _FIRST)


def begin_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day begins in the time zone of a round or a consultation."""
    return datetime.combine(day, time.min, ZoneInfo(zoned.time_zone))


def end_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day ends in the time zone of a round or a consultation."""
    return begin_of(day + timedelta(days=1), zoned)
