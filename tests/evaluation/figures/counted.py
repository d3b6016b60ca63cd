"""The figures of counting files in a period, for tests."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from evaluation.figures.series.totals import counting_files, totals_over
from evaluation.models import Hotline

Totals = dict[str, Fraction | None]


def totals_of_many(hotlines: Iterable[Hotline], start: date, end: date, **which: Any) -> dict[int, Totals]:
    counted = counting_files(hotlines, start=start, end=end, **which)
    return {hotline: totals_over(files, start, end) for hotline, files in counted.items()}


def totals(hotline: Hotline, start: date, end: date) -> Totals:
    return totals_of_many([hotline], start, end)[hotline.pk]
