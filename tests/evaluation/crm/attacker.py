"""Somebody who has only what is published, knows the data dictionary, and solves the tables to find small counts.

It shares no code with what hides the numbers: equations are solved by elimination in exact fractions, then every
number is bounded from both sides as whole numbers until nothing moves, then each value that a hidden place may have
is tried to its end. What is found is certain: no other value agrees with all that is published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import inf, lcm
from typing import Any

Equation = tuple[dict[str, int], int]
"""Coefficients of the unknown, and what they add up to."""
Bounds = dict[str, tuple[float, float]]

MOST_STEPS = 80
"""Of the search for one value: who needs more is not stopped by the method but by the time of a test."""


MOST_TERMS = 24
"""Of an equation: longer ones bound nothing."""


class Contradiction(Exception):
    pass


def attack(data: Mapping[str, Any], known: Mapping[str, list[int]] | None = None) -> dict[str, int]:
    """What can be computed: each number that is not told, or that no table tells, and its only possible value.

    `data` is the published file of a year; `known` the totals that are public of single hotlines, by the table's cell.
    """
    board = _Board()
    board.read(data)
    for cell, numbers in (known or {}).items():
        if cell in board.start:
            board.add(cell, [f"{cell} elsewhere"], plus=sum(numbers))
    return board.find()


def attack_releases(
    releases: Sequence[Mapping[str, Any]],
    hotlines: Sequence[Mapping[str, frozenset[str]]],
    results: Mapping[str, Mapping[str, int]] | None = None,
) -> dict[str, int]:
    """The same for several releases of a year, by somebody who knows which hotlines stand in which of their tables.

    The numbers of a release have its place in front of their names; what hotlines have in common that stand in the
    same tables of the same releases has theirs: `0:channels/sms/count`, `A,B:channels/sms/count`. `results` are what
    published results tell of single hotlines, by cell: what is left of the others is looked for, too.
    """
    board = _Board()
    for place, data in enumerate(releases):
        made = [table for table in data["tables"] if table["release"] == data["release"]]
        board.read({**data, "tables": made}, f"{place}:")
    together: dict[tuple[tuple[int, str], ...], set[str]] = defaultdict(set)
    for one in frozenset().union(*(of for tables in hotlines for of in tables.values())):
        places = ((place, table) for place, tables in enumerate(hotlines) for table in tables if one in tables[table])
        together[tuple(sorted(places))].add(one)
    cells = {(place, table): board.cells_of(f"{place}:", table) for places in together for place, table in places}
    for places, of in together.items():
        board.lay(f"{','.join(sorted(of))}:", {table: cells[place, table] for place, table in places})
        board.take_away(of, {cell for at in places for cell in board.names_of(at[1], cells[at])}, results or {})
    for (place, table), found in cells.items():
        groups = [",".join(sorted(of)) for places, of in together.items() if (place, table) in places]
        for row, column in found:
            board.add(f"{place}:{table}/{row}/{column}", [f"{group}:{table}/{row}/{column}" for group in groups])
    return board.find()


class _Board:
    def __init__(self) -> None:
        self.told: dict[str, int] = {}
        self.start: Bounds = {}
        self.seen: dict[str, set[float]] = {}
        """Values that agree with everything: a number with two of them is not found."""
        self.gaps: set[str] = set()
        """Not small, so nothing from 1 to 4."""
        self.equations: list[Equation] = []

    def read(self, data: Mapping[str, Any], before: str = "") -> None:
        """Take what a file tells, and what must be true of it."""
        for table in data["tables"]:
            for cell in table["cells"]:
                self._read(f"{before}{table['code']}/{cell['row']}/{cell['column']}", cell)
        hotlines = {table["code"]: table["hotlines"] for table in data["tables"]}
        self.lay(before, {table: self.cells_of(before, table) for table in hotlines}, hotlines)

    def cells_of(self, before: str, table: str) -> list[tuple[str, str]]:
        start = f"{before}{table}/"
        return [tuple(name.removeprefix(start).split("/")) for name in self.start if name.startswith(start)]

    @staticmethod
    def names_of(table: str, cells: list[tuple[str, str]]) -> list[str]:
        return [f"{table}/{row}/{column}" for row, column in cells]

    def take_away(self, of: set[str], cells: set[str], results: Mapping[str, Mapping[str, int]]) -> None:
        """Of these hotlines, the numbers of those whose results tell them; the rest has a name of its own."""
        for cell in sorted(cells):
            known = {one for one in of if cell in results.get(one, {})}
            if known:
                rest = [f"{','.join(sorted(of - known))}:{cell}"] if of - known else []
                plus = sum(results[one][cell] for one in known)
                self.add(f"{','.join(sorted(of))}:{cell}", rest, plus=plus)

    def lay(
        self,
        before: str,
        tables: Mapping[str, list[tuple[str, str]]],
        hotlines: Mapping[str, int] | None = None,
    ) -> None:
        """What is true of these tables; without `hotlines`, they are all of the same."""
        for table, cells in tables.items():
            self._know_table(before + table, cells)
        if "categories" in tables:
            self._know_cases(before, tables["categories"])
        self._know_totals(before, tables, hotlines)

    def _read(self, name: str, cell: Mapping[str, Any]) -> None:
        if cell["mark"] == "small":
            self.start[name] = (1, 4)
        elif cell["mark"] == "hidden":
            self.start[name] = (0, inf)
            self.gaps.add(name)
        else:
            self.told[name] = cell["value"]
            self.start[name] = (cell["value"], cell["value"])

    def add(self, whole: str, parts: list[str], plus: int = 0) -> None:
        for name in (whole, *parts):
            self.start.setdefault(name, (0, inf))
        terms = dict.fromkeys(parts, 1)
        terms[whole] = -1
        self.equations.append((terms, -plus))

    def _know_table(self, table: str, cells: list[tuple[str, str]]) -> None:
        """Rows and columns add up to their totals."""
        names, kinds = list(dict.fromkeys(row for row, _ in cells)), list(dict.fromkeys(column for _, column in cells))
        if "total" in names:
            for column in kinds:
                self.add(f"{table}/total/{column}", [f"{table}/{row}/{column}" for row in names if row != "total"])
        if "total" in kinds:
            for row in names:
                self.add(f"{table}/{row}/total", [f"{table}/{row}/{column}" for column in kinds if column != "total"])
        if "received" in names:
            self.add(f"{table}/received/calls", [f"{table}/{row}/calls" for row in ("answered", "short", "missed")])

    def _know_cases(self, before: str, cells: list[tuple[str, str]]) -> None:
        """Cross-border cases are a part of the new ones, and each new case has a child."""
        for row in dict.fromkeys(row for row, _ in cells):
            new, abroad, children = (f"{before}categories/{row}/{c}" for c in ("new", "cross_border", "children"))
            self.add(new, [abroad, f"{before}within one country/{row}"])
            self.add(children, [new, f"{before}further children/{row}"])

    def _know_totals(self, before: str, tables: Iterable[str], hotlines: Mapping[str, int] | None) -> None:
        """Tables of the same thing have one total, or that of fewer hotlines."""
        for whole, part in (
            ("categories/total/children", "ages/total/total"),
            ("categories/total/cross_border", "regions/total/count"),
            *((f"calls/{row}/calls", f"answering/{row}/calls") for row in ("received", "answered", "missed")),
        ):
            one, other = whole.split("/")[0], part.split("/")[0]
            if {one, other} <= {*tables}:
                is_same = hotlines is None or hotlines[one] == hotlines[other]
                others = [] if is_same else [f"{before}{whole} of others"]
                self.add(before + whole, [before + part, *others])

    # --- Solving ---------------------------------------------------------------------------------------------------

    def find(self) -> dict[str, int]:
        """Each number that is not told, and its only possible value."""
        self.solve()
        try:
            bounds = self.tighten(dict(self.start))
        except Contradiction as wrong:
            raise AssertionError("what is published contradicts itself") from wrong
        found = {name: int(low) for name, (low, high) in bounds.items() if low == high and name not in self.told}
        for name, (low, high) in bounds.items():
            if low < high <= 8 and len(self.seen.get(name, ())) < 2:
                values = [v for v in range(int(low), int(high) + 1) if self.may_be(name, v, bounds)]
                if len(values) == 1:
                    found[name] = values[0]
        return found

    def solve(self) -> None:
        """Eliminate: the reduced rows are equations too, often of fewer numbers."""
        names = [name for name in self.start if name not in self.told]
        rows: list[dict[str, Fraction]] = []
        for terms, total in self.equations:
            rest = Fraction(total) - sum(n * self.told[name] for name, n in terms.items() if name in self.told)
            row = {name: Fraction(n) for name, n in terms.items() if name not in self.told}
            rows.append({**row, "=": rest})
        reduced: list[tuple[str, dict[str, Fraction]]] = []
        for name in names:
            pivot = next((row for row in rows if row.get(name)), None)
            if pivot is None:
                continue
            rows.remove(pivot)
            scaled = {key: value / pivot[name] for key, value in pivot.items()}
            rows = [_less(row, scaled, name) for row in rows]
            reduced = [(other, _less(row, scaled, name)) for other, row in reduced] + [(name, scaled)]
        self.unknown = [self._whole({**row}) for _name, row in reduced]
        self.unknown += [
            self._whole(
                {
                    **{n: Fraction(c) for n, c in terms.items() if n not in self.told},
                    "=": _rest(terms, total, self.told),
                }
            )
            for terms, total in self.equations
        ]
        self.unknown = [(terms, total) for terms, total in self.unknown if 0 < len(terms) <= MOST_TERMS]
        self.touching: dict[str, list[int]] = {}
        for number, (terms, _total) in enumerate(self.unknown):
            for name in terms:
                self.touching.setdefault(name, []).append(number)

    @staticmethod
    def _whole(row: dict[str, Fraction]) -> Equation:
        """With whole coefficients."""
        times = lcm(*(value.denominator for value in row.values()))
        total = row.pop("=", Fraction(0))
        return {name: int(n * times) for name, n in row.items() if n}, int(total * times)

    def tighten(self, bounds: Bounds, changed: list[str] | None = None) -> Bounds:
        """Bound each number by the others of its equations, as whole numbers, until nothing moves."""
        waiting = set(range(len(self.unknown))) if changed is None else set(self._equations_of(changed))
        for name in changed or list(bounds):
            self._close_gap(name, bounds)
        while waiting:
            number = waiting.pop()
            terms, total = self.unknown[number]
            for name, n in terms.items():
                low, high = self._bound_by(terms, total, name, n, bounds)
                old = bounds[name]
                bounds[name] = (max(old[0], low), min(old[1], high))
                self._close_gap(name, bounds)
                if bounds[name] != old:
                    waiting.update(self._equations_of([name]))
        return bounds

    def _equations_of(self, names: list[str]) -> Iterator[int]:
        for name in names:
            yield from self.touching.get(name, ())

    def _close_gap(self, name: str, bounds: Bounds) -> None:
        low, high = bounds[name]
        if name in self.gaps:
            low, high = (5 if 0 < low < 5 else low), (0 if 0 <= high < 5 else high)
        if low > high:
            raise Contradiction
        bounds[name] = (low, high)

    @staticmethod
    def _bound_by(terms: Mapping[str, int], total: int, name: str, n: int, bounds: Bounds) -> tuple[float, float]:
        """What the others of an equation leave for one of its numbers."""
        least: float = total
        most: float = total
        for other, m in terms.items():
            if other != name:
                low, high = bounds[other]
                least -= m * (high if m > 0 else low)
                most -= m * (low if m > 0 else high)
        if n < 0:
            least, most, n = -most, -least, -n
        # whole numbers divide exactly; without end stays without end
        return (least if least == -inf else -(-least // n)), (most if most == inf else most // n)

    def may_be(self, name: str, value: int, bounds: Bounds) -> bool:
        """Whether everything can be completed with this value; who runs out of steps believes that it can."""
        self.steps = 0
        return self._complete({**bounds, name: (value, value)}, [name])

    def _complete(self, bounds: Bounds, changed: list[str]) -> bool:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return True
        try:
            bounds = self.tighten(bounds, changed)
        except Contradiction:
            return False
        open_ = [(high - low, name) for name, (low, high) in bounds.items() if low < high]
        if not open_:
            for one, (value, _high) in bounds.items():
                self.seen.setdefault(one, set()).add(value)
            return True
        _width, name = min(open_)
        low, high = bounds[name]
        values = range(int(low), int(min(high, low + 12)) + 1)
        return any(
            self._complete({**bounds, name: (value, value)}, [name])
            for value in values
            if not (name in self.gaps and 0 < value < 5)
        )


def _less(row: dict[str, Fraction], pivot: dict[str, Fraction], name: str) -> dict[str, Fraction]:
    times = row.get(name)
    if not times:
        return row
    left = {key: row.get(key, Fraction(0)) - times * pivot.get(key, Fraction(0)) for key in {*row, *pivot}}
    return {key: value for key, value in left.items() if value or key == "="}


def _rest(terms: Mapping[str, int], total: int, told: Mapping[str, int]) -> Fraction:
    return Fraction(total) - sum(n * told[name] for name, n in terms.items() if name in told)
