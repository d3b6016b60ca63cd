"""The contribution of each hotline to the network's numbers of a year, and their sums.

A hotline's contribution depends on its own files only, so after a change only these are subtracted and added again. All
are integers and fractions: after any number of changes, the sums equal those computed from scratch.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from evaluation.cached import Sums, add_parts, update_sums
from evaluation.figures.series.totals import (
    CountedFile,
    cells_over,
    counting_files,
    find_framework_in_force,
    totals_over,
)
from evaluation.figures.series.trends import Grain, Moment, group_categories, period_at
from evaluation.models import Hotline
from portal.figures.series.figure_versions import sources_of_figures
from portal.figures.series.queries import NamedFormula, items_of

COUNTED_OVER_TIME = ("A03", "A04", "A09", "A21", "A23", "A25", "A26")

CATEGORIES = "categories"
FILES, HOTLINES, ESTIMATING, CHANGED = "files", "hotlines", "estimating", "changed"
TOTAL, RECORDED, DEFINITIONS, VALUE = "total", "recorded", "definitions", "value"


def sum_code(item: str) -> str:
    return f"sum-{item}"


def ratio_code(named_formula: NamedFormula) -> str:
    return f"ratio-{named_formula.code}"


class YearSums:
    """The network's sums by year, chart and counted item."""

    def __init__(self, sums: Sums) -> None:
        self._by_chart: dict[str, Counter[Any]] = defaultdict(Counter)
        for (year, chart, *what), amount in sums.items():
            self._by_chart[chart][year, *what] = amount  # type: ignore[assignment] # a Counter counts fractions as well
        found = [year for (year,) in self._by_chart[FILES]]
        self.years = range(min(found), max(found) + 1) if found else range(0)
        """From the first year in which a file begins to the last, including gaps."""

    def count(self, chart: str, what: str) -> list[int]:
        """Return how many hotlines count, by year."""
        return [self._by_chart[chart][year, what] for year in self.years]

    def changes(self, chart: str) -> list[bool]:
        """Return whether a year includes other hotlines than the year before, or other definitions, by year."""
        return [False, *(number > 0 for number in self.count(chart, CHANGED)[1:])]

    def totals(self, chart: str, item: str) -> list[Fraction | None]:
        """Return the sums of an item or a category by year; None if no hotline has one."""
        own = self._by_chart[chart]
        return [Fraction(own[year, TOTAL, item]) if (year, RECORDED, item) in own else None for year in self.years]

    def details(self, chart: str, what: str) -> list[list[Any]]:
        """Return the details of a number by year; each occurs as often as hotlines have it."""
        found: dict[int, list[Any]] = {year: [] for year in self.years}
        for (year, kind, *detail), hotlines in self._by_chart[chart].items():
            if kind == what:
                found[year] += detail * hotlines
        return list(found.values())


def read_sums(named_formulas: Sequence[NamedFormula], *, is_invented: bool) -> YearSums:
    """Return the sums of all real, or all invented, hotlines; only those whose files changed are read again."""
    framework = find_framework_in_force()

    def read(changed: Collection[int] | None) -> dict[int, Sums]:
        hotlines = Hotline.objects.filter(is_invented=is_invented)
        files = files_of(hotlines if changed is None else hotlines.filter(pk__in=changed), named_formulas)
        return {key: _part_of(own, named_formulas) for key, own in files.items()}

    name = f"year-sums-1-{is_invented}"
    return YearSums(
        update_sums(name, framework.digest if framework else "", sources_of_figures(is_invented=is_invented), read)
    )


def add_up(files: Mapping[int, Sequence[CountedFile]], named_formulas: Sequence[NamedFormula]) -> YearSums:
    """Return the sums of files that are already loaded."""
    return YearSums(add_parts(_part_of(own, named_formulas) for own in files.values()))


def files_of(hotlines: Iterable[Hotline], named_formulas: Sequence[NamedFormula]) -> dict[int, list[CountedFile]]:
    return counting_files(hotlines, accepted_only=True, only=items_of(named_formulas) | set(COUNTED_OVER_TIME))


def _part_of(files: Sequence[CountedFile], named_formulas: Sequence[NamedFormula]) -> Sums:
    """Return the contribution of one hotline."""
    years = _years_of(files)
    found: Counter[Any] = Counter({(year, FILES): 1 for year in years})
    for item in COUNTED_OVER_TIME:
        _count(found, sum_code(item), _that_know(years, [item]), [item])
    for one in named_formulas:
        known = _that_know(years, one.items)
        if one.formula.is_ratio:
            _count(found, ratio_code(one), known, one.items)
        else:
            known = {year: own for year, own in known.items() if not own.is_estimated(*one.items)}
            _count(found, ratio_code(one), known, one.items)
            for year, own in known.items():
                if (value := one.compared(own.totals)) is not None:
                    found[year, ratio_code(one), VALUE, (value.numerator, value.denominator)] = 1
    grouped = {year: _groups_of(own) for year, own in _that_know(years, ["A21"]).items()}
    _count(found, CATEGORIES, {year: years[year] for year, groups in grouped.items() if groups is not None}, ["A21"])
    for year, groups in grouped.items():
        for group, value in (groups or {}).items():
            _add(found, year, CATEGORIES, group, value)
    return found


def _count(found: Counter[Any], chart: str, known: Mapping[int, Moment], items: Sequence[str]) -> None:
    """Count the hotline in the years that a chart includes it in, with its totals and definitions."""
    counted = {year: own.definitions(*items) for year, own in known.items()}
    for year, own in known.items():
        found[year, chart, HOTLINES] = 1
        found[year, chart, ESTIMATING] = int(own.is_estimated(*items))
        for version in counted[year]:
            found[year, chart, DEFINITIONS, version] = 1
        if chart != CATEGORIES:
            for item in items:
                _add(found, year, chart, item, own.totals[item])
    for year in {*known, *(year + 1 for year in known)}:
        found[year, chart, CHANGED] = int(counted.get(year) != counted.get(year - 1))


def _add(found: Counter[Any], year: int, chart: str, item: str, value: Fraction | None) -> None:
    if value is not None:
        found[year, chart, RECORDED, item] = 1
        whole = value.numerator if value.denominator == 1 else value
        found[year, chart, TOTAL, item] = whole  # type: ignore[assignment] # a Counter adds fractions, too


def _years_of(files: Sequence[CountedFile]) -> dict[int, Moment]:
    """Return a hotline's figures in each year in which one of its files begins."""
    found = {}
    for year in sorted({file.start.year for file in files}):
        period = period_at(date(year, 1, 1), Grain.YEAR)
        within = tuple(file for file in files if period.holds(file))
        totals = totals_over(within, period.start, period.end)
        found[year] = Moment(period, within, totals, has_new_definitions=False)
    return found


def _that_know(years: Mapping[int, Moment], items: Sequence[str]) -> dict[int, Moment]:
    """Return the years that have a total of every item."""
    return {year: own for year, own in years.items() if all(own.totals[item] is not None for item in items)}


def _groups_of(own: Moment) -> dict[str, Fraction | None] | None:
    """Return a hotline's cases by group, each None if it is not applicable.

    Return None if the groups do not add up to the total.
    """
    cells = cells_over(own.files, own.period.start, own.period.end).get("A21", {})
    recorded = {group: [v for v in found.values() if v is not None] for group, found in group_categories(cells).items()}
    groups = {group: sum(map(Fraction, values), Fraction(0)) if values else None for group, values in recorded.items()}
    adds_up = sum(value or 0 for value in groups.values()) == own.totals["A21"]
    return groups if adds_up and any(recorded.values()) else None
