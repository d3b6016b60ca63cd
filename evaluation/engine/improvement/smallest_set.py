"""Find the cheapest choice of rises that meets every demand, as an integer programme.

One kind of variable is 1 if an indicator rises to a level, another if a bundle is complete. Each demand is a
constraint: the contributions of the chosen levels and complete bundles are at least its need. A bundle may count as
complete only if each of its own demands is met.

Three objectives are minimised in turn, each without worsening those before: the number of indicators that rise; the
total number of steps; then the order of the Guide, a few indicators at a time, so that integer coefficients stay small.

If an objective takes too long, the best choice so far is returned and marked as not proved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, count
from math import lcm

from evaluation.engine.improvement.demands import Bundle, Demand

MOST_NODES = 1_000
"""The number of nodes after which the search of HiGHS is aborted. Complete Guides have needed one node."""
LARGEST_ORDER = 1 << 16
"""The most combinations of levels of the indicators in one objective for the order."""

Ways = Mapping[str, Mapping[int, int]]
"""By indicator, the levels to which it can rise, the nearest first, and the steps to each."""
_Columns = Mapping[str, Mapping[int, int]]
"""The variable by indicator and level."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of rises: the level to which each chosen indicator rises, by code."""

    levels: dict[str, int]
    is_smallest: bool
    """Whether it is proved that no smaller number is possible."""
    is_exact: bool
    """Whether it is proved that no other set of this size comes first."""


def choose(ways: Ways, required: Sequence[Demand], bundles: Sequence[Bundle], most_nodes: int | None = None) -> Choice:
    """Return the cheapest choice that meets every demand. All indicators at their best level must meet them."""
    if not required:
        return Choice({}, is_smallest=True, is_exact=True)
    from evaluation.engine.improvement.programme import Programme

    columns = _number(ways, [*required, *chain.from_iterable(bundles)])
    first = sum(map(len, columns.values()))
    at_best = [int(level == [*levels][-1]) for levels in columns.values() for level in levels]
    programme = Programme(at_best + [1] * len(bundles), MOST_NODES if most_nodes is None else most_nodes)
    for levels in columns.values():
        programme.require(dict.fromkeys(levels.values(), -1), -1)
    for demand in required:
        programme.require(*_condition(demand, columns, first))
    for column, bundle in enumerate(bundles, first):
        for demand in bundle:
            row, need = _condition(demand, columns, first)
            programme.require({**row, column: -need}, 0)
    is_smallest = programme.minimise(dict.fromkeys(range(first), 1))
    is_exact = is_smallest and all(programme.minimise(*costs) for costs in _further_objectives(ways, columns))
    chosen = {
        code: level for code, levels in columns.items() for level, column in levels.items() if programme.values[column]
    }
    return Choice(chosen, is_smallest=is_smallest, is_exact=is_exact)


def _number(ways: Ways, demands: Iterable[Demand]) -> _Columns:
    """Return a variable for each level of the indicators that contribute, in the order of the Guide."""
    useful = {code for demand in demands for code in demand.contributes}
    numbers = count()
    return {code: {level: next(numbers) for level in levels} for code, levels in ways.items() if code in useful}


def _condition(demand: Demand, columns: _Columns, first_bundle: int) -> tuple[dict[int, int], int]:
    """Return the contributions to a demand by variable, and its need, in integers."""
    amounts: dict[int, Fraction] = {first_bundle + number: amount for number, amount in demand.bundled.items()}
    amounts |= {
        columns[code][level]: amount for code, ways in demand.contributes.items() for level, amount in ways.items()
    }
    whole = lcm(demand.need.denominator, *(amount.denominator for amount in amounts.values()))
    need = int(demand.need * whole) + (1 if demand.strictly else 0)
    return {column: int(amount * whole) for column, amount in amounts.items()}, need


def _further_objectives(ways: Ways, columns: _Columns) -> Iterator[tuple[dict[int, int], int]]:
    """Yield the objectives after the number of indicators, with a lower bound: steps, then the order of the Guide."""
    yield {column: ways[code][level] for code, levels in columns.items() for level, column in levels.items()}, 0
    for part in _parts(columns.values()):
        costs: dict[int, int] = {}
        digit = 1
        for levels in reversed(part):  # the first indicator has most weight: rising is better, and by fewer steps
            costs |= {column: -digit * (len(levels) - place) for place, column in enumerate(levels.values())}
            digit *= len(levels) + 1
        yield costs, 1 - digit


def _parts(columns: Iterable[Mapping[int, int]]) -> Iterator[list[Mapping[int, int]]]:
    """Yield the variables of consecutive indicators with at most `LARGEST_ORDER` combinations of levels."""
    part: list[Mapping[int, int]] = []
    combinations = 1
    for levels in columns:
        combinations *= len(levels) + 1
        if combinations > LARGEST_ORDER:
            yield part
            part, combinations = [], len(levels) + 1
        part.append(levels)
    yield part
