"""The tables of the network's year: added over hotlines, with what may not be told taken out of all of them at once. Pure.

A hotline stands in a table only with every number that the table needs: what is missing is never zero. Only years are
published, never their months or quarters, and neither the open nor the reopened cases: each would give away numbers of
the others by the balance of cases. What hotlines' own published reports tell is known already, and counted as known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluation.crm.benchmarking import Spread, spread
from evaluation.crm.dictionary import PUBLISHED_CATEGORIES, code_lists
from evaluation.crm.publishing.suppressing import Mark, Sum, Suppression, is_small, suppress

SMALLEST_BASE = 20
FEWEST_HOTLINES = 3
"""Of fewer no table is told: of two, each could take its own numbers away and read the other's."""
TOTAL = "total"

MEASURES = {"new": "A21", "children": "A25", "cross_border": "A26"}
CALLS = {"received": "A03", "answered": "A04", "short": "A05", "missed": "A06"}

Codes = tuple[str, str]
Whole = int | None


@dataclass(frozen=True, slots=True)
class HotlineYear:
    """What one hotline's accepted files say of a year, and what a published report of it tells already."""

    key: str
    cells: Mapping[str, Mapping[Codes, Whole]]
    """By item, then by codes; None is not recorded. What does not apply is left out."""
    definitions: frozenset[str] = frozenset()
    estimated: int = 0
    figures: int = 0
    told: Mapping[str, int] = field(default_factory=dict)
    """By item: public already, as a total."""
    estimated_items: frozenset[str] = frozenset()
    """Those with an estimate in them."""

    def total(self, item: str) -> Whole:
        values = list(self.cells.get(item, {}).values())
        return None if not values or None in values else sum(value for value in values if value is not None)

    def cell(self, item: str, *codes: str) -> int:
        return self.cells[item].get((*codes, *("",) * (2 - len(codes))), 0) or 0  # type: ignore[arg-type] # always two codes

    def by(self, item: str, place: int, code: str) -> int:
        """The parts of an item that stand under a code in one of its two dimensions."""
        return sum(value or 0 for codes, value in self.cells[item].items() if codes[place] == code)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that is told, or the mark in its place."""

    value: int | None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """One number of a table as a part of another; no value where the base is too small or one of them is hidden."""

    value: Fraction | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A published table: rows and columns by their codes, with the hotlines it rests on."""

    code: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    hotlines: int
    definitions: tuple[str, ...]
    estimated: Fraction | None
    """The share of its hotlines' figures that were estimated."""
    ratios: Mapping[tuple[str, str], Ratio] = field(default_factory=dict)
    is_withheld: bool = False

    @property
    def is_of_too_few(self) -> bool:
        return self.hotlines < FEWEST_HOTLINES


@dataclass(frozen=True, slots=True)
class NetworkYear:
    """All that is told of a year of the network."""

    year: int
    hotlines: int
    """Of how many hotlines; each table says how many of them it rests on."""
    tables: tuple[Table, ...]
    answering: Spread | None
    """The measured answer rates in per cent: the middle and the middle half, from five hotlines up."""


def tabulate(year: int, given: Sequence[HotlineYear], among: int) -> NetworkYear:
    """The tables of a year from what `among` hotlines were asked for, as far as it may be told."""
    laid = _Layout()
    for lay in (_lay_calls, _lay_contacts, _lay_cases, _lay_outcomes):
        lay(laid, given)
    told = suppress(
        laid.values,
        laid.sums,
        {name: set(plan.names.values()) for name, plan in laid.plans.items() if not plan.is_of_too_few},
        laid.known,
    )
    tables = tuple(_fill(name, plan, laid.values, told) for name, plan in laid.plans.items())
    return NetworkYear(year, among, tables, spread([rate for one in given if (rate := _answer_rate(one)) is not None]))


def _answer_rate(one: HotlineYear) -> Fraction | None:
    """In per cent; None where it is not measured, the base is too small, or the rate would tell a small count."""
    if not one.estimated_items.isdisjoint(("A03", "A04", "A05")):
        return None
    received, answered, short = (one.total(item) for item in ("A03", "A04", "A05"))
    if received is None or answered is None or short is None or received - short < SMALLEST_BASE:
        return None
    if is_small(answered) or is_small(received - short - answered):
        return None
    return Fraction(100 * answered, received - short)


# --- Laying the tables out: every number by a name, every sum that a reader may know ----------------------------


@dataclass
class _Plan:
    rows: Sequence[str]
    columns: Sequence[str]
    names: dict[tuple[str, str], str]
    hotlines: Sequence[HotlineYear]

    @property
    def is_of_too_few(self) -> bool:
        return len(self.hotlines) < FEWEST_HOTLINES


@dataclass
class _Layout:
    values: dict[str, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    plans: dict[str, _Plan] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def put(self, name: str, value: int) -> str:
        self.values[name] = value
        return name

    def add(self, whole: str, parts: Iterable[str]) -> None:
        self.sums.append(Sum(whole, tuple(parts)))

    def imply(self, whole: str, part: str, rest: str) -> None:
        """What is left of the whole beside its part is a count too, though no table tells it."""
        left = self.values[whole] - self.values[part]
        if left >= 0:
            self.add(whole, (part, self.put(rest, left)))

    def know(self, name: str, item: str, hotlines: Sequence[HotlineYear]) -> None:
        """What is public of single hotlines leaves the others' numbers behind: each is a count, and all together too."""
        if not any(item in one.told for one in hotlines):
            return
        known: list[str] = []
        others: list[str] = []
        for one in hotlines:
            part = self.put(f"{name} of {one.key}", one.total(item) or 0)
            (known if one.told.get(item) == self.values[part] else others).append(part)
        self.known.update(known)
        rest = self.put(f"{name} of others", sum(self.values[part] for part in others))
        self.add(name, (*known, rest))
        self.add(rest, others)


def _lay_calls(laid: _Layout, given: Sequence[HotlineYear]) -> None:
    """Calls, and the calls of the hotlines that know the short ones, where those are not the same."""
    all_of = _with_totals(given, ("A03", "A04", "A06"))
    exact = [one for one in all_of if one.total("A05") is not None]
    is_same = len(exact) == len(all_of)
    columns = ("received", "answered", "short", "missed") if is_same else ("received", "answered", "missed")
    if all_of:
        _lay_call_table(laid, "calls", all_of, columns)
    if exact and not is_same:
        _lay_call_table(laid, "answering", exact, ("received", "answered", "short", "missed"))
        for code in ("received", "answered", "missed"):
            laid.imply(f"calls/{code}", f"answering/{code}", f"calls/{code} beside answering/{code}")


def _lay_call_table(laid: _Layout, table: str, hotlines: Sequence[HotlineYear], rows: Sequence[str]) -> None:
    names = {}
    for code in rows:
        names[code, "calls"] = laid.put(f"{table}/{code}", sum(one.total(CALLS[code]) or 0 for one in hotlines))
        laid.know(f"{table}/{code}", CALLS[code], hotlines)
    received, answered, missed = (f"{table}/{code}" for code in ("received", "answered", "missed"))
    parts = (answered, f"{table}/short", missed)
    if "short" not in rows:
        laid.put(parts[1], laid.values[received] - laid.values[answered] - laid.values[missed])
    if laid.values[parts[1]] >= 0 and sum(laid.values[part] for part in parts) == laid.values[received]:
        laid.add(received, parts)
    laid.plans[table] = _Plan(rows, ("calls",), names, hotlines)


def _lay_contacts(laid: _Layout, given: Sequence[HotlineYear]) -> None:
    hotlines = [one for one in _with_totals(given, ("A09", "A11")) if one.total("A09") == one.total("A11")]
    if hotlines:
        _lay_list(laid, "channels", "A11", code_lists()["channel"], hotlines)
        laid.know(f"channels/{TOTAL}", "A09", hotlines)
        calls, phone = laid.plans.get("calls"), "channels/phone_116000"
        if calls and calls.hotlines == hotlines and laid.values["calls/answered"] == laid.values[phone]:
            laid.add("calls/answered", (phone,))


def _lay_list(
    laid: _Layout, table: str, item: str, codes: Sequence[str], hotlines: Sequence[HotlineYear], place: int = 0
) -> None:
    """A table of one column, with its total."""
    names = {(code, "count"): f"{table}/{code}" for code in (*codes, TOTAL)}
    for code in codes:
        laid.put(f"{table}/{code}", sum(one.by(item, place, code) for one in hotlines))
    laid.put(f"{table}/{TOTAL}", sum(laid.values[f"{table}/{code}"] for code in codes))
    laid.add(f"{table}/{TOTAL}", (f"{table}/{code}" for code in codes))
    laid.plans[table] = _Plan((*codes, TOTAL), ("count",), names, hotlines)


def _lay_cases(laid: _Layout, given: Sequence[HotlineYear]) -> None:
    hotlines = _with_totals(given, tuple(MEASURES.values()))
    if not hotlines:
        return
    names = {(code, measure): f"{measure}/{code}" for code in (*PUBLISHED_CATEGORIES, TOTAL) for measure in MEASURES}
    for measure, item in MEASURES.items():
        for group, codes in PUBLISHED_CATEGORIES.items():
            laid.put(f"{measure}/{group}", sum(one.cell(item, code) for one in hotlines for code in codes))
        laid.put(f"{measure}/{TOTAL}", sum(laid.values[f"{measure}/{group}"] for group in PUBLISHED_CATEGORIES))
        laid.add(f"{measure}/{TOTAL}", (f"{measure}/{group}" for group in PUBLISHED_CATEGORIES))
        laid.know(f"{measure}/{TOTAL}", item, hotlines)
    for code in (*PUBLISHED_CATEGORIES, TOTAL):
        laid.imply(f"new/{code}", f"cross_border/{code}", f"within one country/{code}")
        laid.imply(f"children/{code}", f"new/{code}", f"further children/{code}")
    laid.plans["categories"] = _Plan((*PUBLISHED_CATEGORIES, TOTAL), tuple(MEASURES), names, hotlines)
    _lay_ages(laid, hotlines)
    _lay_regions(laid, hotlines)


def _lay_ages(laid: _Layout, among: Sequence[HotlineYear]) -> None:
    hotlines = [one for one in among if one.total("A27") is not None and one.total("A27") == one.total("A25")]
    if not hotlines:
        return
    sexes, ages = code_lists()["sex"], code_lists()["age_band"]
    names = {(age, sex): f"ages/{age}/{sex}" for age in (*ages, TOTAL) for sex in (*sexes, TOTAL)}
    for age in ages:
        for sex in sexes:
            laid.put(f"ages/{age}/{sex}", sum(one.cell("A27", sex, age) for one in hotlines))
        laid.put(f"ages/{age}/{TOTAL}", sum(laid.values[f"ages/{age}/{sex}"] for sex in sexes))
        laid.add(f"ages/{age}/{TOTAL}", (f"ages/{age}/{sex}" for sex in sexes))
    for sex in (*sexes, TOTAL):
        laid.put(f"ages/{TOTAL}/{sex}", sum(laid.values[f"ages/{age}/{sex}"] for age in ages))
        laid.add(f"ages/{TOTAL}/{sex}", (f"ages/{age}/{sex}" for age in ages))
    laid.add(f"ages/{TOTAL}/{TOTAL}", (f"ages/{TOTAL}/{sex}" for sex in sexes))
    _tie(laid, f"children/{TOTAL}", f"ages/{TOTAL}/{TOTAL}", is_all=len(hotlines) == len(among))
    laid.plans["ages"] = _Plan((*ages, TOTAL), (*sexes, TOTAL), names, hotlines)


def _lay_regions(laid: _Layout, among: Sequence[HotlineYear]) -> None:
    hotlines = _with_totals(among, ("A35",))
    if hotlines:
        _lay_list(laid, "regions", "A35", code_lists()["region"], hotlines)
        _tie(laid, f"cross_border/{TOTAL}", f"regions/{TOTAL}", is_all=len(hotlines) == len(among))


def _lay_outcomes(laid: _Layout, given: Sequence[HotlineYear]) -> None:
    hotlines = [one for one in _with_totals(given, ("A23", "A40")) if one.total("A23") == one.total("A40")]
    if hotlines:
        _lay_list(laid, "outcomes", "A40", code_lists()["outcome"], hotlines, place=1)
        laid.know(f"outcomes/{TOTAL}", "A23", hotlines)


def _tie(laid: _Layout, whole: str, part: str, *, is_all: bool) -> None:
    """Two totals of one thing: the same, or the second is that of fewer hotlines and leaves the others' behind."""
    if is_all and laid.values[whole] == laid.values[part]:
        laid.add(whole, (part,))
    else:
        laid.imply(whole, part, f"{whole} beside {part}")


def _with_totals(given: Sequence[HotlineYear], wanted: Iterable[str]) -> list[HotlineYear]:
    wanted = tuple(wanted)
    return [one for one in given if all(one.total(item) is not None for item in wanted)]


# --- Filling them with what may be told --------------------------------------------------------------------------


def _fill(name: str, plan: _Plan, values: Mapping[str, int], told: Suppression) -> Table:
    is_told = not plan.is_of_too_few
    is_withheld = name in told.withheld or not is_told
    figures = sum(one.figures for one in plan.hotlines)
    cells = {
        place: Cell(None, told.marks[quantity]) if quantity in told.marks else Cell(values[quantity])
        for place, quantity in plan.names.items()
    }
    return Table(
        code=name,
        rows=tuple(plan.rows),
        columns=tuple(plan.columns),
        cells={} if is_withheld else cells,
        hotlines=len(plan.hotlines),
        definitions=tuple(sorted({version for one in plan.hotlines for version in one.definitions})),
        estimated=Fraction(sum(one.estimated for one in plan.hotlines), figures) if is_told and figures else None,
        ratios={} if is_withheld else _ratios(name, plan, cells),
        is_withheld=is_withheld,
    )


def _ratios(name: str, plan: _Plan, cells: Mapping[tuple[str, str], Cell]) -> dict[tuple[str, str], Ratio]:
    """Shares that follow from what is told: they tell nothing that the table does not."""
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
