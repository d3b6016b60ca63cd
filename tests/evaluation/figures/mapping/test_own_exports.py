"""The exports of an invented hotline are consistent.

Totals with records, months with years, periods with the one before.
"""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from evaluation.figures.dictionary.items import OverPeriods, items
from evaluation.figures.dictionary.sums import add_periods
from evaluation.figures.intake.published_format import read_bytes
from evaluation.figures.records import DERIVED
from evaluation.figures.validation.consistency import cells_of, totals_of
from portal.demonstration.exports import Exports, period
from tests.evaluation.figures.record_files import counted
from tests.evaluation.figures.sheet import MEGABYTE, compare

PERIODS = [{"quarter": 4}, {"month": 2}, {"month": 12}]


def invented(seed: int, quality: float = 0.9) -> Exports:
    return Exports("116000-XA", seed, quality, contacts_a_year=150, cases_a_year=60)


def read_totals(exports: Exports, year: int, **part: int):
    return read_bytes(exports.aggregate(*period(year, **part)), "totals.csv", max_bytes=MEGABYTE)


@settings(max_examples=6, deadline=None)
@given(some.integers(0, 10**6), some.integers(2010, 2040), some.sampled_from(PERIODS), some.floats(0, 1))
def test_totals_say_what_the_records_of_the_same_time_say(seed, year, part, quality):
    exports = invented(seed, quality)
    totals = read_totals(exports, year, **part)
    assert totals.problems == ()
    for level, derived in DERIVED.items():
        records = read_bytes(exports.records(level, *period(year, **part)), "records.csv", max_bytes=9 * MEGABYTE)
        assert records.problems == ()
        from_totals = counted(totals.rows)
        assert counted(records.rows) == {item: from_totals[item] for item in derived}


def test_months_and_quarters_add_up_to_the_year():
    exports = invented(7)
    year = totals_of(cells_of(read_totals(exports, 2025).rows))
    for parts in ([{"month": month} for month in range(1, 13)], [{"quarter": quarter} for quarter in range(1, 5)]):
        found = [totals_of(cells_of(read_totals(exports, 2025, **part).rows)) for part in parts]
        for code, item in items().items():
            if item.over_periods not in (OverPeriods.SINGLE, OverPeriods.WEIGHTED):
                assert add_periods(item, [totals[code] for totals in found]) == year[code], code


def test_a_period_opens_with_the_cases_that_the_one_before_left_open():
    exports = invented(7)
    cells = [cells_of(read_totals(exports, 2025, month=month).rows) for month in (5, 6)]
    assert [problem for problem in compare(cells[1], cells[0]) if problem.code.startswith("opening")] == []


def test_good_totals_are_complete_and_without_a_word_to_say():
    assert read_totals(invented(7), 2025).warnings == ()


def test_a_hotline_that_works_badly_has_not_recorded_everything_in_its_records():
    def unrecorded(quality: float) -> set[str]:
        rows = read_totals(invented(2, quality), 2025).rows
        return {row.item for row in rows if row.amount.value is None and not row.amount.not_applicable}

    assert unrecorded(0.3) - unrecorded(0.9) != set()


def test_a_hotline_that_works_better_answers_more():
    def share(quality: float) -> Decimal:
        totals = totals_of(cells_of(read_totals(invented(1, quality), 2025).rows))
        return totals["A04"] / totals["A03"]

    assert share(0) < share(0.5) < share(1)


@pytest.mark.parametrize("level", ["contact", "case"])
def test_the_same_seed_gives_the_same_records_and_a_file_is_written_alike(level, tmp_path):
    first, last = period(2025, month=3)
    content = invented(1).records(level, first, last)
    invented(1).write_records(tmp_path / "records.csv", level, first, last)
    assert (tmp_path / "records.csv").read_bytes() == content == invented(1).records(level, first, last)
    assert content != invented(2).records(level, first, last)
