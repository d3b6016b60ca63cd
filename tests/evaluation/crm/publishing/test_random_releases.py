"""A year that is released again: readers of both releases learn no small count, and no hotline's own numbers."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from evaluation.crm.publishing.disclosure import FEWEST_HOTLINES
from evaluation.crm.publishing.hotline_year import HotlineYear
from evaluation.crm.publishing.layout import plan_tables
from evaluation.crm.publishing.network_tables import Former, YearTables, tabulate
from evaluation.crm.publishing.year_data import as_data, as_text, from_text
from tests.evaluation.crm.attacker import attack_releases
from tests.evaluation.crm.networks import hotline, truth

SEEDS = st.integers(0, 10**6)
TOGETHER = (("categories",), ("regions",), ("channels",), ("outcomes",), ("calls", "answering"))
"""Tables that are attacked together. Attacking all of them takes too long."""
EXAMPLES = int(os.environ.get("RELEASED", "3"))


def histories(seed: int) -> list[list[HotlineYear]]:
    """Return the hotlines' input at two or three times: some join, some correct or withdraw their figures."""
    source = Random(seed)
    scale = source.choice((0.1, 0.3, 1, 3, 20))
    given = [hotline(source, f"116000-X{n}", scale) for n in range(source.choice((3, 4, 8)))]
    found = [given]
    for time in range(source.choice((1, 1, 2))):
        given = [one if source.random() < 0.8 else hotline(source, one.key, scale) for one in given]
        given = [one for one in given if source.random() < 0.9]
        given += [hotline(source, f"116000-Y{time}{n}", scale) for n in range(source.choice((0, 1, 3, 4)))]
        found.append(given)
    return found


def release_all(history: Sequence[Sequence[HotlineYear]]) -> list[YearTables]:
    formers: list[Former] = []
    for given_then in history:
        formers.append(Former(given_then, tabulate(2025, given_then, 32, formers)))
    return [former.year_tables for former in formers]


def with_tables(data: dict[str, Any], tables: Sequence[str]) -> dict[str, Any]:
    return {**data, "tables": [table for table in data["tables"] if table["code"] in tables]}


def standing_in(
    published: YearTables, given_then: Sequence[HotlineYear], tables: Sequence[str]
) -> dict[str, frozenset[str]]:
    plans = plan_tables(given_then)
    made = [table.code for table in published.new_tables if table.code in tables]
    return {code: frozenset(one.identity for one in plans[code].hotlines) for code in made}


ON_TABLES = {
    "A03": ("calls/received/calls", "answering/received/calls"),
    "A04": ("calls/answered/calls", "answering/answered/calls"),
    "A05": ("calls/short/calls", "answering/short/calls"),
    "A06": ("calls/missed/calls", "answering/missed/calls"),
    "A09": ("channels/total/count",),
    "A21": ("categories/total/new",),
    "A23": ("outcomes/total/count",),
}
"""The cells of the tables that contain the totals of a published result."""


def public_results(given: Iterable[HotlineYear]) -> dict[str, dict[str, int]]:
    """Return, by hotline and cell, the published results that are part of the tables."""
    return {
        one.identity: {
            cell: one.published[item]
            for item in ON_TABLES
            if item in one.public & one.published.keys()
            for cell in ON_TABLES[item]
        }
        for one in given
    }


def leaks(
    history: Sequence[Sequence[HotlineYear]], published: Sequence[YearTables], tables: Sequence[str]
) -> dict[str, int]:
    """Return what a reader of all releases and results can compute and should not.

    That is each count from 1 to 4, and each number of one or two hotlines that follows only with the results of others.
    All results are compared with the truth.
    """
    releases = [with_tables(as_data(one, invented=True), tables) for one in published]
    within = [standing_in(one, given_then, tables) for one, given_then in zip(published, history, strict=True)]
    everybody = {one.identity: one for given_then in history for one in given_then}
    results = public_results(everybody.values())
    found = {  # without published numbers
        name: value
        for name, value in attack_releases(releases, within, results).items()
        if name not in {f"{one}:{cell}" for one, cells in results.items() for cell in cells}
    }
    of = {
        name: history[int(before)] if before.isdigit() else [everybody[identity] for identity in before.split(",")]
        for name in found
        for before in [name.partition(":")[0]]
    }
    for name, value in found.items():
        assert truth(of[name]).get(name.partition(":")[2], value) == value, name
    left = {name: value for name, value in found.items() if 0 < value < 5}
    theirs = {
        name: [one.identity for one in of[name]]
        for name in found.keys() - left.keys()
        if len(of[name]) < FEWEST_HOTLINES and not name.partition(":")[0].isdigit()
    }

    @cache
    def find_knowing(*whose: str) -> Mapping[str, int]:
        known = {one: cells if one in whose else dict.fromkeys(cells) for one, cells in results.items()}
        return attack_releases(releases, within, known, theirs)

    for name, whose in theirs.items():
        if name not in find_knowing() and name not in find_knowing(*whose):
            left[name] = found[name]
    return left


@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate])
@example(9, ("channels",))  # these leak without the former release
@example(9, ("outcomes",))
@example(9, ("regions",))
@example(304621, ("calls", "answering"))  # three numbers and a result tell those of one hotline
@example(485, ("categories",))  # two equal totals tell that each hotline's are equal, too
@given(SEEDS, st.sampled_from(TOGETHER))
def test_whoever_kept_the_former_releases_finds_no_small_count(seed: int, tables: tuple[str, ...]):
    history = histories(seed)
    assert leaks(history, release_all(history), tables) == {}


def test_what_equal_totals_tell_is_hidden_where_they_are_seen():
    """In the first release the new cases are behind a mark, so nobody sees that the children are as many."""
    first, second = (
        next(table for table in one.tables if table.code == "categories") for one in release_all(histories(485))
    )
    assert [first.cells["total", column].mark for column in ("new", "children")] == ["hidden", None]
    assert second.is_withheld


@pytest.mark.parametrize("tables", TOGETHER)
def test_two_published_results_do_not_tell_the_year_of_the_third_hotline(tables):
    history = [two_of_three_published(seed=1)]
    assert leaks(history, release_all(history), tables) == {}


def test_two_results_that_tell_of_no_new_cases_do_not_tell_the_categories_of_the_third_hotline():
    history = [two_of_three_without_cases(seed=1)]
    assert leaks(history, release_all(history), ("categories",)) == {}


def test_what_follows_from_a_hotlines_own_result_is_no_leak():
    """A result with no new cases implies that there are none within one country either."""
    without_cases, *_others = two_of_three_without_cases(seed=1)
    others = [replace(hotline(Random(number), f"116000-Y{number}", 20), published={}) for number in range(4)]
    history = [[without_cases, *others]]
    (categories,) = [table for table in release_all(history)[0].tables if table.code == "categories"]
    assert not categories.is_withheld
    assert leaks(history, release_all(history), ("categories",)) == {}


def test_the_attacker_finds_the_third_hotlines_year_where_results_do_not_count_as_known():
    given_then = two_of_three_published(seed=1)
    unaware = release_all([[replace(one, published={}) for one in given_then]])
    found = leaks([given_then], unaware, ("calls", "answering"))
    third = given_then[2].identity
    assert {name for name in found if name.startswith(third)} >= {f"{third}:calls/received/calls"}


def test_what_everybody_knows_already_is_not_hidden():
    everybody = [with_published_results(one) for one in two_of_three_published(seed=1)]
    (calls,) = [table for table in release_all([everybody])[0].tables if table.code == "calls"]
    assert [cell.mark for cell in calls.cells.values()] == [None] * 4


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
    return replace(one, published={item: one.counts[item] for item in ON_TABLES if item in one.counts})


def test_the_rates_are_not_told_where_one_or_two_stand_among_published_ones():
    source = Random(3)
    given_then = [replace(hotline(source, f"116000-X{number}", 20), published={}) for number in range(12)]
    rated = [one for one in given_then if one.answer_rate is not None][:6]
    public = [with_published_results(one) for one in rated]
    spreads = [tabulate(2025, public[:count] + rated[count:], 32).answering is not None for count in range(7)]
    assert spreads == [True, True, True, True, False, False, True]


def test_the_attacker_finds_small_counts_where_each_release_is_made_without_the_former():
    caught = 0
    for seed in (0, 9):
        history = histories(seed)
        alone = [without_former_release(number + 1, given_then) for number, given_then in enumerate(history)]
        caught += any(leaks(history, alone, tables) for tables in reversed(TOGETHER))
    assert caught == 2


def without_former_release(number: int, given_then: Sequence[HotlineYear]) -> YearTables:
    """Return the tables that would be published without a former release."""
    published = tabulate(2025, given_then, 32)
    return replace(
        published, release=number, tables=tuple(replace(table, release=number) for table in published.tables)
    )


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_what_a_release_makes_anew_what_it_keeps_and_what_its_file_says(seed: int):
    """The three properties are checked together, since computing the releases takes longest."""
    history = histories(seed)
    published = release_all(history)
    no_table_is_made_anew_for_one_or_two_hotlines_that_came_or_left(history, published)
    what_stands_from_an_earlier_release_is_what_that_release_told(published)
    a_release_read_from_its_file_is_written_the_same_again(published)


def no_table_is_made_anew_for_one_or_two_hotlines_that_came_or_left(
    history: Sequence[Sequence[HotlineYear]], published: Sequence[YearTables]
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
