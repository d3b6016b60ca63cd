"""Queries and rows of network pages do not grow with hotlines, rounds and steps."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from evaluation.models import Round
from portal.figures.series import deliveries
from portal.panel import pages as panel
from portal.visits import visit
from standards.framework import Framework
from tests.bench.history import GrowingNetwork, pages
from tests.factories import released_edition
from tests.portal.test_queries import BIGGER
from tests.small_edition import SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]

SEEN_BY_PAGES = ("panel", "visits")
"""Pages of a longer list: rows are built for one page only. Others show each hotline, or count them."""

SHOW_EACH_YEAR = ("files of figures", "public page of a hotline", "page of a hotline", "figures of a hotline")


def built(world: GrowingNetwork) -> dict[str, Counter[str]]:
    """Return the numbers of model instances that a request of each page creates, with filled caches."""
    found = {}
    for name, read in pages(world).items():
        read()
        counted: Counter[str] = Counter()

        def count(sender: type, counted: Counter[str] = counted, **_: Any) -> None:
            counted[sender.__name__] += sender is not Round  # a page offers the rounds to choose from

        post_init.connect(count)
        try:
            read()
        finally:
            post_init.disconnect(count)
        found[name] = +counted
        assert found[name] or name == "a page without rows"
    return found


def asked(world: GrowingNetwork) -> dict[str, int]:
    """Return the queries of each page with filled caches, and of the first request after a change."""
    found = {}
    for when, before in (("", None), (", after a change", world.change)):
        for name, read in pages(world).items():
            read()
            if before:
                before()
            with CaptureQueriesContext(connection) as questions:
                read()
            found[f"{name}{when}"] = len(questions)
    return found


def measured(
    measure: Any, *, hotlines: int = 3, rounds: int = 2, framework: Framework = SMALL, changes: int = 0
) -> Any:
    """Measure a network of its own, and roll it back."""
    with transaction.atomic():
        world = GrowingNetwork.create(released_edition(framework), rounds)
        world.grow(hotlines)
        for _ in range(changes):
            world.change()
        found = measure(world)
        transaction.set_rollback(True)
    return found


def test_no_list_asks_more_when_anything_grows():
    few = measured(asked)
    for grown in ({"hotlines": 9, "rounds": 5, "changes": 20}, {"framework": BIGGER}):
        many = measured(asked, **grown)
        assert {name: (few[name], number) for name, number in many.items() if number > few[name]} == {}, grown


def test_rounds_that_are_over_cost_a_page_nothing(monkeypatch: pytest.MonkeyPatch):
    for module in (visit, panel):
        monkeypatch.setattr(module, "ROWS_A_PAGE", 2)
    young, old = (measured(built, rounds=rounds) for rounds in (2, 6))
    assert {name: old[name] for name in old if name not in SHOW_EACH_YEAR} == {
        name: young[name] for name in young if name not in SHOW_EACH_YEAR
    }


def test_lists_that_are_turned_build_a_page_of_rows_however_many_hotlines_there_are(monkeypatch: pytest.MonkeyPatch):
    for module in (visit, panel):
        monkeypatch.setattr(module, "ROWS_A_PAGE", 2)
    monkeypatch.setattr(deliveries, "ON_A_PAGE", 2)
    few, many = (measured(built, hotlines=hotlines) for hotlines in (3, 9))
    assert {name: many[name] for name in SEEN_BY_PAGES} == {name: few[name] for name in SEEN_BY_PAGES}
    files = [found["files of figures"]["StatisticsImport"] for found in (few, many)]  # it sorts hotlines by their names
    assert files[0] == files[1]
