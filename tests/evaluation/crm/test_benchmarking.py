"""The lines of a benchmark: none for fewer than five, and never one hotline's own number."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.crm.benchmarking import Position, Spread, spread

pytestmark = pytest.mark.once

NUMBERS = st.lists(st.fractions(min_value=0, max_value=100, max_denominator=1000), min_size=5, max_size=40)


def test_of_four_hotlines_nothing_is_said():
    assert spread([Fraction(value) for value in (10, 20, 30, 40)]) is None


def test_of_five_each_line_is_the_mean_of_three():
    assert spread([Fraction(value) for value in (50, 10, 41, 20, 30)]) == Spread(5, low=20, median=30, high=40)


def test_a_number_between_two_is_the_mean_of_four():
    """Of six, the middle lies between the third and the fourth."""
    found = spread([Fraction(value) for value in (0, 10, 20, 40, 60, 90)])
    assert found == Spread(6, low=10, median=33, high=63)


def test_a_line_is_rounded_to_a_whole_number_and_a_half_goes_up():
    assert spread([Fraction(1, 2)] * 5) == Spread(5, 1, 1, 1)


def test_an_only_number_far_from_the_others_is_not_seen():
    """The usual middle of five would be 50, which is somebody's."""
    found = spread([Fraction(value) for value in (0, 1, 50, 99, 100)])
    assert found is not None
    assert {found.low, found.median, found.high} & {0, 1, 99, 100} == set()
    assert found == Spread(5, low=17, median=50, high=83)


@given(NUMBERS)
def test_the_lines_stand_in_order_and_within_what_there_is(values: list[Fraction]):
    found = spread(values)
    assert found is not None
    assert min(values) - 1 < found.low <= found.median <= found.high < max(values) + 1


def test_who_knows_one_number_cannot_work_out_another():
    """Two networks with one number in common, the reader's own, and no other, under the same three lines."""
    one = [Fraction(value) for value in (10, 20, 30, 40, 50)]
    other = [Fraction(value) for value in (11, 19, 30, 41, 49)]
    assert spread(one) == spread(other) == Spread(5, low=20, median=30, high=40)
    assert set(one) & set(other) == {30}


@pytest.mark.parametrize(
    ("value", "position"),
    [
        (Fraction(19), Position.BELOW),
        (Fraction(20), Position.LOWER),
        (Fraction(299, 10), Position.LOWER),
        (Fraction(30), Position.MIDDLE),
        (Fraction(40), Position.UPPER),
        (Fraction(401, 10), Position.ABOVE),
    ],
)
def test_a_number_has_its_place_among_the_lines(value: Fraction, position: Position):
    assert Spread(5, low=20, median=30, high=40).place(value) is position
