"""MCE's view of the figures: waiting files, the network over time and its sources, the comparison of hotlines."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.figures.dictionary.items import code_lists
from evaluation.models import Figure, StatisticsImport
from tests.factories import FigureFactory, HotlineFactory
from tests.portal.counted_files import GOOD, INVENTED, counted, format_line, network_chart, others
from tests.reports.charts.drawn import kinds, points_of
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


def test_what_waits_to_be_accepted_comes_first(mce: Client, stage: Stage):
    others(2)
    waiting = counted(stage.hotline, "2025", GOOD)
    page = mce.get(reverse("workspace:statistics_network"), INVENTED)
    assert [one.uid for _name, one in page.context["waiting"]] == [waiting.uid]
    assert format_line(page.context["table"].lines[0]) == ["12 months to be accepted", "1"]
    assert format_line(page.context["table"].lines[1]) == ["accepted", "0"]


def test_the_years_of_the_table_are_the_newest_eight_of_these_hotlines(mce: Client, stage: Stage):
    for year in ("2015", "2025"):
        counted(stage.hotline, year, GOOD, accepted=True)
    counted(HotlineFactory(country="BE", is_invented=False), "2026", GOOD, accepted=True)
    page = mce.get(reverse("workspace:statistics_network"), INVENTED)
    assert list(page.context["table"].columns)[:-1] == [str(year) for year in range(2018, 2026)]


def test_the_network_adds_accepted_figures_and_says_how_many_hotlines_they_are_of(mce: Client, stage: Stage):
    others(3)
    counted(stage.hotline, "2025", GOOD)
    page = mce.get(reverse("workspace:statistics_trends"), INVENTED)
    calls = network_chart(page, "A03").table
    assert [format_line(line) for line in calls.lines] == [["3,000"], ["3 of 4"], ["1.0"], ["0 of 3"]]
    rate = network_chart(page, "3.1.1").table
    assert format_line(rate.lines[0]) == ["81\u00a0%"], "2430 of 3000"


def test_a_ratio_of_the_network_is_that_of_the_hotlines_that_recorded_every_term(mce: Client, stage: Stage):
    """Unknown short calls are not zero: counted as zero, 880 of 1000 would lower the rate."""
    others(3)
    counted(stage.hotline, "2025", GOOD | {"A05": None}, accepted=True)
    rate = network_chart(mce.get(reverse("workspace:statistics_trends"), INVENTED), "3.1.1").table
    assert [format_line(line) for line in rate.lines[:2]] == [["81\u00a0%"], ["3 of 4"]], "2430 of 3000"


def test_what_is_known_of_a_part_of_the_year_only_is_in_no_total_and_called_so(mce: Client, stage: Stage):
    others(3)
    counted(stage.hotline, "2025", GOOD, accepted=True, completeness="partial_period")
    calls = network_chart(mce.get(reverse("workspace:statistics_trends"), INVENTED), "A03").table
    assert [format_line(line) for line in calls.lines][:2] == [["3,000"], ["3 of 4"]]
    page = mce.get(reverse("workspace:statistics_network"), INVENTED)
    values = {line.name: format_line(line)[0] for line in page.context["table"].lines}
    assert values.pop(stage.hotline.name) == "accepted, a part of the time is missing"
    assert set(values.values()) == {"accepted"}


def test_an_estimated_year_is_counted_as_an_estimate_of_the_network(mce: Client, stage: Stage):
    others(3)
    counted(stage.hotline, "2025", GOOD, accepted=True, completeness="estimated")
    calls = network_chart(mce.get(reverse("workspace:statistics_trends"), INVENTED), "A03").table
    assert [format_line(line) for line in calls.lines] == [["4,000"], ["4 of 4"], ["1.0"], ["1 of 4"]]


def test_a_line_does_not_lead_from_three_hotlines_to_two(mce: Client, stage: Stage):
    known = others(3)
    for hotline in known[:2]:
        counted(hotline, "2024", {"A03": 900}, accepted=True)
    page = mce.get(reverse("workspace:statistics_trends"), INVENTED)
    chart = network_chart(page, "A03")
    assert format_line(chart.table.lines[0]) == ["1,800", "3,000"]
    assert "chart-line" not in chart.drawing.svg


def test_the_network_says_its_definitions_and_estimates_and_no_line_leads_over_other_definitions(
    mce: Client, stage: Stage
):
    known = others(3)
    for hotline in known:
        counted(hotline, "2024", GOOD, accepted=True)
        counted(hotline, "2023", GOOD, accepted=True)
    StatisticsImport.objects.filter(period_start__year=2025, hotline=known[0]).update(definitions="2.0")
    Figure.objects.filter(statistics__hotline=known[1], statistics__period_start__year=2025, item="A05").update(
        quality="estimated"
    )
    page = mce.get(reverse("workspace:statistics_trends"), INVENTED)
    calls, rate = network_chart(page, "A03"), network_chart(page, "3.1.1")
    assert [format_line(line) for line in calls.table.lines[2:]] == [["1.0", "1.0", "1.0, 2.0"], ["0 of 3"] * 3]
    assert format_line(rate.table.lines[3]) == ["0 of 3", "0 of 3", "1 of 3"]
    for chart in (calls, rate):
        lines = kinds(chart.drawing.svg, "chart-line")
        assert [len(points_of(line)) for line in lines] == [2], "2023 to 2024, and not on to 2025"


def test_the_networks_new_cases_stand_by_published_category(mce: Client, stage: Stage):
    hotlines = others(2)
    for number, hotline in enumerate(hotlines, start=1):
        kept = StatisticsImport.objects.get(hotline=hotline)
        for code in code_lists()["category"]:
            FigureFactory(statistics=kept, item="A21", dim1="category", dim1_value=code, value=10 * number)
    incomplete = counted(stage.hotline, "2025", GOOD, accepted=True)
    FigureFactory(statistics=incomplete, item="A21", dim1="category", dim1_value="runaway", value=500)
    page = mce.get(reverse("workspace:statistics_trends"), INVENTED)
    table = page.context["over_time"].categories.table
    values = {str(line.name): format_line(line) for line in table.lines}
    assert values["Runaways and pushed-away children"] == ["60"], "two categories of ten and twenty each"
    assert values["Children in migration"] == ["30"]
    assert values["Hotlines"] == ["2 of 3"]
    assert "New cases in 2025, in the groups of the yearly reports" in page.content.decode()
    over_time = page.context["over_time"]
    drawings = [chart.drawing.svg for chart in [*over_time.charts, over_time.categories]]
    assert [drawing for drawing in drawings if page.content.decode().count(drawing) != 1] == []
    address = reverse("workspace:statistics_network_table", args=["trends", "csv"])
    rows = list(csv.reader(StringIO(mce.get(address, INVENTED).content.decode("utf-8-sig"))))
    assert ["", "Runaways and pushed-away children", "60", ""] in rows


@pytest.mark.parametrize("part", ["deliveries", "comparison", "recorded", "trends"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_each_page_of_the_network_can_be_downloaded(mce: Client, stage: Stage, part: str, form: str):
    others(2)
    answer = mce.get(reverse("workspace:statistics_network_table", args=[part, form]), INVENTED | {"period": "2025"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="116000-{part}.{form}"'
