"""Versions of what pages are computed from: each changes in the very transaction that changes the thing.

Steps, publications and scorecards are only ever added, so how many there are is a version that no act can forget to
raise, and those that came since say what changed. What is kept asks for the kinds of rows that it follows from, so that
a step of anything else leaves it as it is.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Value
from django.utils import timezone

from evaluation.models import Round, Step

MAX_CHANGED_ROWS = 1000
"""Rows that are looked at to see what changed; where more came, everything is computed anew."""

Key = TypeVar("Key")
Mark = tuple[int, int]
"""How many rows there were, and the key of the newest."""


def _same(found: set[Any]) -> set[Any]:
    return found


@dataclass(frozen=True, slots=True)
class Source(Generic[Key]):
    """Rows that are only ever added. `fields` tell what a row is about, `parts` which parts follow from that."""

    rows: QuerySet[Any]
    fields: tuple[str, ...]
    parts: Callable[[set[Any]], Iterable[Key]] = _same

    def changed_since(self, before: Mark, now: Mark) -> set[Key] | None:
        """The parts about which rows came. None where that cannot be told: then everything may have changed.

        The newest key alone would not do: on PostgreSQL a row with a smaller one may be committed after it. So the rows
        beyond the mark must be as many as came.
        """
        if before == now:
            return set()
        if not 0 < now[0] - before[0] <= MAX_CHANGED_ROWS:
            return None
        came = list(self.rows.order_by().filter(pk__gt=before[1], pk__lte=now[1]).values_list(*self.fields))
        if len(came) != now[0] - before[0]:
            return None
        return set(self.parts({row[0] if len(self.fields) == 1 else row for row in came}))


def steps_of_kind(kind: str, parts: Callable[[set[Any]], Iterable[Key]] = _same) -> Source[Key]:
    """The steps of things of a kind; `parts` gets the uids of the things that moved."""
    return Source(Step.objects.filter(kind=kind), ("uid",), parts)


def marks_of(sources: Sequence[Source[Key]]) -> list[Mark]:
    """The marks of all of them at one moment: one query."""
    counted = [
        source.rows.order_by().values(of_source=Value(number)).annotate(count=Count("pk"), newest=Max("pk"))
        for number, source in enumerate(sources)
    ]
    first, *others = (one.values_list("of_source", "count", "newest") for one in counted)
    found = {number: (count, newest or 0) for number, count, newest in first.union(*others, all=True)}
    return [found.get(number, (0, 0)) for number in range(len(sources))]


def changed_since(sources: Sequence[Source[Key]], before: Sequence[Mark], now: Sequence[Mark]) -> set[Key] | None:
    """The parts that changed by any of the sources, or None where one of them cannot tell."""
    if len(before) != len(sources):
        return None
    changed: set[Key] = set()
    for source, old, new in zip(sources, before, now, strict=True):
        found = source.changed_since(old, new)
        if found is None:
            return None
        changed |= found
    return changed


def days_now() -> dict[str, str]:
    """The day it is wherever rounds keep their days, and here: what depends on the day ends with it."""
    zones = {*Round.objects.order_by().values_list("time_zone", flat=True).distinct(), settings.TIME_ZONE}
    return {zone: timezone.localdate(timezone=ZoneInfo(zone)).isoformat() for zone in zones}
