"""The account of processor time: each second is counted once, under the kind that spent it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.where_time_goes import KINDS, Clock, Ledger, find_function, table


def test_what_a_kind_inside_counts_is_not_counted_again():
    readings = iter([0.0, 1.0, 4.0, 5.0, 6.0, 10.0])
    clock = Clock(lambda: next(readings))
    ledger = Ledger()
    with ledger.counting("templates", clock):
        with ledger.counting("SQL", clock):
            pass
        with ledger.counting("SQL", clock):
            pass
    assert ledger.seconds == {"SQL": 4.0, "templates": 6.0}


@pytest.mark.parametrize("name", [name for names in KINDS.values() for name in names])
def test_every_function_that_is_watched_is_there(name: str):
    owner, attribute = find_function(name)
    assert callable(getattr(owner, attribute))


def test_the_table_adds_up_the_runs_and_begins_with_the_longest(tmp_path: Path):
    accounts = [tmp_path / "one", tmp_path / "two"]
    accounts[0].write_text(json.dumps({"SQL": 1.0, "templates": 2.0}))
    accounts[1].write_text(json.dumps({"SQL": 4.0}))
    assert table(accounts, {"the server": 3.0}).splitlines() == [
        "CPU seconds by kind:",
        "      5.0  SQL",
        "      3.0  the server",
        "      2.0  templates",
        "     10.0  in all",
    ]


def can_differ(item: Any) -> bool:
    """What the rule of `tests/conftest.py` says of a test."""
    (rule,) = [
        plugin for plugin in item.config.pluginmanager.get_plugins() if hasattr(plugin, "can_differ_on_postgresql")
    ]
    return rule.can_differ_on_postgresql(item)


def test_what_asks_for_no_database_is_left_out_on_postgresql(request: pytest.FixtureRequest):
    assert not can_differ(request.node)


@pytest.mark.django_db
def test_what_asks_for_a_database_runs_there_unless_it_is_a_test_of_a_page(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
):
    assert can_differ(request.node)
    monkeypatch.setattr(request.node, "path", Path(__file__).parent / "portal" / "look" / "test_look.py")
    assert not can_differ(request.node)


@pytest.mark.django_db(transaction=True)
def test_what_commits_runs_there_wherever_it_stands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(request.node, "path", Path(__file__).parent / "portal" / "look" / "test_look.py")
    assert can_differ(request.node)
