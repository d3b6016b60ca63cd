"""A year that is released again: readers of all releases learn no small count, and no hotline's own numbers.

`./go prove releases` examines many more random histories.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.figures.publishing.hotline_year import HotlineYear
from evaluation.figures.publishing.layout import plan_tables
from evaluation.figures.publishing.network_tables import YearTables, tabulate
from evaluation.figures.publishing.year_data import as_text, from_text
from tests.evaluation.figures.networks import hotline
from tests.evaluation.figures.reader import Leak
from tests.evaluation.figures.releases import (
    History,
    examine,
    histories,
    reader_of,
    release_all,
    released,
    with_all_marks_but_small_removed,
)

SEEDS = st.integers(0, 10**6)
RELEASED = (2, 4, 206)
"""The histories that are released here."""


def leaks(history: History, published: Sequence[YearTables]) -> list[Leak]:
    return reader_of(history, published).leaks()


@pytest.mark.parametrize("seed", RELEASED)
def test_whoever_kept_all_releases_finds_no_small_count_and_no_number_of_a_hotline(seed: int):
    assert examine(seed).leaks == ()


def large(count: int) -> list[HotlineYear]:
    """Return large hotlines that record everything, without published results."""
    made = [hotline(Random(number), f"116000-X{number}", 20) for number in range(count)]
    regions = [{codes: value or 0 for codes, value in one.cells["A35"].items()} for one in made]
    return [
        replace(one, cells={**one.cells, "A05": {("", ""): 5}, "A03": received(one), "A35": own}, published={})
        for one, own in zip(made, regions, strict=True)
        if sum(own.values()) == sum(one.cells["A26"].values())
    ]


def received(one: HotlineYear) -> dict[tuple[str, str], int]:
    return {("", ""): (one.total("A04") or 0) + 5 + (one.total("A06") or 0)}


def without(one: HotlineYear, item: str) -> HotlineYear:
    return replace(one, cells={**one.cells, item: dict.fromkeys(one.cells[item])})


@pytest.mark.parametrize(("item", "table", "many"), [("A35", "regions", 1), ("A35", "regions", 2), ("A05", "calls", 1)])
def test_the_difference_of_two_tables_does_not_tell_the_numbers_of_one_or_two_hotlines(item, table, many):
    """Some hotlines are in one table and not in another that counts the same."""
    hotlines = large(9)
    history = [[*(without(one, item) for one in hotlines[:many]), *hotlines[many:]]]
    published = release_all(history)
    assert leaks(history, published) == []
    told = [with_all_marks_but_small_removed(published[0], history[0])]
    found = leaks(history, told)
    assert [leak for leak in found if leak.low == leak.high and len(leak.hotlines) == many]
    tables = {one.code: one for one in published[0].tables}
    assert not any(one.is_withheld for one in tables.values())
    assert sum(cell.mark is not None for one in tables.values() for cell in one.cells.values()) <= 6


def test_the_cross_border_cases_of_a_hotline_without_regions_do_not_follow():
    hotlines = large(9)
    given_then = [without(hotlines[0], "A35"), *hotlines[1:]]
    (year_tables,) = release_all([given_then])
    cells = {one.code: one.cells for one in year_tables.tables}
    totals = (cells["categories"]["total", "cross_border"], cells["regions"]["total", "count"])
    assert "hidden" in [cell.mark for cell in totals]


def test_two_published_results_do_not_tell_the_year_of_the_third_hotline():
    history = [two_of_three_published(seed=1)]
    assert leaks(history, release_all(history)) == []


def test_two_results_that_tell_of_no_new_cases_do_not_tell_the_categories_of_the_third_hotline():
    history = [two_of_three_without_cases(seed=1)]
    assert leaks(history, release_all(history)) == []


def test_what_follows_from_a_hotlines_own_result_is_no_leak():
    """A result with no new cases implies that there are none within one country either."""
    without_cases, *_others = two_of_three_without_cases(seed=1)
    others = [replace(hotline(Random(number), f"116000-Y{number}", 20), published={}) for number in range(4)]
    history = [[without_cases, *others]]
    (categories,) = [table for table in release_all(history)[0].tables if table.code == "categories"]
    assert not categories.is_withheld
    assert leaks(history, release_all(history)) == []


def test_the_reader_finds_the_third_hotlines_year_where_results_do_not_count_as_known():
    given_then = two_of_three_published(seed=1)
    unaware = release_all([[replace(one, published={}) for one in given_then]])
    found = {(leak.cell, leak.hotlines) for leak in leaks([given_then], unaware)}
    assert ("calls/received/calls", (given_then[2].identity,)) in found


def test_what_everybody_knows_already_is_not_hidden():
    everybody = [with_published_results(one) for one in two_of_three_published(seed=1)]
    (calls,) = [table for table in release_all([everybody])[0].tables if table.code == "calls"]
    assert [cell.mark for cell in calls.cells.values()] == [None] * 4


RESULTS = ("A03", "A04", "A05", "A06", "A09", "A21", "A23")


def two_of_three_published(seed: int) -> list[HotlineYear]:
    """Return three large hotlines; the results of the first two are public."""
    source = Random(seed)
    one, two, three = (hotline(source, f"116000-X{number}", 20) for number in range(3))
    return [with_published_results(one), with_published_results(two), replace(three, published={})]


def two_of_three_without_cases(seed: int) -> list[HotlineYear]:
    """Return the same with no cases of the two: the parts of a total of zero are known, too."""
    *published, third = two_of_three_published(seed)
    cases = ("A21", "A23", "A25", "A26", "A27", "A35", "A40")
    empty = [
        replace(one, cells={**one.cells, **{item: dict.fromkeys(one.cells[item], 0) for item in cases}})
        for one in published
    ]
    return [*map(with_published_results, empty), third]


def with_published_results(one: HotlineYear) -> HotlineYear:
    return replace(one, published={item: one.counts[item] for item in RESULTS if item in one.counts})


def test_the_rates_are_not_told_where_a_mean_is_of_published_ones_and_one_or_two_others():
    """Of nine, the means are of the second to the fourth, the fourth to the sixth, and the sixth to the eighth."""
    source = Random(3)
    given_then = [calls_of(hotline(source, f"116000-X{number}", 20)) for number in range(20)]
    rated = sorted((one for one in given_then if one.answer_rate is not None), key=lambda one: one.answer_rate or 0)[:9]
    public = [with_published_results(one) for one in rated]
    shown = [count for count in range(10) if tabulate(2025, public[:count] + rated[count:], 32).answering is not None]
    assert shown == [0, 1, 8, 9]


def calls_of(one: HotlineYear) -> HotlineYear:
    """Return a hotline that counts calls only."""
    calls = ("A03", "A04", "A05", "A06")
    cells = {item: own if item in calls else dict.fromkeys(own) for item, own in one.cells.items()}
    return replace(one, cells=cells, published={})


def test_the_reader_finds_what_two_releases_tell_where_each_is_made_without_the_former():
    hotlines = [calls_of(one) for one in large(9)]
    history = [hotlines[1:], hotlines]
    alone = [without_former_release(number + 1, given_then) for number, given_then in enumerate(history)]
    assert ("calls/answered/calls", (hotlines[0].identity,)) in {
        (leak.cell, leak.hotlines) for leak in leaks(history, alone)
    }
    assert leaks(history, release_all(history)) == []


def without_former_release(number: int, given_then: Sequence[HotlineYear]) -> YearTables:
    """Return the tables that would be published without a former release."""
    published = tabulate(2025, given_then, 32)
    return replace(
        published, release=number, tables=tuple(replace(table, release=number) for table in published.tables)
    )


@pytest.mark.parametrize("seed", RELEASED)
def test_what_a_release_makes_anew_what_it_keeps_and_what_its_file_says(seed: int):
    what_releases_keep_holds(*released(seed))


@pytest.mark.long
@settings(max_examples=4, deadline=None)
@given(SEEDS)
def test_the_same_holds_for_the_releases_of_any_other_history(seed: int):
    what_releases_keep_holds(*released(seed))


def what_releases_keep_holds(history: History, published: Sequence[YearTables]) -> None:
    no_table_is_made_anew_for_one_or_two_hotlines_that_came_or_left(history, published)
    what_stands_from_an_earlier_release_is_what_that_release_told(published)
    a_release_read_from_its_file_is_written_the_same_again(published)


def no_table_is_made_anew_for_one_or_two_hotlines_that_came_or_left(
    history: History, published: Sequence[YearTables]
) -> None:
    made: dict[str, list[list[HotlineYear]]] = {}
    for one, given_then in zip(published, history, strict=True):
        plans = plan_tables(given_then)
        for table in one.new_tables:
            now = plans[table.code].hotlines
            for before in made.get(table.code, []):
                came_or_left = {of.key for of in now} ^ {of.key for of in before}
                same = {of.identity for of in now} & {of.identity for of in before}
                changed = {of.key for of in (*now, *before) if of.identity not in same}
                assert len(changed) >= 3 or (changed and not came_or_left)
            made.setdefault(table.code, []).append(list(now))


def what_stands_from_an_earlier_release_is_what_that_release_told(published: Sequence[YearTables]) -> None:
    for one in published:
        for table in one.tables:
            assert table in published[table.release - 1].tables


def a_release_read_from_its_file_is_written_the_same_again(published: Sequence[YearTables]) -> None:
    for one in published:
        text = as_text(one, invented=True)
        assert as_text(from_text(text), invented=True) == text


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_what_a_hotline_gave_is_kept_and_read_the_same(seed: int):
    for given_then in histories(seed):
        assert [HotlineYear.from_data(json.loads(json.dumps(one.as_data()))) for one in given_then] == given_then
