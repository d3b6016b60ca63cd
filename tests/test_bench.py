"""The measurements: what they tell of many runs, and that a proof beyond its bounds fails."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evaluation.engine import scoring
from standards.drafts.frameworks import draft_framework
from standards.editions.files import read_edition
from tests.bench import history, measuring, records
from tests.bench.__main__ import format_row, print_row
from tests.bench.engine import found_half_way
from tests.bench.exchange import measure_exchange
from tests.bench.floors import Floor, create_table, float_score
from tests.bench.records import MILLION, MOST_MEGABYTES, MOST_TIMES, Cost
from tests.bench.scale import GUIDE, SMALL
from tests.bench.timing import percentile, tell
from tests.bench.today import measure_today
from tests.factories import released_edition
from tests.template_database import address_of_database

ROOT = Path(__file__).resolve().parents[1]
HELD = """
from tests.bench.records import megabytes
print(megabytes())
"""

GOOD = Cost(MILLION, seconds=1.2, times_pandas=2.4, megabytes=220)


def test_a_row_tells_median_95th_percentile_and_maximum(capsys: pytest.CaptureFixture[str]):
    times = [0.001] * 95 + [0.002] * 4 + [0.9]
    tell("save", times, 3, 10, floor=Floor("nothing", list), floor_times=[0.0005])
    row = json.loads(capsys.readouterr().out)
    assert (row["median_ms"], row["p95_ms"], row["max_ms"]) == (1.0, 1.0, 900.0)
    assert (row["floor"], row["floor_ms"], row["ratio"]) == ("nothing", 0.5, 2.0)
    assert percentile([*times, 0.002], 95) == 0.002


def test_a_page_is_told_by_what_it_weighs(capsys: pytest.CaptureFixture[str]):
    most = {"kilobytes": 100.0, "requests": 15, "layout_shift": 0.05}
    row = {"operation": "public page: home", "kilobytes": 65.9, "requests": 12, "layout_shift": 0.0003, "at_most": most}
    print_row(format_row(row, "SQLite", is_postgresql=False))
    printed = capsys.readouterr().out
    assert "65.9 kB of 100, 12 requests of 15, layout shift 0.000 of 0.05" in printed


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


def rows_of(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


@pytest.mark.long
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_every_measurement_runs_to_its_end_and_stands_beside_its_floor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    """All of them once and small, those that start another process too, on a migrated database."""
    monkeypatch.setenv("DATABASE_URL", address_of_database())
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    measuring.measure_everything(SMALL)
    found = rows_of(capsys.readouterr().out)
    names = [row["operation"] for row in found]
    assert {
        "migration of an empty database",
        "cold start, to the first answer",
        "save one answer",
        "questionnaire page, one standard",
        "Home of a hotline",
        "Home of a hotline, of 100 indicators",
        "questionnaire page, one standard, of 100 indicators",
        "workbook of a self-assessment out",
        "workbook of a self-assessment in, compared",
        "overall score, the engine alone",
        "page that says why a number is so",
        "assign 8 visits to 12 assessors",
        "page of a visit",
        "save one observation",
        "40 rows of sheets sent by a device",
        "write an edition, XLSX workbook",
        "submit a self-assessment",
        "report as PDF, the worker's next ones",
        "open a round of 8 hotlines",
        "score a round of 10 hotlines",
        "public page of figures",
        "confirm a file of figures",
        "compare two editions, of 100 indicators",
        "compare two editions, page of the CMS",
        "check an edition of 100 indicators",
        "tree of an edition of 100 indicators",
        "release an edition of 100 indicators",
        "search the Guide",
        "search the Guide, of 100 indicators",
        "save one answer, files being read beside",
    } < set(names)
    assert names[-2:] == ["save one answer", "save one answer among 5,000"]
    assert found[-1]["stored_rows"] >= 5_000
    assert found[-1]["peer"].startswith("stored in ")
    assert [row["operation"] for row in found if not (row["floor"] and row["floor_ms"] > 0 and row["ratio"] > 0)] == []
    for row in found:
        print_row(format_row(row, "SQLite", is_postgresql=False))
    assert "bare UPDATE and COMMIT; RDMO, update an answer" in capsys.readouterr().out


def test_contacts_are_measured_beside_pandas(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    records.measure_file(500, runs=1)
    typed, figures = rows_of(capsys.readouterr().out)
    assert typed["ratio"] == 1.0
    assert figures["floor"] == "read typed by pandas"
    assert figures["floor_ms"] == pytest.approx(typed["median_ms"], abs=0.01)


def test_the_floats_give_the_score_that_the_engine_gives():
    """What the score is measured against computes the same number."""
    edition = draft_framework(read_edition(GUIDE))
    card = scoring.score(edition, found_half_way(edition))
    assert float_score(card).act() == pytest.approx(float(card.overall))


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("empty")
def test_today_is_measured_at_two_sizes(capsys: pytest.CaptureFixture[str]):
    create_table()
    measure_today((6, 12), times=1)
    found = rows_of(capsys.readouterr().out)
    assert [row["operation"] for row in found] == ["Today of MCE, 6 hotlines", "Today of MCE, 12 hotlines"]
    # The page of a bigger network has rows of fewer kinds, and reads those alone.
    assert found[0]["queries"] >= found[1]["queries"]
    assert found[1]["peer"].endswith("times the smaller one")


@pytest.mark.django_db
def test_the_programme_of_visits_is_measured_at_two_sizes(capsys: pytest.CaptureFixture[str]):
    measure_exchange((6, 12), times=1)
    found = rows_of(capsys.readouterr().out)
    assert [row["operation"] for row in found] == [
        "programme of visits, 6 hotlines",
        "programme of visits, 12 hotlines",
    ]
    assert found[0]["queries"] == found[1]["queries"] == 0


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.usefixtures("empty")
def test_the_pages_that_grow_with_history_are_measured_at_two_sizes(capsys: pytest.CaptureFixture[str]):
    """On the small edition; at 30 and 300 hotlines, a page of equal length may cost twice as much at most."""
    create_table()
    history.measure_growth(released_edition(), history.SMALL)
    found = rows_of(capsys.readouterr().out)
    assert {row["operation"] for row in found} == {
        f"{page}, {hotlines} hotlines{kept}"
        for page in history.PAGES
        for hotlines in (3, 9)
        for kept in ("", ", nothing kept", ", after a change")
    }
    grown = [row for row in found if row["operation"].endswith(("9 hotlines", "9 hotlines, after a change"))]
    assert all(row["peer"].endswith("times the smaller one") for row in grown)
