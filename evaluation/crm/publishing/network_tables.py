"""The tables of the network's year: sums over hotlines, with suppression over all tables together. Pure.

A year is released, and released again when more is accepted. Readers can compare releases: so a table is not updated if
only one or two hotlines joined or left, and suppression is computed over all releases together. A table that may not be
updated stays as it was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from evaluation.crm.publishing.counts import TOTAL
from evaluation.crm.publishing.hotline_year import SMALLEST_BASE, HotlineYear
from evaluation.crm.publishing.layout import Grouping, Plan, plan_tables
from evaluation.crm.publishing.suppression import FEWEST_HOTLINES, Mark, Number, NumberStatus, Suppression, suppress
from evaluation.crm.series.benchmark import Spread, spread


@dataclass(frozen=True, slots=True)
class Cell:
    """A published number, or the mark in its place."""

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
    """The number of the release in which it was made."""
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    hotlines: int
    definitions: tuple[str, ...]
    estimated: Fraction | None
    """The share of its hotlines' figures that were estimated."""
    ratios: Mapping[tuple[str, str], Ratio] = field(default_factory=dict)

    @property
    def is_of_too_few(self) -> bool:
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
    """Of how many hotlines; each table has the number included in it."""
    tables: tuple[Table, ...]
    answering: Spread | None
    """The measured answer rates in per cent: the middle and the middle half, from five hotlines up."""

    @property
    def made_anew(self) -> tuple[Table, ...]:
        """The tables of this release that no earlier one has."""
        return tuple(table for table in self.tables if table.release == self.release and not table.is_withheld)


@dataclass(frozen=True, slots=True)
class Former:
    """An earlier release of the year: its input and its tables."""

    given: Sequence[HotlineYear]
    year_tables: YearTables


def tabulate(year: int, given: Sequence[HotlineYear], among: int, formers: Sequence[Former] = ()) -> YearTables:
    """Return the tables of a year from `given`, of `among` hotlines, as far as `formers` allow publication."""
    number = max((former.year_tables.release for former in formers), default=0) + 1
    plans = plan_tables(given)
    past = [(former.year_tables, plan_tables(former.given)) for former in formers]
    unchanged = {code: table for code, plan in plans.items() if (table := _find_number_status(code, plan, past))}
    made = {code: plan for code, plan in plans.items() if code not in unchanged and not plan.is_of_too_few}
    earlier_tables = [(table, laid[table.code]) for year_tables, laid in past for table in year_tables.made_anew]
    grouping = Grouping([*made.values(), *(plan for _table, plan in earlier_tables)])
    year_tables = suppress(
        grouping.groups,
        [
            *(number for code, plan in made.items() for number in _numbers(code, plan, grouping)),
            *(number for table, plan in earlier_tables for number in _published_numbers(table, plan, grouping)),
        ],
    )
    tables = tuple(unchanged.get(code) or _fill(code, plan, number, year_tables) for code, plan in plans.items())
    return YearTables(year, number, among, tables, _spread_rates(given))


def _spread_rates(given: Sequence[HotlineYear]) -> Spread | None:
    """Return the spread of answer rates, unless all but one or two are known from published results."""
    measured = [(rate, one.has_public_rate) for one in given if (rate := one.answer_rate) is not None]
    unknown = sum(not is_public for _rate, is_public in measured)
    return None if 0 < unknown < FEWEST_HOTLINES else spread([rate for rate, _is_public in measured])


def _find_number_status(code: str, plan: Plan, past: Sequence[tuple[YearTables, Mapping[str, Plan]]]) -> Table | None:
    """Return the newest published table, if the difference to a published one would reveal a hotline; else None."""
    made = [(table, laid[code]) for year_tables, laid in past for table in year_tables.made_anew if table.code == code]
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


# --- Filling them with what may be published -----------------------------------------------------------------------


def _fill(code: str, plan: Plan, number: int, year_tables: Suppression) -> Table:
    is_published = not plan.is_of_too_few
    figures = sum(one.figures for one in plan.hotlines)
    cells = {
        place: Cell(None, year_tables.marks[code, kind])
        if (code, kind) in year_tables.marks
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
    if code in year_tables.withheld or not is_published:
        return bare
    return replace(bare, cells=cells, ratios=_ratios(code, plan, cells))


def _ratios(name: str, plan: Plan, cells: Mapping[tuple[str, str], Cell]) -> dict[tuple[str, str], Ratio]:
    """Return shares computed from published numbers only: they reveal nothing that the table does not."""
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
