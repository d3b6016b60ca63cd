"""A statistic from items: exact, with its terms, or with the reason why there is none."""

from fractions import Fraction

import pytest

from evaluation.scoring import Measured, Trouble, measure
from tests.evaluation.scoring.shapes import asked, counted

pytestmark = pytest.mark.once


def number(formula, unit="percent", base="", **items):
    """What the formula gives for these items."""
    figures = {item: None if value is None else Fraction(value) for item, value in items.items()}
    return measure(counted("1.1.1", formula, unit=unit, minimum_base=base), figures)


@pytest.mark.parametrize(
    ("formula", "unit", "value"),
    [
        ("A04/A03", "percent", Fraction(200, 3)),
        ("A04/A03", "number", Fraction(2, 3)),
        ("A04/(A03-A05)", "percent", Fraction(200, 2)),
        ("A04/(A03+A05)", "percent", Fraction(200, 4)),
        ("A04", "minutes", Fraction(200)),
        ("A04", "percent", Fraction(200)),
    ],
)
def test_a_formula_is_computed_exactly(formula, unit, value):
    assert number(formula, unit, A03=300, A04=200, A05=100).value == value


def test_the_terms_are_told_with_the_number():
    assert number("A04/(A03-A05)", A03=10, A04=6, A05=2, A06=99) == Measured(
        Fraction(75), {"A04": Fraction(6), "A03": Fraction(10), "A05": Fraction(2)}
    )


@pytest.mark.parametrize("missing", ["A03", "A04", "A05"])
@pytest.mark.parametrize("how", ["not recorded", "not in the file"])
def test_a_missing_item_gives_no_number_and_is_never_zero(missing, how):
    items = {"A03": 10, "A04": 6, "A05": 2}
    if how == "not recorded":
        items[missing] = None
    else:
        del items[missing]
    found = number("A04/(A03-A05)", **items)
    assert (found.value, found.trouble, found.terms[missing]) == (None, Trouble.ITEM_MISSING, None)


def test_zero_of_something_is_zero():
    assert number("A04/A03", A04=0, A03=5).value == 0


def test_one_case_is_enough_to_divide_by():
    assert number("A04/A03", A03=1, A04=1).value == 100


def test_nothing_taken_away_or_added_leaves_the_denominator():
    assert (
        number("A04/(A03-A05)", A03=4, A04=3, A05=0).value == number("A04/(A03+A05)", A03=0, A04=3, A05=4).value == 75
    )


@pytest.mark.parametrize(("every", "without"), [(5, 5), (5, 6), (0, 0)])
def test_nothing_to_divide_by_gives_no_number(every, without):
    found = number("A04/(A03-A05)", A03=every, A04=3, A05=without)
    assert (found.value, found.trouble) == (None, Trouble.NOTHING_TO_DIVIDE_BY)


@pytest.mark.parametrize(("cases", "value", "trouble"), [(20, 50, None), (19, None, Trouble.BASE_TOO_SMALL)])
def test_a_number_needs_as_many_cases_as_the_guide_asks(cases, value, trouble):
    found = number("A04/A03", base="A56>=20", A03=100, A04=50, A56=cases)
    assert (found.value, found.trouble, found.terms["A56"]) == (value, trouble, cases)


def test_the_base_may_be_an_item_of_the_formula():
    found = number("A04/A03", base="A03>=20", A03=10, A04=5)
    assert (found.trouble, list(found.terms)) == (Trouble.BASE_TOO_SMALL, ["A04", "A03"])


def test_an_unrecorded_base_is_missing_and_not_small():
    assert number("A04/A03", base="A56>=20", A03=100, A04=50, A56=None).trouble is Trouble.ITEM_MISSING


def test_an_indicator_without_a_formula_cannot_be_measured():
    with pytest.raises(ValueError, match=r"^1\.1\.1 has no formula$"):
        measure(asked("1.1.1"), {})
