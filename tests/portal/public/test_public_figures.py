"""The public figures: earlier published ones, with their contradictions, and years from accepted files only."""

import csv
import hashlib
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation.figures.publishing.published_names import NOTES, SERIES, UNITS
from evaluation.figures.publishing.published_series import is_counted_alike
from evaluation.models import Figure, Hotline, StatisticsImport
from evaluation.workflow import perform
from portal.public.published_series import published
from tests.browsing import in_each_appearance
from tests.bystander import new
from tests.evaluation.figures.accepted_years import accepted, coordinator_of_mce, correct, keep, release, three
from tests.evaluation.figures.attacker import attack
from tests.reports.charts.drawn import kinds, points_of

pytestmark = pytest.mark.django_db


def read(client: Client, year: int = 2025) -> dict[str, Any]:
    return json.loads(client.get(reverse("pages:network_file", args=[year, "json"])).content)


def cells_of(data: dict[str, Any], table: str) -> dict[tuple[str, str], Any]:
    found = next(one for one in data["tables"] if one["code"] == table)
    return {(cell["row"], cell["column"]): cell["mark"] or cell["value"] for cell in found["cells"]}


def test_everybody_reads_the_figures_and_finds_them_in_the_menu(client: Client):
    page = client.get(reverse("pages:figures"))
    assert page.status_code == 200
    assert f'href="{reverse("pages:figures")}"' in client.get(reverse("pages:register")).content.decode()


def test_every_published_number_stands_on_the_page_with_its_source(client: Client):
    page = client.get(reverse("pages:figures")).content.decode()
    for number in published():
        for source in number.sources:
            assert source.replace("&", "&amp;") in page
    assert page.count("250,012") >= 2
    assert page.count("630,476") >= 2
    assert "more than 5,000" in page
    assert "less than 1\u00a0%" in page
    assert "about 20\u00a0%" in page


def test_what_contradicts_itself_is_explained_and_no_line_leads_to_it(client: Client):
    page = client.get(reverse("pages:figures")).content.decode()
    for title in ("Two numbers for 2013, and no explanation", "Two numbers for 2022", "2014 and 2015 are read"):
        assert title in page
    chart = re.search(r'<svg[^>]*chart-published-calls_received".*?</svg>', page, re.DOTALL)
    assert chart is not None
    assert [len(points_of(line)) for line in kinds(chart[0], "chart-line")] == [2]  # 2011 to 2012


def test_a_line_joins_two_years_only_where_as_many_hotlines_reported_or_nobody_says_how_many(client: Client):
    """Runaways: hotlines ? ? | 27 | ? ? | 26 | 23 | ?, and later 18, ?, 22.

    The lines are 2013 to 2014 and 2016 to 2017.
    """
    page = client.get(reverse("pages:figures")).content.decode()
    chart = re.search(r'<svg[^>]*chart-published-share_runaway_pct".*?</svg>', page, re.DOTALL)
    assert chart is not None
    assert [len(points_of(line)) for line in kinds(chart[0], "chart-line")] == [2, 2]
    number = next(one for one in published() if one.item == "share_runaway_pct" and one.year == 2018)
    for before, after, joined in ((26, 26, True), (None, None, True), (26, 23, False), (26, None, False)):
        pair = replace(number, hotlines=before), replace(number, year=2019, hotlines=after)
        assert is_counted_alike(*pair) is joined
    assert "and as many hotlines, or an unknown number in both years" in page


def test_the_contradictions_are_told_with_the_right_number_beside_the_right_source(client: Client):
    page = " ".join(client.get(reverse("pages:figures")).content.decode().split())
    for sentence in (
        "The press release gives 6,668 cases for 2022, the report about 8,200.",
        "gives 250,012 calls received in 2013, and 630,476 calls that hotlines responded to.",
        "It says 179 %; from 89,340 to 250,012 calls are 179.8 %.",
        "For 2018 the report counts 8,845 cases: 6,221 new ones and 2,624 that were still open from before. "
        "In them are 9,115 children.",
        "26 of 32 hotlines reported for 2018, 23 for 2019, 18 for 2022.",
    ):
        assert sentence in page, sentence


def test_the_file_of_published_numbers_says_how_many_hotlines_reported(client: Client):
    text = client.get(reverse("pages:published_file", args=["csv"])).content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if len(row) > 8]
    year, hotlines = (rows[0].index(name) for name in ("Year", "Hotlines reporting"))
    numbers = {(row[0], row[year], row[hotlines]) for row in rows[1:]}
    expected = {(one.item, str(one.year), "" if one.hotlines is None else str(one.hotlines)) for one in published()}
    assert numbers == expected
    assert ("share_runaway_pct", "2018", "26") in numbers
    assert ("share_runaway_pct", "2020", "") in numbers


def test_every_item_and_every_note_of_the_file_has_its_words():
    assert {number.item for number in published()} <= set(SERIES)
    assert {number.note for number in published() if number.note} <= {str(note) for note in NOTES}
    assert {number.unit for number in published()} == set(UNITS)


def test_the_file_of_published_numbers_says_units_in_words_and_not_in_codes(client: Client):
    text = client.get(reverse("pages:published_file", args=["csv"])).content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if len(row) > 8]
    place = rows[0].index("Unit")
    assert {row[place] for row in rows[1:]} == {str(words) for words in UNITS.values()}
    assert "percent" not in {row[place] for row in rows}


def test_only_accepted_files_are_told(client: Client):
    three()
    accepted("FR", state="confirmed", calls=900)
    accepted("IT", state="superseded", calls=900)
    release()
    data = read(client)
    assert cells_of(data, "calls")["received", "calls"] == 1200
    assert (data["hotlines"], data["tables"][0]["hotlines"]) == (5, 3)
    assert "2025, 3 of 5 hotlines." in client.get(reverse("pages:figures")).content.decode()


def test_invented_hotlines_are_never_added_to_real_ones(client: Client, settings: Any):
    three()
    invented = three("XA XB XC", calls=900)
    Hotline.objects.filter(pk__in=[one.pk for one in invented]).update(is_invented=True)
    release()
    release(invented=True)
    assert cells_of(read(client), "calls")["received", "calls"] == 1200
    settings.DEMONSTRATION = True
    data = read(client)
    assert cells_of(data, "calls")["received", "calls"] == 2700
    assert data["invented"] is True
    assert "These hotlines and their numbers are invented." in client.get(reverse("pages:figures")).content.decode()


def test_no_column_of_a_table_of_a_year_is_empty(client: Client):
    """The share of calls answered is a row of its own below the table, without a column."""
    three()
    release()
    year = client.get(reverse("pages:figures")).context["network"]
    for table in (one.table for one in year.tables if not one.is_withheld):
        assert {len(line.cells) for line in table.lines} - {1} <= {len(table.columns)}, table.code
        assert max(len(line.cells) for line in table.lines) == len(table.columns)
        assert len(set(table.columns)) == len(table.columns)


def test_a_small_count_is_not_told_and_cannot_be_computed(client: Client):
    three()
    release()
    cells = cells_of(read(client), "categories")
    assert cells["criminal_abduction", "new"] == "small"
    assert "hidden" in cells.values()
    found = attack(read(client))
    assert [name for name, value in found.items() if 0 < value < 5] == []
    page = client.get(reverse("pages:figures")).content.decode()
    assert "&lt;5" in page


def test_the_page_and_its_files_say_the_same(client: Client):
    three("BE FR LU NL")
    release()
    page = client.get(reverse("pages:figures")).content.decode()
    text = client.get(reverse("pages:network_file", args=[2025, "csv"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    numbers = {row[1]: row[2] for row in rows if len(row) > 3}
    assert numbers["Abduction by a third person"] == "<5"
    assert numbers["Calls received"] == "1600"
    assert re.search(r">\s*1,600\s*<", page)
    assert ["2025, 4 of 4 hotlines."] in rows


def test_what_is_accepted_and_not_released_is_not_there(client: Client):
    three()
    assert client.get(reverse("pages:network_file", args=[2025, "json"])).status_code == 404
    assert "No year can be shown yet." in client.get(reverse("pages:figures")).content.decode()


def test_a_table_of_two_hotlines_says_why_it_is_not_told(client: Client):
    hotlines = three("BE NL PT")
    Figure.objects.filter(statistics__hotline=hotlines[0], item="A03").delete()
    release()
    sentence = "Told from three hotlines on: of two, each could work out the other’s numbers."
    assert sentence in client.get(reverse("pages:figures")).content.decode()
    calls = next(table for table in read(client)["tables"] if table["code"] == "calls")
    assert (calls["hotlines"], calls["withheld"], calls["cells"], calls["ratios"]) == (2, True, [], [])
    text = client.get(reverse("pages:network_file", args=[2025, "csv"])).content.decode("utf-8-sig")
    assert sentence in text
    assert "800" not in text


def test_the_file_for_programs_says_what_the_page_says_of_estimates_definitions_shares_and_rates(client: Client):
    hotlines = three("BE ES FR GR IT LU NL PL PT RO")
    Figure.objects.filter(statistics__hotline=hotlines[0]).update(quality="estimated")
    release()
    data = read(client)
    calls = next(table for table in data["tables"] if table["code"] == "calls")
    assert calls["definitions"] == [new(StatisticsImport).first().definitions]
    assert calls["estimated_percent"] == "10.0"
    assert calls["ratios"] == [{"row": "rate", "column": "calls", "percent": "89.4", "mark": None}]
    cases = next(table for table in data["tables"] if table["code"] == "categories")
    shares = {(one["row"], one["column"]): (one["percent"], one["mark"]) for one in cases["ratios"]}
    assert shares["criminal_abduction", "share"] == (None, "hidden")
    assert data["answer_rates"] == {
        "hotlines": 9,
        "lower_quartile": "89.4",
        "median": "89.4",
        "upper_quartile": "89.4",
    }
    page = client.get(reverse("pages:figures")).content.decode()
    assert "Estimated: 10.0\u00a0% of the figures of these hotlines." in page
    assert "The median answer rate of 9 hotlines is 89.4 %; the lower quartile is 89.4 % and the upper 89.4 %." in page
    assert "89.4\u00a0%" in page
    assert "Definitions of the data dictionary: version 1.0." in page


def test_the_median_answer_rate_and_the_quartiles_are_told_rounded_down_to_one_decimal(client: Client):
    """Each is the mean of the three hotlines at its place, or of the four in the middle."""
    answered = (440, 480, 500, 540, 600, 640, 700, 760, 800, 900)
    for country, calls in zip(["BE", "ES", "FR", "GR", "IT", "LU", "NL", "PL", "PT", "RO"], answered, strict=True):
        accepted(country, calls=calls)
    release()
    rates = sorted(Fraction(100 * (calls - 60), calls - 20) for calls in answered)
    lines = {
        "lower_quartile": sum(rates[1:4]) / 3,
        "median": sum(rates[3:7]) / 4,
        "upper_quartile": sum(rates[6:9]) / 3,
    }
    shown = {name: f"{floor(line * 10) / 10}" for name, line in lines.items()}
    assert read(client)["answer_rates"] == {"hotlines": 10, **shown}
    page = client.get(reverse("pages:figures")).content.decode()
    low, median, high = shown.values()
    text = f"The median answer rate of 10 hotlines is {median} %; the lower quartile is {low} % and the upper {high} %."
    assert text in page
    with translation.override("fr"):
        assert median.replace(".", ",") in client.get("/fr/figures/").content.decode()


def test_the_spreadsheet_has_numbers_as_numbers_and_no_formula(client: Client):
    from python_calamine import CalamineWorkbook

    three()
    release()
    content = client.get(reverse("pages:network_file", args=[2025, "xlsx"])).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    numbers = {row[1]: row[2] for row in rows if len(row) > 2}
    assert (numbers["Calls received"], numbers["Abduction by a third person"]) == (1200.0, "<5")


def test_a_rate_needs_a_base_of_twenty(client: Client):
    hotlines = three(calls=66, short=60)
    release()
    assert "no data (fewer than 20)" in client.get(reverse("pages:figures")).content.decode()
    calls = next(table for table in read(client)["tables"] if table["code"] == "calls")
    assert calls["ratios"] == [{"row": "rate", "column": "calls", "percent": None, "mark": "small_base"}]
    for number, hotline in enumerate(hotlines):
        correct(hotline, calls=67, short=60, criminal=0 if number else 2)
    release()
    calls = next(table for table in read(client)["tables"] if table["code"] == "calls")
    assert calls["ratios"] == [{"row": "rate", "column": "calls", "percent": "100.0", "mark": None}]


def test_the_page_names_its_release_and_every_release_stays_to_be_had(client: Client):
    three()
    first = release()
    three("FR IT PT")
    second = release()
    page = client.get(reverse("pages:figures")).content.decode()
    assert "Release 2 of" in page
    assert second.sha256 in page
    assert f'href="{reverse("pages:release_file", args=[2025, 1])}"' in page
    for one in (first, second):
        got = client.get(reverse("pages:release_file", args=[2025, one.number]))
        assert hashlib.sha256(got.content).hexdigest() == one.sha256
    assert read(client)["release"] == 2


def test_a_table_that_stands_from_an_earlier_release_says_so(client: Client):
    hotlines = three()
    release()
    for hotline in hotlines:
        correct(hotline, calls=500, criminal=2)
    fourth = accepted("FR")
    Figure.objects.filter(statistics__hotline=fourth, item__in=["A03", "A04", "A05", "A06"]).delete()
    release()
    correct(hotlines[0], calls=550, criminal=2)
    StatisticsImport.objects.filter(hotline=fourth, state="accepted").update(state="withdrawn")
    release()
    page = client.get(reverse("pages:figures")).content.decode()
    assert page.count("As in release 2: since then too few hotlines have changed to show it anew.") == 1


def test_a_year_that_was_taken_from_the_site_is_not_there_in_any_form(client: Client):
    three()
    first = release()
    perform(first.network_year, "retract", by=coordinator_of_mce(), note="A hotline counted twice.")
    assert "No year can be shown yet." in client.get(reverse("pages:figures")).content.decode()
    for address in ("2025.json", "2025.csv", "2025/release-1.json"):
        assert client.get(f"/en/figures/{address}").status_code == 404


def test_looking_at_the_page_asks_as_often_whatever_is_accepted(client: Client, django_assert_max_num_queries: Any):
    three()
    release()
    three("FR IT PT")
    release()
    with CaptureQueriesContext(connection) as small:
        client.get(reverse("pages:figures"))
    for number in range(6):
        accepted(f"X{chr(65 + number)}")
    with django_assert_max_num_queries(len(small)):
        client.get(reverse("pages:figures"))


@pytest.mark.parametrize("address", ["1999.csv", "2025.pdf", "published.json", "2025.csv/", "2025/release-2.json"])
def test_what_is_not_offered_is_not_found(client: Client, address: str):
    three()
    release()
    assert client.get(f"/en/figures/{address}").status_code == 404


def test_a_year_that_is_not_understood_shows_the_newest(client: Client):
    for hotline in three():
        keep(hotline, year=2024, calls=500)
    release(2025)
    release(2024)
    assert "2025 as CSV" in client.get(reverse("pages:figures"), {"year": "none"}).content.decode()
    assert "2024 as CSV" in client.get(reverse("pages:figures"), {"year": "2024"}).content.decode()


@pytest.mark.parametrize("language", [code for code, _name in site_settings.LANGUAGES])
def test_the_page_is_there_in_every_language(client: Client, language: str):
    three()
    release()
    page = client.get(f"/{language}/figures/")
    assert (page.status_code, page["Content-Language"]) == (200, language)


def test_the_page_is_accessible_on_a_desk_and_a_phone(browser_page: Any, axe: Any):
    three()
    release()
    browser_page.goto("/en/figures/")
    browser_page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width, was_seen in in_each_appearance(browser_page, 1280, 390, 320):
        axe(browser_page, only_appearance=was_seen)
        assert browser_page.evaluate("document.documentElement.scrollWidth") == width
