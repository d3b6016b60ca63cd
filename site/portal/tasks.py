"""Tasks: what is to be done next, by whom, since when and where. Nouns declare them; lists and pages show them.

Today lists the tasks of one user in the whole network. The page of an evaluation shows, as lines of “What next”, its
tasks for the user and what it waits for otherwise.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from evaluation import queries
from evaluation.models import Evaluation, Round, User
from evaluation.models.people.permissions import is_allowed, may_ever_have
from evaluation.models.people.ties import cache_stakes
from evaluation.models.rounds import ZonedDates


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the list “What next”: what is to be done, or what is waited for.

    `kind` is `stop`, `wait`, `good` or `info`. `act` is the label of the button, if the user is to act; it leads to
    `act_url`, or else to `url`. `places` are indicators, each with a URL, or `standards` the same by standard.
    """

    what: str
    why: str = ""
    url: str = ""
    act: str = ""
    act_url: str = ""
    kind: str = "wait"
    icon: str = ""
    places: Sequence[tuple[str, str]] = ()
    standards: Sequence[Any] = ()
    count: int = 0
    is_folded: bool = False
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is to be done with a thing: by the users with a `right` over it, on a `page`, and its words.

    `page` is the name of a URL that takes the uid of the thing. `act` is the label of the link to it. `what` is the
    sentence for the users with the right, and `waits` that for others.
    """

    right: str
    page: str
    act: Any
    what: Any = ""
    waits: Any = ""

    def url(self, thing: Any) -> str:
        return reverse(f"workspace:{self.page}", args=[thing.uid])

    def waiting(
        self, evaluation: Evaluation, since: datetime | None, why: str = "", *, is_late: bool = False
    ) -> "Waiting":
        """Return the row of a list about an evaluation."""
        name = evaluation.hotline.name
        return Waiting(evaluation, name, self.url(evaluation), since, why, is_late=is_late, act=self.act)

    def line(self, thing: Any, user: User, why: str = "", *, url_of_others: str = "") -> Line:
        """Return the line about a thing: with the button for users who have the right over it."""
        if is_allowed(self.right, user, thing):
            return self.own_line(thing, why)
        return Line(what=str(self.waits), why=why, url=url_of_others)

    def own_line(self, thing: Any, why: str = "", *, url: str = "", is_main: bool = False) -> Line:
        """Return the line for a user who has the right; `url` is the page, if it is another one."""
        address = url or self.url(thing)
        return Line(what=str(self.what), why=why, url=address, act=str(self.act), kind="info", is_main=is_main)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One waiting thing. `about` is the object that the right is checked for; `since` is None if it is unknown.

    `act` is the label of the link to `url`, if it is not that of the kind's task.
    """

    about: Any
    title: str
    url: str
    since: datetime | None
    why: str = ""
    is_late: bool = False
    act: Any = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """A waiting thing that was found and sorted in the database, and is read only if its row is shown.

    `stream` is the place of its stream in the listing, `key` that of the row in the database.
    """

    stream: int
    key: int
    since: datetime | None
    day_since: date | None = None

    @property
    def day(self) -> date:
        """The day that it has waited since, in its time zone: that which begins or ends at `since`."""
        assert self.day_since is not None  # a thing of `TaskSearch.by_day`
        return self.day_since


@dataclass(frozen=True, slots=True)
class Stream:
    """Waiting things of one kind, sorted by `since`, oldest first; those of unknown age come first, equals by `order`.

    `rows` has the waiting things that the user may act on, annotated with `since`: a moment, or a day of one time zone,
    which `moment` converts. `key` is the field that identifies a row.
    """

    rows: QuerySet[Any]
    moment: Callable[[date], datetime] | None = None
    order: tuple[Any, ...] = ("pk",)
    key: str = "pk"

    def count(self) -> int:
        return self.rows.order_by().count()

    def first(self, most: int | None, place: int) -> tuple[int, list[Pending]]:
        """Return the number of all rows, and the first ones, all if `most` is None. `place` is that of the stream."""
        sorted_rows = self.rows.order_by(F("since").asc(nulls_first=True), *self.order)
        listed = list(sorted_rows.annotate(total=Window(Count("*"))).values_list(self.key, "since", "total")[:most])
        return (listed[0][2] if listed else 0), [self._pending(place, key, since) for key, since, _total in listed]

    def _pending(self, place: int, key: int, since: Any) -> Pending:
        return Pending(place, key, self.moment(since), since) if self.moment else Pending(place, key, since)

    def keys(self) -> set[int]:
        return set(self.rows.order_by().values_list(self.key, flat=True))


class TaskSearch:
    """The search for the tasks of one user; data that several kinds need is read once.

    `within` limits the evaluations, for instance to those of a round.
    """

    def __init__(self, user: User, within: Q | None = None) -> None:
        self.user = user
        self.within = within or Q()
        self.shown_keys: set[int] = set()
        cache_stakes(user)

    def among(self, evaluations: QuerySet[Evaluation]) -> QuerySet[Evaluation]:
        """Return those of some evaluations that are searched."""
        return evaluations.filter(self.within)

    @cached_property
    def stages(self) -> set[str]:
        """The stages of all evaluations under way, of any user. What is sought in other stages need not be asked."""
        return {stage for stage, _visit in self._stages_and_visits}

    @cached_property
    def visit_states(self) -> set[str]:
        """The states of their visits."""
        return {visit for _stage, visit in self._stages_and_visits}

    @cached_property
    def _stages_and_visits(self) -> set[tuple[str, str]]:
        over = (Evaluation.State.PUBLISHED, Evaluation.State.EXCUSED)
        under_way = self.among(Evaluation.objects.exclude(state__in=over))
        return set(under_way.order_by().values_list("state", "visit__state").distinct())

    @cached_property
    def zones(self) -> list[str]:
        """The time zones of the rounds: a day is over at another moment in each."""
        return list(Round.objects.order_by("time_zone").values_list("time_zone", flat=True).distinct())

    def by_day(
        self, rows: Callable[[str, date], QuerySet[Any]], moment: Callable[[str, date], datetime], **given: Any
    ) -> Iterator[Stream]:
        """Yield a stream for each time zone, of things that wait since a day.

        `rows` returns those of a zone on a day, which is today there; `moment` the moment that a day stands for.
        """
        for zone in self.zones:
            today = timezone.localdate(timezone=ZoneInfo(zone))
            yield Stream(rows(zone, today), partial(moment, zone), **given)

    @cached_property
    def shown(self) -> dict[int, Evaluation]:
        """The evaluations of the rows that are shown, by key, with what their rows read."""
        return {one.pk: one for one in queries.for_pages(Evaluation.objects.filter(pk__in=self.shown_keys))}


@dataclass(frozen=True, slots=True)
class Listing:
    """How a kind finds many things: counted, narrowed to those of the user's right, and sorted in the database.

    `read` returns, by key, what is shown of some pending things of one stream each. Listings about evaluations have
    their keys, and find them in `TaskSearch.shown`. Each stream is one query, `read` makes a constant number of queries.
    """

    streams: Callable[[TaskSearch], Iterable[Stream]]
    read: Callable[[TaskSearch, Sequence[Pending]], Iterable[tuple[int, Waiting]]]
    stages: tuple[str, ...] = ()
    """The stages of evaluations in which it finds anything; any, if empty."""
    visit_states: tuple[str, ...] = ()
    """The states of their visits in which it finds anything; any, if empty."""
    is_about_evaluations: bool = False


@dataclass(frozen=True, slots=True)
class TaskKind:
    """The tasks of one kind: its code in addresses, its label, the task, and how what waits is found.

    `find` makes a constant number of queries, and yields what waits for any user who has the right to the task. What the
    network has much of is found by a `Listing`.
    """

    code: str
    label: Any
    task: Task
    find: "Callable[[TaskSearch], Iterable[Waiting]] | Listing"


def since_it_came(search: TaskSearch, evaluations: QuerySet[Evaluation]) -> QuerySet[Any]:
    """Return those of the evaluations that are searched, each with the time since when it is in its stage."""
    return search.among(evaluations).annotate(since=queries.came_at())


def list_evaluations(
    task: Task,
    find: Callable[[TaskSearch], Iterable[Stream]],
    why: Callable[[Evaluation, Pending], str],
    *stages: str,
    visit_states: tuple[str, ...] = (),
    is_late: bool = False,
) -> Listing:
    """Return a listing of a task with evaluations in these stages; `why` returns the sentence about each by itself."""

    def read(search: TaskSearch, pending: Sequence[Pending]) -> Iterator[tuple[int, Waiting]]:
        for one in pending:
            found = search.shown[one.key]
            yield one.key, task.waiting(found, one.since, why(found, one), is_late=is_late)

    return Listing(find, read, stages, visit_states, is_about_evaluations=True)


@dataclass(slots=True)
class Row:
    """One waiting thing, with its kind. `read_rows` reads what is pending."""

    kind: TaskKind
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


@dataclass(frozen=True, slots=True)
class Found:
    """What waits of one kind: the number of all, and the first rows."""

    kind: TaskKind
    count: int
    rows: list[Row] = field(default_factory=list)


_FIRST = datetime.min.replace(tzinfo=ZoneInfo("UTC"))


def _age(row: Row) -> datetime:
    return row.found.since or _FIRST


def find_first(search: TaskSearch, kind: TaskKind, most: int | None) -> Found:
    """Return the number of what waits of one kind, and the first `most` rows, oldest first; all if it is None.

    Rows of unknown age come before all others. Those of a `Listing` are still to be read.
    """
    if not may_ever_have(kind.task.right, search.user):
        return Found(kind, 0)
    if not isinstance(kind.find, Listing):
        rows = [Row(kind, one) for one in kind.find(search) if is_allowed(kind.task.right, search.user, one.about)]
        return Found(kind, len(rows), sorted(rows, key=_age)[:most])
    count, rows = 0, []
    for place, stream in enumerate(_streams(search, kind.find)):
        total, first = (stream.count(), []) if most == 0 else stream.first(most, place)
        count += total
        rows += [Row(kind, pending) for pending in first]
    return Found(kind, count, sorted(rows, key=_age)[:most])


def _streams(search: TaskSearch, listing: Listing) -> Iterable[Stream]:
    """Return the streams of a listing; none if no evaluation is where it finds anything."""
    if listing.stages and search.stages.isdisjoint(listing.stages):
        return ()
    if listing.visit_states and search.visit_states.isdisjoint(listing.visit_states):
        return ()
    return listing.streams(search)


def in_order(found: Iterable[Found]) -> list[Row]:
    """Return the rows of several kinds, oldest first; equals in the order of the kinds."""
    return sorted(chain.from_iterable(one.rows for one in found), key=_age)


def read_rows(search: TaskSearch, rows: Iterable[Row]) -> list[Row]:
    """Return the rows with what is pending read; without what was done meanwhile."""
    rows = list(rows)
    wanted: dict[str, tuple[Listing, list[Row]]] = {}
    for row in rows:
        if isinstance(row.found, Pending) and isinstance(row.kind.find, Listing):
            wanted.setdefault(row.kind.code, (row.kind.find, []))[1].append(row)
            if row.kind.find.is_about_evaluations:
                search.shown_keys.add(row.found.key)
    for listing, listed in wanted.values():
        pending = {row.found.key: row for row in listed if isinstance(row.found, Pending)}
        found = [row.found for row in pending.values() if isinstance(row.found, Pending)]
        for key, waiting in listing.read(search, found):
            pending[key].found = waiting
    return [row for row in rows if isinstance(row.found, Waiting)]


def find_tasks(user: User, kinds: Sequence[TaskKind]) -> list[Row]:
    """Return everything that waits for a user, in order, with every row read."""
    search = TaskSearch(user)
    return read_rows(search, in_order([find_first(search, kind, None) for kind in kinds]))


def find_evaluations(user: User, kinds: Sequence[TaskKind], within: Q) -> dict[str, set[int]]:
    """Return the keys of the evaluations about which something waits for a user, by the code of the kind."""
    search, found = TaskSearch(user, within), {}
    for kind in kinds:
        if isinstance(kind.find, Listing) and may_ever_have(kind.task.right, user):
            keys: set[int] = set().union(*(stream.keys() for stream in _streams(search, kind.find)))
            if keys:
                found[kind.code] = keys
    return found


def begin_in(time_zone: str, day: date) -> datetime:
    """Return the moment at which a day begins in a time zone."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone))


def begin_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day begins in the time zone of a round or a consultation."""
    return begin_in(zoned.time_zone, day)


def end_of(day: date, zoned: ZonedDates) -> datetime:
    """Return the moment at which a day ends in the time zone of a round or a consultation."""
    return end_in(zoned.time_zone, day)


def end_in(time_zone: str, day: date) -> datetime:
    """Return the moment at which a day ends in a time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
