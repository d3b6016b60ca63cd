"""Versions of the data that pages are computed from. A version changes in the same transaction as the rows.

Steps, publications and scorecards are append-only, so their number is a version that changes automatically, and the
rows added since describe the change. A cached value declares the kinds of rows on which it depends, so that a step of
another kind does not invalidate it.
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
"""The number of changed rows up to which they are examined; with more, everything is recomputed."""

Key = TypeVar("Key")
Mark = tuple[int, int]
"""The number of rows, and the key of the newest row."""


def _same(found: set[Any]) -> set[Any]:
    return found


@dataclass(frozen=True, slots=True)
class Source(Generic[Key]):
    """Append-only rows.

    `fields` identify the object of a row. `parts` returns the cached parts that depend on a set of objects.
    """

    rows: QuerySet[Any]
    fields: tuple[str, ...]
    parts: Callable[[set[Any]], Iterable[Key]] = _same

    def changed_since(self, before: Mark, now: Mark) -> set[Key] | None:
        """Return the parts with new rows. None if they are not known, so that everything may have changed.

        The newest key alone is not sufficient: on PostgreSQL a row with a lower key may be committed later. Therefore
        the number of rows with a higher key must equal the number of added rows.
        """
        if before == now:
            return set()
        if not 0 < now[0] - before[0] <= MAX_CHANGED_ROWS:
            return None
        added = list(self.rows.order_by().filter(pk__gt=before[1], pk__lte=now[1]).values_list(*self.fields))
        if len(added) != now[0] - before[0]:
            return None
        return set(self.parts({row[0] if len(self.fields) == 1 else row for row in added}))


def steps_of_kind(kind: str, parts: Callable[[set[Any]], Iterable[Key]] = _same) -> Source[Key]:
    """Return the source of the steps of a kind. `parts` is called with the uids of the moved objects."""
    return Source(Step.objects.filter(kind=kind), ("uid",), parts)


def marks_of(sources: Sequence[Source[Key]]) -> list[Mark]:
    """Return the marks of all sources at the same time. One query."""
    counted = [
        source.rows.order_by().values(of_source=Value(number)).annotate(count=Count("pk"), newest=Max("pk"))
        for number, source in enumerate(sources)
    ]
    first, *others = (one.values_list("of_source", "count", "newest") for one in counted)
    found = {number: (count, newest or 0) for number, count, newest in first.union(*others, all=True)}
    return [found.get(number, (0, 0)) for number in range(len(sources))]


def changed_since(sources: Sequence[Source[Key]], before: Sequence[Mark], now: Sequence[Mark]) -> set[Key] | None:
    """Return the parts changed by any of the sources, or None if those of one source are not known."""
    if len(before) != len(sources):
        return None
    changed: set[Key] = set()
    for source, old, new in zip(sources, before, now, strict=True):
        found = source.changed_since(old, new)
        if found is None:
            return None
        changed |= found
    return changed


def today_by_zone() -> dict[str, str]:
    """Return today's date, in ISO format, by time zone: of all rounds and of the settings."""
    zones = {*Round.objects.order_by().values_list("time_zone", flat=True).distinct(), settings.TIME_ZONE}
    return {zone: timezone.localdate(timezone=ZoneInfo(zone)).isoformat() for zone in zones}
