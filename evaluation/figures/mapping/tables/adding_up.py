"""Compute each figure of the period from the numbers in the rows of a table. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from evaluation.figures.dictionary.items import NOT_APPLICABLE, Item, OverPeriods, items
from evaluation.figures.dictionary.sums import add_periods
from evaluation.figures.formats.published.values import find_value_problem
from evaluation.figures.mapping.cells.carried_cells import Cells
from evaluation.figures.mapping.cells.dates import months_in
from evaluation.figures.mapping.cells.number_formats import format_number
from evaluation.figures.mapping.column_mapping import Period
from evaluation.figures.mapping.tables.totals_rows import Figure, Part
from evaluation.figures.problems.file_problems import Problem

_EXACT_TO = Decimal("0.0001")
Moment = tuple[Period, date | None]


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a figure's numbers at one time."""

    item: str
    codes: Cells
    period: Period
    rows: tuple[int, ...]
    values: tuple[str, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of the period. `first` is its first part in the export."""

    first: Part
    value: str
    quality: str


@dataclass(slots=True)
class SumResult:
    """The totals, problems and warnings of all parts."""

    totals: list[Total] = field(default_factory=list)
    repeated: list[Sum] = field(default_factory=list)
    """Numbers that occur several times for the same time: they are added up only if a user confirms it."""
    problems: list[Problem] = field(default_factory=list)
    noticed: list[Problem] = field(default_factory=list)


class RowSums:
    """The parts of a table, to be summed by figure and by time."""

    def __init__(self, parts: Sequence[Part], period: Period) -> None:
        """Group the parts by figure."""
        self.period = period
        self._figures: dict[Figure, list[Part]] = {}
        for part in parts:
            self._figures.setdefault((part.item, part.codes), []).append(part)
        self._days: set[date] = set()
        self.found = SumResult()

    def add_up(self) -> SumResult:
        for (item, codes), parts in self._figures.items():
            self._add_figure(items()[item], codes, parts)
        self._notice_days()
        return self.found

    def _add_figure(self, item: Item, codes: Cells, every: list[Part]) -> None:
        parts = _without_headings(every)
        moments = by_moment(parts)
        first = parts[0]
        if len(moments) == 1 and len(parts) == 1 and first.period == self.period:
            self.found.totals.append(Total(first, first.value, first.quality))
            return
        problems = [problem for part in parts for problem in self._find_problems(item, part)]
        problems = problems or list(self._find_time_problems(item, parts))
        if problems:
            known = {(problem.code, problem.item, problem.column) for problem in self.found.problems}
            self.found.problems += [p for p in problems if (p.code, p.item, p.column) not in known]
            return
        for (period, _day), alike in moments.items():
            self._find_repeated(item, codes, period, alike)
        if self.found.problems:
            return
        self._notice_uneven(list(moments.values()))
        self._days |= {day for _period, day in moments if day is not None}
        self.found.totals.append(self._combine(item, moments, first))

    def _find_problems(self, item: Item, part: Part) -> Iterator[Problem]:
        if part.value not in ("", NOT_APPLICABLE):
            problem = find_value_problem(part.value, item, part.row, part.column)
            if problem is not None:
                yield problem

    def _find_time_problems(self, item: Item, parts: Sequence[Part]) -> Iterator[Problem]:
        """Yield problems if the rows do not fill the period exactly."""
        periods = {part.period: part for part in reversed(parts)}
        filled = sorted(month for period in periods for month in months_in(period))
        if len(set(filled)) != len(filled):
            at = max(periods.values(), key=lambda part: len(months_in(part.period)))
            yield Problem("own_periods_overlap", at.row, at.column, item.code)
        elif filled != months_in(self.period):
            at = min(periods.values(), key=lambda part: part.period[0])
            yield Problem("own_period_unfilled", at.row, at.column, item.code)

    def _find_repeated(self, item: Item, codes: Cells, period: Period, parts: Sequence[Part]) -> None:
        numbers = [part for part in parts if part.value not in ("", NOT_APPLICABLE)]
        if len(numbers) < 2:
            return
        if is_mean(item) and not self._is_weighted(item, numbers):
            last = numbers[-1]
            self.found.problems.append(
                Problem(
                    "own_mean_twice",
                    last.row,
                    last.column,
                    item.code,
                    {"first": numbers[0].row},
                )
            )
            return
        if is_mean(item):
            return
        values = tuple(part.value for part in numbers)
        rows = tuple(part.row for part in numbers)
        self.found.repeated.append(Sum(item.code, codes, period, rows, values, sum(map(Decimal, values), Decimal(0))))

    def _is_weighted(self, item: Item, parts: Sequence[Part]) -> bool:
        return bool(item.weight) and all(self._weight_of(item, part) is not None for part in parts)

    def _combine(self, item: Item, moments: Mapping[Moment, list[Part]], first: Part) -> Total:
        ordered = [moments[moment] for moment in sorted(moments, key=order_of)]
        parts = [part for alike in ordered for part in _without_merged_blanks(alike)]
        if all(part.value == NOT_APPLICABLE for part in parts):
            return Total(first, NOT_APPLICABLE, "")
        numbers = [part for part in parts if part.value != NOT_APPLICABLE]
        if item.over_periods is OverPeriods.WEIGHTED:
            total = add_periods(item, [_number(p.value) for p in numbers], [self._weight_of(item, p) for p in numbers])
        else:
            sums = [_sum(p for p in _without_merged_blanks(alike) if p.value != NOT_APPLICABLE) for alike in ordered]
            total = add_periods(item, [each for is_recorded, each in sums if is_recorded])
        if total is None:
            self._notice_missing(item, numbers)
            return Total(first, "", "")
        is_estimated = any(part.quality == "estimated" for part in numbers)
        return Total(first, _as_text(total), "estimated" if is_estimated else "measured")

    def _weight_of(self, item: Item, part: Part) -> Decimal | None:
        """Return the weight of a part: its weighting item at the same time, or in the same row if there are several."""
        others = [
            other
            for other in _without_merged_blanks(self._figures.get((item.weight, ()), []))
            if (other.period, other.day) == (part.period, part.day)
        ]
        if len(others) > 1:
            others = [other for other in others if other.row == part.row]
        if len(others) != 1 or others[0].value == NOT_APPLICABLE:
            return None
        weighs = find_value_problem(others[0].value, items()[item.weight], 0) is None if others[0].value else False
        return Decimal(others[0].value) if weighs else None

    def _notice_missing(self, item: Item, parts: Sequence[Part]) -> None:
        """Add a warning, once per item, that its numbers do not give a figure of the period."""
        if any(problem.item == item.code for problem in self.found.noticed):
            return
        if not all(part.value for part in parts):
            problem = Problem("own_parts_missing", item=item.code)
        elif item.over_periods is OverPeriods.WEIGHTED:
            problem = Problem("own_mean_unweighted", item=item.code, params={"other": item.weight})
        else:
            problem = Problem("own_not_added", item=item.code)
        self.found.noticed.append(problem)

    def _notice_uneven(self, moments: Sequence[Sequence[Part]]) -> None:
        """Warn of a time with more rows than others: the same categories should have as many rows each time."""
        counts = [sum(1 for part in alike if part.value) for alike in moments]
        most = max(counts)
        if (
            most < 2
            or counts.count(most) == len(counts)
            or any(p.code == "own_sums_uneven" for p in self.found.noticed)
        ):
            return
        row = moments[counts.index(most)][-1].row
        self.found.noticed.append(Problem("own_sums_uneven", row, params={"most": most, "least": min(counts)}))

    def _notice_days(self) -> None:
        """Warn of days without a row if days are added up: their count is unknown, not zero."""
        if not self._days:
            return
        months = {(day.year, day.month) for day in self._days}
        wanted = sum(monthrange(year, month)[1] for year, month in months)
        if missing := wanted - len(self._days):
            self.found.noticed.append(Problem("own_days_missing", params={"missing": missing, "days": wanted}))


def is_mean(item: Item) -> bool:
    """Whether the numbers of an item at the same time cannot be added: it is a mean, or its parts do not add up."""
    return not item.adds_over_codes or item.over_periods is OverPeriods.WEIGHTED


def by_moment(parts: Sequence[Part]) -> dict[Moment, list[Part]]:
    """Return the parts grouped by period, or by day if a period has several days and each part has one."""
    days: dict[Period, set[date | None]] = {}
    for part in parts:
        days.setdefault(part.period, set()).add(part.day)
    found: dict[Moment, list[Part]] = {}
    for part in parts:
        is_daily = len(days[part.period]) > 1 and None not in days[part.period]
        found.setdefault((part.period, part.day if is_daily else None), []).append(part)
    return found


def order_of(moment: Moment) -> tuple[date, date]:
    period, day = moment
    return period[0], day or period[0]


def _without_merged_blanks(parts: Sequence[Part]) -> list[Part]:
    """Return the parts without empty cells that merged cells leave: those with a number at the same time."""
    recorded = {(part.period, part.day) for part in parts if part.value}
    return [part for part in parts if part.value or (part.period, part.day) not in recorded]


def _sum(parts: Iterable[Part]) -> tuple[bool, Decimal | None]:
    """Return whether there are parts, and their sum; the sum is None if a part is missing."""
    values = [_number(part.value) for part in parts]
    numbers = [value for value in values if value is not None]
    return bool(values), sum(numbers, Decimal(0)) if len(numbers) == len(values) else None


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _as_text(total: Decimal | Fraction) -> str:
    if isinstance(total, Fraction):
        total = (Decimal(total.numerator) / total.denominator).quantize(_EXACT_TO)
    return format_number(total)


def _without_headings(parts: list[Part]) -> list[Part]:
    """Return the rows without those that have no number and a time that others divide, such as a quarter above months."""
    periods = {part.period for part in parts}
    return [
        part
        for part in parts
        if part.value
        or not any(
            period != part.period and part.period[0] <= period[0] and period[1] <= part.period[1] for period in periods
        )
    ]
