"""Processes that divide the tests of a run run each file once, whole and in order."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.division import Division, take_turns


def session_of(*names: str, ran: list[Any]) -> Any:
    """As much of a session of pytest as its loop needs: each name is a file and a test, as in `a/1`."""
    items = [SimpleNamespace(path=Path(name[0]), name=name) for name in names]
    hook = SimpleNamespace(
        pytest_runtest_protocol=lambda item, nextitem: ran.append((item.name, nextitem and nextitem.name))
    )
    option = SimpleNamespace(collectonly=False)
    config = SimpleNamespace(hook=hook, option=option)
    return SimpleNamespace(items=items, config=config, testsfailed=0, shouldfail=False, shouldstop=False)


def test_who_share_a_record_take_each_number_once(tmp_path: Path):
    one, other = (take_turns(tmp_path / "taken", 5) for _ in range(2))
    assert [next(one), next(other), next(other), *one, *other] == [0, 1, 2, 3, 4]


def test_a_file_is_run_whole_with_the_test_that_follows(tmp_path: Path):
    ran: list[Any] = []
    assert Division(tmp_path / "taken").pytest_runtestloop(session_of("a/1", "b/1", "a/2", ran=ran))
    assert ran == [("a/1", "a/2"), ("a/2", "b/1"), ("b/1", None)]


def test_what_another_took_is_left_out(tmp_path: Path):
    ran: list[Any] = []
    taken = tmp_path / "taken"
    next(take_turns(taken, 3))
    Division(taken).pytest_runtestloop(session_of("a/1", "b/1", "c/1", ran=ran))
    assert ran == [("b/1", "c/1"), ("c/1", None)]


def test_after_a_failure_that_ends_the_run_no_more_is_run(tmp_path: Path):
    ran: list[Any] = []
    session = session_of("a/1", "b/1", ran=ran)
    session.shouldfail = "stopping after 1 failures"
    session.Failed = pytest.Session.Failed
    with pytest.raises(pytest.Session.Failed):
        Division(tmp_path / "taken").pytest_runtestloop(session)
    assert ran == [("a/1", "b/1")]
