"""The measurements: what they tell of many runs, and that a proof beyond its bounds fails."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench import records
from tests.bench.records import MILLION, MOST_MEGABYTES, MOST_TIMES, Cost
from tests.bench.timing import percentile, tell

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
HELD = """
from tests.bench.records import megabytes
print(megabytes())
"""

GOOD = Cost(MILLION, seconds=1.2, times_pandas=2.4, megabytes=220)


def test_a_row_tells_median_95th_percentile_and_maximum(capsys: pytest.CaptureFixture[str]):
    times = [0.001] * 95 + [0.002] * 4 + [0.9]
    tell("save", times, 3, 10)
    row = json.loads(capsys.readouterr().out)
    assert (row["median_ms"], row["p95_ms"], row["max_ms"]) == (1.0, 1.0, 900.0)
    assert percentile([*times, 0.002], 95) == 0.002


@pytest.mark.parametrize(
    ("cost", "sentence"),
    [
        (Cost(MILLION, 1.2, MOST_TIMES + 0.01, 220), "1,000,000 contacts took 3.01 times pandas, of 3 at most."),
        (Cost(MILLION, 1.2, 2.4, MOST_MEGABYTES + 1), "1,000,000 contacts took 301 MB, of 300 at most."),
        (
            Cost(10 * MILLION, 16, 2.4, 220),
            "10,000,000 contacts took 13.3 times as long as 1,000,000, for 10.0 times the rows.",
        ),
    ],
)
def test_each_bound_that_is_broken_is_said(cost: Cost, sentence: str):
    assert cost.beyond(GOOD) == [sentence]
    assert GOOD.beyond() == Cost(10 * MILLION, 15, MOST_TIMES, MOST_MEGABYTES).beyond(GOOD) == []


def test_what_a_process_held_does_not_begin_with_what_its_parent_held():
    """Else the second file of a proof would always cost nothing."""
    held = bytearray(400_000_000)
    child = subprocess.run([sys.executable, "-c", HELD], capture_output=True, check=True, text=True, cwd=ROOT)
    assert float(child.stdout) < len(held) / 2**20 / 2


@pytest.mark.parametrize(("megabytes", "asked", "code"), [(301, ["--prove"], 1), (301, [], 0), (300, ["--prove"], 0)])
def test_only_the_proof_fails_beyond_the_bounds(
    monkeypatch: pytest.MonkeyPatch, megabytes: float, asked: list[str], code: int
):
    def measured(*_rows: int, **_how: Any) -> Cost:
        return Cost(MILLION, 1.2, 2.4, megabytes)

    monkeypatch.setattr(records, "measure_file", measured)
    monkeypatch.setattr(records, "set_up", lambda: None)
    monkeypatch.setattr(sys, "argv", ["records", *asked, "1000000"])
    assert records.main() == code
