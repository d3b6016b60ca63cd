"""Series of a hotline: gaps and never zeros, the origin of numbers, positions among hotlines, downloads."""

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation.models import Hotline, Role, StatisticsImport, User
from evaluation.workflow import perform
from portal.presentation.tables import Cell, Line, Table, as_csv, as_xlsx, escape_formula, missing
from standards.models import Edition
from tests.bystander import COUNTRY, new
from tests.factories import (
    DecisionFactory,
    EvaluationFactory,
    FigureFactory,
    HotlineFactory,
    RoundFactory,
    StatisticsImportFactory,
    person,
    scorecard_of,
)
from tests.portal.counted_files import (
    GOOD,
    INVENTED,
    counted,
    format_line,
    item,
    line_of,
    network_chart,
    network_line,
    others,
    trends,
)
from tests.stage import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


# --- A hotline's own -------------------------------------------------------------------------------------------------


def test_a_hotline_without_a_confirmed_file_is_told_so(coordinator: Client):
    assert "No figures count yet" in trends(coordinator).content.decode()


def test_a_year_without_a_file_is_a_gap_in_the_chart_and_in_the_table(coordinator: Client, stage: Stage):
    for year in ("2022", "2023", "2025"):
        counted(stage.hotline, year, GOOD)
    page = trends(coordinator)
    chart = next(chart for chart in page.context["charts"] if chart.code == "calls")
    assert chart.table.columns == ["2022", "2023", "2024", "2025"]
    assert format_line(line_of(chart.table, "A03")) == ["1,000", "1,000", "no file counts", "1,000"]
    assert chart.drawing.svg.count('class="chart-line chart-0"') == 1
    assert chart.drawing.svg.count('class="chart-point chart-0"') == 4, "three years and the key"


def test_the_answer_rate_is_told_with_its_terms(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    found = network_line(trends(coordinator))
    assert (found["Formula"], found["Its numbers"], found["This hotline"]) == (
        "A04/(A03-A05)",
        "880/(1,000-40)",
        "91.6\u00a0%",
    )


def test_short_abandons_that_were_not_recorded_give_no_rate_and_never_zero(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD | {"A05": None})
    found = network_line(trends(coordinator))
    assert (found["Its numbers"], found["This hotline"]) == ("880/(1,000-–)", "A05 is not recorded")


def test_three_quarters_are_no_year_and_their_numbers_stand_by_quarter(coordinator: Client, stage: Stage):
    for quarter in (1, 2, 3):
        counted(stage.hotline, f"2025-Q{quarter}", {"A03": 100 * quarter})
    by_year = next(chart for chart in trends(coordinator).context["charts"] if chart.code == "calls")
    assert format_line(line_of(by_year.table, "A03")) == ["the files do not fill the time"]
    by_quarter = next(c for c in trends(coordinator, by="quarter").context["charts"] if c.code == "calls")
    assert format_line(line_of(by_quarter.table, "A03")) == ["100", "200", "300"]


def test_a_year_that_is_not_over_is_not_looked_at_first_and_says_one_sentence(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    counted(stage.hotline, "2026-Q1", GOOD)
    assert trends(coordinator).context["at_label"] == "2025"
    page = trends(coordinator, period="2026")
    assert page.context["unfilled"] == "2026: the files do not fill the time"
    assert page.context["required_missing"] == []


def test_new_cases_stand_in_the_published_groups_and_in_the_nine_categories(coordinator: Client, stage: Stage):
    kept = counted(stage.hotline, "2025", GOOD)
    for code, value in (("runaway", 40), ("pushed_away", 2), ("migration", 0)):
        FigureFactory(statistics=kept, item="A21", dim1="category", dim1_value=code, value=value)
    page = trends(coordinator)
    drawings = [chart.drawing.svg for chart in [*page.context["charts"], page.context["categories"]]]
    assert [drawing for drawing in drawings if page.content.decode().count(drawing) != 1] == []
    table = page.context["categories"].table
    values = {line.name: format_line(line)[0] for line in table.lines}
    assert values["Runaways and pushed-away children"] == "42"
    assert (values["Runaway"], values["Pushed away or thrown out"]) == ("40", "2")
    assert values["Children in migration"] == "0"
    assert values["Parental abduction"] == "not recorded"


def test_required_items_that_are_missing_are_named(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    page = trends(coordinator)
    missing_codes = {one.code for one in page.context["required_missing"]}
    assert "A01" in missing_codes
    assert not missing_codes & {"A03", "A04", "A05"}
    assert format_line(line_of(page.context["recorded"], "A05")) == ["40"]


def test_an_estimate_is_said_and_drawn_hollow(coordinator: Client, stage: Stage):
    kept = counted(stage.hotline, "2025", {"A04": 880})
    FigureFactory(statistics=kept, item="A03", value=1000, quality="estimated")
    chart = next(chart for chart in trends(coordinator).context["charts"] if chart.code == "calls")
    assert line_of(chart.table, "A03").cells[0].note == "estimated"
    assert chart.drawing.svg.count("is-hollow") == 1


def test_a_formula_is_an_estimate_as_soon_as_one_of_its_terms_is(coordinator: Client, stage: Stage, mce: Client):
    kept = counted(stage.hotline, "2025", GOOD)
    kept.figures.filter(item="A05").update(quality="estimated")
    page = trends(coordinator)
    rate = next(chart for chart in page.context["charts"] if "3.1.1" in str(chart.table.title))
    assert {line.code: line.cells[0].note for line in rate.table.lines if line.code} == {
        "3.1.1": "estimated",
        "A03": "",
        "A04": "",
        "A05": "estimated",
    }
    assert rate.drawing.svg.count("is-hollow") == 1
    assert (
        dict(zip(page.context["network"].columns, line_of(page.context["network"], "3.1.1").cells, strict=True))[
            "This hotline"
        ].note
        == "estimated"
    )
    comparison = mce.get(reverse("workspace:statistics_comparison"), INVENTED | {"period": "2025"}).context["table"]
    place = comparison.columns.index("3.1.1")
    assert line_of(comparison, "XA").cells[place].note == "estimated"


def test_a_category_is_an_estimate_and_the_others_are_not(coordinator: Client, stage: Stage):
    kept = counted(stage.hotline, "2025", GOOD)
    FigureFactory(statistics=kept, item="A21", dim1="category", dim1_value="migration", value=9, quality="estimated")
    FigureFactory(statistics=kept, item="A21", dim1="category", dim1_value="parental_abduction", value=8)
    categories = trends(coordinator).context["categories"]
    notes = {str(line.name): line.cells[0].note for line in categories.table.lines}
    assert (notes["Children in migration"], notes["Parental abduction"]) == ("estimated", "")


def test_a_percentage_of_fewer_than_twenty_is_told_nowhere_and_its_numbers_are(
    coordinator: Client, stage: Stage, mce: Client
):
    counted(stage.hotline, "2024", {"A03": 20, "A04": 13, "A05": 0, "A06": 7}, accepted=True)
    counted(stage.hotline, "2025", {"A03": 20, "A04": 13, "A05": 1, "A06": 6}, accepted=True)
    page = trends(coordinator)
    found = network_line(page)
    assert (found["Its numbers"], found["This hotline"]) == ("13/(20-1)", "fewer than 20")
    rate = next(chart for chart in page.context["charts"] if "3.1.1" in str(chart.table.title))
    assert format_line(line_of(rate.table, "3.1.1")) == ["65\u00a0%", "fewer than 20"]
    assert format_line(line_of(rate.table, "A04")) == ["13", "13"]
    assert "68.4" not in page.content.decode()
    rows = coordinator.get(reverse("workspace:hotline_trends_table", args=["XA", "csv"])).content.decode("utf-8-sig")
    assert "68.4" not in rows
    assert "2025: fewer than 20" in rows
    comparison = mce.get(reverse("workspace:statistics_comparison"), INVENTED | {"period": "2025"})
    table = comparison.context["table"]
    assert format_line(line_of(table, "XA"))[table.columns.index("3.1.1")] == "fewer than 20"
    network = network_chart(mce.get(reverse("workspace:statistics_trends"), INVENTED), "3.1.1")
    assert format_line(network.table.lines[0]) == ["65\u00a0%", "fewer than 20"]


def test_a_period_that_is_none_shows_the_newest(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    for odd in ("2025-13", "x", "9999", "2025-Q9"):
        assert trends(coordinator, period=odd, by="decade").context["series"].at.period.code == "2025"


# --- The benchmark ---------------------------------------------------------------------------------------------------


def test_eight_others_give_no_line_and_nine_give_means_of_three_that_are_no_hotlines_number(
    coordinator: Client, stage: Stage
):
    counted(stage.hotline, "2025", GOOD)
    known = others(8)
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"
    HotlineFactory(country="YZ", code="116000-YZ")
    counted(Hotline.objects.get(country="YZ"), "2025", {"A03": 1000, "A04": 995, "A05": 0, "A06": 5}, accepted=True)
    StatisticsImport.objects.get(hotline=known[4]).figures.filter(item="A04").update(value=849)
    cache.clear()  # a counting file never changes
    found = network_line(trends(coordinator))
    # 80, 81, 82, 83, 84.9, 85, 86, 87 and 99.5 per cent
    assert (found["Lower quartile"], found["Median"], found["Upper quartile"]) == (
        "82\u00a0%",
        "84.3\u00a0%",
        "86\u00a0%",
    )
    assert (found["Where it lies"], found["Hotlines"]) == ("in the highest quarter", "9")


def test_a_mean_of_published_numbers_and_one_other_is_not_shown(coordinator: Client, stage: Stage):
    """Two of the three hotlines in the middle published a result about the period: the third one's would follow."""
    counted(stage.hotline, "2025", GOOD)
    known = others(9)
    assert network_line(trends(coordinator))["Median"] == "84\u00a0%"
    for hotline in known[3:5]:
        publish_result(hotline)
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"
    for hotline in known[:3] + known[5:]:
        publish_result(hotline)
    assert network_line(trends(coordinator))["Median"] == "84\u00a0%"


def publish_result(hotline: Hotline) -> None:
    """Decide on an evaluation of the year with the figures that the hotline has."""
    round_ = RoundFactory(
        name=f"Round of {hotline.name}",
        edition=new(Edition).first(),
        figures_from=date(2025, 1, 1),
        figures_until=date(2025, 12, 31),
    )
    evaluation = EvaluationFactory(round=round_, hotline=hotline, state="decided")
    DecisionFactory(evaluation=evaluation, scorecard=scorecard_of(evaluation))


def test_a_line_is_rounded_down_in_the_readers_language_and_the_place_is_compared_exactly(
    coordinator: Client, stage: Stage
):
    """The median of ten is the mean of four: 82.275 per cent, shown as 82.2. The exact one is 82.25; the hotline has 82.24."""
    counted(stage.hotline, "2025", {"A03": 10000, "A04": 8224, "A05": 0, "A06": 1776})
    for number, answered in enumerate((800, 801, 802, 811, 820, 825, 835, 836, 837, 990)):
        hotline = HotlineFactory(country=f"Y{number}", code=f"116000-Y{number}")
        counted(hotline, "2025", {"A03": 1000, "A04": answered, "A05": 0, "A06": 1000 - answered}, accepted=True)
    found = network_line(trends(coordinator))
    assert (found["This hotline"], found["Median"]) == ("82.2\u00a0%", "82.2\u00a0%")
    assert found["Where it lies"] == "below the median"
    stage.coordinator.language = "fr"
    stage.coordinator.save()
    with translation.override("fr"):
        assert "82,2\u00a0%" in format_line(line_of(trends(coordinator).context["network"], "3.1.1"))


def test_the_best_of_eleven_reads_in_the_highest_quarter_and_of_eleven_alike_each_is_at_the_median(
    coordinator: Client, stage: Stage
):
    counted(stage.hotline, "2025", {"A03": 1000, "A04": 998, "A05": 0, "A06": 2}, accepted=True)
    others(10)
    assert network_line(trends(coordinator))["Where it lies"] == "in the highest quarter"
    for statistics in new(StatisticsImport):
        statistics.figures.filter(item="A04").update(value=985)
    cache.clear()  # a counting file never changes
    found = network_line(trends(coordinator))
    assert (found["Lower quartile"], found["Median"], found["Upper quartile"]) == ("98.5\u00a0%",) * 3
    assert found["Where it lies"] == "at the median"


def test_the_page_says_what_a_median_and_the_quartiles_are(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    page = trends(coordinator).content.decode()
    assert "half lie below the median and half above it; a quarter lies below the lower quartile" in page
    assert "Each of the three is shown as the mean of the three or four hotlines at that place" in page


def test_no_name_and_no_number_of_another_hotline_is_on_the_page(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    known = others(6)
    page = trends(coordinator).content.decode()
    assert [hotline.name for hotline in known if hotline.name in page] == []


def test_figures_that_mce_has_not_accepted_do_not_make_the_lines(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    others(9, accepted=False)
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"


def test_real_and_invented_hotlines_never_stand_in_one_number(coordinator: Client, stage: Stage, mce: Client):
    counted(stage.hotline, "2025", GOOD)
    others(9, is_invented=False)
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"
    names = {}
    for of in ("real", "invented"):
        page = mce.get(reverse("workspace:statistics_comparison"), {"of": of, "period": "2025"})
        names[of] = {line.code for line in page.context["table"].lines} - {""}
    assert names["invented"] == {"XA", COUNTRY}
    assert len(names["real"]) == 9


def test_a_ratio_of_fewer_than_twenty_is_not_compared(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    for hotline in others(9):
        StatisticsImport.objects.filter(hotline=hotline).first().figures.filter(item="A03").update(value=19)
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"


def test_estimated_figures_are_not_compared(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD)
    for hotline in others(9):
        StatisticsImport.objects.filter(hotline=hotline).first().figures.update(quality="estimated")
    assert network_line(trends(coordinator))["Median"] == "too few hotlines"


# --- The origin of numbers -------------------------------------------------------------------------------------------


def test_a_number_tells_its_file_and_who_stood_for_it(coordinator: Client, stage: Stage):
    kept = StatisticsImportFactory(
        hotline=stage.hotline, file_name="own.csv", draft=[["A03", "", "", "", "", "1200", "measured"]]
    )
    perform(kept, "confirm", by=stage.coordinator)
    perform(kept, "accept", by=stage.people.mce)
    page = item(coordinator, "A03", "2025")
    text = page.content.decode()
    assert page.context["total_text"] == "1,200"
    assert [part for part in ("own.csv", kept.file_digest, "Coordinator XA", "Anouk Peeters") if part not in text] == []
    assert (page.context["months"], page.context["of_months"]) == (12, 12)


def test_when_a_file_was_confirmed_and_accepted_is_told_with_the_readers_zone(coordinator: Client, stage: Stage):
    kept = StatisticsImportFactory(hotline=stage.hotline, draft=[["A03", "", "", "", "", "1200", "measured"]])
    perform(kept, "confirm", by=stage.coordinator)
    perform(kept, "accept", by=stage.people.mce)
    stage.coordinator.time_zone = "Europe/Helsinki"
    stage.coordinator.save()
    text = item(coordinator, "A03", "2025").content.decode()
    for act in ("Confirmed", "Accepted"):
        assert re.search(rf"<dt>{act}</dt>\s*<dd>\s*\d+ \w+ \d{{4}}, \d\d:\d\d EES?T,", text), act


def test_a_year_of_quarters_shows_the_cells_that_were_added(coordinator: Client, stage: Stage):
    for quarter in (1, 2, 3, 4):
        kept = counted(stage.hotline, f"2025-Q{quarter}", {})
        for code, value in (("phone_116000", 10 * quarter), ("chat", 1)):
            FigureFactory(statistics=kept, item="A15", dim1="channel", dim1_value=code, value=value)
    page = item(coordinator, "A15", "2025")
    cells = page.context["cells"]
    assert cells.columns == ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025", "Together"]
    assert {line.name: format_line(line) for line in cells.lines} == {
        "Chat": ["1", "1", "1", "1", "4"],
        "Telephone, 116000": ["10", "20", "30", "40", "100"],
        "All together": ["11", "21", "31", "41", "104"],
    }


def test_what_was_superseded_stands_with_its_difference(coordinator: Client, stage: Stage):
    drafts = {"first.csv": "1200", "second.csv": "1260"}
    for name, value in drafts.items():
        kept = StatisticsImportFactory(
            hotline=stage.hotline, file_name=name, draft=[["A03", "", "", "", "", value, "measured"]]
        )
        perform(kept, "confirm", by=stage.coordinator)
    page = item(coordinator, "A03", "2025")
    assert page.context["total_text"] == "1,260"
    assert [(one.statistics.file_name, one.value_text, one.difference_words) for one in page.context["earlier"]] == [
        ("first.csv", "1,200", "60 more now")
    ]


def test_an_item_or_a_hotline_that_is_not_there_is_not_found(coordinator: Client):
    assert coordinator.get(reverse("workspace:hotline_item", args=["XA", "A99"])).status_code == 404
    assert coordinator.get(reverse("workspace:hotline_item", args=["ZZ", "A03"])).status_code == 404


# --- Downloads -------------------------------------------------------------------------------------------------------


def test_the_download_says_what_the_page_shows_and_leaves_what_is_missing_empty(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD | {"A05": None})
    address = reverse("workspace:hotline_trends_table", args=["XA", "csv"])
    rows = list(csv.reader(StringIO(coordinator.get(address).content.decode("utf-8-sig"))))
    calls = next(row for row in rows if row[:1] == ["A03"])
    assert calls == ["A03", "Calls received on 116000", "1000", ""]
    recorded = next(row for row in rows if row[:1] == ["A05"] and len(row) == 4 and row[3] == "2025: not recorded")
    assert recorded[2] == ""


def test_a_download_in_another_form_is_not_found(coordinator: Client):
    assert coordinator.get(reverse("workspace:hotline_trends_table", args=["XA", "exe"])).status_code == 404


def test_a_text_is_never_a_formula_and_a_number_is_a_number_in_both_files():
    table = Table(
        "t",
        "=1+1",
        "@corner",
        ["+a"],
        [Line("=cmd|' /C calc'!A0", [Cell("1 200", Decimal("1200.5"))]), Line("b", [missing("-none")])],
    )
    rows = list(csv.reader(StringIO(as_csv([table], "-title").decode("utf-8-sig"))))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert rows[4][2] == "1200.5"
    assert rows[5][2] == ""
    with zipfile.ZipFile(BytesIO(as_xlsx([table], "=title"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>1200.5</v>" in sheet


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\t=1+1", "'\t'=1+1"),
        ("\n=1+1", "'\n'=1+1"),
        ("Aldermark;=cmd|' /C calc'!A0", "Aldermark;'=cmd|' /C calc'!A0"),
        ("a\r\n@SUM(1)", "a\r\n'@SUM(1)"),
        ("A03 = A04 + A05; 2025: none", "A03 = A04 + A05; 2025: none"),
        ("10-12", "10-12"),
    ],
)
def test_a_text_is_no_formula_where_cells_are_parted_by_other_marks_either(text, written):
    assert escape_formula(text) == written


# --- Queries ---------------------------------------------------------------------------------------------------------


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_more_hotlines_files_and_years_ask_no_more(mce: Client, coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", GOOD, accepted=True)
    StatisticsImportFactory(hotline=stage.hotline, state="superseded")
    others(1)
    pages = [
        (coordinator, reverse("workspace:hotline_trends", args=["XA"])),
        (coordinator, reverse("workspace:hotline_item", args=["XA", "A03"]) + "?period=2025"),
        *((mce, reverse(f"workspace:{name}") + "?of=invented") for name in ("statistics_network", "statistics_trends")),
        *(
            (mce, reverse(f"workspace:{name}") + "?of=invented&period=2025")
            for name in ("statistics_comparison", "statistics_recorded")
        ),
    ]
    before = [queries_of(*page) for page in pages]
    StatisticsImport.objects.filter(hotline=stage.hotline, period_start__year=2025).update(state="superseded")
    for quarter in (1, 2, 3, 4):
        counted(stage.hotline, f"2025-Q{quarter}", GOOD, accepted=True)
    for year in ("2021", "2022", "2023"):
        counted(stage.hotline, year, GOOD)
    for number in range(6):
        hotline = HotlineFactory(country=f"W{number}", code=f"116000-W{number}")
        for year in ("2024", "2025"):
            counted(hotline, year, GOOD, accepted=True)
    after = [queries_of(*page) for page in pages]
    assert after == before


def test_a_coordinator_of_another_hotline_finds_none_of_it(stage: Stage, sign_in: Callable[..., Client]):
    other: User = person(Role.COORDINATOR, hotline=HotlineFactory(country="XB", code="116000-XB"))
    client = sign_in(Client(), other)
    assert client.get(reverse("workspace:hotline_trends", args=["XA"])).status_code == 404
    assert client.get(reverse("workspace:hotline_item", args=["XA", "A03"])).status_code == 404
    assert client.get(reverse("workspace:statistics_comparison")).status_code == 403


NOT_RECORDED = {"value": None, "quality": "not_recorded"}
NOT_APPLICABLE = {"value": None, "quality": "NA"}


def test_a_category_that_does_not_apply_is_neither_zero_nor_missing_and_leaves_its_group_a_sum(
    coordinator: Client, stage: Stage
):
    kept = counted(stage.hotline, "2025", GOOD)
    given = {"runaway": {"value": 40}, "pushed_away": NOT_APPLICABLE, "migration": NOT_APPLICABLE}
    for code, amount in (given | {"parental_abduction": NOT_RECORDED}).items():
        FigureFactory(statistics=kept, item="A21", dim1="category", dim1_value=code, **amount)
    values = {line.name: format_line(line)[0] for line in trends(coordinator).context["categories"].table.lines}
    assert (values["Runaways and pushed-away children"], values["Pushed away or thrown out"]) == (
        "40",
        "not applicable",
    )
    assert (values["Children in migration"], values["Parental abduction"]) == ("not applicable", "not recorded")
    cells = item(coordinator, "A21", "2025").context["cells"]
    assert {line.name: format_line(line) for line in cells.lines if line.name != "All together"} == {
        "Runaway": ["40", "40"],
        "Pushed away or thrown out": ["not applicable", "not applicable"],
        "Child in migration": ["not applicable", "not applicable"],
        "Parental abduction": ["not recorded", "a part is missing"],
    }


def test_a_mean_is_told_with_its_unit_and_a_count_without(coordinator: Client, stage: Stage):
    counted(stage.hotline, "2025", {"A03": 1000, "A08": 20})
    assert [item(coordinator, code, "2025").context["unit"] for code in ("A03", "A08")] == ["", "seconds"]
