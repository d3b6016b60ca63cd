"""Comparing a file with neighbouring ones: open cases are carried over, and jumps are between equal lengths."""

from datetime import date

import pytest

from evaluation.figures.dictionary.items import code_lists
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import StatisticsImport
from tests.evaluation.figures.sheet import Sheet
from tests.factories import FigureFactory, confirmed_figures

CATEGORIES = code_lists()["category"]
ENDS = {1: "03-31", 2: "06-30", 3: "09-30", 4: "12-31"}


def stock(hotline, item: str, start: str, end: str, changed: dict[str, int], **details) -> StatisticsImport:
    """Return a counting file of another length, with the open cases of each category as in the sheet of 2025."""
    other = "A20" if item == "A24" else "A24"
    kept = confirmed_figures(
        hotline, {}, period_start=date.fromisoformat(start), period_end=date.fromisoformat(end), **details
    )
    sheet = Sheet()
    for code in CATEGORIES:
        value = sheet.value(other, code) + changed.get(code, 0)
        FigureFactory(statistics=kept, item=item, dim1="category", dim1_value=code, value=value, quality="measured")
    return kept


def warnings_of(hotline) -> list[tuple[str, str | None]]:
    found = import_statistics(hotline, Sheet().content, "2025.csv", None).warnings
    return [(warning["code"], warning.get("params", {}).get("code")) for warning in found]


BEFORE = [("2024-12-01", "2024-12-31"), ("2024-10-01", "2024-12-31"), ("2024-01-01", "2024-12-31")]
AFTER = [("2026-01-01", "2026-01-31"), ("2026-01-01", "2026-03-31"), ("2026-01-01", "2026-12-31")]


@pytest.mark.parametrize(("start", "end"), BEFORE)
def test_cases_open_at_the_start_are_those_of_whatever_ends_the_day_before(hotline, start, end):
    stock(hotline, "A24", start, end, {"migration": 6})
    assert warnings_of(hotline) == [("opening_differs_for_code", "migration")]


@pytest.mark.parametrize(("start", "end"), AFTER)
def test_a_file_that_comes_late_ends_with_the_cases_that_the_next_one_starts_with(hotline, start, end):
    stock(hotline, "A20", start, end, {"runaway": -7})
    assert warnings_of(hotline) == [("ending_differs_for_code", "runaway")]


@pytest.mark.parametrize(("item", "start", "end"), [("A24", *BEFORE[1]), ("A20", *AFTER[1])])
def test_cases_that_are_carried_over_ask_for_no_word(hotline, item, start, end):
    stock(hotline, item, start, end, {})
    assert warnings_of(hotline) == []


def test_a_file_of_another_level_does_not_carry_cases_over(hotline):
    stock(hotline, "A24", *BEFORE[2], {"migration": 6}, level="case")
    assert warnings_of(hotline) == []


def test_a_file_that_ends_a_day_too_early_or_starts_a_month_later_is_not_next_to_it(hotline):
    stock(hotline, "A24", "2024-11-01", "2024-11-30", {"migration": 6})
    stock(hotline, "A20", "2026-02-01", "2026-02-28", {"migration": 6})
    assert warnings_of(hotline) == []


def test_what_will_be_put_aside_is_not_compared_with(hotline):
    stock(hotline, "A24", "2025-01-01", "2025-12-31", {"migration": 6})
    assert warnings_of(hotline) == []


def test_the_sentence_about_the_next_period_says_which_cases():
    params = {"list": "category", "code": "runaway", "now": "41", "then": "40"}
    assert describe_problem(Problem("ending_differs_for_code", column="value", item="A24", params=params)) == (
        "For “Runaway”, A24, open at the end, is 41, and A20 says 40 at the start of the period after. Say why."
    )


# --- Jumps -----------------------------------------------------------------------------------------------------------


def quarters(hotline, *appeals: int | None, level: str = "aggregate") -> None:
    for number, value in enumerate(appeals, 1):
        start, end = date(2024, 3 * number - 2, 1), date.fromisoformat(f"2024-{ENDS[number]}")
        confirmed_figures(hotline, {"A44": value, "A45": 1}, period_start=start, period_end=end, level=level)


def jumped(hotline) -> list[tuple[str, str, int]]:
    content = Sheet().write("A44", value="100").write("A45", value="4").content
    found = import_statistics(hotline, content, "2025.csv", None).warnings
    return [(warning["code"], warning["item"], warning["params"]["percent"]) for warning in found]


def test_a_year_is_compared_with_the_sum_of_the_quarters_before(hotline):
    quarters(hotline, 10, 10, 10, 20)
    assert jumped(hotline) == [("rose", "A44", 100)]


def test_a_year_that_is_like_its_four_quarters_before_has_not_jumped(hotline):
    quarters(hotline, 25, 25, 25, 25)
    assert jumped(hotline) == []


def test_a_year_is_not_compared_with_quarters_that_do_not_fill_the_year_before(hotline):
    quarters(hotline, 10, 10, 10)
    assert jumped(hotline) == []


def test_an_item_that_one_quarter_misses_has_not_jumped(hotline):
    quarters(hotline, 10, 10, None, 10)
    assert jumped(hotline) == []


def test_a_jump_is_not_one_from_another_level(hotline):
    quarters(hotline, 10, 10, 10, 20, level="case")
    assert jumped(hotline) == []
