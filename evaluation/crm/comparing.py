"""What a new file changes: beside each figure the one that counts now and would make room for it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from evaluation.crm.adding import Amount, Codes, add_codes, add_periods
from evaluation.crm.checking import compare, totals_of
from evaluation.crm.counting import Cells, amount_of, cells_before
from evaluation.crm.dictionary import items
from evaluation.crm.problems import Problem
from evaluation.models import Figure, Hotline, StatisticsImport

NO_CODES: Codes = ("", "")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a file, whether it is a draft or written."""

    item: str
    dim1: str
    dim1_value: str
    dim2: str
    dim2_value: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it counts now: a whole item, or one of its `codes`. None is not recorded, or not added up."""

    codes: Codes
    before: Decimal | None
    now: Decimal | None


@dataclass(frozen=True, slots=True)
class Change:
    """An item that says something else, with those of its parts that do."""

    item: str
    total: Difference
    parts: tuple[Difference, ...] = ()


def cells_in(statistics: StatisticsImport) -> list[Cell]:
    """Every figure of a file in the order of the dictionary: of its draft, or as it is written. At most one query."""
    if statistics.is_written:
        names = ("item", "dim1", "dim1_value", "dim2", "dim2_value", "value", "quality")
        rows = Figure.objects.filter(statistics=statistics).order_by("pk").values_list(*names)
    else:
        rows = statistics.draft
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
    """The files of one level about a part of the same time, in some states."""
    return StatisticsImport.objects.filter(
        hotline=hotline, level=level, state__in=states, period_start__lte=end, period_end__gte=start
    ).order_by("period_start", "pk")


def to_be_superseded(statistics: StatisticsImport) -> list[StatisticsImport]:
    """The files that count now and will make room once this one is confirmed and accepted."""
    start, end = statistics.period_start, statistics.period_end
    if start is None or end is None:
        return []
    found = overlapping(statistics.hotline, statistics.level, start, end, StatisticsImport.COUNTING)
    return list(found.exclude(pk=statistics.pk))


def find_warnings(hotline: Hotline, level: str, start: date, end: date, cells: Cells) -> list[Problem]:
    """What asks for a word beside the files that count now: the period before, and what would be put aside."""
    wider = [
        Problem("puts_aside_more", params={"start": file.period_start.isoformat(), "end": file.period_end.isoformat()})
        for file in overlapping(hotline, level, start, end, StatisticsImport.COUNTING)
        if file.period_start < start or file.period_end > end
    ]
    return [*wider, *compare(cells, cells_before(hotline, level, start, end))]


def find_new_warnings(statistics: StatisticsImport) -> list[Problem]:
    """What asks for a word now and did not when the file was read: other files were confirmed since."""
    if statistics.is_written or statistics.period_start is None:
        return []
    found = find_warnings(
        statistics.hotline,
        statistics.level,
        statistics.period_start,
        statistics.period_end,
        by_item(cells_in(statistics)),
    )
    return [problem for problem in found if problem.as_data() not in statistics.warnings]


def changes(statistics: StatisticsImport, cells: list[Cell]) -> tuple[list[StatisticsImport], list[Change]]:
    """The files that would make room, and where this one says something else: part by part for the same period.

    Beside files of other periods, such as the quarters of a year, it compares what they add up to. Two queries.
    """
    earlier = to_be_superseded(statistics)
    if not earlier:
        return [], []
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
    return earlier, list(_compare(before, by_item(cells), with_parts=len(before) == 1))


def _compare(before: list[Cells], now: Cells, *, with_parts: bool) -> Iterator[Change]:
    totals = totals_of(now)
    for code, item in items().items():
        was = add_periods(item, [add_codes(item, cells.get(code, {})) for cells in before])
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
