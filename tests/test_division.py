"""Processes that divide the tests among them run each file once, whole and in order."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.division import distribute, run
from tests.outcomes import NAME, count_of, write_outcomes


def session_of(ran: list[Any]) -> Any:
    """As much of a session of pytest as its loop needs."""
    hook = SimpleNamespace(pytest_runtest_protocol=lambda item, nextitem: ran.append((item, nextitem)))
    return SimpleNamespace(config=SimpleNamespace(hook=hook), shouldfail=False, shouldstop=False)


def test_who_share_the_numbers_take_each_once():
    one = distribute(1000)
    other = iter(one)
    assert sorted([next(one), next(other), next(other), *one, *other]) == list(range(1000))


def test_of_no_files_nobody_takes_any():
    assert list(distribute(0)) == []


def test_each_test_runs_with_the_one_that_follows():
    ran: list[Any] = []
    run(session_of(ran), iter(["a", "b", "c"]))
    assert ran == [("a", "b"), ("b", "c"), ("c", None)]


def test_after_a_failure_that_ends_the_run_no_more_is_run():
    ran: list[Any] = []
    session = session_of(ran)
    session.shouldfail = "stopping after 1 failures"
    session.Failed = pytest.Session.Failed
    with pytest.raises(pytest.Session.Failed):
        run(session, ["a", "b", "c"])
    assert ran == [("a", "b")]


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ('{"passed": 3, "failed": 0, "skipped": 1, "exit": 0}', {"passed": 3, "failed": 0, "skipped": 1}),
        ('{"passed": 3, "failed": 2, "exit": 1}', {"passed": 3, "failed": 2}),
        ('{"passed": 0, "failed": 0, "exit": 5}', {"passed": 0, "failed": 0}),  # the arguments chose no test
        ('{"passed": 3, "failed": 0, "exit": 3}', {"passed": 3, "failed": 1}),  # an error of pytest or of a plugin
        ("", {"failed": 1}),  # the process was killed
    ],
)
def test_a_run_that_broke_counts_as_a_failure(tmp_path: Path, written: str, count: dict[str, int]):
    if written:
        (tmp_path / NAME).write_text(written)
    assert count_of(tmp_path) == count


def test_the_outcomes_of_a_run_are_those_of_its_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An error of a fixture is a failure; a test that is expected to fail was skipped. Warnings are no tests."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    stats = {"passed": [1, 2, 3], "failed": [1], "error": [1, 2], "skipped": [1], "xfailed": [1], "warnings": [1]}
    summary: Any = SimpleNamespace(stats=stats)
    write_outcomes(summary, 1)
    assert count_of(tmp_path) == {"passed": 3, "failed": 3, "skipped": 2}
