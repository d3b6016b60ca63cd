"""Somebody who has only what is published, knows the data dictionary, and solves the tables to find small counts.

It shares no code with what hides the numbers: equations are solved by elimination in exact fractions, then every
number is bounded from both sides as whole numbers until nothing moves, then each value that a hidden place may have
is tried to its end. What is found is certain: no other value agrees with all that is published.
"""

from collections.abc import Iterator, Mapping
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
    board = _Board(data, known or {})
    board.solve()
    try:
        bounds = board.tighten(dict(board.start))
    except Contradiction as wrong:
        raise AssertionError("what is published contradicts itself") from wrong
    found = {name: int(low) for name, (low, high) in bounds.items() if low == high and name not in board.told}
    for name, (low, high) in bounds.items():
        if low < high <= 8 and len(board.seen.get(name, ())) < 2:
            values = [v for v in range(int(low), int(high) + 1) if board.may_be(name, v, bounds)]
            if len(values) == 1:
                found[name] = values[0]
    return found


class _Board:
    def __init__(self, data: Mapping[str, Any], known: Mapping[str, list[int]]) -> None:
        self.told: dict[str, int] = {}
        self.start: Bounds = {}
        self.seen: dict[str, set[float]] = {}
        """Values that agree with everything: a number with two of them is not found."""
        self.gaps: set[str] = set()
        """Not small, so nothing from 1 to 4."""
        self.equations: list[Equation] = []
        self.rows: dict[str, tuple[list[str], list[str]]] = {}
        self.hotlines = {table["code"]: table["hotlines"] for table in data["tables"]}
        for table in data["tables"]:
            for cell in table["cells"]:
                self._read(table["code"], cell)
        self._know_tables()
        self._know_cases()
        self._know_totals()
        for cell, numbers in known.items():
            if cell in self.start:
                self._add(cell, [f"{cell} elsewhere"], plus=sum(numbers))

    def _read(self, table: str, cell: Mapping[str, Any]) -> None:
        name = f"{table}/{cell['row']}/{cell['column']}"
        rows, columns = self.rows.setdefault(table, ([], []))
        rows.append(cell["row"])
        columns.append(cell["column"])
        if cell["mark"] == "small":
            self.start[name] = (1, 4)
        elif cell["mark"] == "hidden":
            self.start[name] = (0, inf)
            self.gaps.add(name)
        else:
            self.told[name] = cell["value"]
            self.start[name] = (cell["value"], cell["value"])

    def _add(self, whole: str, parts: list[str], plus: int = 0) -> None:
        for name in (whole, *parts):
            self.start.setdefault(name, (0, inf))
        terms = dict.fromkeys(parts, 1)
        terms[whole] = -1
        self.equations.append((terms, -plus))

    def _know_tables(self) -> None:
        """Rows and columns add up to their totals."""
        for table, (rows, columns) in self.rows.items():
            names, kinds = list(dict.fromkeys(rows)), list(dict.fromkeys(columns))
            if "total" in names:
                for column in kinds:
                    parts = [f"{table}/{row}/{column}" for row in names if row != "total"]
                    self._add(f"{table}/total/{column}", parts)
            if "total" in kinds:
                for row in names:
                    parts = [f"{table}/{row}/{column}" for column in kinds if column != "total"]
                    self._add(f"{table}/{row}/total", parts)
            if "received" in names:
                parts = [f"{table}/{row}/calls" for row in ("answered", "short", "missed")]
                self._add(f"{table}/received/calls", parts)

    def _know_cases(self) -> None:
        """Cross-border cases are a part of the new ones, and each new case has a child."""
        for row in dict.fromkeys(self.rows.get("categories", ([], []))[0]):
            new, abroad, children = (f"categories/{row}/{c}" for c in ("new", "cross_border", "children"))
            self._add(new, [abroad, f"within one country/{row}"])
            self._add(children, [new, f"further children/{row}"])

    def _know_totals(self) -> None:
        """Tables of the same thing have one total, or that of fewer hotlines."""
        for whole, part in (
            ("categories/total/children", "ages/total/total"),
            ("categories/total/cross_border", "regions/total/count"),
            *((f"calls/{row}/calls", f"answering/{row}/calls") for row in ("received", "answered", "missed")),
        ):
            if whole in self.start and part in self.start:
                same = self.hotlines[whole.split("/")[0]] == self.hotlines[part.split("/")[0]]
                self._add(whole, [part] if same else [part, f"{whole} of others"])

    # --- Solving ---------------------------------------------------------------------------------------------------

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
