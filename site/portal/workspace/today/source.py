"""A kind of waiting thing: declared once as a `Source`, and gathered for one user."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, prefetch_related_objects
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


@dataclass(frozen=True, slots=True)
class Pending:
    """A waiting thing that is counted and sorted, and read only if its row is shown. `key` is that of its row."""

    key: int
    since: datetime | None
    is_late: bool = False


class Desk:
    """The data that the sources read for one user; data that several sources need is read once."""

    def __init__(self, user: User) -> None:
        self.user = user
        known = Hotline.objects.only("country")  # all that a tie depends on
        cache_ties([user], known)

    @cached_property
    def evaluations(self) -> list[Evaluation]:
        """The evaluations under way that the user may see, with the visits and teams that a right or a row depends on.

        Those are all of an assessor or a member of the panel; of others, only those that prepare or make a visit. Without
        those before the panel, unless the user is a member.
        """
        under_way = self._under_way
        if not self.user.has_role(Role.PANEL_MEMBER):  # only the panel has something to do with all of them
            under_way = under_way.exclude(state=Evaluation.State.DECISION)
        found = list(under_way.select_related("hotline").prefetch_related("round__edition").order_by("pk"))
        stages = (Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT)
        is_tied_by_visits = self.user.has_role(Role.ASSESSOR, Role.PANEL_MEMBER)
        visited = [one for one in found if is_tied_by_visits or one.state in stages]
        prefetch_related_objects(visited, "visit__team__user")
        if self.user.has_role(Role.PANEL_MEMBER):
            queries.cache_declarations(self.user, found)
        return found

    def load(self, condition: Q) -> list[Evaluation]:
        """Return the evaluations under way that the user may see and that fulfil a condition, with visits and teams."""
        return list(queries.for_pages(self._under_way.filter(condition)).order_by("pk"))

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

    `find` makes a constant number of queries, and yields what waits for any user who has the right. What the network has
    much of is found by a `Listing`.
    """

    code: str
    label: Any
    act: Any
    """The text of the link to the page on which to act."""
    right: str
    find: "Callable[[Desk], Iterable[Waiting]] | Listing"


@dataclass(frozen=True, slots=True)
class Listing:
    """How a source finds many things: `pending` those on which the user has its right, narrowed in the database.

    `read` yields those of some keys, each with its key. Both make a constant number of queries.
    """

    pending: Callable[[Desk], Iterable[Pending]]
    read: Callable[[Desk, list[int]], Iterable[tuple[int, Waiting]]]


@dataclass(slots=True)
class Row:
    """One waiting thing, with its kind. `read_rows` reads what is pending."""

    source: Source
    found: Waiting | Pending

    @property
    def waiting(self) -> Waiting:
        assert isinstance(self.found, Waiting)  # read before it is shown
        return self.found

    @property
    def days(self) -> int | None:
        """The days that it has waited, rounded down; None if unknown."""
        since = self.found.since
        return None if since is None else max((timezone.now() - since).days, 0)


_FIRST = datetime.min.replace(tzinfo=ZoneInfo("UTC"))


def list_waiting(desk: Desk, sources: Sequence[Source]) -> list[Row]:
    """Return what waits for a user, oldest first; rows of unknown age come before all others.

    The rows of sources with a `Listing` are still to be read.
    """
    rows = [row for source in sources if may_ever_have(source.right, desk.user) for row in _rows_of(source, desk)]
    return sorted(rows, key=lambda row: row.found.since or _FIRST)


def _rows_of(source: Source, desk: Desk) -> Iterator[Row]:
    if isinstance(source.find, Listing):
        yield from (Row(source, pending) for pending in source.find.pending(desk))
        return
    for waiting in source.find(desk):
        if is_allowed(source.right, desk.user, waiting.about):
            yield Row(source, waiting)


def read_rows(desk: Desk, rows: Iterable[Row]) -> list[Row]:
    """Return the rows with what is pending read; without what was done meanwhile."""
    rows = list(rows)
    wanted: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if isinstance(row.found, Pending):
            wanted[row.source.code].append(row)
    for pending in wanted.values():
        keys = {row.found.key: row for row in pending if isinstance(row.found, Pending)}
        find = pending[0].source.find
        assert isinstance(find, Listing)  # whose rows are pending
        for key, waiting in find.read(desk, list(keys)):
            keys[key].found = waiting
    return [row for row in rows if isinstance(row.found, Waiting)]


def find_waiting(user: User, sources: Sequence[Source]) -> list[Row]:
    """Return what waits for a user, as `list_waiting`, with every row read."""
    desk = Desk(user)
    return read_rows(desk, list_waiting(desk, sources))


def begin_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day begins in the time zone of a round or a consultation."""
    return datetime.combine(day, time.min, ZoneInfo(zoned.time_zone))


def end_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day ends in the time zone of a round or a consultation."""
    return end_in(zoned.time_zone, day)


def end_in(time_zone: str, day: date) -> datetime:
    """Return the moment at which a day ends in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
