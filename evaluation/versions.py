"""Versions of what pages are computed from: each changes in the very transaction that changes the thing.

Steps are only ever added, so how many there are is a version that no act can forget to raise.
"""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Subquery, Window
from django.utils import timezone

from evaluation.models import Round, Step

RECENT = 1000
"""Steps that are looked at again. Fewer than these are ever written by transactions that run at the same time."""


def version_of_steps() -> str:
    """Changes as soon as a step is there that was not there before. One short query, however long the log is.

    The newest step alone would not do: on PostgreSQL one with a smaller key may be committed after it, which the number
    of recent steps tells. The digest tells two histories apart after a backup was restored.
    """
    newest = Step.objects.order_by("-pk").values("pk")[:1]
    recent = Step.objects.filter(pk__gt=Subquery(newest) - RECENT)
    counted = recent.order_by("-pk").annotate(recent=Window(Count("pk"))).values_list("pk", "recent", "digest").first()
    return "-".join(str(part)[:16] for part in counted or ("0",))


def days_now() -> dict[str, str]:
    """The day it is wherever rounds keep their days, and here: what depends on the day ends with it."""
    zones = {*Round.objects.order_by().values_list("time_zone", flat=True).distinct(), settings.TIME_ZONE}
    return {zone: timezone.localdate(timezone=ZoneInfo(zone)).isoformat() for zone in zones}
