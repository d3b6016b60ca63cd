"""Counts the outcomes of the tests of a process, for `./go test`, which adds up those of several."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

NAME = "outcomes.json"
_CATEGORIES = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped", "xfailed": "skipped"}
"""The categories of pytest's summary, as `./go test` counts them. Each expected failure is strict."""


def write_outcomes(summary: pytest.TerminalReporter, exit_code: int) -> None:
    """Write the counts of this process into its folder."""
    count = Counter(exit=exit_code)
    for category, outcome in _CATEGORIES.items():
        count[outcome] += len(summary.stats.get(category, ()))
    Path(os.environ["VAR_DIR"], NAME).write_text(json.dumps(count))


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
