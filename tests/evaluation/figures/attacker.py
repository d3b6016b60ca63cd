"""An attacker who knows only published data and the data dictionary, and solves the tables for small counts.

It shares no code with the suppression: equations are solved by elimination in exact fractions, then every number is
bounded from both sides as an integer until nothing changes, then each possible value of a suppressed cell is tried to
its end. Results are certain: no other value agrees with all published data.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import inf, lcm
from typing import Any

Equation = tuple[dict[str, int], int]
"""The coefficients of the unknown numbers, and their sum."""
Row = dict[str, int | Fraction]
"""The same during elimination, with the sum under the key "="."""
Bounds = dict[str, tuple[float, float]]

MOST_STEPS = 80
"""The steps of the search for one value. A limit of the test's duration, not of the method."""


MOST_TERMS = 24
"""The terms of an equation; longer ones bound nothing."""


IMPLIED = ("within one country", "further children")
"""Numbers that no table shows but that follow from the categories, by row."""


class Contradiction(Exception):
    pass


def attack(data: Mapping[str, Any], known: Mapping[str, list[int]] | None = None) -> dict[str, int]:
    """Return what can be computed: each number that is not published, with its only possible value.

    `data` is the published file of a year; `known` are the public totals of single hotlines, by the table's cell.
    """
    board = _Board()
    board.read(data)
    for cell, numbers in (known or {}).items():
        if cell in board.start:
            board.add(cell, [f"{cell} elsewhere"], plus=sum(numbers))
    return board.find()


class _Board:
    def __init__(self) -> None:
        self.published: dict[str, int] = {}
        self.start: Bounds = {}
        self.seen: dict[str, set[float]] = {}
        """Values that agree with everything: a number with two of them is not found."""
        self.gaps: set[str] = set()
        """Not small, so nothing from 1 to 4."""
        self.equations: list[Equation] = []

    def read(self, data: Mapping[str, Any], before: str = "") -> None:
        """Add the numbers of a file, and the equations between them."""
        for table in data["tables"]:
            for cell in table["cells"]:
                self._read(f"{before}{table['code']}/{cell['row']}/{cell['column']}", cell)
        hotlines = {table["code"]: table["hotlines"] for table in data["tables"]}
        self.add_tables(before, {table: self.cells_of(before, table) for table in hotlines}, hotlines)

    def cells_of(self, before: str, table: str) -> list[tuple[str, str]]:
        start = f"{before}{table}/"
        return [tuple(name.removeprefix(start).split("/")) for name in self.start if name.startswith(start)]

    def add_tables(
        self,
        before: str,
        tables: Mapping[str, list[tuple[str, str]]],
        hotlines: Mapping[str, int] | None = None,
    ) -> None:
        """Add the equations of these tables; without `hotlines`, all tables have the same hotlines."""
        for table, cells in tables.items():
            self._add_table(before + table, cells)
        if "categories" in tables:
            self._add_cases(before, tables["categories"])
        self._add_totals(before, tables, hotlines)

    def _read(self, name: str, cell: Mapping[str, Any]) -> None:
        if cell["mark"] == "small":
            self.start[name] = (1, 4)
        elif cell["mark"] == "hidden":
            self.start[name] = (0, inf)
            self.gaps.add(name)
        else:
            self.published[name] = cell["value"]
            self.start[name] = (cell["value"], cell["value"])

    def add(self, whole: str, parts: list[str], plus: int = 0) -> None:
        for name in (whole, *parts):
            self.start.setdefault(name, (0, inf))
        terms = dict.fromkeys(parts, 1)
        terms[whole] = -1
        self.equations.append((terms, -plus))

    def _add_table(self, table: str, cells: list[tuple[str, str]]) -> None:
        """Add the equations of a table: rows and columns add up to their totals."""
        names, kinds = list(dict.fromkeys(row for row, _ in cells)), list(dict.fromkeys(column for _, column in cells))
        if "total" in names:
            for column in kinds:
                self.add(f"{table}/total/{column}", [f"{table}/{row}/{column}" for row in names if row != "total"])
        if "total" in kinds:
            for row in names:
                self.add(f"{table}/{row}/total", [f"{table}/{row}/{column}" for column in kinds if column != "total"])
        if "received" in names:
            self.add(f"{table}/received/calls", [f"{table}/{row}/calls" for row in ("answered", "short", "missed")])

    def _add_cases(self, before: str, cells: list[tuple[str, str]]) -> None:
        """Add that cross-border cases are part of the new ones, and that each new case has a child."""
        for row in dict.fromkeys(row for row, _ in cells):
            new, abroad, children = (f"{before}categories/{row}/{c}" for c in ("new", "cross_border", "children"))
            at_home, further = (f"{before}{name}/{row}" for name in IMPLIED)
            self.add(new, [abroad, at_home])
            self.add(children, [new, further])

    def _add_totals(self, before: str, tables: Iterable[str], hotlines: Mapping[str, int] | None) -> None:
        """Add that tables of the same subject have the same total, or that of fewer hotlines."""
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
        """Return each number that is not published, with its only possible value."""
        self.solve()
        try:
            bounds = self.tighten(dict(self.start))
        except Contradiction as wrong:
            raise AssertionError("what is published contradicts itself") from wrong
        found = {name: int(low) for name, (low, high) in bounds.items() if low == high and name not in self.published}
        for name, (low, high) in bounds.items():
            if low < high <= 8 and len(self.seen.get(name, ())) < 2:
                values = [v for v in range(int(low), int(high) + 1) if self.may_be(name, v, bounds)]
                if len(values) == 1:
                    found[name] = values[0]
        return found

    def solve(self) -> None:
        """Eliminate unknowns: the reduced rows are equations too, often of fewer numbers."""
        names = [name for name in self.start if name not in self.published]
        rows: list[Row] = []
        for terms, total in self.equations:
            row = {name: n for name, n in terms.items() if name not in self.published}
            rows.append({**row, "=": _rest(terms, total, self.published)})
        reduced: list[tuple[str, Row]] = []
        for name in names:
            pivot = next((row for row in rows if row.get(name)), None)
            if pivot is None:
                continue
            rows.remove(pivot)
            first = pivot[name]
            # most coefficients are 1 or -1, and integers are faster than fractions
            scaled = {k: value * first if abs(first) == 1 else Fraction(value) / first for k, value in pivot.items()}
            rows = [_less(row, scaled, name) for row in rows]
            reduced = [(other, _less(row, scaled, name)) for other, row in reduced] + [(name, scaled)]
        self.unknown = [self._whole({**row}) for _name, row in reduced]
        self.unknown += [
            self._whole(
                {
                    **{n: c for n, c in terms.items() if n not in self.published},
                    "=": _rest(terms, total, self.published),
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
    def _whole(row: Row) -> Equation:
        """Return an equation with integer coefficients."""
        times = lcm(*(value.denominator for value in row.values()))
        total = row.pop("=", 0)
        return {name: int(n * times) for name, n in row.items() if n}, int(total * times)

    def tighten(self, bounds: Bounds, changed: list[str] | None = None) -> Bounds:
        """Bound each number by the others of its equations, as integers, until nothing changes."""
        waiting = set(range(len(self.unknown))) if changed is None else set(self._equations_of(changed))
        for name in changed or list(bounds):
            self._close_gap(name, bounds)
        while waiting:
            for name, low, high in self._bound(*self.unknown[waiting.pop()], bounds):
                old = bounds[name]
                if low > old[0] or high < old[1]:
                    bounds[name] = (max(old[0], low), min(old[1], high))
                    self._close_gap(name, bounds)
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
    def _bound(terms: Mapping[str, int], total: int, bounds: Bounds) -> Iterator[tuple[str, float, float]]:
        """Yield the bounds of each number that follow from the other numbers of its equation, if they can be closer."""
        spans = []
        least: float = 0
        most: float = 0
        endless_down = endless_up = 0
        for name, n in terms.items():
            low, high = bounds[name]
            low, high = (n * low, n * high) if n > 0 else (n * high, n * low)
            spans.append((name, n, low, high))
            if low == -inf:
                endless_down += 1
            else:
                least += low
            if high == inf:
                endless_up += 1
            else:
                most += high
        if endless_down > 1 and endless_up > 1:
            return
        widest = inf if endless_down or endless_up else min(total - least, most - total)
        for name, n, low, high in spans:
            if widest < inf and high - low <= widest:
                continue  # the other numbers allow all its values
            top = inf if endless_down > (low == -inf) else total - least + (low if low != -inf else 0)
            bottom = -inf if endless_up > (high == inf) else total - most + (high if high != inf else 0)
            if n < 0:
                bottom, top = -top, -bottom
            times = abs(n)
            # integers divide exactly; infinity stays infinity
            yield name, (bottom if bottom == -inf else -(-bottom // times)), (top if top == inf else top // times)

    def may_be(self, name: str, value: int, bounds: Bounds) -> bool:
        """Return whether everything can be completed with this value; True if the steps are exhausted."""
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


def _less(row: Row, pivot: Row, name: str) -> Row:
    times = row.get(name)
    if not times:
        return row
    left = dict(row)
    for key, value in pivot.items():
        left[key] = left.get(key, 0) - times * value
        if not left[key] and key != "=":
            del left[key]
    return left


def _rest(terms: Mapping[str, int], total: int, known: Mapping[str, int]) -> int:
    return total - sum(n * known[name] for name, n in terms.items() if name in known)
