"""The benchmark: none for fewer than nine hotlines, else medians and quartiles that are no hotline's number."""

from fractions import Fraction
from itertools import combinations
from math import ceil
from statistics import quantiles

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.figures.series.benchmark import FEWEST, Position, Spread, _places, spread

NUMBERS = st.lists(st.fractions(min_value=0, max_value=100, max_denominator=1000), min_size=9, max_size=40)


def fractions(*values: int) -> list[Fraction]:
    return [Fraction(value) for value in values]


def test_of_eight_hotlines_nothing_is_said():
    assert spread(fractions(10, 20, 30, 40, 50, 60, 70, 80)) is None


def test_of_nine_each_line_is_the_mean_of_three_hotlines():
    found = spread(fractions(90, 10, 41, 20, 30, 50, 60, 70, 81))
    assert found is not None
    assert (found.low, found.median, found.high) == (Fraction(91, 3), Fraction(151, 3), Fraction(211, 3))


def test_the_median_of_an_even_number_is_the_mean_of_four():
    found = spread(fractions(0, 1, 2, 3, 5, 8, 13, 21, 34, 55))
    assert found is not None
    assert (found.low, found.median, found.high) == (Fraction(2), Fraction(29, 4), Fraction(68, 3))


@pytest.mark.parametrize("count", range(FEWEST, 61))
def test_nobody_computes_a_number_of_another_from_the_lines_with_its_own(count: int):
    """The three means are linear equations: with one number given, no other number follows from them."""
    equations = np.array([[first <= place < last for place in range(count)] for first, last in _places(count)], float)
    assert all(3 <= row.sum() <= 4 for row in equations)
    assert all((one * other).sum() <= 1 for one, other in combinations(equations, 2))
    for own in range(count):
        left = np.delete(equations, own, axis=1)
        rank = np.linalg.matrix_rank(left)
        for other in np.eye(count - 1):
            assert np.linalg.matrix_rank(np.vstack([left, other])) == rank + 1


@pytest.mark.parametrize(("public", "is_shown"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_mean_of_public_numbers_and_one_or_two_others_is_not_shown(public: int, is_shown: bool):
    """Of nine hotlines the lower quartile is the mean of the second to the fourth."""
    values = fractions(*range(1, 10))
    assert (spread(values, values[1 : 1 + public] if public < 3 else values) is not None) == is_shown


def test_only_as_many_equal_numbers_count_as_public_as_are_published():
    assert spread(fractions(*[50] * 9), fractions(50, 50)) is None
    assert spread(fractions(*[50] * 9), fractions(50, 50, *[60] * 9)) is None
    assert spread(fractions(*[50] * 9), fractions(*[50] * 9)) is not None


@given(NUMBERS)
def test_positions_are_those_among_the_quartiles_of_the_standard_library_exactly(values: list[Fraction]):
    found = spread(values)
    assert found is not None
    assert list(found.exact) == quantiles(values, n=4, method="inclusive")


@given(NUMBERS)
def test_the_lines_are_in_their_order_and_within_the_numbers(values: list[Fraction]):
    found = spread(values)
    assert found is not None
    assert min(values) <= found.low <= found.median <= found.high <= max(values)


@given(NUMBERS)
def test_about_a_quarter_lies_in_either_outer_quarter_and_the_best_is_never_below_the_median(values: list[Fraction]):
    found = spread(values)
    assert found is not None
    places = [found.place(value) for value in values]
    a_quarter = ceil(Fraction(len(values) - 1, 4))
    assert places.count(Position.LOWEST_QUARTER) <= a_quarter
    assert places.count(Position.HIGHEST_QUARTER) <= a_quarter
    assert found.place(max(values)) in (Position.MEDIAN, Position.ABOVE, Position.HIGHEST_QUARTER)
    assert found.place(min(values)) in (Position.MEDIAN, Position.BELOW, Position.LOWEST_QUARTER)


def test_the_best_of_eleven_is_in_the_highest_quarter():
    rates = [Fraction(tenths, 10) for tenths in (870, 880, 893, 901, 911, 941, 951, 962, 970, 981, 998)]
    found = spread(rates)
    assert found is not None
    assert found.place(Fraction(998, 10)) is Position.HIGHEST_QUARTER


def test_nine_equal_numbers_are_all_at_the_median():
    found = spread([Fraction(985, 10)] * 9)
    assert found is not None
    assert found.place(Fraction(985, 10)) is Position.MEDIAN


@pytest.mark.parametrize(
    ("value", "position"),
    [
        (Fraction(199, 10), Position.LOWEST_QUARTER),
        (Fraction(20), Position.BELOW),
        (Fraction(299, 10), Position.BELOW),
        (Fraction(30), Position.MEDIAN),
        (Fraction(301, 10), Position.ABOVE),
        (Fraction(40), Position.ABOVE),
        (Fraction(401, 10), Position.HIGHEST_QUARTER),
    ],
)
def test_a_number_has_its_place_among_the_lines(value: Fraction, position: Position):
    exact = (Fraction(20), Fraction(30), Fraction(40))
    assert Spread(9, Fraction(22), Fraction(33), Fraction(44), exact).place(value) is position
