"""Counts the outcomes of the tests of a process, for `./go test`, which adds up those of several."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

NAME = "outcomes.json"


def count_of(place: Path) -> Counter[str]:
    """Return how many tests passed, failed and were skipped in the run of this folder.

    A run that broke before or after its tests counts as one failure, unless its arguments chose no test.
    """
    written = place / NAME
    count = (
        Counter(json.loads(written.read_text())) if written.exists() else Counter(exit=pytest.ExitCode.INTERNAL_ERROR)
    )
    if count.pop("exit") not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and not count["failed"]:
        count["failed"] = 1
    return count


class Outcomes:
    """Writes the count of this process into its folder when it ends."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.skipped:
            self.count["skipped"] += 1
        elif report.when == "call":
            self.count["passed"] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        self.count["exit"] = exitstatus

    def pytest_unconfigure(self) -> None:
        self.count["failed"] = len(self.failed)
        Path(os.environ["VAR_DIR"], NAME).write_text(json.dumps(self.count))
