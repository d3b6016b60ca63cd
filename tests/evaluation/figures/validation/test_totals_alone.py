"""A total without its parts: it is read and counts, and what is counted by part is not recorded."""

import pytest

from evaluation.figures.dictionary.items import code_lists, items
from evaluation.figures.problems.file_problems import describe_problem
from evaluation.figures.publishing.counts import compute_counts, kind_in_group
from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.layout import plan_tables
from evaluation.figures.validation.consistency import cells_of, totals_of
from tests.evaluation.figures.sheet import Sheet, codes_and_rows

DIVIDED = [code for code, item in items().items() if item.dimensions]


def total_row(item: str, value: str) -> str:
    return f"116000-XA,2025-01-01,2025-12-31,{item},,,,,{value},measured\n"


def with_total(item: str, value: str, *, alone: bool = True) -> Sheet:
    """Return a file with the total of an item, alone or beside its parts."""
    sheet = Sheet()
    if alone:
        sheet.drop_item(item)
    sheet.content = sheet.content.rstrip(b"\n") + b"\n" + total_row(item, value).encode()
    return sheet


def total(item: str) -> str:
    """Return the total of an item in the file as it is."""
    found = totals_of(cells_of(Sheet().read().rows))[item]
    return "12" if found is None else f"{found.normalize():f}"


@pytest.mark.parametrize("item", DIVIDED)
def test_the_total_of_any_item_is_read_without_its_parts(item: str):
    sheet = with_total(item, total(item))
    assert sheet.problems() == []
    assert not any(warning.item == item for warning in sheet.warnings())
    assert f"{totals_of(cells_of(sheet.read().rows))[item]}" == total(item)


def test_a_total_beside_parts_is_their_sum_or_the_row_has_lost_its_code():
    assert with_total("A21", total("A21"), alone=False).problems() == []
    wrong = with_total("A21", "99999", alone=False)
    row = wrong.row("A21")
    assert ("total_beside_parts", row) in codes_and_rows(wrong.problems())
    lost = Sheet().write("A11", "chat", dim1="", dim1_value="")
    assert ("total_beside_parts", lost.row("A11")) in codes_and_rows(lost.problems())
    assert "Write the code of the row if it is a part" in describe_problem(lost.problems()[-1])


def test_half_a_code_is_no_total():
    half = Sheet().write("A40", "runaway", "found_safe", dim2="", dim2_value="")
    assert [problem.code for problem in half.problems()] == ["dimension_wrong"]


def test_totals_are_held_against_each_other():
    more = str(int(total("A21")) + 1)
    assert codes_and_rows(with_total("A26", more).problems())[0][0] == "larger_than"
    assert [p.code for p in with_total("A27", str(int(total("A25")) + 1)).problems()] == ["sum_differs"]
    assert [p.code for p in with_total("A24", str(int(total("A24")) + 1)).problems()] == ["totals_out_of_balance"]
    assert with_total("A24", total("A24")).problems() == []


def cells_of_year(**changes: dict[tuple[str, str], int | None]) -> dict[str, dict[tuple[str, str], int | None]]:
    one = {(code, ""): 10 for code in code_lists()["category"]}
    return {"A21": one, "A25": one, "A26": one, **changes}


def test_a_hotline_with_totals_alone_is_in_no_table_of_the_parts():
    whole, alone = cells_of_year(), cells_of_year(A21={("", ""): 90})
    assert compute_counts(whole)[kind_in_group("A21", "runaway")] == 20
    counted = compute_counts(alone)
    assert (counted["A21"], [kind for kind in counted if kind.startswith("A21/")]) == (90, [])
    plans = plan_tables([HotlineYear("XA", whole), HotlineYear("XB", alone)])
    assert [one.key for one in plans["categories"].hotlines] == ["XA"]


def test_channels_are_not_made_up_from_a_total_of_them():
    counted = compute_counts({"A09": {("", ""): 90}, "A11": {("", ""): 90}})
    assert counted == {"A09": 90}
