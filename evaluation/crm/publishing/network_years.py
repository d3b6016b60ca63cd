"""What the public is told of a year of the network: from accepted files only, invented and real hotlines never together."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.core.cache import cache

from evaluation.crm.adding import Codes
from evaluation.crm.counting import CountedFile, cells_over, counting_files
from evaluation.crm.dictionary import items
from evaluation.crm.publishing.network_tables import HotlineYear, NetworkYear, tabulate
from evaluation.models import Hotline, StatisticsImport

RULES = "2"
"""Changed with the rules of what is told, so that nothing is told by older ones."""
KEPT = 24 * 3600
"""Seconds; what is kept is asked for by the digest of everything that it rests on."""

Told = Mapping[int, Mapping[str, int]]
"""By hotline, then by item: what a published report of the hotline tells of this very year."""


def network_hotlines(*, invented: bool) -> list[Hotline]:
    """The hotlines that make the network: in a demonstration the invented ones, else the real ones."""
    return list(Hotline.objects.filter(is_invented=invented).order_by("code"))


def accepted_years(*, invented: bool) -> list[int]:
    """The years of which a hotline of the network has an accepted file, the newest first."""
    accepted = StatisticsImport.objects.filter(
        state=StatisticsImport.State.ACCEPTED, hotline__is_invented=invented, period_end__isnull=False
    )
    return sorted({day.year for day in accepted.values_list("period_end", flat=True)}, reverse=True)


def read_network_year(year: int, told: Told, *, invented: bool) -> NetworkYear:
    """The tables of a year, computed once for one state of the accepted files."""
    hotlines = network_hotlines(invented=invented)
    start, end = date(year, 1, 1), date(year, 12, 31)
    accepted = StatisticsImport.objects.filter(
        state=StatisticsImport.State.ACCEPTED, hotline__in=hotlines, period_start__gte=start, period_end__lte=end
    )
    rests_on = repr(
        (
            *(RULES, year, invented, [hotline.pk for hotline in hotlines]),
            sorted(accepted.values_list("pk", "file_digest")),
            sorted((key, sorted(of.items())) for key, of in told.items()),
        )
    )
    key = f"network-year-{hashlib.sha256(rests_on.encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, NetworkYear):
        return kept
    files = counting_files(hotlines, start=start, end=end, accepted_only=True)
    given = [
        _hotline_year(hotline, files[hotline.pk], told.get(hotline.pk, {}), start, end)
        for hotline in hotlines
        if files[hotline.pk]
    ]
    made = tabulate(year, given, len(hotlines))
    cache.set(key, made, KEPT)
    return made


def _hotline_year(
    hotline: Hotline, files: Sequence[CountedFile], told: Mapping[str, int], start: date, end: date
) -> HotlineYear:
    cells = cells_over(files, start, end)
    amounts = [(item, amount) for file in files for item, of_item in file.cells.items() for amount in of_item.values()]
    estimated = [item for item, amount in amounts if amount.is_estimated and amount.value is not None]
    return HotlineYear(
        key=hotline.code,
        cells={code: _whole(code, of_item, files) for code, of_item in cells.items() if items()[code].is_count},
        definitions=frozenset(file.definitions for file in files),
        estimated=len(estimated),
        figures=sum(amount.value is not None for _item, amount in amounts),
        told=told,
        estimated_items=frozenset(estimated),
    )


def _whole(item: str, cells: Mapping[Codes, Decimal | None], files: Sequence[CountedFile]) -> dict[Codes, int | None]:
    """The cells as whole numbers; what does not apply in any file is no cell, what is no whole number is not taken."""
    nowhere = {
        codes
        for codes in cells
        if all(file.cells[item][codes].not_applicable for file in files if codes in file.cells.get(item, {}))
    }
    return {
        codes: None if value is None or value != value.to_integral_value() else int(value)
        for codes, value in cells.items()
        if codes not in nowhere
    }
