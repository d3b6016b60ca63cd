"""Invented exports: consistent for every hotline, year, seed and quality; one damaged cell is always detected."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from evaluation.figures.intake.published_format import read_bytes
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.problems.screening import looks_personal
from evaluation.figures.validation.consistency import cells_of, totals_of
from portal.demonstration.exports import generate
from tests.evaluation.figures.damaged_files import CELLS, find_rows, spoil
from tests.evaluation.figures.sheet import MEGABYTE, compare

hotlines = some.sampled_from(["116000-XA", "116000-XM", "116000-QZ"])
years = some.integers(2010, 2040)
seeds = some.integers(0, 10**6)
qualities = some.floats(0, 1)
quarters = some.sampled_from([None, 1, 2, 3, 4])


def read_generated(*args, **kwargs):
    return read_bytes(generate(*args, **kwargs), "figures.csv", max_bytes=MEGABYTE)


@given(hotlines, years, seeds, qualities, quarters)
def test_a_generated_file_always_passes(hotline, year, seed, quality, quarter):
    assert read_generated(hotline, year, seed, quality, quarter).problems == ()


SMALL = 50
"""A count below this may jump by half from one year to the next by chance."""


@given(hotlines, years, seeds, some.floats(0.6, 1))
@example("116000-XM", 2010, 362881, 0.75)
def test_a_generated_year_follows_from_the_year_before_without_a_word(hotline, year, seed, quality):
    before, now = (read_generated(hotline, y, seed, quality) for y in (year, year + 1))
    assert now.warnings == ()
    jumps = compare(cells_of(now.rows), cells_of(before.rows))
    assert [jump for jump in jumps if Decimal(jump.params.get("then", SMALL)) >= SMALL] == []


@given(some.sampled_from(sorted(CELLS)), seeds, some.data())
def test_a_damaged_cell_is_refused_in_its_row(kind, seed, data):
    content = generate("116000-XA", 2025, seed)
    row = data.draw(some.sampled_from(find_rows(content)))
    reading = read_bytes(spoil(content, kind, row), "figures.csv", max_bytes=MEGABYTE)
    assert {problem.row for problem in reading.problems} == {row}
    assert reading.rows == ()


@given(some.integers(0, 40_000), some.integers(0, 200), some.binary(max_size=40))
def test_whatever_bytes_are_put_in_the_reader_stands(start, length, spliced):
    content = generate("116000-XA", 2025, seed=1)
    reading = read_bytes(content[:start] + spliced + content[start + length :], "figures.csv", max_bytes=MEGABYTE)
    assert bool(reading.rows) or bool(reading.problems)
    assert all(describe_problem(problem) for problem in reading.problems)


@given(
    some.text(some.characters(blacklist_categories=["Cs"], blacklist_characters='\0\r\n",;'), min_size=3, max_size=60),
    some.sampled_from(["value", "dim1_value", "item_code", "quality", "hotline_code", "period_start"]),
    some.data(),
)
def test_no_sentence_repeats_a_cell(text, column, data):
    content = generate("116000-XA", 2025, seed=1)
    row = data.draw(some.sampled_from(find_rows(content)[::40]))
    marked = f"Zq{text}qZ"
    lines = content.decode().split("\n")
    cells = lines[row - 1].split(",")
    cells[lines[9].split(",").index(column)] = marked
    lines[row - 1] = ",".join(cells)
    reading = read_bytes("\n".join(lines).encode(), "figures.csv", max_bytes=MEGABYTE)
    assert {problem.row for problem in reading.problems} == {row}
    assert not [p for p in reading.problems if marked in describe_problem(p) or marked in repr(p.as_data())]


def test_the_same_seed_gives_the_same_file_and_another_seed_another():
    assert generate("116000-XA", 2025, 1) == generate("116000-XA", 2025, 1)
    assert generate("116000-XA", 2025, 1) != generate("116000-XA", 2025, 2)


def test_a_hotline_that_works_better_has_better_figures():
    def answer_rate(quality: float) -> Fraction:
        totals = totals_of(cells_of(read_generated("116000-XA", 2025, 1, quality).rows))
        return Fraction(totals["A04"]) / Fraction(totals["A03"])

    poor, fair, good = (answer_rate(quality) for quality in (0, 0.5, 1))
    assert poor < Fraction(65, 100) < fair < Fraction(85, 100) < good


def test_a_hotline_that_works_badly_has_not_recorded_everything():
    assert [p.code for p in read_generated("116000-XA", 2025, 1, 0.3).problems] == []
    unrecorded = {
        row.item
        for row in read_generated("116000-XA", 2025, 1, 0.3).rows
        if row.amount.value is None and not row.amount.not_applicable
    }
    assert unrecorded != set()


@pytest.mark.parametrize(
    "text",
    [
        "anna@mail.test",
        "anna (at) mail",
        "0470 12 34 56",
        "+32470123456",
        "0032/470.123.456",
        "(02) 475 44 11",
        "4701234",
        "2014-05-17",
        "17.5.2014",
        "5/17/14",
        "1.2.14",
        "born 17-05-2014",
    ],
)
def test_what_points_to_a_person_is_recognised(text):
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text", ["runaway", "10-12", "16-17", "1-3d", "<24h", ">1y", "6+", "00-06", "EU_EEA_CH", "2025"]
)
def test_a_code_is_no_person(text):
    assert not looks_personal(text)
