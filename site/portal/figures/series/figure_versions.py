"""The version of the network's figures, the cache key of values computed from them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import get_language

from evaluation.figures.series.totals import find_framework_in_force
from evaluation.figures.series.trends import Period
from evaluation.models import Hotline, StatisticsImport, Step
from evaluation.versions import Source, steps_of_kind
from portal.figures.series.deliveries import DeliveryFilter


def version_of_figures(wanted: DeliveryFilter) -> list[Any]:
    """Return a version that changes when a file starts or stops counting or is accepted, or a hotline is added."""
    files = StatisticsImport.objects.filter(hotline__is_invented=wanted.is_invented).order_by().values("state")
    hotlines = Hotline.objects.filter(is_invented=wanted.is_invented).aggregate(Count("pk"), Max("pk"))
    framework = find_framework_in_force()
    return [
        *(get_language(), wanted.is_invented, hotlines, framework.digest if framework else ""),
        Step.objects.filter(kind=StatisticsImport.kind).order_by().count(),
        # PostgreSQL adds keys as decimals
        sorted([state, count, int(keys)] for state, count, keys in files.values_list("state", Count("pk"), Sum("pk"))),
    ]


def versions_of_files(hotlines: Collection[int], period: Period | None = None) -> dict[int, list[Any]]:
    """Return, by hotline, the files that count, in the period or ever, and the digest of the framework.

    A counting file does not change any more. One query for any number of hotlines.
    """
    framework = find_framework_in_force()
    found: dict[int, list[Any]] = {key: [framework.digest if framework else ""] for key in hotlines}
    files = StatisticsImport.objects.counting().filter(hotline__in=list(hotlines))
    if period:
        files = files.within(period.start, period.end)
    for hotline, *version in files.order_by("pk").values_list("hotline_id", "pk", "state"):
        found[hotline].append(version)
    return found


def sources_of_figures(*, is_invented: bool) -> list[Source[int]]:
    """Return the sources that identify hotlines whose figures may have changed: new files, and their steps."""
    files = StatisticsImport.objects.filter(hotline__is_invented=is_invented)
    return [Source(files, ("hotline",)), steps_of_kind(StatisticsImport.kind, _hotlines_of)]


def _hotlines_of(uids: set[Any]) -> Iterable[int]:
    keys: Iterable[int] = StatisticsImport.objects.filter(uid__in=uids).order_by().values_list("hotline", flat=True)
    return keys
