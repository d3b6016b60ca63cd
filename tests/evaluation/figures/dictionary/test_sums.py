"""Sums of figures: exact, and missing as soon as a part is missing."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.dictionary.sums import Amount, add_codes, add_over, add_periods, total_as_text

NOT_RECORDED, NOT_APPLICABLE = Amount(None), Amount(None, not_applicable=True)
CHANNELS = code_lists()["channel"]

values = some.decimals(min_value=0, max_value=10**9, places=4)


def channels(*amounts: Amount) -> dict[tuple[str, str], Amount]:
    rest = [Amount(Decimal(1))] * (len(CHANNELS) - len(amounts))
    return {(code, ""): amount for code, amount in zip(CHANNELS, [*amounts, *rest], strict=True)}


def test_an_item_is_added_over_its_codes():
    assert add_codes(items()["A11"], channels(Amount(Decimal(5)))) == 14


def test_a_part_that_is_not_recorded_makes_the_total_missing():
    assert add_codes(items()["A11"], channels(NOT_RECORDED)) is None


def test_a_part_that_does_not_apply_is_no_part():
    assert add_codes(items()["A11"], channels(NOT_APPLICABLE)) == 9


def test_a_code_without_a_row_makes_the_total_missing_where_every_hotline_is_asked():
    parts = channels()
    del parts["letter", ""]
    assert add_codes(items()["A11"], parts) is None


def test_a_code_without_a_row_is_no_part_of_an_item_that_is_not_required():
    assert add_codes(items()["A15"], {("chat", ""): Amount(Decimal(3)), ("sms", ""): Amount(Decimal(4))}) == 7


def test_nothing_at_all_is_missing_and_not_zero():
    assert add_codes(items()["A03"], {}) is None
    assert add_codes(items()["A03"], {("", ""): NOT_APPLICABLE}) is None
    assert add_codes(items()["A03"], {("", ""): Amount(Decimal(0))}) == 0


def test_means_of_channels_have_no_sum():
    assert add_codes(items()["A14"], {("chat", ""): Amount(Decimal(60))}) == 60
    assert add_codes(items()["A14"], {("chat", ""): Amount(Decimal(60)), ("sms", ""): Amount(Decimal(30))}) is None


def test_a_child_harmed_in_two_ways_is_not_two_children():
    harmed = {("runaway", "physical"): Amount(Decimal(4)), ("runaway", "neglect"): Amount(Decimal(3))}
    assert add_codes(items()["A29"], harmed) is None


def test_four_quarters_are_added_where_that_makes_sense():
    quarters = [Decimal(number) for number in (1, 2, 3, 4)]
    assert {code: add_periods(items()[code], quarters) for code in ("A03", "A20", "A24", "A54")} == {
        "A03": 10,
        "A20": 1,
        "A24": 4,
        "A54": None,
    }


def test_one_period_is_itself_even_for_a_mean():
    assert add_periods(items()["A08"], [Decimal("24.5")]) == Decimal("24.5")
    assert add_periods(items()["A08"], []) is None


@given(some.lists(values, min_size=2, max_size=12))
def test_a_sum_over_periods_is_exact(numbers):
    scaled = sum(int(number * 10_000) for number in numbers)
    assert add_periods(items()["A01"], numbers) * 10_000 == scaled


@given(some.lists(some.none() | values, min_size=2, max_size=12).filter(lambda numbers: None in numbers))
def test_a_missing_period_makes_the_sum_missing(numbers):
    assert add_periods(items()["A01"], numbers) is None


@given(some.lists(some.none() | values, min_size=1, max_size=10))
def test_a_total_is_missing_exactly_when_a_part_is(numbers):
    parts = {(code, ""): Amount(number) for code, number in zip(CHANNELS, numbers, strict=False)}
    total = add_codes(items()["A15"], parts)
    assert total == (None if None in numbers else sum(numbers))


# --- A mean per unit of another item -------------------------------------------------------------------------------


@given(some.lists(some.tuples(values, some.integers(1, 10**6)), min_size=2, max_size=12))
def test_the_mean_wait_over_periods_is_that_of_all_answered_calls_exactly(periods):
    means, calls = zip(*periods, strict=True)
    exact = sum(Fraction(mean) * count for mean, count in periods) / sum(calls)
    assert add_periods(items()["A08"], means, [Decimal(count) for count in calls]) == exact


@given(some.lists(some.tuples(values, some.integers(1, 99)), min_size=3, max_size=12), some.integers(1, 2))
def test_the_mean_wait_does_not_depend_on_how_the_time_is_divided(periods, cut):
    def mean(of):
        return add_periods(items()["A08"], [m for m, _ in of], [Decimal(n) for _, n in of])

    parts = [(mean(part), sum(n for _, n in part)) for part in (periods[:cut], periods[cut:])]
    assert mean(parts) == mean(periods)


@given(some.lists(some.tuples(values, some.none() | some.integers(1, 99)), min_size=2, max_size=12))
def test_a_mean_without_its_number_of_calls_makes_the_whole_missing(periods):
    weights = [None if count is None else Decimal(count) for _, count in periods]
    found = add_periods(items()["A08"], [mean for mean, _ in periods], weights)
    assert (found is None) == (None in weights)


def test_a_period_without_an_answered_call_has_no_wait_and_needs_none():
    weights = [Decimal(10), Decimal(0), Decimal(30)]
    assert add_periods(items()["A08"], [Decimal(20), None, Decimal(40)], weights) == 35
    assert add_periods(items()["A08"], [Decimal(20), None], [Decimal(10), Decimal(1)]) is None
    assert add_periods(items()["A08"], [None, None], [Decimal(0), Decimal(0)]) is None


def test_the_calls_are_those_that_stand_in_the_same_periods():
    quarters = [
        {"A04": {("", ""): Amount(Decimal(calls))}, "A08": {("", ""): Amount(Decimal(wait))}}
        for calls, wait in ((1, 10), (2, 25))
    ]
    assert add_over(items()["A08"], quarters) == 20
    assert add_over(items()["A08"], [quarters[0], {"A08": quarters[1]["A08"]}]) is None


@given(some.fractions(min_value=0, max_value=10**6))
def test_a_total_is_written_as_a_decimal_only_where_that_says_all_of_it(total):
    written = total_as_text(total)
    assert Fraction(written) == total
    assert isinstance(written, Decimal) == ((total * 10_000).denominator == 1)
