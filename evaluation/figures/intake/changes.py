"""Compare a new file with the figures that count now and that it would supersede."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet

from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.sums import NO_CODES, Amount, Codes, add_over, total_as_text
from evaluation.figures.formats.published.header import months_of
from evaluation.figures.problems.file_problems import VALUES, Problem, plain_digits
from evaluation.figures.series.totals import Cells, CountedFile, amount_of, chains_over, counting_files, totals_over
from evaluation.figures.validation.consistency import Totals, find_broken_balances, find_jumps, totals_of
from evaluation.models import Figure, Hotline, StatisticsImport

NOBODY = UUID(int=0)
LONGEST = relativedelta(years=1)
"""The longest period of a file."""
TOLERANCE = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a file, from its draft or from the stored figures."""

    item: str
    dim1: str
    dim1_value: str
    dim2: str
    dim2_value: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs from the one that counts now: the total of an item, or the value of one of its cells.

    A value is None if it is not recorded or has no total.
    """

    codes: Codes
    before: Decimal | Fraction | None
    now: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """An item whose total or cells differ, with the cells that differ."""

    item: str
    total: Difference
    parts: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences of a file: the `earlier` files that it supersedes, files of other levels, and changed items.

    `counted` are the totals of its period that count now.
    """

    earlier: list[StatisticsImport]
    neighbours: list[StatisticsImport]
    found: list[Change]
    counted: Totals


NO_CHANGES = Changes([], [], [], {})


@dataclass(frozen=True, slots=True)
class NeighbouringFiles:
    """The cells of a new file, and the files that count before, during and after its period."""

    level: str
    start: date
    end: date
    cells: Cells
    nearby: Sequence[CountedFile]

    @property
    def _others(self) -> list[CountedFile]:
        """The files of its level that still count once it counts."""
        return [f for f in self.nearby if f.level == self.level and not (f.start <= self.end and f.end >= self.start)]

    def find_broken_balances(self) -> list[Problem]:
        """Return warnings against the files that end the day before and begin the day after, whatever their length."""
        before = next((f.cells for f in self._others if f.end == self.start - timedelta(days=1)), {})
        after = next((f.cells for f in self._others if f.start == self.end + timedelta(days=1)), {})
        return find_broken_balances(self.cells, before=before, after=after)

    def find_jumps(self) -> Iterator[Problem]:
        """Return warnings against the preceding period of the same length, if files of its level fill it."""
        first, last = _before(self.start, self.end)
        return find_jumps(totals_of(self.cells), totals_over(self._others, first, last))

    def find_other_levels(self) -> Iterator[Problem]:
        """Yield warnings against figures of other levels, for its period and for files that contain its period."""
        others = [file for file in self.nearby if file.level != self.level]
        own = [*self._others, self._as_counted()]
        longer = {(f.start, f.end) for f in others if f.start <= self.start and f.end >= self.end}
        seen = set()
        for start, end in sorted({(self.start, self.end), *longer}, key=lambda span: span[1] - span[0]):
            totals = totals_over(sorted(own, key=lambda f: f.start), start, end)
            for code, chain in chains_over(others, start, end).items():
                then, now = chain.totals[code], totals[code]
                if then is not None and now is not None and code not in seen and abs(now - then) > then * TOLERANCE:
                    seen.add(code)
                    both = {"now": plain_digits(now), "then": plain_digits(then)}
                    yield Problem("differs_between_levels", item=code, params={"level": chain.level, **both})

    def _as_counted(self) -> CountedFile:
        return CountedFile(
            statistics_id=0,
            uid=NOBODY,
            level=self.level,
            start=self.start,
            end=self.end,
            is_accepted=False,
            definitions="",
            completeness="",
            cells=self.cells,
        )


def _before(start: date, end: date) -> tuple[date, date]:
    """Return the preceding period of the same length."""
    return start - relativedelta(months=months_of(start, end)), start - timedelta(days=1)


def period_before(statistics: StatisticsImport) -> tuple[date, date]:
    """Return the period of the same length before that of a file."""
    return _before(*statistics.span)


def totals_before(statistics: StatisticsImport) -> Totals:
    """Return the totals that count for the period before that of a file, at any level. At most three queries."""
    first, last = period_before(statistics)
    return totals_over(counting_files([statistics.hotline], start=first, end=last)[statistics.hotline_id], first, last)


def cells_in(statistics: StatisticsImport) -> list[Cell]:
    """Return every figure of a file in the order of the dictionary, from its draft or in one query."""
    if statistics.is_written:
        names = ("item", "dim1", "dim1_value", "dim2", "dim2_value", "value", "quality")
        rows = Figure.objects.filter(statistics=statistics).order_by("pk").values_list(*names)
    else:
        rows = statistics.draft
    return cells_of(rows)


def cells_of(rows: Iterable[Sequence[Any]]) -> list[Cell]:
    """Return the cells of rows of figures, each with the values of `FIGURE`."""
    return [_cell(*row) for row in rows]


def _cell(item: str, dim1: str, first: str, dim2: str, second: str, value: str | Decimal | None, quality: str) -> Cell:
    return Cell(item, dim1, first, dim2, second, amount_of(None if value is None else Decimal(value), quality))


def by_item(cells: list[Cell]) -> Cells:
    found: Cells = {}
    for cell in cells:
        found.setdefault(cell.item, {})[cell.dim1_value, cell.dim2_value] = cell.amount
    return found


def overlapping(
    hotline: Hotline, level: str, start: date, end: date, states: Collection[str]
) -> QuerySet[StatisticsImport]:
    """Return the files of one level, in these states, whose periods overlap a period."""
    files = StatisticsImport.objects.filter(hotline=hotline, level=level, state__in=states)
    return files.overlapping(start, end).order_by("period_start", "pk")


def to_be_superseded(statistics: StatisticsImport) -> list[StatisticsImport]:
    """Return the files that count now and are superseded once this one is confirmed and accepted."""
    start, end = statistics.period_start, statistics.period_end
    if start is None or end is None:
        return []
    found = overlapping(statistics.hotline, statistics.level, start, end, StatisticsImport.COUNTING)
    return list(found.exclude(pk=statistics.pk))


def find_warnings(hotline: Hotline, level: str, start: date, end: date, cells: Cells) -> list[Problem]:
    """Return the warnings against files that count now: neighbouring ones, other levels, and those to be superseded."""
    wider = [
        Problem("puts_aside_more", params={"start": first.isoformat(), "end": last.isoformat()})
        for first, last in (file.span for file in overlapping(hotline, level, start, end, StatisticsImport.COUNTING))
        if first < start or last > end
    ]
    near = counting_files([hotline], start=start - LONGEST, end=end + LONGEST)[hotline.pk]
    neighbours = NeighbouringFiles(level, start, end, cells, near)
    return [*wider, *neighbours.find_broken_balances(), *neighbours.find_jumps(), *neighbours.find_other_levels()]


def find_new_warnings(statistics: StatisticsImport) -> list[Problem]:
    """Return the warnings that did not exist when the file was read, as other files were confirmed since."""
    if statistics.is_written or statistics.period_start is None:
        return []
    found = find_warnings(
        statistics.hotline,
        statistics.level,
        *statistics.span,
        by_item(cells_in(statistics)),
    )
    known = [_without_values(Problem.from_data(warning)) for warning in statistics.warnings]
    return [problem for problem in found if _without_values(problem) not in known]


def _without_values(problem: Problem) -> Problem:
    """Return the warning without its values, so that it compares equal after a value changed."""
    return replace(problem, params={key: value for key, value in problem.params.items() if key not in VALUES})


def changes(statistics: StatisticsImport, cells: list[Cell]) -> Changes:
    """Return how this file differs from the figures that count now, at any level. At most four queries.

    A file of its own level for the same period is compared cell by cell. Several files, such as the quarters of a year,
    and other levels are compared by their totals.
    """
    start, end = statistics.period_start, statistics.period_end
    if start is None or end is None:
        return NO_CHANGES
    earlier = to_be_superseded(statistics)
    files = counting_files([statistics.hotline], start=start, end=end)[statistics.hotline_id]
    files = [file for file in files if file.statistics_id != statistics.pk]
    levels = {code: chain.level for code, chain in chains_over(files, start, end).items()}
    counted = totals_over(files, start, end)
    now = by_item(cells)
    own = {change.item: change for change in _compare_own(statistics, earlier, now)} if earlier else {}
    found, totals = [], totals_of(now)
    for code in items():
        before, becomes = counted[code], totals[code]
        if levels.get(code, statistics.level) == statistics.level:
            found += [own[code]] if code in own else []
        elif before is not None and becomes is not None and before != becomes:
            found.append(Change(code, Difference(NO_CODES, total_as_text(before), becomes)))
    neighbours = _imports_of([file for file in files if file.level != statistics.level])
    return Changes(earlier, neighbours, found, counted)


def _imports_of(files: Sequence[CountedFile]) -> list[StatisticsImport]:
    if not files:
        return []
    known = StatisticsImport.objects.filter(pk__in=[file.statistics_id for file in files])
    return list(known.defer("draft").order_by("period_start", "pk"))


def _compare_own(statistics: StatisticsImport, earlier: list[StatisticsImport], now: Cells) -> Iterator[Change]:
    """Yield the changes against the files of its own level that it supersedes. One query."""
    written: dict[int, Cells] = {file.pk: {} for file in earlier}
    for key, item, first, second, value, quality in Figure.objects.filter(statistics__in=earlier).values_list(
        "statistics_id", "item", "dim1_value", "dim2_value", "value", "quality"
    ):
        written[key].setdefault(item, {})[first, second] = amount_of(value, quality)
    period = statistics.period_start, statistics.period_end
    if all((file.period_start, file.period_end) == period for file in earlier):
        before = [written[earlier[-1].pk]]
    else:
        before = [written[file.pk] for file in earlier]
    return _compare(before, now, with_parts=len(before) == 1)


def _compare(before: list[Cells], now: Cells, *, with_parts: bool) -> Iterator[Change]:
    totals = totals_of(now)
    for code, item in items().items():
        added = add_over(item, before)
        was = None if added is None else total_as_text(added)
        total = Difference(NO_CODES, was, totals[code])
        parts = tuple(_compare_parts(before[0].get(code, {}), now.get(code, {}))) if with_parts else ()
        if parts or was != totals[code]:
            yield Change(code, total, tuple(part for part in parts if part.codes != NO_CODES))


def _compare_parts(before: Mapping[Codes, Amount], now: Mapping[Codes, Amount]) -> Iterator[Difference]:
    for codes in dict.fromkeys([*before, *now]):
        was, becomes = _value(before.get(codes)), _value(now.get(codes))
        if was != becomes:
            yield Difference(codes, was, becomes)


def _value(amount: Amount | None) -> Decimal | None:
    return amount.value if amount else None
