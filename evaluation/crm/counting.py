"""What confirmed files say together: which files count for a hotline, and the totals of a time, exact.

A file counts while it is confirmed or accepted. Two files of one level never count for the same time: a confirmed one
steps before the accepted one that it will supersede. Files of different levels stand beside each other: what was
counted from records is taken before what was typed as a total.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef

from evaluation.crm.adding import Amount, Codes, add_codes, add_periods
from evaluation.crm.dictionary import NOT_APPLICABLE, OverPeriods, items
from evaluation.crm.header import months_of
from evaluation.models import Figure, Hotline, StatisticsImport

LEVELS = ("case", "contact", "aggregate")
"""In the order in which they are taken for an item that several of them have."""

Cells = dict[str, dict[Codes, Amount]]
"""By item, then by codes."""


@dataclass(frozen=True, slots=True)
class CountedFile:
    """A file that counts, with what it says."""

    statistics_id: int
    uid: UUID
    level: str
    start: date
    end: date
    is_accepted: bool
    definitions: str
    completeness: str
    cells: Cells = field(default_factory=dict)

    def overlaps(self, other: "CountedFile") -> bool:
        """Whether both are about a part of the same time, at the same level."""
        return self.level == other.level and self.start <= other.end and self.end >= other.start


def counting_files(
    hotlines: Iterable[Hotline],
    *,
    start: date | None = None,
    end: date | None = None,
    accepted_only: bool = False,
    only: Collection[str] | None = None,
) -> dict[int, list[CountedFile]]:
    """The files that count for each hotline, by its key, in the order of time. One query for any number of hotlines.

    With `start` and `end`, only those that lie within; with `only`, no figures of other items are read, which costs
    a second query for the files that have none of these. A file without a figure counts for nothing.
    """
    hotlines = list(hotlines)
    states = [StatisticsImport.State.ACCEPTED] if accepted_only else StatisticsImport.COUNTING
    figures = Figure.objects.filter(statistics__hotline__in=hotlines, statistics__state__in=states)
    if start:
        figures = figures.filter(statistics__period_start__gte=start)
    if end:
        figures = figures.filter(statistics__period_end__lte=end)
    found: dict[int, dict[int, CountedFile]] = {hotline.pk: {} for hotline in hotlines}
    if only is not None:
        known = StatisticsImport.objects.filter(Exists(figures.filter(statistics=OuterRef("pk"))))
        for of_file in known.order_by("period_start", "pk").values_list(*_OWN):
            found[of_file[0]][of_file[1]] = _file_of(of_file)
        figures = figures.filter(item__in=only)
    for row in figures.order_by("statistics__period_start", "statistics_id").values_list(*_FILE, *_CELL):
        of_file, (item, first, second, value, quality) = row[: len(_FILE)], row[len(_FILE) :]
        files = found[of_file[0]]
        if of_file[1] not in files:
            files[of_file[1]] = _file_of(of_file)
        files[of_file[1]].cells.setdefault(item, {})[first, second] = amount_of(value, quality)
    return {hotline: _without_overlaps(list(files.values())) for hotline, files in found.items()}


_OWN = (
    *("hotline_id", "id", "uid", "level", "period_start", "period_end"),
    *("state", "definitions", "completeness"),
)
_FILE = tuple(f"statistics__{name}" for name in _OWN)
_CELL = ("item", "dim1_value", "dim2_value", "value", "quality")


def _file_of(row: Sequence[Any]) -> CountedFile:
    _hotline, key, uid, level, start, end, state, definitions, completeness = row
    return CountedFile(
        statistics_id=key,
        uid=uid,
        level=level,
        start=start,
        end=end,
        is_accepted=state == StatisticsImport.State.ACCEPTED,
        definitions=definitions,
        completeness=completeness,
    )


def amount_of(value: Decimal | None, quality: str) -> Amount:
    """A figure's value with what its quality says of it."""
    return Amount(value, not_applicable=quality == NOT_APPLICABLE, is_estimated=quality == "estimated")


def _without_overlaps(files: list[CountedFile]) -> list[CountedFile]:
    """An accepted file makes room for a confirmed one that will supersede it."""
    newer = [file for file in files if not file.is_accepted]
    return [file for file in files if not (file.is_accepted and any(file.overlaps(other) for other in newer))]


def cells_before(hotline: Hotline, level: str, start: date, end: date) -> Cells:
    """What counts for the period that ends where this one starts, if it is as long: a year, quarter or month."""
    last_day = start - timedelta(days=1)
    first_day = start - relativedelta(months=months_of(start, end))
    for file in counting_files([hotline], start=first_day, end=last_day)[hotline.pk]:
        if (file.level, file.start, file.end) == (level, first_day, last_day):
            return file.cells
    return {}


def totals_over(files: Sequence[CountedFile], start: date, end: date) -> dict[str, Fraction | None]:
    """Every item over the files that fill the time."""
    chains = _chains(files, start, end)
    return {
        code: _first(
            _exact(add_periods(item, [add_codes(item, file.cells.get(code, {})) for file in chain])) for chain in chains
        )
        for code, item in items().items()
    }


def cells_over(files: Sequence[CountedFile], start: date, end: date) -> dict[str, dict[Codes, Decimal | None]]:
    """Every cell that one of the files has, added over the periods that fill the time; None where one misses it."""
    chains = _chains(files, start, end)
    added: dict[str, dict[Codes, Decimal | None]] = {}
    for code, item in items().items():
        for chain in chains:
            codes = {found for file in chain for found in file.cells.get(code, {})}
            cells = {found: _add_cell([file.cells.get(code, {}).get(found) for file in chain], item) for found in codes}
            if any(value is not None for value in cells.values()):
                added[code] = cells
                break
    return added


def _add_cell(amounts: Sequence[Amount | None], item: Any) -> Decimal | None:
    """One cell over periods. What did not apply in one of them adds nothing; what applies in none has no value."""
    given = [amount for amount in amounts if amount is None or not amount.not_applicable]
    if item.over_periods is not OverPeriods.SUM and len(given) < len(amounts):
        return None
    return add_periods(item, [amount.value if amount else None for amount in given])


def _chains(files: Sequence[CountedFile], start: date, end: date) -> list[list[CountedFile]]:
    """The files of each level that follow each other from the first day to the last, in the order of levels."""
    chains = []
    for level in LEVELS:
        chain = [file for file in files if file.level == level and file.start >= start and file.end <= end]
        expected = start
        for file in chain:
            if file.start != expected:
                break
            expected = file.end + timedelta(days=1)
        else:
            if expected == end + timedelta(days=1):
                chains.append(chain)
    return chains


def _first(values: Iterable[Fraction | None]) -> Fraction | None:
    return next((value for value in values if value is not None), None)


def _exact(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)
