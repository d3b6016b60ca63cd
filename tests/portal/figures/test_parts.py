"""Figures of part of a period, estimates, and figures at two levels, on the hotline's own pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import StatisticsImport
from tests.factories import FigureFactory
from tests.portal.counted_files import GOOD, counted, format_line, item, network_line, others, trends
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


# --- A part of the period is missing ---------------------------------------------------------------------------------

PART = {"completeness": "partial_period"}


def test_figures_of_an_unknown_part_of_the_time_are_shown_to_the_hotline_and_marked(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2024", GOOD)
    counted(stage.hotline, "2025", {"A03": 300, "A04": 240, "A05": 0, "A06": 60, "A26": 1}, **PART)
    page = trends(coordinator, period="2025")
    charts = {chart.code: chart for chart in page.context["charts"]}
    cells = charts["calls"].table.lines[0].cells
    assert [(cell.text, cell.note) for cell in cells] == [("1,000", ""), ("300", "a part of the period is missing")]
    rate = next(chart.table.lines[0].cells for chart in charts.values() if chart.table.lines[0].code == "3.1.1")
    assert [(cell.text, cell.note) for cell in rate][1] == ("80\u00a0%", "a part of the period is missing")


def test_figures_of_an_unknown_part_of_the_time_have_no_place_among_the_others(coordinator: Client, stage: Stage):
    others(9)
    counted(stage.hotline, "2025", {"A03": 300, "A04": 240, "A05": 0, "A06": 60}, accepted=True, **PART)
    line = network_line(trends(coordinator, period="2025"))
    assert line["Hotlines"] == "9"
    assert line["Where it lies"] == "no number of its own"


def test_a_number_of_an_unknown_part_of_the_time_says_so_and_knows_no_month(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 300}, accepted=True, **PART)
    page = item(coordinator, "A03", "2025")
    assert (page.context["total_text"], page.context["months"], page.context["is_partial"]) == ("300", 0, True)
    assert "it is in no total of the network, in no comparison and in no score" in page.content.decode()


def test_a_number_of_a_whole_period_says_nothing_of_a_part(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 300}, completeness="partial_channels")
    page = item(coordinator, "A03", "2025")
    assert (page.context["months"], page.context["is_partial"]) == (12, False)
    assert "in no score" not in page.content.decode()


def test_the_file_itself_says_that_it_is_in_no_total(coordinator: Client, stage: Stage):
    part = counted(stage.hotline, "2025", {"A03": 300}, **PART)
    whole = counted(stage.hotline, "2024", {"A03": 300})
    sentences = [
        "in no total of the network"
        in coordinator.get(reverse("workspace:statistics", args=[one.uid])).content.decode()
        for one in (part, whole)
    ]
    assert sentences == [True, False]


def test_every_number_of_a_file_that_was_estimated_is_an_estimate(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 300, "A04": None}, completeness="estimated")
    page = trends(coordinator)
    charts = {chart.code: chart for chart in page.context["charts"]}
    assert [line.cells[0].note for line in charts["calls"].table.lines[:2]] == ["estimated", "not recorded"]


# --- Which level ------------------------------------------------------------------------------------------------------


def levels_taken(page: Any) -> dict[str, bool]:
    return {source.statistics.level: source.is_taken for source in page.context["sources"]}


def channels(kept: StatisticsImport, value: int) -> None:
    FigureFactory(statistics=kept, item="A15", dim1="channel", dim1_value="chat", value=value)


def test_the_page_of_a_number_names_the_level_that_gives_it(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A44": 5, "A03": 100})
    counted(stage.hotline, "2025", {"A03": 97}, level="contact", file_name="rows.csv")
    told_by = [
        (page.context["total_text"], levels_taken(page))
        for page in (item(coordinator, c, "2025") for c in ("A03", "A44"))
    ]
    assert told_by == [
        ("97", {"aggregate": False, "contact": True}),
        ("5", {"aggregate": True, "contact": False}),
    ]


def test_the_page_of_a_number_names_accepted_totals_before_records_that_wait(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 100}, accepted=True)
    counted(stage.hotline, "2025", {"A03": 97}, level="contact", file_name="rows.csv")
    page = item(coordinator, "A03", "2025")
    assert (page.context["total_text"], levels_taken(page)) == ("100", {"aggregate": True, "contact": False})


def test_the_cells_on_the_page_of_a_number_are_those_of_the_level_that_gives_it(coordinator: Client, stage: Stage):
    channels(counted(stage.hotline, "2025", {"A03": 1}), 40)
    channels(counted(stage.hotline, "2025", {"A03": 1}, level="contact", file_name="rows.csv"), 38)
    page = item(coordinator, "A15", "2025")
    assert page.context["total_text"] == "38"
    assert [format_line(line) for line in page.context["cells"].lines] == [["38", "38"], ["38", "38"]]


def test_records_of_some_months_do_not_take_the_page_of_a_number_from_the_year(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 100})
    counted(stage.hotline, "2025-01", {"A03": 9}, level="contact", file_name="rows.csv")
    page = item(coordinator, "A03", "2025")
    assert (page.context["total_text"], levels_taken(page)) == ("100", {"aggregate": True, "contact": False})


def test_a_number_that_would_mix_two_levels_is_taken_from_neither(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 11250}, accepted=True, level="contact", file_name="rows.csv")
    counted(stage.hotline, "2025", {"A03": 192, "A04": 180, "A05": 2})
    page = item(coordinator, "A04", "2025")
    assert (page.context["total_text"], levels_taken(page)) == ("", {"aggregate": False, "contact": False})


def test_a_mean_wait_of_quarters_says_how_it_is_weighted(coordinator: Client, stage: Stage):
    for quarter, calls, wait in ((1, 1, 10), (2, 1, 10), (3, 1, 10), (4, 3, 11)):
        counted(stage.hotline, f"2025-Q{quarter}", {"A04": calls, "A08": wait})
    page = item(coordinator, "A08", "2025")
    assert page.context["total_text"] == "10.5"
    assert page.context["how_added"] == "A mean: the number of each period is weighted by its A04."


def test_a_mean_that_no_decimal_tells_is_rounded_down_where_it_is_shown(coordinator: Client, stage: Stage):
    for quarter, calls, wait in ((1, 1, 10), (2, 1, 10), (3, 0, None), (4, 1, 12)):
        counted(stage.hotline, f"2025-Q{quarter}", {"A04": calls, "A08": wait})
    assert item(coordinator, "A08", "2025").context["total_text"] == "10.6"
