"""The consistency of figures: one test per check of the dictionary."""

import pytest

from evaluation.figures.dictionary.items import items
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.figures.validation.consistency import AT_MOST, SUMS, cells_of
from tests.evaluation.figures.sheet import Sheet, codes_and_rows, compare


def found(sheet: Sheet) -> list[tuple[str, int | None, str | None]]:
    return [(problem.code, problem.row, problem.item) for problem in sheet.problems()]


PARTS = {
    "A01": "A02",
    "A04": "A03",
    "A07": "A04",
    "A10": "A09",
    "A18": "A17",
    "A31": "A21",
    "A32": "A24",
    "A33": "A34",
    "A37": "A36",
    "A41": "A23",
    "A57": "A56",
}


def test_no_part_is_left_unchecked():
    assert {pair for pair in AT_MOST if not items()[pair[0]].dimensions} == set(PARTS.items())


@pytest.mark.parametrize(("item", "other"), PARTS.items())
def test_a_part_is_never_larger_than_the_whole(item, other):
    sheet = Sheet()
    sheet.write(item, value=str(1 + sum(row.amount.value or 0 for row in sheet.read().rows if row.item == other)))
    assert ("larger_than", sheet.row(item), item) in found(sheet)


@pytest.mark.parametrize(
    ("item", "other", "code"),
    [("A16", "A15", "chat"), ("A26", "A21", "migration")],
)
def test_a_part_is_never_larger_than_the_whole_for_any_code(item, other, code):
    sheet = Sheet()
    sheet.write(item, code, value=str(sheet.value(other, code) + 1))
    assert found(sheet) == [("larger_than_for_code", sheet.row(item, code), item)]


def test_every_new_case_has_at_least_one_child():
    sheet = Sheet()
    less = int(sheet.value("A25", "runaway") - sheet.value("A21", "runaway")) + 1
    sheet.add("A25", "runaway", by=-less)
    sheet.add("A27", "girl", "10-12", by=-less)
    assert found(sheet) == [("larger_than_for_code", sheet.row("A21", "runaway"), "A21")]


def test_contacts_are_the_sum_of_the_contacts_by_channel():
    sheet = Sheet().add("A09", by=1)
    assert found(sheet) == [("sum_differs", sheet.row("A09"), "A09")]


def test_children_by_sex_and_age_add_up_to_the_children_in_new_cases():
    sheet = Sheet().add("A27", "boy", "13-15", by=1)
    assert found(sheet) == [("sum_differs", sheet.row("A25", "runaway"), "A25")]


def test_outcomes_add_up_to_the_closed_cases_of_their_category():
    sheet = Sheet().add("A40", "migration", "withdrawn", by=1)
    assert found(sheet) == [("sum_differs_for_code", sheet.row("A23", "migration"), "A23")]


def test_the_checks_cover_the_sums_of_the_dictionary():
    assert SUMS == (("A09", "A11"), ("A25", "A27"), ("A23", "A40"))


def test_cases_balance_in_each_category():
    sheet = Sheet().add("A24", "parental_abduction", by=1)
    params = {"list": "category", "code": "parental_abduction"}
    assert sheet.problems() == [
        Problem("balance_differs", sheet.row("A24", "parental_abduction"), "value", "A24", params)
    ]


def test_reopened_cases_that_do_not_apply_add_nothing_to_the_balance():
    sheet = Sheet()
    assert sheet.value("A22", "runaway") > 0
    sheet.write("A22", "runaway", value="NA", quality="")
    assert found(sheet) == [("balance_differs", sheet.row("A24", "runaway"), "A24")]


def test_the_balance_is_left_alone_and_said_so_when_reopened_cases_are_not_recorded():
    warning = Problem("reopened_not_recorded", item="A22")
    assert Sheet().drop_item("A22").warnings() == [warning]
    assert Sheet().forget("A22", "runaway").add("A24", "runaway", by=1).warnings() == [warning]


def test_calls_that_do_not_add_up_ask_for_a_word():
    sheet = Sheet()
    share = int(sheet.value("A03") // 100)
    assert sheet.add("A06", by=-share).warnings() == []
    sheet.add("A06", by=-2)
    received = str(sheet.value("A03"))
    parts = str(sum(sheet.value(item) for item in ("A04", "A05", "A06")))
    assert sheet.warnings() == [
        Problem("calls_do_not_add_up", sheet.row("A03"), "value", "A03", {"now": received, "then": parts})
    ]


def test_hours_of_opening_are_not_the_hours_of_the_period():
    sheet = Sheet().write("A02", value="4000").write("A01", value="4000")
    assert codes_and_rows(sheet.warnings()) == [("hours_differ", sheet.row("A02"))]


def test_an_hour_of_summer_time_is_no_matter():
    assert Sheet().write("A02", value="8761").warnings() == []


def test_required_items_that_are_missing_are_named():
    sheet = Sheet().forget("A10").drop_item("A36").drop_item("A37")
    (warning,) = sheet.warnings()
    assert warning == Problem("items_missing", params={"items": "A10, A36, A37"})
    assert describe_problem(warning) == (
        "These items are asked of every hotline and are not recorded: A10, A36, A37. "
        "What is missing does not count as zero; it does not count at all."
    )


def test_an_item_that_does_not_apply_is_not_missing():
    assert Sheet().write("A51", value="NA", quality="").warnings() == []


def test_a_code_without_a_row_is_named():
    sheet = Sheet().drop("A12", "media").drop("A12", "school")
    assert sheet.warnings() == [Problem("codes_missing", item="A12", params={"codes": "school, media"})]


# --- If a part is blank ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "codes", "listed"),
    [
        ("A11", ("letter",), "letter"),
        ("A21", ("migration",), "migration"),
        ("A27", ("girl", "10-12"), "girl/10-12"),
        ("A40", ("migration", "withdrawn"), "migration/withdrawn"),
    ],
)
def test_a_required_item_without_a_total_asks_for_a_word_though_only_one_part_is_blank(item, codes, listed):
    sheet = Sheet().forget(item, *codes)
    assert Problem("parts_not_recorded", item=item, params={"codes": listed}) in sheet.warnings()
    assert sheet.read().problems == ()


def test_an_item_that_is_not_required_may_have_a_blank_part():
    assert Sheet().forget("A30", "school").warnings() == []


def test_of_many_blank_parts_the_first_are_named():
    sheet = Sheet()
    for code in ("0-3", "4-6", "7-9", "10-12", "13-15"):
        sheet.forget("A27", "girl", code).forget("A27", "boy", code)
    (warning,) = sheet.warnings()
    assert str(warning.params["codes"]).count("/") == 9
    assert describe_problem(warning).endswith(
        ", …, so it has no total. Fill the gaps, or say why they stay: what is missing does not count as zero."
    )


def test_parts_of_which_one_is_blank_are_not_held_to_be_all_of_the_whole():
    for item, codes in (("A11", ("letter",)), ("A27", ("girl", "10-12")), ("A40", ("runaway", "found_safe"))):
        assert Sheet().forget(item, *codes).problems() == []


def test_contacts_by_channel_are_not_more_than_all_contacts_though_one_channel_is_blank():
    sheet = Sheet().forget("A11", "letter")
    lost = sheet.value("A09") - sum(
        row.amount.value for row in sheet.read().rows if row.item == "A11" and row.amount.value is not None
    )
    assert found(sheet.add("A11", "chat", by=int(lost))) == []
    assert found(sheet.add("A11", "chat", by=1)) == [("larger_than", first_row(sheet, "A11"), "A11")]


def test_children_by_sex_and_age_are_not_more_than_all_children_though_one_cell_is_blank():
    sheet = Sheet()
    lost = int(sheet.value("A27", "girl", "10-12"))
    sheet.forget("A27", "girl", "10-12").add("A27", "boy", "13-15", by=lost)
    assert found(sheet) == []
    assert found(sheet.add("A27", "boy", "13-15", by=1)) == [("larger_than", first_row(sheet, "A27"), "A27")]


def test_outcomes_are_not_more_than_the_closed_cases_of_their_category_though_one_is_blank():
    sheet = Sheet()
    lost = int(sheet.value("A40", "migration", "withdrawn"))
    sheet.forget("A40", "migration", "withdrawn").add("A40", "migration", "found_safe", by=lost)
    assert found(sheet) == []
    sheet.add("A40", "migration", "found_safe", by=1)
    params = {"other": "A23", "list": "category", "code": "migration"}
    (problem,) = sheet.problems()
    assert (problem.code, problem.item, problem.params) == ("larger_than_for_code", "A40", params)
    assert describe_problem(problem).endswith(
        "A40 (Closed cases by outcome) is larger than A23 (Cases closed) for “Child in migration”. Correct one of them."
    )


def first_row(sheet: Sheet, item: str) -> int:
    """Return the number of the first row of an item, counted as in a spreadsheet."""
    lines = sheet.content.decode().split("\n")
    return next(number for number, line in enumerate(lines, start=1) if f",{item}," in line)


def test_fewer_cases_at_the_end_than_were_left_cannot_be_though_nobody_counted_the_reopened():
    sheet = Sheet().forget("A22", "runaway").forget("A32")
    left = sheet.value("A20", "runaway") + sheet.value("A21", "runaway") - sheet.value("A23", "runaway")
    assert found(sheet.write("A24", "runaway", value=str(left))) == []
    sheet.write("A24", "runaway", value=str(left - 1))
    assert found(sheet) == [("balance_differs", sheet.row("A24", "runaway"), "A24")]


def test_fewer_cases_at_the_end_than_were_left_cannot_be_though_the_item_is_not_in_the_file():
    sheet = Sheet().drop_item("A22")
    left = sheet.value("A20", "runaway") + sheet.value("A21", "runaway") - sheet.value("A23", "runaway")
    sheet.write("A24", "runaway", value=str(left - 1))
    assert ("balance_differs", sheet.row("A24", "runaway"), "A24") in found(sheet)


# --- Compared with the period before -----------------------------------------------------------------------------


def warnings_of(now: Sheet, before: Sheet) -> list[Problem]:
    return compare(cells_of(now.read().rows), cells_of(before.read().rows))


def test_a_year_that_follows_from_the_year_before_asks_for_no_word():
    assert warnings_of(Sheet(year=2026), Sheet(year=2025)) == []


def test_nothing_is_compared_with_nothing():
    assert compare(cells_of(Sheet().read().rows), {}) == []


def test_open_at_the_start_is_open_at_the_end_of_the_period_before():
    now = Sheet(year=2026)
    for item in ("A20", "A23"):
        now.add(item, "migration", by=1)
    now.add("A40", "migration", "found_safe", by=1)
    opened = str(now.value("A20", "migration"))
    left = str(now.value("A20", "migration") - 1)
    assert warnings_of(now, Sheet(year=2025)) == [
        Problem(
            "opening_differs_for_code",
            column="value",
            item="A20",
            params={"list": "category", "code": "migration", "now": opened, "then": left},
        )
    ]


def test_a_change_of_more_than_half_asks_for_a_word():
    before, now = Sheet(year=2025), Sheet(year=2026)
    before.write("A44", value="100")
    assert warnings_of(now.write("A44", value="150"), before) == []
    assert warnings_of(now.write("A44", value="151"), before) == [
        Problem("rose", item="A44", params={"percent": 51, "now": "151", "then": "100"})
    ]
    assert warnings_of(now.write("A44", value="50"), before) == []
    assert warnings_of(now.write("A44", value="46"), before) == [
        Problem("fell", item="A44", params={"percent": 54, "now": "46", "then": "100"})
    ]


def test_the_word_asked_for_names_item_and_change():
    assert describe_problem(Problem("fell", item="A44", params={"percent": 54, "now": "4600.5", "then": "10000"})) == (
        "A44 (Public appeals with hotline part) fell by 54\u00a0% against the period before, from 10,000 to 4,600.5. Say why."
    )


def test_something_out_of_nothing_asks_for_a_word():
    before, now = Sheet(year=2025).write("A44", value="0"), Sheet(year=2026)
    present_value = str(now.value("A44"))
    assert warnings_of(now, before) == [
        Problem("rose_from_zero", item="A44", params={"now": present_value, "then": "0"})
    ]


def test_what_was_not_recorded_is_not_compared():
    before, now = Sheet(year=2025).forget("A44"), Sheet(year=2026)
    assert warnings_of(now, before) == []
