"""The cheapest choice of rises, compared with exhaustive search, for any demands and bundles."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.engine.improvement.demands import Bundle, Demand
from evaluation.engine.improvement.smallest_set import LARGEST_ORDER, Ways, _further_objectives, _parts, choose

Task = tuple[Ways, list[Demand], Sequence[Bundle]]


@st.composite
def demands(draw: st.DrawFn, ways: Ways, bundles: int = 0) -> Demand:
    """Draw a demand for some indicators and bundles, met if all are at their best. Higher levels contribute no less."""
    contributions = {}
    for code, levels in ways.items():
        amounts, amount = {}, Fraction(0)
        for level in levels:
            amount += Fraction(draw(st.integers(0, 4)), draw(st.sampled_from([1, 1, 2, 3])))
            amounts[level] = amount
        if amount:
            contributions[code] = {level: amount for level, amount in amounts.items() if amount}
    bundled = {number: Fraction(draw(st.integers(1, 4)), 2) for number in range(bundles) if draw(st.booleans())}
    most = Demand(Fraction(), contributions, bundled).max_contribution
    assume(most)
    return Demand(most * draw(st.integers(1, 6)) / 6, contributions, bundled)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    ways: dict[str, dict[int, int]] = {}
    for number in range(draw(st.integers(1, 5))):
        first = draw(st.integers(1, 2))
        ways[str(number)] = {level: first + 2 * level for level in range(draw(st.integers(1, 3)))}
    bundles = [
        [draw(demands(ways, number)) for _ in range(draw(st.integers(1, 2)))]
        for number in range(draw(st.integers(0, 2)))
    ]
    return ways, [draw(demands(ways, len(bundles))) for _ in range(draw(st.integers(1, 4)))], bundles


def is_met(demand: Demand, chosen: Mapping[str, int], complete: set[int]) -> bool:
    brought = sum(
        (demand.contributes.get(code, {}).get(level, Fraction(0)) for code, level in chosen.items()), Fraction(0)
    )
    return brought + sum(amount for number, amount in demand.bundled.items() if number in complete) >= demand.need


def is_enough(task: Task, chosen: Mapping[str, int]) -> bool:
    _, required, bundles = task
    complete: set[int] = set()
    for number, bundle in enumerate(bundles):  # each is served by those before it alone
        if all(is_met(demand, chosen, complete) for demand in bundle):
            complete.add(number)
    return all(is_met(demand, chosen, complete) for demand in required)


def find_by_trying(task: Task) -> dict[str, int]:
    ways = task[0]

    def size(choice: tuple[int | None, ...]) -> tuple[int, int, list[tuple[int, int]]]:
        steps = [
            (number, levels[level])
            for number, (levels, level) in enumerate(zip(ways.values(), choice, strict=True))
            if level is not None
        ]
        return len(steps), sum(count for _, count in steps), steps

    for choice in sorted(product(*([None, *levels] for levels in ways.values())), key=size):
        chosen = {code: level for code, level in zip(ways, choice, strict=True) if level is not None}
        if is_enough(task, chosen):
            return chosen
    raise AssertionError("Everything at its best does not do.")


@given(tasks())
def test_the_choice_is_what_trying_everything_finds(task: Task):
    choice = choose(*task)
    assert (choice.is_smallest, choice.is_exact) == (True, True)
    assert choice.levels == find_by_trying(task)


@given(tasks())
def test_a_search_that_is_given_up_still_finds_enough_and_claims_no_more_than_it_knows(task: Task):
    exact, choice = choose(*task), choose(*task, most_nodes=0)
    assert is_enough(task, choice.levels)
    assert len(choice.levels) >= len(exact.levels)
    if choice.is_smallest:
        assert len(choice.levels) == len(exact.levels)
    if choice.is_exact:
        assert choice == exact


def test_the_order_of_the_guide_decides_whatever_the_number_of_ways():
    """Both rise by two steps; the first can rise in one way, the second in three."""
    ways = {"1": {1: 2}, "2": {1: 1, 2: 2, 3: 3}}
    contributions = {"1": {1: Fraction(2)}, "2": {1: Fraction(1), 2: Fraction(2), 3: Fraction(3)}}
    assert choose(ways, [Demand(Fraction(2), contributions)], []).levels == {"1": 1}
    assert choose(ways, [Demand(Fraction(3), contributions)], []).levels == {"2": 3}


def test_the_order_of_the_guide_decides_among_more_than_are_put_in_order_at_a_time():
    """Of 40 equal ones, the first 20 rise; two to the power of 20 is more than is ordered at a time."""
    ways = {str(number): {1: 1} for number in range(40)}
    assert LARGEST_ORDER < 2**20
    choice = choose(ways, [Demand(Fraction(20), {code: {1: Fraction(1)} for code in ways})], [])
    assert choice.levels == {str(number): 1 for number in range(20)}
    assert choice.is_exact


@pytest.mark.parametrize(("ways", "sizes"), [([1] * 40, [16, 16, 8]), ([3] * 9, [8, 1]), ([1, 3] * 9, [11, 7])])
def test_as_many_are_put_in_order_at_a_time_as_have_few_combinations(ways: list[int], sizes: list[int]):
    """Up to 65,536 combinations: sixteen indicators with one step, eight with three, or some of both."""
    assert LARGEST_ORDER == 2**16
    assert [len(part) for part in _parts(dict.fromkeys(range(number), 0) for number in ways)] == sizes


def test_the_steps_are_counted_first_and_then_each_level_has_its_place_in_the_order():
    ways, columns = {"1": {2: 7}, "2": {1: 4, 3: 5}}, {"1": {2: 0}, "2": {1: 1, 3: 2}}
    assert list(_further_objectives(ways, columns)) == [({0: 7, 1: 4, 2: 5}, 0), ({1: -2, 2: -1, 0: -3}, -5)]


def test_a_bundle_is_complete_only_with_all_that_it_needs():
    ways = {"1": {1: 1}, "2": {1: 1}, "3": {1: 9}}
    bundle = [Demand(Fraction(1), {"1": {1: Fraction(1)}}), Demand(Fraction(1), {"2": {1: Fraction(1)}})]

    def need(amount: int) -> list[Demand]:
        return [Demand(Fraction(amount), {"3": {1: Fraction(5)}}, {0: Fraction(5)})]

    assert choose(ways, need(5), [bundle]).levels == {"3": 1}
    assert choose(ways, need(10), [bundle]).levels == {"1": 1, "2": 1, "3": 1}


def test_nothing_to_choose_is_chosen_at_once():
    choice = choose({"1": {1: 1}}, [], [])
    assert (choice.levels, choice.is_smallest, choice.is_exact) == ({}, True, True)


def hard(seed: int) -> Task:
    """Return thirty indicators, five weighted sums of which must reach half of their maximum.

    Hardly any choice meets all of them closely.
    """
    chance = Random(seed)
    ways = {str(number): {1: 1, 2: 2} for number in range(30)}
    required = []
    for _ in range(5):
        contributions = {code: {level: Fraction(level * chance.randint(30, 90)) for level in (1, 2)} for code in ways}
        required.append(
            Demand(sum(max(amounts.values()) for amounts in contributions.values()) * Fraction(1, 2), contributions)
        )
    return ways, required, []


def test_the_longer_a_search_may_take_the_more_it_knows():
    """The search first knows nothing for certain, then the smallest number, then that no other choice comes first."""
    task = hard(1)
    known = [choose(*task, most_nodes=nodes) for nodes in (0, 4, 10, 16, 1000)]
    assert list(dict.fromkeys((c.is_smallest, c.is_exact) for c in known)) == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert [len(known[0].levels), len(known[-1].levels)] == [30, 14]
    assert all(is_enough(task, choice.levels) for choice in known)
    assert {len(choice.levels) for choice in known if choice.is_smallest} == {14}
