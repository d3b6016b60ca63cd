"""A statistic from items: exact, with its terms, or with the reason for its absence."""

from fractions import Fraction

import pytest

from evaluation.engine.scoring import Measured, MissingReason, Partial, measure
from tests.evaluation.engine.scoring.shapes import asked, counted


def number(formula, unit="percent", base="", **items):
    """Return the result of the formula for these items."""
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
    assert (found.value, found.missing_reason, found.terms[missing]) == (None, MissingReason.ITEM_MISSING, None)


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
    assert (found.value, found.missing_reason) == (None, MissingReason.NOTHING_TO_DIVIDE_BY)


@pytest.mark.parametrize(("cases", "value", "reason"), [(20, 50, None), (19, None, MissingReason.BASE_TOO_SMALL)])
def test_a_number_needs_as_many_cases_as_the_guide_asks(cases, value, reason):
    found = number("A04/A03", base="A56>=20", A03=100, A04=50, A56=cases)
    assert (found.value, found.missing_reason, found.terms["A56"]) == (value, reason, cases)


def test_the_base_may_be_an_item_of_the_formula():
    found = number("A04/A03", base="A03>=20", A03=10, A04=5)
    assert (found.missing_reason, list(found.terms)) == (MissingReason.BASE_TOO_SMALL, ["A04", "A03"])


def test_an_unrecorded_base_is_missing_and_not_small():
    assert number("A04/A03", base="A56>=20", A03=100, A04=50, A56=None).missing_reason is MissingReason.ITEM_MISSING


def test_an_indicator_without_a_formula_cannot_be_measured():
    with pytest.raises(ValueError, match=r"^1\.1\.1 has no formula$"):
        measure(asked("1.1.1"), {})


# --- Part of the period ------------------------------------------------------------------------------------------


def part(value, months=9, start=1):
    return Partial(tuple(f"2025-{month:02}" for month in range(start, start + months)), 12, Fraction(value))


def partly(formula="A04/A03", least=9, base="", figures=None, **partial):
    """Return the result of the formula if some items were recorded for part of the period only."""
    indicator = counted("1.1.1", formula, minimum_months=least, minimum_base=base)
    return measure(indicator, figures or {}, partial)


def test_a_ratio_of_a_part_of_the_time_is_told_with_its_months():
    found = partly(A04=part(6), A03=part(8), A05=part(1, 2))
    assert found == Measured(
        Fraction(75), {"A04": Fraction(6), "A03": Fraction(8)}, partial={"A04": part(6), "A03": part(8)}
    )
    assert (len(found.part.months), found.part.of) == (9, 12)


def test_the_whole_time_counts_before_a_part_of_it():
    found = partly(figures={"A03": Fraction(10), "A04": Fraction(9)}, A03=part(1), A04=part(1))
    assert (found.value, found.partial, found.part) == (90, {}, None)


@pytest.mark.parametrize(("months", "reason"), [(9, None), (8, MissingReason.TOO_FEW_MONTHS)])
def test_a_part_needs_as_many_months_as_the_guide_asks(months, reason):
    found = partly(A04=part(6, months), A03=part(8, months))
    assert (found.missing_reason, found.value is None) == (reason, reason is not None)
    assert (found.terms, len(found.part.months)) == ({"A04": 6, "A03": 8}, months)


def test_without_a_number_of_months_only_the_whole_time_counts():
    found = partly(least=0, A04=part(6, 11), A03=part(8, 11))
    assert found == Measured(None, {"A04": None, "A03": None}, MissingReason.ITEM_MISSING)


@pytest.mark.parametrize("other", [part(8, 9, start=2), part(8, 10)])
def test_items_of_different_months_are_never_held_together(other):
    found = partly(A04=part(6), A03=other)
    assert (found.value, found.missing_reason, found.terms) == (None, MissingReason.MONTHS_DIFFER, {"A04": 6, "A03": 8})
    assert len(found.part.months) == 9


def test_a_total_of_the_year_is_never_divided_by_a_part_of_it():
    found = partly(figures={"A03": Fraction(10)}, A03=part(8), A04=part(6))
    assert (found.value, found.missing_reason) == (None, MissingReason.MONTHS_DIFFER)
    assert (found.terms, found.partial) == ({"A04": 6, "A03": 10}, {"A04": part(6)})


def test_an_item_that_no_month_recorded_is_missing():
    found = partly(figures={"A03": None}, A04=part(6))
    assert (found.missing_reason, found.terms, found.partial) == (
        MissingReason.ITEM_MISSING,
        {"A04": 6, "A03": None},
        {"A04": part(6)},
    )


def test_the_smallest_base_is_asked_of_the_part():
    found = partly(base="A56>=20", A04=part(6), A03=part(8), A56=part(19))
    assert (found.missing_reason, found.value, found.terms["A56"]) == (MissingReason.BASE_TOO_SMALL, None, 19)
    assert len(found.part.months) == 9


def test_an_item_alone_may_be_one_of_a_part():
    assert partly("A08", A08=part(24, 3), least=3).value == 24
