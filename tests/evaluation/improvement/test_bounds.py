"""What blocks can bring at most, and how many indicators all demands together ask for at least."""

import pytest

from evaluation.improvement.block import Block, Bundle, IndicatorOptions, LevelOption
from evaluation.improvement.bounds import (
    TOGETHER,
    SearchBounds,
    at_most,
    dual_weights,
    increasing_pairs,
    relaxed_bounds,
)

pytestmark = pytest.mark.once


def place(code: str, *ways: dict[int, int], may_stay: bool = True) -> IndicatorOptions:
    return IndicatorOptions(code, [LevelOption(level, level, brings) for level, brings in enumerate(ways, 1)], may_stay)


def test_what_brings_no_more_than_something_cheaper_does_not_rise():
    assert increasing_pairs([(0, 1), (1, 1), (2, 3), (2, 4), (3, 2), (4, 4), (5, 6)]) == [(0, 1), (2, 4), (5, 6)]


def test_at_a_cost_the_most_is_what_the_next_cheaper_brings_and_below_the_cheapest_nothing_is_to_be_had():
    reach = [(2, 3), (5, 6)]
    assert [at_most(reach, cost) for cost in (1, 2, 4, 5, 9)] == [-1, 3, 3, 6, 6]
    assert at_most([(0, 0)], 0) == 0


def test_beside_a_part_are_the_others_and_after_it_those_that_follow():
    parts = [{0: [(0, 0), (1, 5)]}, {0: [(0, 0), (1, 3), (2, 4)], 1: [(0, 1)]}, {0: [(1, 2), (2, 9)]}]
    bounds = SearchBounds(3, 0, parts)
    assert bounds.without_part(1) == {0: [(1, 2), (2, 9), (3, 14)]}
    assert bounds.after_part(0) == {0: [(1, 2), (2, 9), (3, 12)], 1: [(0, 1)]}
    assert bounds.after_part(2) == {}


def test_a_block_brings_its_best_first_what_must_rise_before_all_and_its_bundles_for_nothing():
    places = [
        place("1", {0: 1}, {0: 4}),
        place("2", {0: 2, 1: 7}),
        place("3", {0: 3}, may_stay=False),
        place("4", {1: 1}),
    ]
    block = Block(parts=[Block(places, bundles=[Bundle({2: 1}, {0: 5})])])
    assert relaxed_bounds(block, {0: 9, 1: 4}, {0: 1, 1: 10}) == {
        0: [(1, 8), (2, 12), (3, 14)],
        1: [(1, 0), (2, 4), (3, 5)],
        TOGETHER: [(1, 8), (2, 50), (3, 60), (4, 64)],
    }


# --- How many at least -------------------------------------------------------------------------------------------


def whole(*places: IndicatorOptions, bundles: tuple[Bundle, ...] = ()) -> Block:
    return Block(parts=[Block(list(places), bundles=list(bundles))])


def test_demands_that_nobody_serves_together_add_up():
    """Three indicators for the one demand, and four others for the other: seven, where each demand alone asks for four."""
    apart = [place(f"a{n}", {0: 1}) for n in range(9)] + [place(f"b{n}", {1: 1}) for n in range(9)]
    assert dual_weights(whole(*apart), {0: 3, 1: 4})[1] == 7


def test_demands_that_all_serve_alike_do_not_add_up():
    alike = [place(f"{n}", {0: 2, 1: 1}) for n in range(9)]
    assert dual_weights(whole(*alike), {0: 6, 1: 4})[1] == 4


def test_what_is_scarce_comes_to_weigh_more():
    """All bring ten toward the one demand, few bring one toward the other, of which three are asked."""
    common = [place(f"c{n}", {0: 10}) for n in range(9)]
    scarce = [place(f"s{n}", {0: 1, 1: 1}) for n in range(5)]
    weights, least = dual_weights(whole(*common, *scarce), {0: 20, 1: 3})
    assert least == 5
    assert weights[1] > 9 * weights[0]


def test_what_must_rise_is_counted_even_where_nothing_is_wanted():
    must = [place(f"{n}", {0: 5}, may_stay=False) for n in range(3)]
    may = [place(f"m{n}", {0: 5, 1: 5}) for n in range(3)]
    assert dual_weights(whole(*must), {0: 4})[1] == 3
    assert dual_weights(whole(*must, *may), {0: 20, 1: 3})[1] == 4


def test_what_bundles_bring_is_not_asked_of_indicators():
    places = [place(f"{n}", {0: 2, 1: 2}) for n in range(9)]
    assert dual_weights(whole(*places, bundles=(Bundle({2: 1}, {0: 4, 1: 4}),)), {0: 8, 1: 8})[1] == 2
    assert dual_weights(whole(*places), {0: 8, 1: 8})[1] == 4


def test_a_part_of_an_indicator_counts_as_a_whole_one_only_at_the_end():
    """Demands of 3 and 5, of which every indicator brings 2 and 2: 2.5 indicators, so three."""
    places = [place(f"{n}", {0: 2, 1: 2}) for n in range(9)]
    assert dual_weights(whole(*places), {0: 3, 1: 5})[1] == 3
    assert dual_weights(whole(*places), {0: 3, 1: 4})[1] == 2
