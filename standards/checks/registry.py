"""The registry of checks for contradictory editions.

What needs the scoring of an evaluation cannot be imported here: the evaluation stands above the standards. It registers
its check when the applications are loaded, and whoever releases an edition asks all of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from standards.checks.bands import find_band_problems
from standards.checks.examples import Example
from standards.checks.methods import find_method_problems
from standards.checks.outcomes import find_outcome_problems
from standards.framework import Framework, ValidationProblem


@dataclass(frozen=True)
class Checked:
    """What was found out about a framework.

    `problems` stop a release. `undecided` are questions whose search was cut off: they are told, and stop nothing.
    `examples` are states of the indicators by the outcome that they lead to.
    """

    problems: tuple[ValidationProblem, ...] = ()
    undecided: tuple[ValidationProblem, ...] = ()
    examples: Mapping[str, Example] = field(default_factory=dict)


Check = Callable[[Framework], Checked]

_CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Let `check_framework` ask `check` as well. Under a name that is known, it replaces what was there."""
    _CHECKS[name] = check
    check_framework.cache_clear()


@lru_cache(maxsize=4)
def check_framework(framework: Framework) -> Checked:
    """Ask every check. The framework must have passed `find_problems`. One page asks several times: it is remembered."""
    found = [_check_alone(framework), *(check(framework) for check in _CHECKS.values())]
    return Checked(
        tuple(_join(one.problems for one in found)),
        tuple(_join(one.undecided for one in found)),
        {code: example for one in found for code, example in one.examples.items()},
    )


def _check_alone(framework: Framework) -> Checked:
    """What needs no scoring."""
    bands = (find_band_problems(indicator, framework.scale) for indicator in framework.indicators.values())
    return Checked(tuple(_join([*bands, find_method_problems(framework), find_outcome_problems(framework)])))


def _join(parts: Iterable[Iterable[ValidationProblem]]) -> Iterable[ValidationProblem]:
    return (problem for part in parts for problem in part)
