"""Compute time series of a hotline's numbers, its share of recorded items, and the files of each period."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, Item, OverPeriods, items
from evaluation.figures.dictionary.sums import Codes
from evaluation.figures.formats.published.header import months_of
from evaluation.figures.series.totals import CountedFile, chains_over

MAX_PERIODS = 60
"""The longest series: five years of months. Of a longer time, the newest periods are shown."""

Value = TypeVar("Value")


class Grain(StrEnum):
    """The length of the periods of a series."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


MONTHS = {Grain.YEAR: 12, Grain.QUARTER: 3, Grain.MONTH: 1}


class Recorded(StrEnum):
    """Whether a period's files have an item."""

    YES = "yes"
    PARTLY = "partly"
    """Some of its parts or part of the period are recorded; there is no total."""
    NO = "no"
    NOT_APPLICABLE = "not_applicable"
    NO_FILE = "no_file"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter or year."""

    start: date
    end: date

    @property
    def grain(self) -> Grain:
        return {1: Grain.MONTH, 3: Grain.QUARTER}.get(months_of(self.start, self.end), Grain.YEAR)

    @property
    def code(self) -> str:
        """`2025`, `2025-Q3` or `2025-07`."""
        if self.grain is Grain.MONTH:
            return f"{self.start:%Y-%m}"
        if self.grain is Grain.QUARTER:
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return str(self.start.year)

    def holds(self, file: CountedFile) -> bool:
        return self.start <= file.start and file.end <= self.end


@dataclass(frozen=True, slots=True)
class Moment:
    """One period of a series, with the files within it and the total of every item."""

    period: Period
    files: tuple[CountedFile, ...]
    totals: Mapping[str, Fraction | None]
    has_new_definitions: bool
    """Whether it was counted by other definitions than the previous period with files."""
    is_partial: bool = False
    """Whether one of the files that provide totals misses an unknown part of its period."""

    @property
    def is_filled(self) -> bool:
        """Whether any item has a total, which requires that the files fill the period."""
        return any(total is not None for total in self.totals.values())

    def is_estimated(self, *wanted: str, among: Collection[str] | None = None) -> bool:
        """Whether one of the items, or of their cells whose first code is in `among`, is an estimate."""
        return any(
            amount.is_estimated and (among is None or first in among)
            for file in self.files
            for item in wanted
            for (first, _second), amount in file.cells.get(item, {}).items()
        )

    def definitions(self, *wanted: str) -> frozenset[str]:
        """Return the versions of the data dictionary by which the items were counted."""
        return frozenset(file.definitions for file in self.files if any(item in file.cells for item in wanted))

    def recorded(self, item: Item) -> Recorded:
        if not self.files:
            return Recorded.NO_FILE
        if self.totals.get(item.code) is not None:
            return Recorded.YES
        amounts = [amount for file in self.files for amount in file.cells.get(item.code, {}).values()]
        if amounts and all(amount.not_applicable for amount in amounts):
            return Recorded.NOT_APPLICABLE
        if not any(amount.value is not None for amount in amounts):
            return Recorded.NO
        return Recorded.YES if self._has_every_part(item) else Recorded.PARTLY

    def _has_every_part(self, item: Item) -> bool:
        """Whether every part of an item that cannot be added has a number: a mean per channel or quarter."""
        cannot_be_added = not item.adds_over_codes or item.over_periods is OverPeriods.SINGLE
        cells = [file.cells.get(item.code, {}) for file in self.files]
        return (
            cannot_be_added
            and self.is_filled
            and all(cells)
            and all(amount.value is not None or amount.not_applicable for own in cells for amount in own.values())
        )

    @property
    def share_recorded(self) -> tuple[int, int]:
        """The number of items that are recorded, and the number that apply."""
        found = [self.recorded(item) for item in items().values()]
        return found.count(Recorded.YES), len(found) - found.count(Recorded.NOT_APPLICABLE)

    @property
    def required_missing(self) -> list[Item]:
        missing = (Recorded.PARTLY, Recorded.NO)
        return [item for item in items().values() if item.required and self.recorded(item) in missing]


def grains_of(files: Iterable[CountedFile]) -> tuple[Grain, ...]:
    """Return the period lengths that the files can fill: years, and lengths of at least the shortest file's."""
    shortest = min((months_of(file.start, file.end) for file in files), default=12)
    return tuple(grain for grain, months in MONTHS.items() if grain is Grain.YEAR or months >= shortest)


def periods_of(files: Iterable[CountedFile], grain: Grain) -> list[Period]:
    """Return every period from the first file to the last, also without files; at most the newest `MAX_PERIODS`."""
    known = list(files)
    if not known:
        return []
    period = period_at(min(file.start for file in known), grain)
    last, found = max(file.end for file in known), [period]
    while found[-1].end < last:
        found.append(period_at(found[-1].end + timedelta(days=1), grain))
    return found[-MAX_PERIODS:]


def period_at(day: date, grain: Grain) -> Period:
    """Return the period of that length that contains a day."""
    months = MONTHS[grain]
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    beyond = start.year * 12 + start.month - 1 + months
    return Period(start, date(beyond // 12, beyond % 12 + 1, 1) - timedelta(days=1))


def read_period(code: str) -> Period | None:
    """Return the period of a code such as `2025-Q3`, or None."""
    year, dash, rest = code.partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and 1900 <= int(year) < 2200):
        return None
    if not dash:
        return period_at(date(int(year), 1, 1), Grain.YEAR)
    if rest in ("Q1", "Q2", "Q3", "Q4"):
        return period_at(date(int(year), int(rest[1]) * 3, 1), Grain.QUARTER)
    if len(rest) == 2 and rest.isascii() and rest.isdigit() and 1 <= int(rest) <= 12:
        return period_at(date(int(year), int(rest), 1), Grain.MONTH)
    return None


def months_in(spans: Iterable[tuple[date, date]]) -> set[str]:
    """Return every month that the periods touch, such as `2026-03`."""
    found = set()
    for start, end in spans:
        for place in range(months_of(start, end)):
            years, month = divmod(start.month - 1 + place, 12)
            found.add(f"{start.year + years}-{month + 1:02}")
    return found


def follow(files: Sequence[CountedFile], periods: Sequence[Period]) -> list[Moment]:
    """Return the periods in order, each with its files and totals, for the hotline's own pages."""
    found: list[Moment] = []
    definitions: set[str] = set()
    for period in periods:
        within = tuple(file for file in files if period.holds(file))
        now = {file.definitions for file in within}
        chains = chains_over(within, period.start, period.end, with_parts=True)
        found.append(
            Moment(
                period=period,
                files=within,
                totals={code: chains[code].totals[code] if code in chains else None for code in items()},
                has_new_definitions=bool(definitions and now and now != definitions),
                is_partial=not all(chain.is_whole for chain in chains.values()),
            )
        )
        definitions = now or definitions
    return found


def group_categories(cells: Mapping[Codes, Value]) -> dict[str, dict[str, Value]]:
    """Return the value of each category, by published group; a category without a cell is left out."""
    by_code = {first: value for (first, _second), value in cells.items()}
    return {
        group: {code: by_code[code] for code in codes if code in by_code}
        for group, codes in PUBLISHED_CATEGORIES.items()
    }
