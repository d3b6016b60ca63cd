"""The integer programme of an assignment, solved by column generation.

A column is an assessor in a seat of a visit. There are up to twice the visits times the assessors; only some of them
are given to HiGHS. The dual values of the linear relaxation tell which other columns could lower the costs. These are
added until there are none, so that the bound holds for all columns, although most are never added.

Further variables stand for empty seats, for soft constraints that are not met, and for the first, second and further
visits of an assessor, each of which costs more than the one before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import highspy

from evaluation.engine.improvement.programme import SilentHighs
from evaluation.visits.assignment.costs import COSTS, Cost, cost_of_another_visit, cost_of_seat
from evaluation.visits.assignment.problem import Assessor, Need, Problem, Seat
from evaluation.visits.assignment.rules import find_cliques, find_exclusions, needs_a_speaker, speaks

Column = tuple[str, Seat, str]
"""The key of the visit, the seat, and the key of the assessor."""
Place = tuple[str, Seat]
RowName = tuple[str, ...]
Entry = tuple[RowName, float]
"""The name of a row that contains a variable, and the coefficient."""
_USED, _HALF = 1e-7, 0.5


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The solution of the linear relaxation: its cost, the columns that it uses, and the dual value of each row."""

    cost: float
    used: tuple[Column, ...]
    duals: Mapping[RowName, float]


@dataclass(frozen=True, slots=True)
class _Profile:
    """The cost and the rows of a column that many assessors have in common."""

    cost: int
    rows: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An assessor who may take a seat."""

    assessor: Assessor
    profile: _Profile
    rows: tuple[RowName, ...]
    """The rows of the assessor and of the country, each with the coefficient 1."""


class Candidates:
    """The candidates for each seat of each visit, with the rows of their columns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.cliques: dict[str, list[int]] = {}
        for number, visits in enumerate(find_cliques(problem.needs)):
            for visit in visits:
                self.cliques.setdefault(visit, []).append(number)
        self.of_seat: dict[Place, dict[str, Candidate]] = {}
        for need in problem.needs:
            self._add(need)

    def _add(self, need: Need) -> None:
        able = [one for one in self.problem.assessors if not find_exclusions(one, need, Seat.SECOND)]
        able_to = {Seat.LEAD: [one for one in able if one.can_lead], Seat.SECOND: able}
        profiles: dict[Any, _Profile] = {}
        for seat, people in able_to.items():
            self.of_seat[need.key, seat] = {one.key: self._candidate(need, seat, one, profiles) for one in people}

    def _candidate(self, need: Need, seat: Seat, one: Assessor, profiles: dict[Any, _Profile]) -> Candidate:
        known = need.concerns & one.domains
        alike = (seat, speaks(one, need), one.is_experienced, known)
        if alike not in profiles:
            profiles[alike] = _Profile(cost_of_seat(one, need, seat), tuple(self._rows(need, seat, one)))
        rows: list[RowName] = [(need.key, "country", one.country), ("load", one.key)]
        rows += [("clique", str(clique), one.key) for clique in self.cliques.get(need.key, ())]
        return Candidate(one, profiles[alike], tuple(rows))

    def _rows(self, need: Need, seat: Seat, one: Assessor) -> Iterator[tuple[RowName, float]]:
        yield (need.key, seat), 1
        if needs_a_speaker(self.problem, need) and speaks(one, need):
            yield (need.key, "speaker"), 1
        if one.is_experienced:
            yield (need.key, "experienced"), 1
            yield (need.key, "learner"), -1
        for domain in sorted(need.concerns & one.domains):  # sorted: the search of HiGHS depends on the order
            yield (need.key, "concern", domain), 1

    def find(self, column: Column) -> Candidate:
        visit, seat, key = column
        return self.of_seat[visit, seat][key]


class _Model:
    """A HiGHS model with named rows. An entry in a row that the model does not have is left out."""

    def __init__(self, options: Mapping[str, float | int | str]) -> None:
        self.solver = SilentHighs()  # type: ignore[no-untyped-call] # not typed by HiGHS
        for name, value in [("threads", 1), *options.items()]:
            self.solver.setOptionValue(name, value)
        self.rows: dict[RowName, int] = {}
        self.size = 0

    def add_row(self, name: RowName, least: float, most: float, variables: Iterable[int] = ()) -> None:
        self.rows[name] = len(self.rows)
        index = list(variables)
        self.solver.addRow(least, most, len(index), index, [1.0] * len(index))

    def add_variables(
        self, added: Sequence[tuple[float, Iterable[Entry]]], *, upper: float = 1, whole: bool = False
    ) -> range:
        """Add variables from 0 to `upper`, each with its cost and its entries. Return their numbers."""
        starts: list[int] = []
        index: list[int] = []
        amounts: list[float] = []
        for _cost, entries in added:
            starts.append(len(index))
            for name, amount in entries:
                if name in self.rows:
                    index.append(self.rows[name])
                    amounts.append(amount)
        count = len(added)
        costs = [float(cost) for cost, _entries in added]
        self.solver.addCols(count, costs, [0.0] * count, [upper] * count, len(index), starts, index, amounts)
        numbers = range(self.size, self.size + count)
        self.size += count
        if whole:
            for number in numbers:
                self.solver.changeColIntegrality(number, highspy.HighsVarType.kInteger)
        return numbers

    def add_needs(self, candidates: Candidates) -> None:
        """Add the rows and variables that do not depend on columns: empty seats, soft constraints and loads."""
        added: list[tuple[float, list[Entry]]] = []
        for need in candidates.problem.needs:
            added += self._add_need(need, asks_for_speaker=needs_a_speaker(candidates.problem, need))
        for one in candidates.problem.assessors:
            load = ("load", one.key)
            self.add_row(load, -inf, 0)
            added += [(cost_of_another_visit(visits), [(load, -1.0)]) for visits in range(one.visits, one.most_visits)]
        self.add_variables(added)

    def _add_need(self, need: Need, *, asks_for_speaker: bool) -> Iterator[tuple[float, list[Entry]]]:
        experienced, learner = (need.key, "experienced"), (need.key, "learner")
        for seat in Seat:
            self.add_row((need.key, seat), 1, 1)
        if asks_for_speaker:
            self.add_row((need.key, "speaker"), 1, inf)
        self.add_row(experienced, 1, inf)
        self.add_row(learner, -1, inf)
        for domain in sorted(need.concerns):
            self.add_row((need.key, "concern", domain), 1, inf)
            yield COSTS[Cost.CONCERN], [((need.key, "concern", domain), 1.0)]
        yield COSTS[Cost.NO_EXPERIENCE], [(experienced, 1.0)]
        yield COSTS[Cost.NO_LEARNER], [(learner, 1.0)]
        for seat in Seat:
            yield COSTS[Cost.EMPTY], [((need.key, seat), 1.0), ((need.key, "speaker"), 1.0), (experienced, 1.0)]


class _Columns:
    """The columns of a model, and the rows that are added only when columns share them."""

    def __init__(self, candidates: Candidates, model: _Model) -> None:
        self.candidates, self.model = candidates, model
        self.numbers: dict[Column, int] = {}
        self._sharing: dict[RowName, list[int]] = {}
        model.add_needs(candidates)

    def add(self, columns: Iterable[Column], *, whole: bool = False) -> None:
        """Add columns. A row of a country or a day is added once two columns share it: with one it has no effect."""
        new = [column for column in columns if column not in self.numbers]
        found = [self.candidates.find(column) for column in new]
        added = [(one.profile.cost, [*one.profile.rows, *((name, 1.0) for name in one.rows)]) for one in found]
        numbers = self.model.add_variables(added, upper=1 if whole else inf, whole=whole)
        self.numbers |= dict(zip(new, numbers, strict=True))
        for one, number in zip(found, numbers, strict=True):
            for name in one.rows:
                if name not in self.model.rows:
                    self._sharing.setdefault(name, []).append(number)
        for name in [name for name, sharing in self._sharing.items() if len(sharing) > 1]:
            self.model.add_row(name, -inf, 1, self._sharing.pop(name))


class Relaxation:
    """The linear relaxation of the programme. Columns are added until no other could lower the costs."""

    def __init__(self, candidates: Candidates, columns: Iterable[Column]) -> None:
        self.candidates = candidates
        self._columns = _Columns(candidates, _Model({"presolve": "off"}))
        self._columns.add(columns)

    def add(self, columns: Iterable[Column]) -> None:
        self._columns.add(columns)

    def solve(self) -> Relaxed:
        solver = self._columns.model.solver
        solver.run()
        found = solver.getSolution()
        values, duals = list(found.col_value), list(found.row_dual)
        return Relaxed(
            solver.getInfo().objective_function_value,
            tuple(column for column, number in self._columns.numbers.items() if values[number] > _USED),
            dict(zip(self._columns.model.rows, duals, strict=True)),
        )

    def price(self, duals: Mapping[RowName, float], below: float) -> dict[Place, list[tuple[float, Column]]]:
        """Return, by seat, the columns with a reduced cost less than `below`, each with that cost, lowest first."""
        found: dict[Place, list[tuple[float, Column]]] = {}
        alike: dict[int, float] = {}
        dual = duals.get
        for (visit, seat), people in self.candidates.of_seat.items():
            priced = []
            for key, one in people.items():
                profile = one.profile
                value = alike.get(id(profile))
                if value is None:
                    value = profile.cost - sum(dual(name, 0.0) * amount for name, amount in profile.rows)
                    alike[id(profile)] = value
                for name in one.rows:
                    value -= dual(name, 0.0)
                if value < below:
                    priced.append((value, (visit, seat, key)))
            if priced:
                found[visit, seat] = sorted(priced)
        return found


def solve_whole(candidates: Candidates, columns: Iterable[Column], most_nodes: int) -> tuple[tuple[Column, ...], bool]:
    """Return the cheapest choice of these columns, and whether it is proven optimal.

    Uses one thread and no time limit, so that the result is reproducible.
    """
    found = _Columns(candidates, _Model({"mip_rel_gap": 0.0, "mip_abs_gap": 0.99, "mip_max_nodes": most_nodes}))
    found.add(columns, whole=True)
    solver = found.model.solver
    solver.run()
    values = list(solver.getSolution().col_value)
    chosen = tuple(column for column, number in found.numbers.items() if values[number] > _HALF)
    return chosen, solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
