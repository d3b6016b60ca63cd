"""Charts are drawn once: the same data are not drawn again, and changed data are."""

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings

from reports.charts.bars import Bar, BarChart
from reports.charts.lines import LineChart
from reports.charts.series import Point, Series

POINT = Point(Fraction(1, 3), "33.3 %")
CHART = LineChart(
    ["2024", "2025"], [Series("Share", [POINT, Point(Fraction(1, 2), "50 %")])], "Share of calls", "share"
)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.CACHES = settings.CACHES | {"charts": settings.CACHES["charts"] | {"LOCATION": tmp_path / "charts"}}
    return tmp_path / "charts"


def files_in(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*")}


def test_what_is_asked_for_again_is_not_drawn_again(folder: Path):
    first = CHART.svg
    before = files_in(folder)
    assert len(before) == 1
    assert replace(CHART, labels=("2024", "2025")).svg == first == CHART.draw()
    assert files_in(folder) == before


def series(**changes: Any) -> list[Series]:
    return [Series("Share", [replace(POINT, **changes), CHART.series[0].points[1]])]


@pytest.mark.parametrize(
    "changed",
    [
        replace(CHART, series=series(value=Fraction(1, 4))),
        replace(CHART, series=series(value=None)),
        replace(CHART, series=series(text="33,3 %")),
        replace(CHART, series=series(is_hollow=True)),
        replace(CHART, series=[Series("Share", [POINT, replace(CHART.series[0].points[1], has_new_definitions=True)])]),
        replace(CHART, series=[*CHART.series, *CHART.series]),
        replace(CHART, labels=["2023", "2025"]),
        replace(CHART, title="Part des appels"),
        replace(CHART, language="fr"),
        replace(CHART, name="other"),
    ],
)
def test_what_changes_is_drawn_anew(folder: Path, changed: LineChart):
    before = CHART.svg
    assert changed.svg != before
    assert changed.svg == changed.draw()
    assert len(files_in(folder)) == 2


def test_bars_and_lines_are_kept_apart(folder: Path):
    bars = BarChart([Bar("Runaways", 40, "40")], "Cases", "c")
    assert bars.svg == bars.draw() != replace(bars, bars=[Bar("Runaways", 41, "40"), Bar("Others", 1, "1")]).svg
    assert len(files_in(folder)) == 2
    assert bars.key != CHART.key


def test_a_page_has_its_charts_where_nothing_can_be_kept(settings: Any, tmp_path: Path):
    (tmp_path / "charts").write_text("not a folder")
    settings.CACHES = settings.CACHES | {"charts": settings.CACHES["charts"] | {"LOCATION": tmp_path / "charts"}}
    assert CHART.svg == CHART.draw()


@pytest.mark.parametrize("length", [0, 5, -9], ids=["empty", "without its day", "cut off"])
def test_a_kept_chart_that_was_damaged_is_drawn_and_kept_anew(folder: Path, length: int):
    CHART.draw_once()
    (path,) = folder.glob("*")
    whole = path.read_bytes()
    path.write_bytes(whole[:length])
    assert CHART.svg == CHART.draw()
    (path,) = folder.glob("*")
    assert len(path.read_bytes()) == len(whole)


@pytest.mark.long
def test_another_process_draws_the_same_bytes_and_finds_the_same_key():
    program = "from tests.reports.charts.test_cached import CHART; print(CHART.key, CHART.draw(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {program}"],
        cwd=site_settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "portal.settings.test", "PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{CHART.key} {CHART.draw()}"
