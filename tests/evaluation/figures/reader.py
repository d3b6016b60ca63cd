"""A reader of everything that is public, who looks for the numbers of hotlines by integer programming (HiGHS).

It shares no code with the suppression. The unknowns are the numbers of each hotline. The reader knows which hotlines
are in which tables, every cell of every release, what each mark says, the results that hotlines published, that parts
add up to their totals, and that numbers are whole and not negative. A *world* is one choice of all numbers that agrees
with all this. The reader collects worlds, the real one first, until each number that must not be known differs enough
in two of them, or until HiGHS proves that it never does: that is a leak.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Any

import highspy
import numpy as np

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_lists

SMALLEST = 5
"""A smaller number above zero is a small count; a larger one is disclosed if all its possible values are closer."""
FEWEST = 3
ROUNDS = 12
"""How many worlds are tried for all numbers together, before each of the rest is tried alone."""

Cell = str
Hotline = str

SAME = {
    "ages/total/total": "categories/total/children",
    "regions/total/count": "categories/total/cross_border",
    **{f"answering/{row}/calls": f"calls/{row}/calls" for row in ("received", "answered", "missed", "short")},
}
"""Cells of two tables that count the same."""
RESULTS = {
    "A03": "calls/received/calls",
    "A04": "calls/answered/calls",
    "A05": "calls/short/calls",
    "A06": "calls/missed/calls",
    "A09": "channels/total/count",
    "A21": "categories/total/new",
    "A23": "outcomes/total/count",
    "A25": "categories/total/children",
    "A26": "categories/total/cross_border",
}
"""By item of a published result, the cell of the tables that it is part of."""
NEITHER = "neither answered nor missed"


def _relations() -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
    """Yield each number of a hotline that is the sum of others, by the data dictionary."""
    lists, groups = code_lists(), (*PUBLISHED_CATEGORIES, "total")
    yield "calls/received/calls", ("calls/answered/calls", NEITHER, "calls/missed/calls")
    yield NEITHER, ("calls/short/calls",)
    yield "calls/answered/calls", ("channels/phone_116000/count",)
    for table, name in (("channels", "channel"), ("outcomes", "outcome"), ("regions", "region")):
        yield f"{table}/total/count", tuple(f"{table}/{code}/count" for code in lists[name])
    for measure in ("new", "children", "cross_border"):
        yield f"categories/total/{measure}", tuple(f"categories/{group}/{measure}" for group in groups[:-1])
    for group in groups:
        yield f"categories/{group}/new", (f"categories/{group}/cross_border", f"within one country/{group}")
        yield f"categories/{group}/children", (f"categories/{group}/new", f"further children/{group}")
    sexes, ages = (*lists["sex"], "total"), (*lists["age_band"], "total")
    for age in ages:
        yield f"ages/{age}/total", tuple(f"ages/{age}/{sex}" for sex in sexes[:-1])
    for sex in sexes:
        yield f"ages/total/{sex}", tuple(f"ages/{age}/{sex}" for age in ages[:-1])


RELATIONS = tuple((SAME.get(whole, whole), parts) for whole, parts in _relations())


def name_of(one: Hotline) -> str:
    """Return the hotline without the mark of its figures, which it may have corrected."""
    return one.split()[0]


class Silent(highspy.Highs):
    """HiGHS without output."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' name
        self.setOptionValue("output_flag", False)


@dataclass(frozen=True)
class Published:
    """A number in a release: the cell, the hotlines in it, and the value or the mark."""

    cell: Cell
    hotlines: frozenset[Hotline]
    value: int | None
    mark: str | None


@dataclass(frozen=True)
class Leak:
    """A number that a reader knows: exactly, or closer than allowed."""

    cell: Cell
    hotlines: tuple[Hotline, ...]
    value: int
    low: int
    high: int


@dataclass
class Reader:
    """What is public, and the real numbers of each hotline with which the findings are compared."""

    published: Sequence[Published]
    real: Mapping[Hotline, Mapping[Cell, int]]
    results: Mapping[Hotline, Mapping[Cell, int]]
    seed: int = 0
    places: dict[tuple[Hotline, Cell], int] = field(init=False, default_factory=dict)
    solved: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        cells: dict[Hotline, set[Cell]] = {}
        for number in self.published:
            for one in number.hotlines:
                cells.setdefault(one, set()).add(number.cell)
        for one, own in sorted(cells.items()):
            if "calls/received/calls" in own:
                own.add(NEITHER)
            if "categories/total/new" in own:
                own |= {
                    cell for cell in self.real[one] if cell.startswith(("within one country/", "further children/"))
                }
            for cell in sorted(own):
                self.places[one, cell] = len(self.places)
        self.truth = np.array([self.real[one][cell] for one, cell in self.places], dtype=np.int64)
        self.rows: list[tuple[float, float, dict[int, float]]] = []
        self.low = np.minimum(self.truth, 0).astype(float)
        self.high = np.array([float(self._most(cell)) for _one, cell in self.places])
        self.whole = len(self.places)
        self._read()
        self.worlds = self.truth[None, :]

    def _most(self, cell: Cell) -> int:
        """Return a bound of a number that is high enough not to tell it, and low enough for exact computing."""
        return 100 + 2 * sum(abs(own.get(cell, 0)) for own in self.real.values())

    # --- What is public --------------------------------------------------------------------------------------------

    def relations_of(self, one: Hotline) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        """Yield the sums that hold for a hotline."""
        for whole, parts in RELATIONS:
            if all((one, cell) in self.places for cell in (whole, *parts)):
                own = self.real[one]
                if own[whole] == sum(own[part] for part in parts):
                    yield whole, parts

    def _read(self) -> None:
        for one in {one for one, _cell in self.places}:
            for whole, parts in self.relations_of(one):
                self._row(0, 0, {self.places[one, whole]: -1.0, **{self.places[one, part]: 1.0 for part in parts}})
        for number in self.published:
            terms = {self.places[one, number.cell]: 1.0 for one in number.hotlines}
            total = sum(self.real[one][number.cell] for one in number.hotlines)
            if number.mark == "small":
                assert 0 < total < SMALLEST, number
                self._row(1, SMALLEST - 1, terms)
            elif number.mark == "hidden":
                assert not 0 < total < SMALLEST, number
                self._zero_or_not_small(terms, self._most(number.cell) * len(number.hotlines))
            else:
                assert number.value == total, number
                self._row(total, total, terms)
        for one, results in self.results.items():
            for cell, value in results.items():
                if (one, cell) in self.places:
                    self.low[self.places[one, cell]] = self.high[self.places[one, cell]] = value

    def _row(self, low: float, high: float, terms: dict[int, float]) -> None:
        self.rows.append((low, high, terms))

    def _zero_or_not_small(self, terms: dict[int, float], most: int) -> None:
        """Add that a sum is 0 or at least 5, by a variable that is 0 or 1."""
        switch = len(self.low)
        self.low, self.high = np.append(self.low, 0.0), np.append(self.high, 1.0)
        self._row(0, highspy.kHighsInf, {**terms, switch: -float(SMALLEST)})
        self._row(-highspy.kHighsInf, 0, {**terms, switch: -float(most)})

    # --- Solving ---------------------------------------------------------------------------------------------------

    def _solver(self) -> Silent:
        solver = Silent()
        solver.setOptionValue("threads", 1)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.low), len(self.rows)
        model.col_lower_, model.col_upper_ = self.low, self.high
        model.col_cost_ = np.zeros(len(self.low))
        model.row_lower_ = np.array([low for low, _high, _terms in self.rows], dtype=float)
        model.row_upper_ = np.array([high for _low, high, _terms in self.rows], dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(terms) for _low, _high, terms in self.rows)])
        model.a_matrix_.index_ = np.array([place for *_, terms in self.rows for place in terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([each for *_, terms in self.rows for each in terms.values()], dtype=float)
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.low)
        solver.passModel(model)
        return solver

    def _solve(self, solver: highspy.Highs, costs: np.ndarray, *, gap: float) -> bool:
        """Add the world of the lowest cost, or one nearly as low; return whether it is proved to be the lowest."""
        self.solved += 1
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_max_nodes", 2000)
        every = np.arange(len(self.low), dtype=np.int32)
        solver.changeColsCost(len(every), every, np.append(costs, np.zeros(len(self.low) - self.whole)))
        solver.clearSolver()
        solver.run()
        status = solver.getModelStatus()
        assert status != highspy.HighsModelStatus.kInfeasible, "what is published contradicts itself"
        found = np.rint(np.array(solver.getSolution().col_value)[: self.whole]).astype(np.int64)
        if len(found) and self._agrees(found):
            self.worlds = np.vstack([self.worlds, found])
            return status == highspy.HighsModelStatus.kOptimal
        return False

    def _agrees(self, found: np.ndarray) -> bool:
        """Return whether whole numbers agree with everything, computed without rounding."""
        if (found < self.low[: self.whole]).any() or (found > self.high[: self.whole]).any():
            return False
        for low, high, terms in self.rows:
            if max(terms) < self.whole:
                total = sum(int(each) * int(found[place]) for place, each in terms.items())
                if not low <= total <= high:
                    return False
        hidden = (number for number in self.published if number.mark == "hidden")
        totals = (int(found[[self.places[one, number.cell] for one in number.hotlines]].sum()) for number in hidden)
        return all(total == 0 or total >= SMALLEST for total in totals)

    # --- What must not be known ------------------------------------------------------------------------------------

    def secrets(self) -> list[tuple[Cell, tuple[Hotline, ...], bool]]:
        """Return the numbers that nobody may know: cell, hotlines, and whether they are one's or two's own."""
        allowed = self.allowed()
        own: dict[Cell, list[Hotline]] = {}
        for one, cell in self.places:
            if (one, cell) not in allowed:
                own.setdefault(cell, []).append(one)
        singles = [(cell, (one,), True) for cell, several in own.items() for one in several]
        pairs = [
            (cell, two, True)
            for cell, several in own.items()
            for two in combinations(several, 2)
            if name_of(two[0]) != name_of(two[1])
        ]
        return [*singles, *pairs, *((cell, of, False) for cell, of in self._small())]

    def allowed(self) -> set[tuple[Hotline, Cell]]:
        """Return the numbers that a hotline's own results tell, and those of hotlines that together have none."""
        known = {(one, cell) for one, results in self.results.items() for cell in results if (one, cell) in self.places}
        for one in {one for one, _cell in known}:
            self._follow(one, known)
        zeros = [
            (cell, of)
            for cell, several in self._sets().items()
            for of in {*several, *(a - b for a in several for b in several)}
            if len(of) >= FEWEST and not any(self.real[one][cell] for one in of)
        ]
        known |= {(one, cell) for cell, of in zeros for one in of}
        for one in {one for one, _cell in known}:
            for whole, parts in (*self.relations_of(one), *self.relations_of(one)):  # of parts of parts, too
                if (one, whole) in known and self.real[one][whole] == 0 and not any(self.real[one][p] for p in parts):
                    known |= {(one, part) for part in parts}
        return known

    def _follow(self, one: Hotline, known: set[tuple[Hotline, Cell]]) -> None:
        """Add what follows from a hotline's own results: the last part of a sum, and parts for which nothing is left."""
        own, is_changed = self.real[one], True
        while is_changed:
            is_changed = False
            for whole, parts in self.relations_of(one):
                unknown = [cell for cell in (whole, *parts) if (one, cell) not in known]
                have = sum(own[part] for part in parts if (one, part) in known)
                is_zero = (one, whole) in known and own[whole] == have and not any(own[cell] for cell in unknown)
                if unknown and (len(unknown) == 1 or is_zero):
                    known |= {(one, cell) for cell in unknown}
                    is_changed = True

    def _sets(self) -> dict[Cell, set[frozenset[Hotline]]]:
        """Return, by cell, the sets of hotlines of its numbers, and of those that no table shows but that follow."""
        sets: dict[Cell, set[frozenset[Hotline]]] = {}
        for number in self.published:
            sets.setdefault(number.cell, set()).add(number.hotlines)
        for whole, parts in RELATIONS:
            for of in sets.get(whole, set()).copy():
                for part in parts:
                    if all((one, part) in self.places for one in of):
                        sets.setdefault(part, set()).add(of)
        return sets

    def _small(self) -> Iterator[tuple[Cell, tuple[Hotline, ...]]]:
        """Yield the counts from 1 to 4 of hotlines that are together in numbers, or in one and not in another."""
        known = {(one, cell) for one, results in self.results.items() for cell in results}
        for cell, several in self._sets().items():
            parts: dict[tuple[bool, ...], set[Hotline]] = {}
            ordered = sorted(several, key=sorted)
            for one in sorted(frozenset().union(*several)):
                parts.setdefault(tuple(one in of for of in ordered), set()).add(one)
            found = {*several, *(a - b for a in several for b in several), *map(frozenset, parts.values())}
            left = {frozenset(one for one in of if (one, cell) not in known) for of in found}
            for of in sorted(left, key=sorted):
                if len(of) >= FEWEST and 0 < sum(self.real[one][cell] for one in of) < SMALLEST:
                    yield cell, tuple(sorted(of))

    def leaks(self) -> list[Leak]:
        """Return every number that must not be known and is."""
        return self._search(self.secrets())

    def leaks_to(self, one: Hotline) -> list[Leak]:
        """Return the numbers above zero of single hotlines that one hotline can compute with all of its own.

        Only exactly: what it can estimate from what is left of a number, everybody can who is in a sum.
        """
        own: dict[Hotline, dict[Cell, int]] = {}
        for hotline, cell in self.places:
            if name_of(hotline) == name_of(one):
                own.setdefault(hotline, {})[cell] = self.real[hotline][cell]
        knowing = Reader(self.published, self.real, {**self.results, **own}, self.seed)
        allowed = self.allowed()
        secrets = [
            (cell, (other,), False)
            for other, cell in self.places
            if other not in own and (other, cell) not in allowed and self.real[other][cell]
        ]
        found = knowing._search(secrets)
        self.solved += knowing.solved
        return found

    def _search(self, secrets: Sequence[tuple[Cell, tuple[Hotline, ...], bool]]) -> list[Leak]:
        if not secrets:
            return []
        source = Random(self.seed)
        solver = self._solver()
        places = [np.array([self.places[one, cell] for one in of]) for cell, of, _is_own in secrets]
        width = max(map(len, places))
        grid = np.full((len(places), width), self.whole)
        for number, of in enumerate(places):
            grid[number, : len(of)] = of
        values = self._values(grid, self.truth[None, :])[0]
        is_large = [is_own and any(self.real[one][cell] >= SMALLEST for one in of) for cell, of, is_own in secrets]
        needed = np.where(is_large, SMALLEST, 1)
        low, high, seen = values.copy(), values.copy(), 1

        def update() -> np.ndarray:
            nonlocal seen
            if len(self.worlds) > seen:
                found = self._values(grid, self.worlds[seen:])
                np.minimum(low, found.min(axis=0), out=low)
                np.maximum(high, found.max(axis=0), out=high)
                seen = len(self.worlds)
            return np.flatnonzero(high - low < needed)

        left = update()
        for _round in range(ROUNDS):
            if not len(left):
                return []
            costs = np.zeros(self.whole)
            for number in left:
                costs[places[number]] += source.choice((-1.0, 1.0))
            self._solve(solver, costs, gap=0.2)
            left = update()
        leaks: list[Leak] = []
        while len(left):
            number = int(left[0])
            is_proved = True
            for sign in (1.0, -1.0):
                costs = np.zeros(self.whole)
                costs[places[number]] = sign
                is_proved &= self._solve(solver, costs, gap=0.0)
                left = update()
                if number not in left:
                    break
            else:
                cell, of, _is_own = secrets[number]
                assert is_proved, (cell, of)
                leaks.append(Leak(cell, of, int(values[number]), int(low[number]), int(high[number])))
                needed[number] = 0
                left = update()
        return leaks

    @staticmethod
    def _values(grid: np.ndarray, worlds: np.ndarray) -> np.ndarray:
        """Return the sums of each row of places in each world."""
        padded = np.hstack([worlds, np.zeros((len(worlds), 1), dtype=np.int64)])
        return padded[:, grid].sum(axis=2)


def read_releases(
    releases: Iterable[Mapping[str, Any]], within: Iterable[Mapping[str, frozenset[Hotline]]]
) -> list[Published]:
    """Return every number of the releases, once; `within` has the hotlines of each new table of each release."""
    found = {}
    for data, hotlines in zip(releases, within, strict=True):
        for table in data["tables"]:
            if table["release"] != data["release"]:
                continue
            for one in table["cells"]:
                cell = f"{table['code']}/{one['row']}/{one['column']}"
                number = Published(SAME.get(cell, cell), hotlines[table["code"]], one["value"], one["mark"])
                found[number] = None
    return list(found)
