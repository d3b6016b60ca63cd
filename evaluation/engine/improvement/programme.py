"""Minimise several objectives in turn over binary variables with linear integer constraints, by HiGHS.

HiGHS computes in floating point. Its solutions are therefore verified here in integers, and ignored if they violate a
constraint.
"""

from collections.abc import Mapping, Sequence
from operator import mul

import highspy

Row = Mapping[int, int]
"""The integer coefficients by variable."""

_OPTIONS: Mapping[str, float | int] = {
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,  # objectives are integers
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
}


class SilentHighs(highspy.Highs):
    """HiGHS without output."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS' name
        """Switch off the output. HiGHS calls this before options can be set and its banner is printed."""
        self.setOptionValue("output_flag", False)


class Programme:
    """An integer programme. `values` always meet every constraint: first the given ones, then the best found."""

    def __init__(self, values: Sequence[int], most_nodes: int) -> None:
        self.values = list(values)
        self._conditions: list[tuple[Row, int]] = []
        self._solver = SilentHighs()  # type: ignore[no-untyped-call] # HiGHS gives it no type
        for name, value in {**_OPTIONS, "mip_max_nodes": most_nodes}.items():
            self._solver.setOptionValue(name, value)
        size = len(self.values)
        self._variables = list(range(size))
        self._solver.addVars(size, [0.0] * size, [1.0] * size)
        for variable in self._variables:
            self._solver.changeColIntegrality(variable, highspy.HighsVarType.kInteger)

    def require(self, row: Row, least: int) -> None:
        """Add the constraint that the sum of `row` is at least `least`. The present values must meet it."""
        self._conditions.append((row, least))
        self._solver.addRow(
            float(least), highspy.kHighsInf, len(row), list(row), [float(each) for each in row.values()]
        )

    def minimise(self, costs: Row, least: int = 0) -> bool:
        """Set the values to those of the lowest cost, and add that cost as an upper bound.

        `least` is a known lower bound of the cost. Return whether it is proved that there are no cheaper values.
        """
        is_lowest = _sum(costs, self.values) == least or self._solve(costs)
        self.require({variable: -cost for variable, cost in costs.items()}, -_sum(costs, self.values))
        return is_lowest

    def _solve(self, costs: Row) -> bool:
        objective = [float(costs.get(variable, 0)) for variable in self._variables]
        self._solver.changeColsCost(len(objective), self._variables, objective)
        self._solver.run()
        found = [round(value) for value in self._solver.getSolution().col_value]
        if not found or _sum(costs, found) > _sum(costs, self.values):
            return False
        if any(_sum(row, found) < least for row, least in self._conditions):
            return False
        self.values = found
        return self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal


def _sum(row: Row, values: Sequence[int]) -> int:
    return sum(map(mul, row.values(), map(values.__getitem__, row)))
