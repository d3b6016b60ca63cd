"""Series of a hotline's files: gaps stay gaps, a change of definitions is marked, not recorded is never zero."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, items
from evaluation.figures.dictionary.sums import Amount
from evaluation.figures.series.totals import CountedFile
from evaluation.figures.series.trends import (
    Grain,
    Recorded,
    follow,
    grains_of,
    group_categories,
    period_at,
    periods_of,
    read_period,
)


def file(code: str, definitions: str = "1.0", **totals: int | Amount | None) -> CountedFile:
    """Return a file of a period with some totals; None is not recorded."""
    period = read_period(code)
    assert period is not None
    cells = {
        item: {("", ""): value if isinstance(value, Amount) else Amount(None if value is None else Decimal(value))}
        for item, value in totals.items()
    }
    return CountedFile(
        statistics_id=1,
        uid=uuid4(),
        level="aggregate",
        start=period.start,
        end=period.end,
        is_accepted=False,
        definitions=definitions,
        completeness="complete",
        cells=cells,
    )


@pytest.mark.parametrize("code", ["2025", "2025-Q1", "2025-Q4", "2025-02", "2024-12"])
def test_a_period_is_read_from_what_it_writes(code: str):
    period = read_period(code)
    assert period is not None
    assert period.code == code


@pytest.mark.parametrize(
    "code", ["", "25", "2025-", "2025-Q5", "2025-13", "2025-00", "2025-1", "٢٠٢٥", "20255", "abcd"]
)
def test_what_is_no_period_is_none(code: str):
    assert read_period(code) is None


def test_the_last_day_of_a_month_is_its_last():
    assert period_at(date(2024, 2, 10), Grain.MONTH).end == date(2024, 2, 29)


def test_a_year_without_a_file_is_a_gap_in_the_series():
    files = [file("2022", A03=100), file("2024", A03=120)]
    moments = follow(files, periods_of(files, Grain.YEAR))
    assert [(m.period.code, m.totals["A03"]) for m in moments] == [("2022", 100), ("2023", None), ("2024", 120)]
    assert [m.recorded(items()["A03"]) for m in moments] == [Recorded.YES, Recorded.NO_FILE, Recorded.YES]


def test_a_year_of_quarters_is_their_sum_and_three_of_them_are_no_year():
    files = [file(f"2025-Q{quarter}", A03=quarter) for quarter in (1, 2, 3, 4)]
    assert follow(files, periods_of(files, Grain.YEAR))[0].totals["A03"] == 10
    moment = follow(files[:3], periods_of(files[:3], Grain.YEAR))[0]
    assert moment.totals["A03"] is None
    assert moment.recorded(items()["A03"]) is Recorded.PARTLY


def test_only_lengths_that_the_files_give_are_offered():
    assert grains_of([file("2025")]) == (Grain.YEAR,)
    assert grains_of([file("2025"), file("2026-Q1")]) == (Grain.YEAR, Grain.QUARTER)
    assert grains_of([file("2025-01")]) == (Grain.YEAR, Grain.QUARTER, Grain.MONTH)
    assert grains_of([]) == (Grain.YEAR,)


def test_other_definitions_than_before_begin_anew_even_after_a_gap():
    files = [file("2021", A03=1), file("2023", "2.0", A03=1), file("2024", "2.0", A03=1)]
    assert [m.has_new_definitions for m in follow(files, periods_of(files, Grain.YEAR))] == [False, False, True, False]


def test_not_recorded_not_applicable_and_zero_are_three_things():
    moment = follow(
        [file("2025", A05=None, A15=Amount(None, not_applicable=True), A45=0)],
        [period_at(date(2025, 1, 1), Grain.YEAR)],
    )[0]
    recorded = {code: moment.recorded(items()[code]) for code in ("A05", "A15", "A45", "A46")}
    assert recorded == {
        "A05": Recorded.NO,
        "A15": Recorded.NOT_APPLICABLE,
        "A45": Recorded.YES,
        "A46": Recorded.NO,
    }
    assert moment.totals["A45"] == 0
    assert "A03" in {item.code for item in moment.required_missing}


def test_an_item_of_means_is_recorded_though_it_has_no_total():
    files = [file("2025", A03=1)]
    files[0].cells["A14"] = {("chat", ""): Amount(Decimal(5)), ("sms", ""): Amount(Decimal(2))}
    moment = follow(files, periods_of(files, Grain.YEAR))[0]
    assert moment.totals["A14"] is None
    assert moment.recorded(items()["A14"]) is Recorded.YES


def test_an_estimate_is_seen_in_the_item_that_has_it():
    moment = follow([file("2025", A03=Amount(Decimal(9), is_estimated=True), A04=3)], [read_period("2025")])[0]
    assert moment.is_estimated("A03")
    assert not moment.is_estimated("A04")


def test_the_published_groups_hold_each_of_the_nine_categories_once():
    from evaluation.figures.dictionary.items import code_lists

    assert sorted(code for codes in PUBLISHED_CATEGORIES.values() for code in codes) == sorted(code_lists()["category"])
    assert list(PUBLISHED_CATEGORIES) == list(code_lists()["category_published"])


def test_a_category_without_a_cell_is_left_out_of_its_group():
    grouped = group_categories({("runaway", ""): Fraction(3)})
    assert grouped["runaway"] == {"runaway": 3}
    assert grouped["migration"] == {}
