"""Compute figures of part of a period: each item over the months in which it was recorded, if the whole is missing.

Editions that do not accept such figures get none, so they are not affected.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evaluation.engine.scoring import Partial
from evaluation.figures.dictionary.items import Item, items
from evaluation.figures.dictionary.levels import LEVELS, choose_levels
from evaluation.figures.dictionary.sums import add_codes, add_over
from evaluation.figures.formats.published.header import months_of
from evaluation.figures.series.totals import CountedFile, counting_files, formulas_among, totals_over
from evaluation.models import Hotline
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Counts:
    """Every item of a period: its total of the whole period, or its partial total if that is missing."""

    figures: Mapping[str, Fraction | None]
    partial: Mapping[str, Partial]


def takes_partial_periods(framework: Framework) -> bool:
    """Whether an indicator of the edition accepts figures of part of the period."""
    return any(indicator.minimum_months for indicator in framework.indicators.values())


def counts_of_many(hotlines: Iterable[Hotline], start: date, end: date, framework: Framework) -> dict[int, Counts]:
    """Return, by primary key, the counts of each hotline from `start` to `end`, by an edition's formulas. One query.

    If the edition accepts figures of part of the period, these are included.
    """
    return {
        hotline: counts_from(files, start, end, framework)
        for hotline, files in counting_files(hotlines, start=start, end=end, framework=framework).items()
    }


def counts_from(files: Sequence[CountedFile], start: date, end: date, framework: Framework) -> Counts:
    """Return the counts from files that are loaded already, in chronological order."""
    whole = totals_over(files, start, end)
    return Counts(whole, partials_over(files, whole, start, end) if takes_partial_periods(framework) else {})


def partials_over(
    files: Sequence[CountedFile], whole: Mapping[str, Fraction | None], start: date, end: date
) -> dict[str, Partial]:
    """Return the items recorded for part of the period only, from files within it, in chronological order.

    Files of two levels are not mixed: the level with most months of an item provides it, and the items of one formula
    come from one level if one has them all. A file that misses part of its own period is ignored, as the
    months that it counts are unknown.
    """
    by_level = {
        level: {
            code: part
            for code, item in items().items()
            if whole[code] is None
            and (part := _part_of(item, [f for f in files if f.level == level and f.is_whole], start, end))
        }
        for level in LEVELS
    }
    given = {level: {code: len(part.months) for code, part in parts.items()} for level, parts in by_level.items()}
    chosen = choose_levels(given, formulas_among(files))
    return {code: by_level[chosen[code]][code] for code in items() if code in chosen}


def _part_of(item: Item, files: Sequence[CountedFile], start: date, end: date) -> Partial | None:
    """Return the total of an item over the files that recorded it; None if it cannot be combined from several."""
    recorded = [file for file in files if add_codes(item, file.cells.get(item.code, {})) is not None]
    value = add_over(item, [file.cells for file in recorded])
    if value is None:
        return None
    months = tuple(month for file in recorded for month in _months_between(file.start, file.end))
    return Partial(months, months_of(start, end), Fraction(value))


def _months_between(start: date, end: date) -> Iterator[str]:
    """Yield each month that a period touches, such as `2026-03`."""
    for place in range(months_of(start, end)):
        years, month = divmod(start.month - 1 + place, 12)
        yield f"{start.year + years}-{month + 1:02}"
