"""Compute the cheapest assignment that breaks no rule, with a lower bound of the costs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from evaluation.visits.assignment.costs import Cost, cost_of_teams
from evaluation.visits.assignment.problem import Problem, Team
from evaluation.visits.assignment.rules import find_breaks

if TYPE_CHECKING:
    from evaluation.visits.assignment.programme import Candidates, Column, Relaxation, Relaxed

AT_FIRST = 8
"""The number of initial columns per seat. They rotate among the best `AMONG`, so that the seats do not get the same."""
AMONG = 60
ADDED, NEAR = 5, 3
"""`ADDED` is the number of columns per seat that are added per round. For the integer solution, the columns in use are
tried, and up to `NEAR` more per seat, whose reduced cost is less than `NEAR`."""
MOST_ROUNDS = 40
MOST_COLUMNS = 1_500
"""The number of columns up to which the solution is searched again to prove that it is optimal."""
MOST_NODES = 500
"""The number of search nodes after which HiGHS returns the best assignment so far, without a proof."""
_NONE = 1e-6


@dataclass(frozen=True, slots=True)
class Assignment:
    """A team for each visit, the costs by soft constraint, and a lower bound of the cost of any assignment."""

    teams: dict[str, Team]
    costs: dict[Cost, int]
    bound: int

    @property
    def cost(self) -> int:
        return sum(self.costs.values())

    @property
    def gap(self) -> int:
        """The most by which another assignment could be cheaper."""
        return self.cost - self.bound


def assign(problem: Problem) -> Assignment:
    """Return the cheapest assignment. If the search ends early, there may be a cheaper one: then `gap` is above 0."""
    from evaluation.visits.assignment.programme import Candidates, Relaxation, solve_whole

    if not problem.needs:
        return Assignment({}, {}, 0)
    candidates = Candidates(problem)
    relaxation = Relaxation(candidates, first_columns(candidates))
    relaxed, least = _relax(relaxation)
    bound = ceil(least - _NONE)
    near = relaxation.price(relaxed.duals, NEAR)
    tried = {*relaxed.used, *(column for columns in near.values() for _cost, column in columns[:NEAR])}
    chosen, _is_proven = solve_whole(candidates, sorted(tried), MOST_NODES)
    found = _as_assignment(problem, chosen, bound)
    if found.gap:
        able = relaxation.price(relaxed.duals, found.cost - least + _NONE)
        columns = {column for columns in able.values() for _cost, column in columns}
        if len(columns) <= MOST_COLUMNS:
            chosen, is_proven = solve_whole(candidates, sorted({*columns, *chosen}), MOST_NODES)
            better = _as_assignment(problem, chosen, bound)
            found = better if better.cost < found.cost else found
            found = replace(found, bound=found.cost) if is_proven else found
    return found


def first_columns(candidates: "Candidates") -> "Iterator[Column]":
    """Yield the initial columns."""
    turn = 0
    for (visit, seat), people in candidates.of_seat.items():
        best = sorted(people.values(), key=lambda one: (one.profile.cost - len(one.profile.rows), one.assessor.key))
        best = best[:AMONG]
        for place in range(min(AT_FIRST, len(best))):
            yield visit, seat, best[(turn + place) % len(best)].assessor.key
        turn += AT_FIRST


def _relax(relaxation: "Relaxation") -> "tuple[Relaxed, float]":
    """Return the solution of the linear relaxation, and a lower bound of the costs over all columns.

    A seat takes one column, so no solution is cheaper than this one by more than the sum of the lowest negative reduced
    cost of each seat.
    """
    for _round in range(MOST_ROUNDS):
        relaxed = relaxation.solve()
        cheaper = relaxation.price(relaxed.duals, -_NONE)
        least = relaxed.cost + sum(columns[0][0] for columns in cheaper.values())
        if ceil(least - _NONE) >= ceil(relaxed.cost - _NONE):
            break
        relaxation.add(column for columns in cheaper.values() for _cost, column in columns[:ADDED])
    return relaxed, least


def _as_assignment(problem: Problem, chosen: "Iterable[Column]", bound: int) -> Assignment:
    """Return the chosen columns as teams. Raises ArithmeticError for a broken rule, as HiGHS computes with floats."""
    teams = {need.key: Team() for need in problem.needs}
    for visit, seat, key in chosen:
        teams[visit] = teams[visit].with_seat(seat, key)
    if broken := find_breaks(problem, teams):
        raise ArithmeticError(f"The assignment breaks rules: {broken}")
    return Assignment(teams, cost_of_teams(problem, teams), bound)
