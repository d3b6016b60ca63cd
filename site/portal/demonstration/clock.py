"""The clock of the demonstration, which replaces the current time, and the timeline of its stories."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from django.apps import apps
from django.db.models import DateTimeField
from django.utils import timezone

ZONE = ZoneInfo("Europe/Brussels")
SATURDAY = 5
FREE = {(1, 1), (5, 1), (8, 15), (11, 1), *((12, day) for day in range(24, 32))}
"""Months and days on which nobody in the network works."""
TICK = timedelta(milliseconds=10)

Story = Iterator[datetime]
"""A sequence of steps over time: it yields the moment of its next step, and performs it when resumed."""


class Clock:
    """A settable moment in UTC. It advances by a tick at each reading, so that later events have later times."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        self.moment += TICK
        return self.moment

    def set(self, moment: datetime) -> None:
        """Advance to a moment; a past moment is ignored."""
        self.moment = max(self.moment, moment.astimezone(UTC))

    def wait(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)


def _fields_by_the_clock(now: Callable[[], datetime]) -> list[Any]:
    """Return the fields whose default is `timezone.now`: they hold the function itself, which must be replaced too."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, DateTimeField) and field.default is now
    ]


@contextmanager
def run_clock(begins: datetime) -> Iterator[Clock]:
    """Make `django.utils.timezone.now`, `auto_now` and defaults return the clock's time within the block."""
    real = timezone.now
    clock = Clock(begins)
    fields = _fields_by_the_clock(real)

    def replace_now(now: Callable[[], datetime]) -> None:
        timezone.now = now
        for field in fields:
            field.default = now
            field.__dict__.pop("_get_default", None)  # a cached property with the former default

    replace_now(clock.now)
    try:
        yield clock
    finally:
        replace_now(real)


class Timeline:
    """Plays several stories on one clock, step by step in chronological order."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._begun = 0

    def begin(self, stories: Iterable[Story]) -> None:
        """Add stories from now on; a running story may do so."""
        for story in stories:
            self._begun += 1
            self._wait(self._begun, story)

    def play(self, until: datetime) -> None:
        """Play all stories to their ends, without steps after `until`."""
        while self._waiting and self._waiting[0][0] < until:
            moment, number, story = heapq.heappop(self._waiting)
            self.clock.set(moment)
            self._wait(number, story)

    def _wait(self, number: int, story: Story) -> None:
        moment = next(story, None)
        if moment is not None:
            heapq.heappush(self._waiting, (moment, number, story))


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and (day.month, day.day) not in FREE and day != easter(day.year) + timedelta(days=1)


def working_day(day: date, *, forth: bool = True) -> date:
    """Return the day, or the next working day (the previous one with `forth` False)."""
    while not is_working_day(day):
        day += timedelta(days=1 if forth else -1)
    return day


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment on the first working day from `day` on."""
    return datetime.combine(working_day(day), time(hour, minute), ZONE)
