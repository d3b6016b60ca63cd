"""The registry of checks for contradictory editions.

Checks that need the scoring cannot be imported here, as `evaluation` depends on `standards`. They are registered when
the apps are loaded. A release runs all of them.
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
    """The result of checking a framework.

    `problems` prevent a release. `undecided` are questions whose search was aborted: they are reported and do not
    prevent it. `examples` has for the code of an outcome an example that leads to it.
    """

    problems: tuple[ValidationProblem, ...] = ()
    undecided: tuple[ValidationProblem, ...] = ()
    examples: Mapping[str, Example] = field(default_factory=dict)


Check = Callable[[Framework], Checked]

_CHECKS: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Register a check for `check_framework`. Replaces the check of the same name."""
    _CHECKS[name] = check
    check_framework.cache_clear()


@lru_cache(maxsize=4)
def check_framework(framework: Framework) -> Checked:
    """Run every check on a framework that has passed `find_problems`. Cached, as a page calls it repeatedly.

    Of further results, only the problems of their outcomes are returned.
    """
    found = [_check_alone(framework), *(check(framework) for check in _CHECKS.values())]
    for own in framework.by_result.values():
        found += [
            _keep_outcome_problems(one) for one in (_check_alone(own), *(check(own) for check in _CHECKS.values()))
        ]
    return Checked(
        tuple(_join(one.problems for one in found)),
        tuple(_join(one.undecided for one in found)),
        {code: example for one in found for code, example in one.examples.items()},
    )


def _keep_outcome_problems(checked: Checked) -> Checked:
    """Return the result with only the problems of outcomes and their conditions."""

    def chosen(problems: Iterable[ValidationProblem]) -> tuple[ValidationProblem, ...]:
        return tuple(problem for problem in problems if problem.where.startswith("outcome/"))

    return Checked(chosen(checked.problems), chosen(checked.undecided), checked.examples)


def _check_alone(framework: Framework) -> Checked:
    """Run the checks that need no scoring."""
    bands = (find_band_problems(indicator, framework.scale) for indicator in framework.indicators.values())
    return Checked(tuple(_join([*bands, find_method_problems(framework), find_outcome_problems(framework)])))


def _join(parts: Iterable[Iterable[ValidationProblem]]) -> Iterable[ValidationProblem]:
    return (problem for part in parts for problem in part)
