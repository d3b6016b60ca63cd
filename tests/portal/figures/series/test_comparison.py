"""The comparison of hotlines and deliveries: the same lines whatever is filtered, sorted, or waiting."""

import csv
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from evaluation.models import Hotline, StatisticsImport
from portal.figures.series.benchmark import find_network_figures
from standards.framework import Formula
from tests.factories import HotlineFactory
from tests.portal.counted_files import GOOD, INVENTED, counted, format_line, line_of, others
from tests.stage import Stage

pytestmark = [
    pytest.mark.usefixtures("empty"),
    pytest.mark.django_db,
    pytest.mark.everywhere,
]  # databases sort and search differently

LINES = ("Lower quartile", "Median", "Upper quartile")


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


def compared(client: Client, **asked: str) -> Any:
    page = client.get(reverse("workspace:statistics_comparison"), INVENTED | {"period": "2025"} | asked)
    assert page.status_code == 200
    return page


def lines_on(page: Any, code: str = "3.1.1") -> list[str]:
    table = page.context["table"]
    place = table.columns.index(code)
    return [format_line(line)[place] for line in table.lines if line.tag == "sum"]


def codes_on(page: Any) -> list[str]:
    return [line.code for line in page.context["table"].lines if line.tag != "sum"]


def delivered(client: Client, **asked: str) -> Any:
    page = client.get(reverse("workspace:statistics_network"), INVENTED | asked)
    assert page.status_code == 200
    return page


def figures_of(hotline: Hotline) -> Any:
    return StatisticsImport.objects.get(hotline=hotline).figures


# --- The lines -------------------------------------------------------------------------------------------------------


def test_the_comparison_has_the_median_and_the_quartiles_of_the_accepted_figures(mce: Client):
    others(9)
    assert [line.name for line in compared(mce).context["table"].lines[-3:]] == [*LINES]
    assert lines_on(compared(mce)) == ["82\u00a0%", "84\u00a0%", "86\u00a0%"]


def test_a_confirmed_correction_moves_no_line_and_both_pages_say_the_same(
    mce: Client, stage: Stage, sign_in: Callable[..., Client]
):
    known = others(9)
    counted(known[4], "2025", {"A03": 1000, "A04": 10, "A05": 0, "A06": 990}, file_name="correction.csv")
    assert lines_on(compared(mce)) == ["82\u00a0%", "84\u00a0%", "86\u00a0%"]
    counted(stage.hotline, "2025", GOOD)
    own = sign_in(Client(), stage.coordinator).get(reverse("workspace:hotline_trends", args=["XA"])).context["network"]
    values = dict(zip(own.columns, format_line(line_of(own, "3.1.1")), strict=True))
    assert [values[name] for name in LINES] == lines_on(compared(mce))


def test_searching_shows_fewer_hotlines_and_moves_no_line(mce: Client):
    known = others(10)
    before = compared(mce)
    page = compared(mce, q=known[0].name.upper())
    assert codes_on(page) == ["YA"]
    assert lines_on(page) == lines_on(before) == ["82\u00a0%", "84.5\u00a0%", "87\u00a0%"]
    assert (page.context["hotlines"], page.context["of"]) == (10, 11), "counted before narrowing"
    assert "10 of 11 hotlines" in page.content.decode()
    assert "Nothing matches this" in compared(mce, q="nobody is called so").content.decode()


def test_estimates_are_shown_and_do_not_make_the_lines(mce: Client):
    known = others(9)
    figures_of(known[0]).filter(item="A05").update(quality="estimated")
    assert lines_on(compared(mce)) == ["too few hotlines"] * 3
    assert "YA" in codes_on(compared(mce))


def test_what_mce_has_not_accepted_does_not_make_the_lines_and_is_marked(mce: Client):
    known = others(9)
    StatisticsImport.objects.filter(hotline=known[0]).update(state="confirmed")
    page = compared(mce)
    assert lines_on(page) == ["too few hotlines"] * 3
    assert line_of(page.context["table"], "YA").tag == "waiting"


def test_a_ratio_of_fewer_than_twenty_does_not_make_the_lines(mce: Client):
    known = others(9)
    figures_of(known[0]).filter(item="A03").update(value=19)
    assert lines_on(compared(mce)) == ["too few hotlines"] * 3
    figures_of(known[0]).filter(item="A03").update(value=20)
    figures_of(known[0]).filter(item="A04").update(value=19)
    cache.clear()  # a counting file never changes
    assert lines_on(compared(mce)) == ["83\u00a0%", "85\u00a0%", "87\u00a0%"]


# --- Sorted, paged ---------------------------------------------------------------------------------------------------


def test_the_comparison_is_sorted_both_ways_and_what_has_no_data_comes_last_both_ways(mce: Client, stage: Stage):
    others(3)
    counted(stage.hotline, "2025", {"A03": 5}, accepted=True)
    assert codes_on(compared(mce, order="3.1.1")) == ["YA", "YB", "YC", "XA"]
    assert codes_on(compared(mce, order="-3.1.1")) == ["YC", "YB", "YA", "XA"]
    assert codes_on(compared(mce, order="completeness"))[0] == "XA"
    assert codes_on(compared(mce, order="-completeness"))[-1] == "XA"
    by_name = codes_on(compared(mce))
    assert codes_on(compared(mce, order="-name")) == by_name[::-1]
    assert codes_on(compared(mce, order="nothing known")) == by_name
    assert [value for value, _label in compared(mce).context["orders"]][:6] == [
        *("name", "-name", "completeness", "-completeness"),
        *("A26/A21", "-A26/A21"),
    ]


def test_twenty_five_hotlines_stand_on_a_page_with_the_lines_and_the_key_on_each(mce: Client, stage: Stage):
    others(25)
    counted(stage.hotline, "2025", GOOD, accepted=True)
    first, second = compared(mce, order="3.1.1"), compared(mce, order="3.1.1", page="2")
    assert (len(codes_on(first)), codes_on(second)) == (25, ["YY"])
    assert lines_on(first) == lines_on(second)
    for page in (first, second):
        assert "What the columns are" in page.content.decode()
    assert "order=3.1.1" in first.content.decode().split('rel="next"')[1][:200]
    address = reverse("workspace:statistics_network_table", args=["comparison", "csv"])
    text = mce.get(address, INVENTED | {"period": "2025", "order": "-3.1.1"}).content.decode("utf-8-sig")
    before_the_key = text.partition("What the columns are")[0]
    rows = [row[0] for row in csv.reader(StringIO(before_the_key)) if row and row[0] in {*codes_on(first), "YY"}]
    assert rows[:2] == ["YY", "YX"]
    assert len(rows) == 26, "the file has every page"


# --- Deliveries ------------------------------------------------------------------------------------------------------


def test_how_many_sent_figures_is_counted_before_the_page_is_narrowed(mce: Client):
    known = others(3)
    HotlineFactory(country="YZ", code="116000-YZ")
    message = "4 of 5 hotlines"
    assert message in delivered(mce).content.decode()
    nothing = delivered(mce, state="nothing")
    assert message in nothing.content.decode()
    assert codes_on(nothing) == ["YZ"]
    assert message in delivered(mce, q=known[0].name).content.decode()


def test_a_search_leaves_only_the_hotlines_of_that_name(mce: Client):
    known = others(3)
    assert codes_on(delivered(mce, q=known[1].name.lower())) == ["YB"]
    address = reverse("workspace:statistics_network_table", args=["deliveries", "csv"])
    text = mce.get(address, INVENTED | {"q": known[1].name}).content.decode("utf-8-sig")
    assert known[1].name in text
    assert known[0].name not in text


def test_the_fewest_periods_first_puts_who_sent_nothing_before_who_sent_most(mce: Client):
    known = others(2)
    counted(known[0], "2024", GOOD, accepted=True)
    HotlineFactory(country="YZ", code="116000-YZ")
    order = [code for code in codes_on(delivered(mce, order="least")) if code != "XA"]
    assert order == ["YZ", "YB", "YA"]


def test_a_quarter_is_told_as_three_months_and_not_as_accepted(mce: Client):
    hotline = HotlineFactory(country="YA", code="116000-YA")
    counted(hotline, "2025-Q1", GOOD, accepted=True)
    assert format_line(line_of(delivered(mce).context["table"], "YA")) == ["3 of 12 months accepted", "0"]
    for quarter in (2, 3, 4):
        counted(hotline, f"2025-Q{quarter}", GOOD, accepted=True)
    assert format_line(line_of(delivered(mce).context["table"], "YA")) == ["accepted", "0"]


def test_the_questionnaire_has_the_same_lines_beside_a_figure(stage: Stage, sign_in: Callable[..., Client]):
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "3.1"])
    client = sign_in(Client(), stage.coordinator)
    few = " ".join(client.get(address).content.decode().split())
    assert "Network, 2025" in few
    assert "Too few hotlines gave this figure to compare them." in few
    others(9)
    text = " ".join(client.get(address).content.decode().split())
    assert "Middle value <strong>84 %</strong>, half of the hotlines between 82 % and 86 %." in text
    assert "9 hotlines gave this figure." in text


def test_no_lines_stand_beside_what_the_newest_edition_measures_otherwise(stage: Stage):
    standard = stage.framework.standards["3.1"]
    assert set(find_network_figures(stage.evaluation, standard, stage.coordinator)) == {"3.1.1", "3.1.3"}
    assert find_network_figures(stage.evaluation, standard, stage.people.panel) == {}
    other = replace(standard.indicators[0], formula=Formula("A03"))
    changed = replace(standard, indicators=(other, *standard.indicators[1:]))
    assert set(find_network_figures(stage.evaluation, changed, stage.coordinator)) == {"3.1.3"}
    stage.round.figures_until = stage.round.figures_until.replace(month=11, day=30)
    assert find_network_figures(stage.evaluation, standard, stage.coordinator) == {}
