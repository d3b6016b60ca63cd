"""The items missing in the network: each item by hotlines, recorded, in part, not at all, or not applicable."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.figures.dictionary.items import NOT_APPLICABLE, items
from evaluation.models import Hotline, StatisticsImport
from portal.figures.series import recording
from tests.factories import FigureFactory, HotlineFactory
from tests.portal.counted_files import INVENTED, counted, format_line, line_of
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty")]

COUNTS = ["Recorded", "Partly", "Not recorded", "Not applicable", "No file"]


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def mce(stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), stage.people.mce)


@pytest.fixture
def network(stage: Stage) -> list[Hotline]:
    """Create hotlines: of A15 one has all, one a part, one nothing, to one it does not apply. XA has no file."""
    found = []
    for country, value, quality in (
        ("YA", 7, "measured"),
        ("YB", None, "not_recorded"),
        ("YC", None, "not_recorded"),
        ("YD", None, NOT_APPLICABLE),
    ):
        hotline = HotlineFactory(country=country, code=f"116000-{country}")
        kept = counted(hotline, "2025", {"A03": 100}, accepted=True)
        FigureFactory(statistics=kept, item="A15", dim1="channel", dim1_value="chat", value=value, quality=quality)
        if country in ("YA", "YB"):
            FigureFactory(statistics=kept, item="A15", dim1="channel", dim1_value="phone_116000", value=3)
        found.append(hotline)
    return found


def recorded(client: Client, **asked: str) -> Any:
    page = client.get(reverse("workspace:statistics_recorded"), INVENTED | {"period": "2025"} | asked)
    assert page.status_code == 200
    return page


def codes_on(page: Any) -> list[str]:
    return [line.code for line in page.context["table"].lines]


def test_an_item_says_of_each_hotline_whether_it_is_recorded_and_of_how_many(mce: Client, network: list[Hotline]):
    table = recorded(mce, show="required").context["table"]
    assert table.columns[:5] == COUNTS
    assert set(table.columns[5:]) == {"XA", "YA", "YB", "YC", "YD"}
    table = recorded(mce, show="lacking").context["table"]
    values = dict(zip(table.columns, format_line(line_of(table, "A15")), strict=True))
    assert values == dict.fromkeys(COUNTS, "1") | {"XA": "–", "YA": "yes", "YB": "part", "YC": "no", "YD": "n/a"}


def test_a_mark_leads_to_where_the_number_is_from_and_without_a_file_nowhere(mce: Client, network: list[Hotline]):
    table = recorded(mce).context["table"]
    cells = dict(zip(table.columns, line_of(table, "A15").cells, strict=True))
    assert cells["YB"].url == reverse("workspace:hotline_item", args=["YB", "A15"]) + "?period=2025"
    assert cells["XA"].url == ""
    assert (cells["YA"].kind, cells["YB"].kind, cells["YC"].kind, cells["YD"].kind, cells["XA"].kind) == (
        *("", "partly", "no", "not_applicable"),
        "no_file",
    )


def test_items_can_be_narrowed_to_what_is_required_what_somebody_lacks_and_what_nobody_records(
    mce: Client, network: list[Hotline]
):
    required = [code for code, item in items().items() if item.required]
    assert codes_on(recorded(mce, show="required")) == required[:25]
    assert "A03" not in codes_on(recorded(mce, show="lacking"))
    nowhere = recorded(mce, show="nowhere")
    assert nowhere.context["page"].paginator.count == len(items()) - 2
    assert not {"A03", "A15"} & set(codes_on(nowhere))
    assert "1 of 54 items is lacking nowhere" in recorded(mce).content.decode()


def test_what_somebody_has_in_part_only_is_lacking_too(mce: Client, network: list[Hotline]):
    FigureFactory(
        statistics=StatisticsImport.objects.get(hotline=network[2]),
        item="A15",
        dim1="channel",
        dim1_value="phone_116000",
        value=1,
    )
    assert "A15" in codes_on(recorded(mce, show="lacking"))
    table = recorded(mce, show="lacking").context["table"]
    assert format_line(line_of(table, "A15"))[:5] == ["1", "2", "0", "1", "1"]


def test_items_are_sorted_by_how_many_record_them_both_ways(mce: Client, network: list[Hotline]):
    assert codes_on(recorded(mce))[:3] == list(items())[:3]
    assert codes_on(recorded(mce, order="most"))[:2] == ["A03", "A15"]
    assert codes_on(recorded(mce, order="least", page="3"))[-2:] == ["A15", "A03"]


def test_twenty_five_items_stand_on_a_page(mce: Client, network: list[Hotline]):
    pages = [codes_on(recorded(mce, page=str(number))) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 4]
    assert [code for page in pages for code in page] == list(items())


def test_a_few_hotlines_stand_beside_each_other_and_the_next_ones_on_another_page(
    mce: Client, network: list[Hotline], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(recording, "COLUMNS", 2)

    def shown(**asked: str) -> list[str]:
        return recorded(mce, **asked).context["table"].columns[5:]

    everybody = [*shown(), *shown(hotlines="2"), *shown(hotlines="3")]
    assert (len(shown()), sorted(everybody)) == (2, ["XA", "YA", "YB", "YC", "YD"])
    assert shown(hotlines="99") == shown(hotlines="3")
    assert shown(hotlines="two") == shown()
    page = recorded(mce, hotlines="2", page="2", order="least", show="")
    text = page.content.decode()
    assert "Hotlines 3 to 4 of 5" in text
    assert "hotlines=3&amp;page=2&amp;order=least" in text, "turning keeps the items, their page and their order"
    assert "hotlines=2&amp;page=1&amp;order=least" in text, "and turning the items keeps the hotlines"
    told_by_all = [cell.text for cell in page.context["table"].lines[0].cells[:5]]
    assert told_by_all == [
        cell.text for cell in recorded(mce, page="2", order="least").context["table"].lines[0].cells[:5]
    ]
    assert "Hotlines 1 to" not in recorded(mce, q=network[0].name).content.decode()


def test_a_search_leaves_columns_out_and_changes_no_count(mce: Client, network: list[Hotline]):
    table = recorded(mce, q=network[1].name.upper()).context["table"]
    assert table.columns == [*COUNTS, "YB"]
    assert format_line(line_of(table, "A15")) == ["1", "1", "1", "1", "1", "part"]


def test_the_file_has_every_item_as_it_is_narrowed_and_sorted(mce: Client, network: list[Hotline]):
    address = reverse("workspace:statistics_network_table", args=["recorded", "csv"])
    text = mce.get(address, INVENTED | {"period": "2025", "order": "most"}).content.decode("utf-8-sig")
    rows = [row for row in csv.reader(StringIO(text)) if row and row[0] in items()]
    assert len(rows) == 54
    assert rows[0][0] == "A03"
    assert rows[0][2:7] == ["4", "0", "0", "0", "1"]
    assert "part: partly" in text


def test_a_period_without_a_file_says_so(mce: Client, network: list[Hotline]):
    assert "No figures count in this period" in recorded(mce, period="2019").content.decode()
