"""Suppressed numbers cannot be computed, neither by reading nor by solving the published tables."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaluation.figures.publishing import cheapest
from evaluation.figures.publishing.disclosure import Group, Number, NumberStatus, Sum
from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.network_tables import tabulate
from evaluation.figures.publishing.suppression import Mark, suppress
from evaluation.figures.publishing.year_data import as_data
from tests.evaluation.figures.attacker import attack
from tests.evaluation.figures.networks import hotline, network, public_totals, truth

SEEDS = st.integers(0, 10**6)


def some(count: int) -> list[HotlineYear]:
    """Return hotlines with large numbers, all recorded, and no published report."""
    made = [hotline(Random(number), f"116000-X{number}", 20) for number in range(count)]
    calls = {"A03": 1000, "A04": 900, "A05": 20, "A06": 80}
    cells = {item: {("", ""): number} for item, number in calls.items()}
    return [replace(one, cells={**one.cells, **cells}, published={}) for one in made]


def published(hotlines: list[HotlineYear]) -> dict[str, Any]:
    return as_data(tabulate(2025, hotlines, 32), invented=True)


def name_of(table: dict[str, Any], cell: dict[str, Any]) -> str:
    return f"{table['code']}/{cell['row']}/{cell['column']}"


def marks_of(data: dict[str, Any]) -> dict[str, str]:
    return {name_of(t, c): c["mark"] for t in data["tables"] for c in t["cells"] if c["mark"]}


def with_marks(data: dict[str, Any], true: dict[str, int], keep: str) -> dict[str, Any]:
    """Return the data with only one kind of mark: all other numbers are published."""
    tables = [
        {
            **table,
            "cells": [
                cell if cell["mark"] in (None, keep) else {**cell, "mark": None, "value": true[name_of(table, cell)]}
                for cell in table["cells"]
            ],
        }
        for table in data["tables"]
    ]
    return {**data, "tables": tables}


SOME = max(2, settings.default.max_examples // 4)
"""Suppressing the numbers of many small hotlines takes long."""


@settings(max_examples=SOME, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(SEEDS)
def test_nobody_computes_a_number_that_is_hidden(seed: int):
    hotlines = network(seed)
    data = published(hotlines)
    marks, true = marks_of(data), truth(hotlines)
    found = attack(data, public_totals(hotlines))
    assert {name: true[name] for name in found if name in true} == {n: v for n, v in found.items() if n in true}
    assert [name for name in found if name in marks] == []
    assert [name for name, value in found.items() if 0 < value < 5] == []


@settings(max_examples=SOME, deadline=None)
@given(SEEDS)
def test_every_number_from_1_to_4_is_marked_and_no_other_number_is_changed(seed: int):
    hotlines = network(seed)
    data, true = published(hotlines), truth(hotlines)
    for table in data["tables"]:
        for cell in table["cells"]:
            value = true[name_of(table, cell)]
            if 0 < value < 5:
                assert (cell["mark"], cell["value"]) == (Mark.SMALL, None)
            elif cell["mark"] is None:
                assert cell["value"] == value
            else:
                assert (cell["mark"], cell["value"]) == (Mark.HIDDEN, None)


def test_the_attacker_finds_what_is_hidden_without_further_marks():
    caught = 0
    for seed in range(8):
        hotlines = network(seed)
        data = published(hotlines)
        only_small = with_marks(data, truth(hotlines), keep="small")
        if only_small != data:
            found = attack(only_small, public_totals(hotlines))
            caught += any(0 < value < 5 for value in found.values())
        if caught > 3:
            break
    assert caught > 3


def choose(
    values: dict[str, int],
    *sums: Sum,
    published: Iterable[str] = (),
    public: Iterable[str] = (),
    before: Mapping[str, NumberStatus] = MappingProxyType({}),
) -> tuple[dict[str, Mark], frozenset[str]]:
    """Return the marks of one table that publishes some kinds of a group, or all, and the withheld tables.

    A kind that is `public`, or was published before, is in no new table.
    """
    group = Group(values, frozenset(sums), frozenset(public), hotlines=3)
    hotlines = frozenset({0})
    found = suppress(
        [group],
        [
            *(Number(kind, hotlines, NumberStatus.OPEN, "t") for kind in published or values),
            *(Number(kind, hotlines, NumberStatus.IMPLIED) for kind in values.keys() - {*(published or values)}),
            *(Number(kind, hotlines, standing) for kind, standing in before.items()),
        ],
    )
    return {kind: mark for (_table, kind), mark in found.marks.items()}, found.withheld


def test_a_single_small_number_in_a_row_takes_another_with_it():
    marks, _ = choose({"total": 60, "a": 3, "b": 20, "c": 37}, Sum("total", ("a", "b", "c")))
    assert marks == {"a": Mark.SMALL, "b": Mark.HIDDEN}


def test_two_small_numbers_whose_sum_leaves_no_choice_are_not_enough():
    """Each is at least 1 and their sum is 2, so that the total or a third number must be suppressed, too."""
    marks, _ = choose({"total": 22, "a": 1, "b": 1, "c": 20}, Sum("total", ("a", "b", "c")))
    assert len(marks) == 3
    assert marks["a"] is marks["b"] is Mark.SMALL


def test_a_difference_that_no_table_shows_is_protected_too():
    marks, _ = choose({"new": 40, "abroad": 38, "home": 2}, Sum("new", ("abroad", "home")), published=["new", "abroad"])
    assert set(marks.values()) == {Mark.HIDDEN}


def test_what_is_public_already_cannot_be_hidden_so_the_total_is():
    groups = [Group({"calls": 100}, frozenset(), frozenset({"calls"})), Group({"calls": 3}, frozenset())]
    suppressed = suppress(groups, [Number("calls", frozenset({0, 1}), NumberStatus.OPEN, "t")])
    assert dict(suppressed.marks) == {("t", "calls"): Mark.HIDDEN}


def test_zero_and_five_are_told():
    assert choose({"total": 5, "a": 0, "b": 5}, Sum("total", ("a", "b"))) == ({}, frozenset())


def test_a_table_is_withheld_where_no_mark_helps():
    """With the public total, a zero behind a mark would still be a zero: it cannot be 5 or more."""
    public = {"published": ["small", "none"], "public": ["public"]}
    total = Sum("public", ("small", "none"))
    assert choose({"small": 3, "none": 0, "public": 3}, total, **public) == ({}, frozenset({"t"}))
    marks, withheld = choose({"small": 3, "none": 1, "public": 4}, total, **public)
    assert (marks, withheld) == ({"small": Mark.SMALL, "none": Mark.SMALL}, frozenset())


def test_every_table_is_withheld_if_it_is_not_known_what_helps(monkeypatch: pytest.MonkeyPatch):
    def end_at_the_limit(*_given: Any) -> None:
        raise cheapest.Undecided

    monkeypatch.setattr(cheapest, "find_cheapest", end_at_the_limit)
    _marks, withheld = choose(
        {"small": 4, "public": 4}, Sum("public", ("small",)), published=["small"], public=["public"]
    )
    assert withheld == {"t"}


def test_a_search_that_ends_at_its_limit_is_undecided():
    """To split four sums of 30 numbers in halves is hard: 50 nodes do not tell whether it can be done."""
    numbers = Random(5)
    rows = [{place: numbers.randrange(1, 100) for place in range(30)} for _row in range(4)]
    halves = [((sum(row.values()) // 2, sum(row.values()) // 2), row) for row in rows]
    with pytest.raises(cheapest.Undecided):
        cheapest.find_cheapest([((0, 1), 1.0)] * 30, halves)
    assert cheapest.find_cheapest([((0, 1), 1.0)] * 2, [((3, 3), {0: 2, 1: 4})]) is None


def test_no_table_is_withheld_for_what_is_known_without_it():
    public = {"published": ["small"], "public": ["public"]}
    assert choose({"small": 4, "public": 4}, Sum("public", ("small",)), **public) == (
        {"small": Mark.SMALL},
        frozenset(),
    )


def test_the_number_of_one_hotline_is_protected_and_what_it_has_with_another():
    """The tables differ by one hotline, or by two: the total of one of them is hidden, with one part."""
    total = Sum("total", ("a", "b"))
    groups = [
        Group({"total": 90, "a": 50, "b": 40}, frozenset({total}), hotlines=1, hotline="X"),
        Group({"total": 70, "a": 30, "b": 40}, frozenset({total}), hotlines=1, hotline="Y"),
        Group({"total": 300, "a": 100, "b": 200}, frozenset({total}), hotlines=3),
    ]
    for fewer in ({1, 2}, {2}):
        numbers = [
            *(Number(kind, frozenset({0, 1, 2}), NumberStatus.OPEN, "all") for kind in ("total", "a", "b")),
            *(Number(kind, frozenset(fewer), NumberStatus.OPEN, "fewer") for kind in ("total",)),
        ]
        found = suppress(groups, numbers)
        assert found.withheld == frozenset()
        assert dict(found.marks) == {("fewer", "total"): Mark.HIDDEN}


def test_what_was_told_before_stays_and_what_was_hidden_before_keeps_what_its_mark_says():
    total = Sum("total", ("a", "b"))
    values = {"total": 63, "a": 3, "b": 60}
    assert choose(values, total, published=["b"], before={"a": NumberStatus.SMALL, "total": NumberStatus.PUBLISHED})[
        0
    ] == {"b": Mark.HIDDEN}
    assert (
        choose(values, total, published=["b"], before={"a": NumberStatus.SMALL, "total": NumberStatus.HIDDEN})[0] == {}
    )


def test_what_came_between_two_releases_is_a_count_like_another():
    """With 100 published before, 103 reveals a small count of 3 and is hidden; 105 is published."""
    groups = [Group({"calls": number}, frozenset(), hotlines=3) for number in (100, 3)]
    before, now = (
        Number("calls", frozenset({0}), NumberStatus.PUBLISHED),
        Number("calls", frozenset({0, 1}), NumberStatus.OPEN, "t"),
    )
    assert dict(suppress(groups, [before, now]).marks) == {("t", "calls"): Mark.HIDDEN}
    groups[1] = Group({"calls": 5}, frozenset(), hotlines=3)
    assert not suppress(groups, [before, now]).marks


def test_a_hotline_that_corrected_its_figures_computes_no_number_of_another_from_both_releases():
    """Y knows its figures before and after. Without marks, `a` of P and Q would be 80, and so that of X before 3."""
    total = Sum("total", ("a", "b"))

    def of(hotline: str, a: int, b: int, *public: str) -> Group:
        return Group({"total": a + b, "a": a, "b": b}, frozenset({total}), frozenset(public), 1, hotline)

    before = [of("X", 3, 3), of("Y", 40, 0, "total")]
    after = [of("X", 2, 0, "a"), of("Y", 40, 30)]
    groups = [before[0], after[0], before[1], after[1], of("P", 40, 0), of("Q", 40, 8)]
    former, new = frozenset({0, 2, 4, 5}), frozenset({1, 3, 4, 5})
    numbers = [
        *(Number(kind, former, NumberStatus.PUBLISHED) for kind in ("total", "b")),
        *(Number(kind, new, NumberStatus.OPEN, "t") for kind in ("total", "a", "b")),
    ]
    assert dict(suppress(groups, numbers).marks) == {("t", "total"): Mark.HIDDEN, ("t", "b"): Mark.HIDDEN}


def test_the_same_numbers_give_the_same_marks():
    assert published(network(7)) == published(network(7))


def test_a_hotline_without_a_number_is_in_no_table_that_needs_it():
    first, *others = some(4)
    cells = {**first.cells, "A21": dict.fromkeys(first.cells["A21"])}
    year = tabulate(2025, [replace(first, cells=cells), *others], 9)
    hotlines = {table.code: table.hotlines for table in year.tables}
    assert (hotlines["channels"], hotlines["categories"], hotlines["outcomes"]) == (4, 3, 4)


def test_of_two_hotlines_no_table_is_told_and_of_three_each_is():
    for table in tabulate(2025, some(2), 9).tables:
        assert (table.hotlines <= 2, table.has_too_few_hotlines, table.cells, table.ratios) == (True, True, {}, {})
    published = {table.code for table in tabulate(2025, some(3), 9).tables if table.cells}
    assert {"calls", "channels", "categories", "ages", "outcomes"} <= published


def test_a_table_of_two_hotlines_is_not_told_beside_those_of_three():
    first, *others = some(3)
    cells = {**first.cells, "A40": dict.fromkeys(first.cells["A40"])}
    tables = {table.code: table for table in tabulate(2025, [replace(first, cells=cells), *others], 9).tables}
    assert (tables["outcomes"].has_too_few_hotlines, tables["outcomes"].cells) == (True, {})
    assert not tables["categories"].has_too_few_hotlines
    assert tables["categories"].cells


@pytest.mark.parametrize("item", ["A03", "A04", "A05"])
def test_an_estimate_is_not_among_the_answer_rates(item: str):
    given = some(10)
    assert tabulate(2025, given, 9).answering.count == 10
    given[0] = replace(given[0], estimated_items=frozenset({item}))
    assert tabulate(2025, given, 9).answering.count == 9
    given[1] = replace(given[1], estimated_items=frozenset({"A05"}))
    assert tabulate(2025, given, 9).answering is None
    given[1] = replace(given[1], estimated_items=frozenset({"A21"}))
    assert tabulate(2025, given, 9).answering.count == 9


def test_the_network_of_a_year_without_files_has_no_table():
    assert tabulate(2025, [], 12).tables == ()
