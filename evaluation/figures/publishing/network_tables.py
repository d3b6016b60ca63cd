"""Compute the tables of the network's year: sums over hotlines, with suppression over all tables together. Pure.

A year is released, and released again when more figures are accepted. Readers can compare releases, so suppression is
computed over all releases together, and a table is not updated if only one or two hotlines joined or left: the new
release repeats the published table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from evaluation.figures.publishing.counts import TOTAL
from evaluation.figures.publishing.disclosure import FEWEST_HOTLINES, Number, NumberStatus
from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.layout import Grouping, Plan, plan_tables
from evaluation.figures.publishing.suppression import Mark, Suppression, suppress
from evaluation.figures.series.benchmark import SMALLEST_BASE, Spread, spread


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number, or the mark of a suppressed one."""

    value: int | None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """One number of a table as a share of another; no value if the base is too small or one of them is suppressed."""

    value: Fraction | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: rows and columns by code, with the hotlines included."""

    code: str
    release: int
    """The number of the release in which it was computed; later releases may repeat it."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    hotlines: int
    definitions: tuple[str, ...]
    estimated: Fraction | None
    """The estimated share of its hotlines' figures."""
    ratios: Mapping[tuple[str, str], Ratio] = field(default_factory=dict)

    @property
    def has_too_few_hotlines(self) -> bool:
        return self.hotlines < FEWEST_HOTLINES

    @property
    def is_withheld(self) -> bool:
        return not self.cells


@dataclass(frozen=True, slots=True)
class YearTables:
    """All published tables of a year of the network."""

    year: int
    release: int
    hotlines: int
    """The number of hotlines in the network; each table has the number of hotlines that it includes."""
    tables: tuple[Table, ...]
    answering: Spread | None
    """The median and quartiles of the measured answer rates in per cent; None for too few hotlines."""

    @property
    def new_tables(self) -> tuple[Table, ...]:
        """The tables that are new or updated in this release; without withheld ones."""
        return tuple(table for table in self.tables if table.release == self.release and not table.is_withheld)


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier release of the year, with its input and its tables."""

    given: Sequence[HotlineYear]
    year_tables: YearTables


def tabulate(year: int, given: Sequence[HotlineYear], among: int, formers: Sequence[Former] = ()) -> YearTables:
    """Return the tables of a year from the hotlines' counts `given`.

    `among` is the number of hotlines in the network. `formers` are the earlier releases of the year, which limit what
    may be published.
    """
    number = max((former.year_tables.release for former in formers), default=0) + 1
    plans = plan_tables(given)
    past = [(former.year_tables, plan_tables(former.given)) for former in formers]
    unchanged = {code: table for code, plan in plans.items() if (table := _find_unchanged(code, plan, past))}
    made = {code: plan for code, plan in plans.items() if code not in unchanged and not plan.has_too_few_hotlines}
    earlier_tables = [
        (table, former_plans[table.code]) for year_tables, former_plans in past for table in year_tables.new_tables
    ]
    grouping = Grouping([*made.values(), *(plan for _table, plan in earlier_tables)])
    suppression = suppress(
        grouping.groups,
        [
            *(number for code, plan in made.items() for number in _numbers(code, plan, grouping)),
            *(number for table, plan in earlier_tables for number in _published_numbers(table, plan, grouping)),
        ],
    )
    tables = tuple(unchanged.get(code) or _fill(code, plan, number, suppression) for code, plan in plans.items())
    return YearTables(year, number, among, tables, _spread_rates(given))


def _spread_rates(given: Sequence[HotlineYear]) -> Spread | None:
    """Return the spread of answer rates; None if a rate that is not published could be computed from it."""
    measured = [(rate, one.has_public_rate) for one in given if (rate := one.answer_rate) is not None]
    return spread([rate for rate, _is_public in measured], [rate for rate, is_public in measured if is_public])


def _find_unchanged(code: str, plan: Plan, past: Sequence[tuple[YearTables, Mapping[str, Plan]]]) -> Table | None:
    """Return the newest published table if an update would reveal a hotline's numbers; None if it may be updated."""
    made = [
        (table, former_plans[code])
        for year_tables, former_plans in past
        for table in year_tables.new_tables
        if table.code == code
    ]
    if all(plan.may_follow(before) for _table, before in made):
        return None
    return made[-1][0]


def _numbers(code: str, plan: Plan, grouping: Grouping) -> Iterator[Number]:
    groups = grouping.of(plan)
    for kind in plan.kinds.values():
        yield Number(kind, groups, NumberStatus.OPEN, code)
    for kind in plan.implied:
        yield Number(kind, groups, NumberStatus.IMPLIED)


def _published_numbers(table: Table, plan: Plan, grouping: Grouping) -> Iterator[Number]:
    groups = grouping.of(plan)
    for place, kind in plan.kinds.items():
        mark = table.cells[place].mark
        yield Number(kind, groups, NumberStatus.PUBLISHED if mark is None else NumberStatus(mark))
    for kind in plan.implied:
        yield Number(kind, groups, NumberStatus.IMPLIED)


# --- Published tables ----------------------------------------------------------------------------------------------


def _fill(code: str, plan: Plan, number: int, suppression: Suppression) -> Table:
    """Return the table of a plan for the release `number`, with marks in place of suppressed numbers."""
    is_published = not plan.has_too_few_hotlines
    figures = sum(one.figures for one in plan.hotlines)
    cells = {
        place: Cell(None, suppression.marks[code, kind])
        if (code, kind) in suppression.marks
        else Cell(plan.value(kind))
        for place, kind in plan.kinds.items()
    }
    bare = Table(
        code=code,
        release=number,
        rows=tuple(plan.rows),
        columns=tuple(plan.columns),
        cells={},
        hotlines=len(plan.hotlines),
        definitions=tuple(sorted({version for one in plan.hotlines for version in one.definitions})),
        estimated=Fraction(sum(one.estimated for one in plan.hotlines), figures) if is_published and figures else None,
    )
    if code in suppression.withheld or not is_published:
        return bare
    return replace(bare, cells=cells, ratios=_ratios(code, plan, cells))


def _ratios(name: str, plan: Plan, cells: Mapping[tuple[str, str], Cell]) -> dict[tuple[str, str], Ratio]:
    """Return shares computed from published numbers only, so that they reveal no others."""
    if "short" in plan.rows:
        received, answered, short = (cells[code, "calls"] for code in ("received", "answered", "short"))
        if received.value is None or short.value is None:
            return {("rate", "calls"): Ratio(None, is_hidden=True)}
        return {("rate", "calls"): _ratio(answered, Cell(received.value - short.value))}
    if name == "categories":
        total = cells[TOTAL, "new"]
        shares = {(row, "share"): _ratio(cells[row, "new"], total) for row in plan.rows}
        abroad = {
            (row, "cross_border_share"): _ratio(cells[row, "cross_border"], cells[row, "new"]) for row in plan.rows
        }
        return shares | abroad
    if plan.columns == ("count",):
        return {(row, "share"): _ratio(cells[row, "count"], cells[TOTAL, "count"]) for row in plan.rows}
    return {}


def _ratio(part: Cell, whole: Cell) -> Ratio:
    if part.value is None or whole.value is None:
        return Ratio(None, is_hidden=True)
    return Ratio(Fraction(part.value, whole.value) if whole.value >= SMALLEST_BASE else None)
