"""Figures of part of a period. How a period is divided into files does not matter."""

from calendar import monthrange
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.engine.scoring import MissingReason, Partial, measure, score, write_evidence
from evaluation.figures.dictionary.items import OverPeriods, code_lists, items
from evaluation.figures.dictionary.levels import ALWAYS
from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.series.months import partials_over, takes_partial_periods
from evaluation.figures.series.totals import CountedFile, totals_over
from evaluation.judging.evidence import gather_evidence, gather_evidence_for_many
from tests.evaluation.engine.scoring.shapes import asked, counted, framework_of
from tests.factories import RoundFactory, confirmed_figures, evaluation_of, released_edition

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
SUMS = ("A03", "A04", "A05")
RATIOS = [
    counted(f"1.1.{n}", formula, minimum_months=1) for n, formula in enumerate(("A04", "A04/A03", "A04/(A03-A05)"), 1)
]


def file_of(first: int, last: int, level: str = "aggregate", **cells: int | None) -> CountedFile:
    """Return a file of some months of 2025, with a number for each item; None is not recorded."""
    return CountedFile(
        statistics_id=first,
        uid=UUID(int=first),
        level=level,
        start=date(2025, first, 1),
        end=date(2025, last, monthrange(2025, last)[1]),
        is_accepted=True,
        definitions="1.0",
        completeness="complete",
        cells={item: {("", ""): Amount(None if value is None else Decimal(value))} for item, value in cells.items()},
        formulas=(*ALWAYS, ("A16", "A15")),
    )


def partial_of(*files: CountedFile) -> dict[str, Partial]:
    return partials_over(files, totals_over(files, *YEAR), *YEAR)


def months(*numbers: int) -> tuple[str, ...]:
    return tuple(f"2025-{number:02}" for number in numbers)


# --- Any division into files -------------------------------------------------------------------------------------

counted_numbers = st.lists(st.integers(0, 500), min_size=12, max_size=12)


def divided(monthly: dict[str, list[int]], size: int, until: int = 12) -> list[CountedFile]:
    """Return the same months as files of `size` months each."""
    return [
        file_of(first, first + size - 1, **{i: sum(n[first - 1 : first - 1 + size]) for i, n in monthly.items()})
        for first in range(1, until + 1, size)
    ]


@given(st.fixed_dictionaries(dict.fromkeys(SUMS, counted_numbers)))
def test_a_year_in_one_file_in_quarters_or_in_months_measures_the_same(monthly):
    whole, quarters, by_month = (totals_over(divided(monthly, size), *YEAR) for size in (12, 3, 1))
    assert whole == quarters == by_month
    for indicator in RATIOS:
        found = {measure(indicator, totals).value for totals in (whole, quarters, by_month)}
        assert len(found) == 1
    assert partial_of(*divided(monthly, 1)) == partial_of(*divided(monthly, 12))


@given(st.fixed_dictionaries(dict.fromkeys(SUMS, counted_numbers)), st.sampled_from([3, 6, 9]))
def test_a_part_of_a_year_in_quarters_or_in_months_measures_the_same(monthly, until):
    quarters, by_month = (partial_of(*divided(monthly, size, until)) for size in (3, 1))
    assert quarters == by_month
    assert all(part.months == months(*range(1, until + 1)) and part.of == 12 for part in quarters.values())
    added = {item: Fraction(sum(numbers[:until])) for item, numbers in monthly.items()}
    for indicator in RATIOS:
        assert measure(indicator, {}, quarters).value == measure(indicator, added).value


@given(st.lists(st.integers(1, 99), min_size=2, max_size=11))
def test_a_mean_is_never_added_nor_averaged(numbers):
    assert items()["A54"].over_periods is OverPeriods.SINGLE
    assert partial_of(*(file_of(n, n, A54=value) for n, value in enumerate(numbers, 1))) == {}
    assert partial_of(*(file_of(n, n, A08=value) for n, value in enumerate(numbers, 1))) == {}


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(1, 99)), min_size=2, max_size=11))
def test_a_mean_wait_over_some_months_is_that_of_their_calls(recorded):
    found = partial_of(*(file_of(n, n, A04=calls, A08=wait) for n, (wait, calls) in enumerate(recorded, 1)))
    exact = Fraction(sum(wait * calls for wait, calls in recorded), sum(calls for _, calls in recorded))
    assert found["A08"] == Partial(months(*range(1, len(recorded) + 1)), 12, exact)


def test_a_mean_of_one_file_is_one_of_its_months():
    assert partial_of(file_of(4, 6, A08=24)) == {"A08": Partial(months(4, 5, 6), 12, Fraction(24))}


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 99)), min_size=1, max_size=11, unique_by=lambda m: m[0]))
def test_stocks_are_those_of_the_first_and_of_the_last_month_recorded(recorded):
    recorded.sort()
    of = items()
    first = next(code for code, item in of.items() if item.over_periods is OverPeriods.FIRST)
    last = next(code for code, item in of.items() if item.over_periods is OverPeriods.LAST and not item.dimensions)
    whole = dict.fromkeys(of)
    files = [file_of(month, month, **{last: value}) for month, value in recorded]
    assert partials_over(files, whole, *YEAR)[last].value == recorded[-1][1]
    codes = code_lists()[of[first].dimensions[0]]
    for file, (_, value) in zip(files, recorded, strict=True):
        file.cells[first] = {(code, ""): Amount(Decimal(value)) for code in codes}
    found = partials_over(files, whole, *YEAR)[first]
    assert found.value == recorded[0][1] * len(codes)
    assert found.months == months(*(month for month, _ in recorded))


# --- What counts as recorded ---------------------------------------------------------------------------------------


def test_only_the_months_in_which_an_item_was_recorded_are_added():
    files = [file_of(1, 3, A03=10, A04=5), file_of(4, 6, A03=20, A04=None), file_of(10, 12, A03=0, A04=7)]
    assert partial_of(*files) == {
        "A03": Partial(months(1, 2, 3, 4, 5, 6, 10, 11, 12), 12, Fraction(30)),
        "A04": Partial(months(1, 2, 3, 10, 11, 12), 12, Fraction(12)),
    }


def test_what_is_there_for_the_whole_time_is_no_part_of_it():
    files = [file_of(n, n, A03=1, A04=None if n == 12 else 2) for n in range(1, 13)]
    assert partial_of(*files) == {"A04": Partial(months(*range(1, 12)), 12, Fraction(22))}


def test_levels_are_not_mixed_and_the_one_with_most_months_gives_the_item():
    files = [
        file_of(1, 3, A03=1, A04=1),
        file_of(1, 3, "contact", A03=2, A04=2),
        file_of(4, 6, A03=4),
        file_of(7, 9, "case", A05=1),
    ]
    found = partial_of(*files)
    assert {item: (part.months, part.value) for item, part in found.items()} == {
        "A03": (months(*range(1, 7)), 5),
        "A04": (months(1, 2, 3), 2),
        "A05": (months(7, 8, 9), 1),
    }


def test_the_items_of_a_formula_come_from_one_level_also_for_a_part_of_the_time():
    files = [file_of(1, 3, "contact", A15=9), file_of(1, 3, A15=4, A16=3)]
    assert {item: part.value for item, part in partial_of(*files).items()} == {"A15": 4, "A16": 3}


def test_a_file_that_misses_a_part_of_its_period_counts_for_no_month():
    files = [file_of(n, n + 2, A03=10) for n in (1, 4, 7, 10)]
    files[1] = replace(files[1], completeness="partial_period")
    assert totals_over(files, *YEAR)["A03"] is None
    assert partial_of(*files)["A03"] == Partial(months(1, 2, 3, 7, 8, 9, 10, 11, 12), 12, Fraction(30))


def test_the_months_of_a_round_may_lie_in_two_years():
    start, end = date(2024, 11, 1), date(2026, 1, 31)
    file = file_of(11, 11, A03=3)
    files = [file, replace(file, start=date(2025, 12, 1), end=date(2026, 1, 31))]
    found = partials_over(files, dict.fromkeys(items()), start, end)["A03"]
    assert found == Partial(("2025-11", "2025-12", "2026-01"), 15, Fraction(6))


# --- In a round ------------------------------------------------------------------------------------------------------

TAKING = framework_of([[counted("1.1.1", minimum_months=9), counted("1.1.2"), asked("1.1.3")]])
STRICT = framework_of([[counted("1.1.1"), counted("1.1.2"), asked("1.1.3")]])


def test_an_edition_takes_a_part_only_where_an_indicator_says_so():
    assert (takes_partial_periods(TAKING), takes_partial_periods(STRICT)) == (True, False)


def examined(framework):
    """Return an evaluation whose hotline sent three of four quarters."""
    round_ = RoundFactory(state="open", edition=released_edition(framework))
    evaluation = evaluation_of(round=round_)
    for first in (1, 4, 7):
        file = file_of(first, first + 2)
        figures = {"A03": 100, "A04": 85}
        confirmed_figures(evaluation.hotline, figures, period_start=file.start, period_end=file.end)
    return evaluation


@pytest.mark.django_db
def test_three_quarters_count_where_the_guide_takes_nine_months(django_assert_num_queries):
    evaluation = examined(TAKING)
    evidence = gather_evidence(evaluation)
    nine = months(*range(1, 10))
    assert evidence.partial == {
        "A03": Partial(nine, 12, Fraction(300)),
        "A04": Partial(nine, 12, Fraction(255)),
    }
    card = score(TAKING, evidence)
    assert [(code, i.level, i.value) for code, i in card.indicators.items()] == [
        ("1.1.1", 2, 85),
        ("1.1.2", None, None),
        ("1.1.3", None, None),
    ]
    with django_assert_num_queries(3):
        together = gather_evidence_for_many([evaluation])
    assert together[evaluation.pk].partial == evidence.partial
    assert score(TAKING, together[evaluation.pk]) == card


@pytest.mark.django_db
@pytest.mark.parametrize(("framework", "level"), [(TAKING, 2), (STRICT, None)])
def test_a_quarter_that_misses_a_part_leaves_nine_months_and_no_year(framework, level):
    evaluation = examined(framework)
    last = {"period_start": date(2025, 10, 1), "period_end": date(2025, 12, 31)}
    confirmed_figures(evaluation.hotline, {"A03": 1, "A04": 1}, completeness="partial_period", **last)
    card = score(framework, gather_evidence(evaluation))
    assert (card.indicators["1.1.1"].level, card.indicators["1.1.2"].level) == (level, None)


@pytest.mark.django_db
def test_an_edition_that_asks_for_the_whole_time_is_given_no_part_of_it():
    evidence = gather_evidence(examined(STRICT))
    assert (evidence.partial, set(evidence.figures.values())) == ({}, {None})
    assert "partial" not in write_evidence(evidence)
    assert measure(STRICT.indicators["1.1.1"], evidence.figures).missing_reason is MissingReason.ITEM_MISSING
