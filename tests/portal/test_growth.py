"""Pages that show the network build no more rows from the database when more lies behind it."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from django.db.models.signals import post_init

from evaluation.models import Round
from tests.bench.history import World, pages
from tests.factories import released_edition

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FLAT = (
    *("public register", "public register as CSV", "network recommendations", "network trends", "recorded figures"),
    "board of a round",
)
"""What shows as much of three hotlines, however many rounds they have behind them."""


def built(world: World) -> dict[str, Counter[str]]:
    """The rows built for a look at each page by their model, once what is kept is kept."""
    found = {}
    for name in FLAT:
        read = pages(world)[name]
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
    return found


def test_rounds_that_are_over_cost_a_page_nothing():
    found = []
    for rounds in (2, 4):
        with transaction.atomic():
            world = World.lay(released_edition(), rounds)
            world.grow(3)
            found.append(built(world))
            transaction.set_rollback(True)
    young, old = found
    assert all(young.values())
    assert old == young
