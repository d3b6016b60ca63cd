"""A result of HiGHS counts if it holds in integers, and is proved if HiGHS finished."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from evaluation.engine.improvement.programme import Programme


def test_objectives_are_minimised_one_after_another():
    """Two of three; then as little as possible of the second, the only one with a cost; then of the others."""
    programme = Programme([1, 1, 1], 10)
    programme.require({0: 1, 1: 1, 2: 1}, 2)
    assert programme.minimise({0: 1, 1: 1, 2: 1})
    assert sum(programme.values) == 2
    assert programme.minimise({1: 5})
    assert programme.values == [1, 0, 1]
    assert programme.minimise({0: 1, 2: 1})
    assert programme.values == [1, 0, 1]


def test_what_is_not_in_an_objective_costs_nothing():
    """The second costs less than the first and needs all the others, which are not in the objective."""
    programme = Programme([1, 1, 1, 1, 1], 10)
    programme.require({0: 1, 1: 1}, 1)
    programme.require({1: -3, 2: 1, 3: 1, 4: 1}, 0)
    assert programme.minimise({0: 2, 1: 1})
    assert programme.values[:2] == [0, 1]


def test_what_holds_only_in_floating_point_is_not_taken():
    """The first alone is one short, which a floating point number of this size cannot express."""
    much = 10**17
    programme = Programme([1, 1], 10)
    programme.require({0: much, 1: much + 1}, much + 1)
    assert not programme.minimise({0: 1, 1: 2})
    assert programme.values == [1, 1]


@pytest.mark.parametrize("cheaper", [0, 1])
def test_what_is_as_cheap_only_in_floating_point_is_not_taken(cheaper: int):
    """One costs one more than the other, which a floating point number of this size cannot express."""
    much = 10**17
    programme = Programme([1 - cheaper, cheaper], 10)
    programme.require({0: 1, 1: 1}, 1)
    programme.minimise({cheaper: much, 1 - cheaper: much + 1})
    assert programme.values == [1 - cheaper, cheaper]


def test_nothing_is_written_to_the_terminal():
    program = (
        "from evaluation.engine.improvement.programme import Programme\n"
        "programme = Programme([1, 1], 10)\n"
        "programme.require({0: 1, 1: 1}, 1)\n"
        "print(programme.minimise({0: 1, 1: 1}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


def test_without_a_solution_nothing_is_proven(monkeypatch: pytest.MonkeyPatch):
    """HiGHS may reach its limit of nodes before it has found a solution."""
    programme = Programme([1, 1], 10)
    programme.require({0: 1, 1: 1}, 1)
    monkeypatch.setattr(programme, "_solver", SimpleNamespace(changeColsCost=ignored, run=ignored, getSolution=nothing))
    assert programme._solve({0: 1, 1: 1}) is False
    assert programme.values == [1, 1]


def ignored(*_arguments: object) -> None:
    """Do nothing, as a method of a solver that finds nothing."""


def nothing() -> SimpleNamespace:
    return SimpleNamespace(col_value=[])
