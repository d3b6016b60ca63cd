"""The version of the network's figures: what is computed from them is kept for as long as it stays the same."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import get_language

from evaluation.crm.series.totals import find_framework_in_force
from evaluation.crm.series.trends import Period
from evaluation.models import Hotline, StatisticsImport, Step
from evaluation.versions import Source, steps_of_kind
from portal.workspace.series.deliveries import DeliveryFilter


def version_of_figures(wanted: DeliveryFilter) -> list[Any]:
    """Changes as soon as a file counts, counts no more or is accepted, or a hotline comes."""
    files = StatisticsImport.objects.filter(hotline__is_invented=wanted.is_invented).order_by().values("state")
    hotlines = Hotline.objects.filter(is_invented=wanted.is_invented).aggregate(Count("pk"), Max("pk"))
    framework = find_framework_in_force()
    return [
        *(get_language(), wanted.is_invented, hotlines, framework.digest if framework else ""),
        Step.objects.filter(kind=StatisticsImport.kind).order_by().count(),
        # PostgreSQL adds up keys as decimals
        sorted([state, count, int(keys)] for state, count, keys in files.values_list("state", Count("pk"), Sum("pk"))),
    ]


def versions_of_files(hotlines: Collection[int], period: Period | None = None) -> dict[int, list[Any]]:
    """Of each hotline, by its key: which files count, in the period or ever, and the formulas they are counted by.

    What a file says does not change any more once it counts. One query for any number of hotlines.
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
    """What says of which hotlines the figures may have changed: files that came, and their steps."""
    files = StatisticsImport.objects.filter(hotline__is_invented=is_invented)
    return [Source(files, ("hotline",)), steps_of_kind(StatisticsImport.kind, _hotlines_of)]


def _hotlines_of(uids: set[Any]) -> Iterable[int]:
    keys: Iterable[int] = StatisticsImport.objects.filter(uid__in=uids).order_by().values_list("hotline", flat=True)
    return keys
