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


def runs_on_postgresql(item: Any) -> bool:
    """What the rule of `tests/conftest.py` says of a test."""
    (rule,) = [plugin for plugin in item.config.pluginmanager.get_plugins() if hasattr(plugin, "runs_on_postgresql")]
    return bool(rule.runs_on_postgresql(item))


@pytest.mark.django_db
def test_what_does_not_commit_runs_on_sqlite_alone(request: pytest.FixtureRequest):
    assert not runs_on_postgresql(request.node)


@pytest.mark.everywhere
def test_unless_it_is_marked(request: pytest.FixtureRequest):
    assert runs_on_postgresql(request.node)


@pytest.mark.django_db(transaction=True)
def test_what_commits_runs_on_both(request: pytest.FixtureRequest):
    assert runs_on_postgresql(request.node)


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_unless_it_is_marked_that_it_does_not_matter(request: pytest.FixtureRequest):
    assert not runs_on_postgresql(request.node)
