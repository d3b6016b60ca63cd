"""The benchmark: none for fewer than five hotlines, else the exact median and quartiles, and positions."""

from fractions import Fraction
from math import ceil
from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.crm.series.benchmark import Position, Spread, spread

NUMBERS = st.lists(st.fractions(min_value=0, max_value=100, max_denominator=1000), min_size=5, max_size=40)


def test_of_four_hotlines_nothing_is_said():
    assert spread([Fraction(value) for value in (10, 20, 30, 40)]) is None


def test_of_five_the_lines_are_the_second_the_third_and_the_fourth_number():
    assert spread([Fraction(value) for value in (50, 10, 41, 20, 30)]) == Spread(
        5, low=Fraction(20), median=Fraction(30), high=Fraction(41)
    )


def test_between_two_numbers_a_line_lies_on_the_straight_way_from_one_to_the_other():
    """Of six values, the quartiles are a quarter of the way after the second, and three quarters after the fourth."""
    found = spread([Fraction(value) for value in (0, 10, 20, 40, 60, 90)])
    assert found == Spread(6, low=Fraction(25, 2), median=Fraction(30), high=Fraction(55))


@given(NUMBERS)
def test_the_lines_are_those_of_the_standard_library_exactly(values: list[Fraction]):
    found = spread(values)
    assert found is not None
    assert [found.low, found.median, found.high] == quantiles(values, n=4, method="inclusive")
    assert found.median == median(values)


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


def test_five_equal_numbers_are_all_at_the_median():
    found = spread([Fraction(985, 10)] * 5)
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
    assert Spread(5, low=Fraction(20), median=Fraction(30), high=Fraction(40)).place(value) is position
