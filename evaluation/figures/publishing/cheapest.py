"""Find the cheapest whole numbers that meet linear conditions, by HiGHS. Used where suppression needs a witness.

HiGHS computes in floating point, so its caller verifies what it found. It has one thread and a limit of nodes instead of
a limit of time: the same conditions always give the same numbers.
"""

from collections.abc import Mapping, Sequence

import highspy

from evaluation.engine.improvement.programme import SilentHighs

MOST_NODES = 50
"""The most nodes of one search. Almost all end at the first."""

_OPTIONS: Mapping[str, float | int] = {
    "threads": 1,
    "mip_max_nodes": MOST_NODES,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}

Bounds = tuple[float, float]


class Undecided(Exception):
    """It is not known whether there are such values."""


def find_cheapest(
    variables: Sequence[tuple[Bounds, float]], rows: Sequence[tuple[Bounds, Mapping[int, int]]]
) -> list[int] | None:
    """Return the cheapest values of variables, each with its bounds and cost; None if there are none.

    A row is a sum of variables with factors, and its bounds. Raises Undecided if the search ends at its limit.
    """
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(variables), len(rows)
    model.col_cost_ = [cost for _bounds, cost in variables]
    model.col_lower_ = [low for (low, _high), _cost in variables]
    model.col_upper_ = [high for (_low, high), _cost in variables]
    model.row_lower_ = [low for (low, _high), _row in rows]
    model.row_upper_ = [high for (_low, high), _row in rows]
    starts = [0]
    for _bounds, row in rows:
        starts.append(starts[-1] + len(row))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = starts
    model.a_matrix_.index_ = [place for _bounds, row in rows for place in row]
    model.a_matrix_.value_ = [float(factor) for _bounds, row in rows for factor in row.values()]
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(variables)
    solver = SilentHighs()  # type: ignore[no-untyped-call] # HiGHS gives it no type
    for name, value in _OPTIONS.items():
        solver.setOptionValue(name, value)
    solver.passModel(model)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        raise Undecided
    return [round(value) for value in solver.getSolution().col_value]
