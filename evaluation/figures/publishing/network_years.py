"""Read the accepted counts of a year; invented and real hotlines are never mixed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import ExtractYear

from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.sums import Codes
from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.withholding import withhold
from evaluation.figures.series.totals import CountedFile, cells_over, counting_files
from evaluation.models import Decision, Hotline, StatisticsImport
from evaluation.scorecards import read_inputs

RULES = "4"
"""The version of the rules of publication, part of the cache key: increase it whenever the rules change."""
CACHE_SECONDS = 7 * 24 * 3600
"""The lifetime in the cache of the totals of a decision, which does not change."""

PublishedItems = Mapping[int, Mapping[str, int]]
"""By hotline, then by item: the totals of exactly this year that the hotline's reports publish."""


def network_hotlines(*, invented: bool) -> list[Hotline]:
    """Return the hotlines of the network: the invented ones of a demonstration, or the real ones."""
    return list(Hotline.objects.filter(is_invented=invented).order_by("code"))


def count_accepted(*, invented: bool) -> dict[int, int]:
    """Return, by year, how many hotlines of the network have an accepted file."""
    accepted = StatisticsImport.objects.filter(
        state=StatisticsImport.State.ACCEPTED, hotline__is_invented=invented, period_end__isnull=False
    )
    by_year = accepted.order_by().values(year=ExtractYear("period_end"))
    return {row["year"]: row["hotlines"] for row in by_year.annotate(hotlines=Count("hotline", distinct=True))}


def read_hotline_years(year: int, hotlines: Sequence[Hotline]) -> list[HotlineYear]:
    """Return each hotline's accepted counts of a year, with the totals that its reports publish."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    files = counting_files(hotlines, start=start, end=end, accepted_only=True)
    published = published_in_reports(start, end, hotlines)
    return [
        _hotline_year(hotline, files[hotline.pk], published.get(hotline.pk, {}), start, end)
        for hotline in hotlines
        if files[hotline.pk]
    ]


def published_in_reports(start: date, end: date, hotlines: Sequence[Hotline]) -> PublishedItems:
    """Return the totals of exactly this period that reports publish or could publish after any decision."""
    decisions = Decision.objects.filter(
        evaluation__hotline__in=hotlines,
        evaluation__round__figures_from=start,
        evaluation__round__figures_until=end,
    ).select_related("scorecard", "evaluation__round__edition")
    published: dict[int, dict[str, int]] = {}
    for decision in decisions.order_by("pk"):
        published.setdefault(decision.evaluation.hotline_id, {}).update(_published_by(decision))
    return published


def _published_by(decision: Decision) -> Mapping[str, int]:
    key = f"told-by-decision-{RULES}-{decision.uid}"
    cached: Mapping[str, int] | None = cache.get(key)
    if cached is None:
        inputs = read_inputs(decision.scorecard)
        figures = withhold(decision.evaluation.round.edition.framework, inputs.figures).figures
        cached = {item: int(value) for item, value in figures.items() if value.denominator == 1}
        cache.set(key, cached, CACHE_SECONDS)
    return cached


def _hotline_year(
    hotline: Hotline, files: Sequence[CountedFile], published: Mapping[str, int], start: date, end: date
) -> HotlineYear:
    cells = cells_over(files, start, end)
    amounts = [(item, amount) for file in files for item, of_item in file.cells.items() for amount in of_item.values()]
    estimated = [item for item, amount in amounts if amount.is_estimated and amount.value is not None]
    return HotlineYear(
        key=hotline.code,
        cells={code: _whole_numbers(code, of_item, files) for code, of_item in cells.items() if items()[code].is_count},
        definitions=frozenset(file.definitions for file in files),
        estimated=len(estimated),
        figures=sum(amount.value is not None for _item, amount in amounts),
        published=published,
        estimated_items=frozenset(estimated),
    )


def _whole_numbers(
    item: str, cells: Mapping[Codes, Decimal | None], files: Sequence[CountedFile]
) -> dict[Codes, int | None]:
    """Return the cells as whole numbers; None where a value is missing or not whole.

    Cells that are not applicable in all files that have them are left out.
    """
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
