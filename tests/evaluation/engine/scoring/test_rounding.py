"""The rounding of ratios for display: down to one decimal, so that a shown number is always reached."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.scoring import as_percent, as_tenths, smaller_is_better, tenths_as_text, value_as_tenths
from standards.framework import Indicator, Measure, read_bands


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(7999, 10000), "79.9"),
        (Fraction(2399, 3000), "79.9"),
        (Fraction(8, 10), "80.0"),
        (Fraction(1), "100.0"),
        (Fraction(999999, 1000000), "99.9"),
        (Fraction(2, 3), "66.6"),
        (Fraction(1, 1001), "0.0"),
        (Fraction(0), "0.0"),
        (None, ""),
    ],
)
def test_a_ratio_is_shown_rounded_down(ratio, text):
    assert as_percent(ratio) == text


def test_no_score_stays_no_score_and_zero_stays_zero():
    assert [as_tenths(ratio) for ratio in (None, Fraction(0))] == [None, 0]
    assert [tenths_as_text(tenths) for tenths in (None, 0, 5, 999, 1000)] == ["", "0.0", "0.5", "99.9", "100.0"]


@given(st.fractions(0, 1), st.integers(0, 1000))
def test_a_line_is_shown_as_reached_exactly_when_it_is(ratio, line):
    assert (as_tenths(ratio) >= line) == (ratio >= Fraction(line, 1000))


@pytest.mark.parametrize(
    ("bands", "is_smaller", "tenths"),
    [
        (">=90:3;>=80:2", False, 899),
        (">90:3", False, 899),
        ("<=20:3;<=40:2", True, 900),
        ("<20:3", True, 900),
        ("<=20:3;>=90:1", True, 900),
        ("report_only", False, 899),
    ],
)
def test_a_measured_value_is_rounded_to_the_side_that_flatters_nobody(bands: str, is_smaller: bool, tenths: int):
    indicator = Indicator("1.1.1", "core", Measure.NUMERIC, bands=read_bands(bands))
    assert smaller_is_better(indicator) is is_smaller
    assert value_as_tenths(indicator, Fraction(89999, 1000)) == tenths
    assert value_as_tenths(indicator, Fraction(90)) == 900


def test_what_is_below_nothing_has_its_sign():
    assert [tenths_as_text(tenths) for tenths in (-5, -799, 0)] == ["-0.5", "-79.9", "0.0"]
