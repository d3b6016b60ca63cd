"""The page before a file of figures is confirmed: the numbers first, then the act, then what stands behind them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.figures.dictionary.items import items
from evaluation.figures.intake.confirmation import explain, recheck
from evaluation.figures.intake.imports import import_statistics
from evaluation.figures.problems.file_problems import plain_digits
from evaluation.figures.validation.consistency import cells_of, totals_of
from evaluation.models import StatisticsImport
from evaluation.workflow import perform
from portal.demonstration.exports import generate
from portal.figures.numbers import KNOWN_BY_HEART, THEMES
from tests.browsing import follow
from tests.evaluation.figures.sheet import Sheet
from tests.factories import confirmed
from tests.portal.figures.test_files import address_of, listed, send, sent
from tests.portal.figures.test_merging import CALLS, cases, only, words
from tests.stage import Stage

pytestmark = pytest.mark.django_db

USUAL_HEIGHT = 1_800
"""The page of a usual file is at most two windows high at 1280."""
MOST_QUERIES = 45


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def coordinator(client: Client, stage: Stage, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, stage.coordinator)


def year(number: int, seed: int = 7, quality: float = 0.9) -> bytes:
    return generate("116000-XA", number, seed=seed, quality=quality)


def read(stage: Stage, content: bytes, name: str = "figures.csv") -> StatisticsImport:
    """Return a file whose warnings are explained."""
    statistics = import_statistics(stage.hotline, content, name, None)
    recheck(statistics)
    explain(statistics, ["It is counted so by the system."] * len(statistics.warnings), by=stage.coordinator)
    return statistics


def first_totals(page: Any) -> dict[str, tuple[str, ...]]:
    """Return the first table of a page: until now and in this file, with the period before."""
    return {
        row.item.code: tuple(
            "–" if one is None else plain_digits(one) for one in (row.last, row.until_now, row.item.total.value)
        )
        for row in page.context["first"]
    }


def test_every_item_has_one_theme():
    assert sorted(code for codes in THEMES.values() for code in codes) == list(items())


def test_the_totals_are_beside_those_of_the_period_before(coordinator: Client, stage: Stage):
    before = confirmed(read(stage, year(2024)), stage.coordinator)
    page = coordinator.get(address_of(read(stage, year(2025))))
    rows = first_totals(page)
    assert tuple(rows) == KNOWN_BY_HEART
    sums = {row[0]: row[1] for row in before.figures.values_list("item", "value") if row[0] in ("A03", "A04")}
    assert {code: rows[code][:2] for code in sums} == {code: (plain_digits(n), "–") for code, n in sums.items()}
    assert (page.context["period_before"], page.context["has_until_now"]) == ("2024", False)
    assert '<th scope="col" class="r">2024</th>' in words(page)
    assert "Until now" not in words(page)


def test_the_first_file_of_a_hotline_has_no_column_of_a_period_before(coordinator: Client, stage: Stage):
    page = coordinator.get(address_of(read(stage, year(2025))))
    assert (page.context["period_before"], {row[:2] for row in first_totals(page).values()}) == ("", {("–", "–")})


def test_what_is_kept_from_the_earlier_file_is_in_what_will_count(coordinator: Client, stage: Stage):
    crm = confirmed(read(stage, cases(), "crm.csv"), stage.coordinator)
    calls = read(stage, only(*CALLS, A03="9999"), "telephone.csv")
    page = coordinator.get(address_of(calls))
    rows, number = first_totals(page), str(Sheet(cases()).value("A09"))
    assert (rows["A03"], rows["A09"]) == (("–", "–", "9999"), ("–", number, number))
    assert {row.item.code: row.source for row in page.context["first"]} == {
        code: None if code in CALLS else crm for code in KNOWN_BY_HEART
    }
    perform(crm, "withdraw", by=stage.coordinator, note="It was wrong.")
    assert set(first_totals(coordinator.get(address_of(calls)))) == {"A03", "A04"}


def test_a_file_without_the_totals_that_people_know_begins_with_those_that_it_has(coordinator: Client, stage: Stage):
    page = coordinator.get(address_of(read(stage, only("A50", "A56", "A57"))))
    assert list(first_totals(page)) == ["A50", "A56", "A57"]


def test_the_numbers_are_first_then_the_act_then_doubts_changes_and_every_item(coordinator: Client, stage: Stage):
    confirmed(read(stage, year(2024)), stage.coordinator)
    confirmed(read(stage, year(2025)), stage.coordinator)
    statistics = import_statistics(stage.hotline, year(2025, seed=8, quality=0.5), "again.csv", None)
    recheck(statistics)
    shown = words(coordinator.get(address_of(statistics)))
    places = [shown.index(f'id="{name}"') for name in ("first", "moves", "explain", "changes", "nb")]
    assert places == sorted(places)
    assert "The checks noticed something that nobody has explained yet" in shown[places[1] : places[2]]
    explain(statistics, ["There is new staff."] * len(statistics.warnings), by=stage.coordinator)
    page = coordinator.get(address_of(statistics))
    assert words(page).count("Confirm with these figures") == 2, "near the top, and at the end"
    assert 'form="merging"' in words(page)


def test_a_short_page_has_the_act_once(coordinator: Client, stage: Stage):
    statistics = read(stage, year(2025))
    assert statistics.warnings == []
    shown = words(coordinator.get(address_of(statistics)))
    assert shown.count("Confirm the figures") == 1
    assert "Calls on 116 000: 10 numbers" in shown


def test_a_total_without_its_parts_counts_and_its_parts_are_not_recorded(coordinator: Client, stage: Stage):
    number = plain_digits(totals_of(cells_of(Sheet().read().rows))["A21"])
    content = Sheet().drop_item("A21").content.rstrip(b"\n")
    send(coordinator, content + f"\n116000-XA,2025-01-01,2025-12-31,A21,,,,,{number},measured\n".encode())
    statistics = sent()
    assert (statistics.state, statistics.problems) == ("checked", [])
    assert not any(warning.get("item") == "A21" for warning in statistics.warnings)
    page = coordinator.get(address_of(statistics))
    assert first_totals(page)["A21"][2] == number
    assert words(page).count("its parts are not recorded") == 1
    confirmed(statistics, stage.coordinator)
    trends = coordinator.get(reverse("workspace:hotline_trends", args=["XA"]))
    cases = next(chart for chart in trends.context["charts"] if chart.code == "cases").table
    assert [line.cells[-1].text for line in cases.lines if line.code == "A21"] == [number]
    categories = trends.context["categories"].table
    assert {line.cells[-1].note for line in categories.lines} == {"not recorded"}


def test_changes_are_grouped_by_theme_with_their_number(coordinator: Client, stage: Stage):
    confirmed(read(stage, Sheet().content), stage.coordinator)
    other = Sheet().add("A44", by=1).add("A45", by=1).add("A07", by=-1).content
    page = coordinator.get(address_of(read(stage, other)))
    themes = [(str(theme.title), [row.code for row in theme.rows]) for theme in page.context["change_themes"]]
    assert themes == [("Calls on 116 000", ["A07"]), ("Police, other hotlines and the public", ["A44", "A45"])]
    assert "Police, other hotlines and the public: 2 numbers differ" in words(page)
    assert "Calls on 116 000: 1 number differs" in words(page)


def test_doubts_are_grouped_by_kind_with_how_many_are_explained(coordinator: Client, stage: Stage):
    confirmed(read(stage, year(2024)), stage.coordinator)
    statistics = import_statistics(stage.hotline, year(2025, seed=8, quality=0.5), "jumps.csv", None)
    recheck(statistics)
    page = coordinator.get(address_of(statistics))
    kinds = {kind.title: kind for kind in page.context["form"].kinds()}
    jumps = kinds["More than half higher or lower than before"]
    assert len(jumps.fields) > 10
    assert f"0 of {len(jumps.fields)} explained" in words(page)
    assert not any(kind.is_open for kind in kinds.values())
    coordinator.post(address_of(statistics, "explain_statistics"), {"all_rose": "A second office opened in March."})
    page = coordinator.get(address_of(statistics))
    assert f"{len(jumps.fields)} of {len(jumps.fields)} explained" in words(page)
    wrong = coordinator.post(address_of(statistics, "explain_statistics"), {"all_rose": "Ask a@mail.test about it."})
    opened = [kind.title for kind in wrong.context["form"].kinds() if kind.is_open]
    assert opened == ["More than half higher or lower than before"]


def test_problems_of_a_refused_file_are_grouped_by_kind(coordinator: Client, stage: Stage):
    sheet = Sheet()
    for code in ("A44", "A45", "A50"):
        sheet.write(code, value="-3")
    page = send(coordinator, sheet.write("A51", value="many").content, follow=True)
    assert (sent().state, len(listed(page))) == ("refused", 4)
    assert [len(kind) for kind in page.context["problem_kinds"]] == [3, 1]
    assert "2 more of this kind" in words(page)
    assert "The file was not taken: 4 things to put right" in words(page)


def test_the_queries_do_not_grow_with_the_rows(coordinator: Client, stage: Stage):
    confirmed(read(stage, year(2024)), stage.coordinator)
    confirmed(read(stage, cases(), "crm.csv"), stage.coordinator)
    counted = []
    for content in (only("A44", A44="77"), year(2025, seed=8)):
        statistics = read(stage, content)
        with CaptureQueriesContext(connection) as queries:
            page = coordinator.get(address_of(statistics))
        counted.append(len(queries))
        assert page.context["merges"]
        perform(statistics, "withdraw", by=stage.coordinator, note="It was wrong.")
    assert counted[0] == counted[1] <= MOST_QUERIES


@pytest.mark.browser
def test_the_page_is_short_and_readable_by_everybody(
    browser_page: Any, as_user: Callable[..., Any], live: Any, axe: Callable[..., Any], stage: Stage
):
    confirmed(read(stage, year(2024)), stage.coordinator)
    page = as_user(browser_page, stage.coordinator)
    usual = read(stage, year(2025))
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{live.url}{address_of(usual)}")
    act = page.get_by_role("button", name="Confirm the figures")
    act.wait_for()
    assert page.evaluate("document.documentElement.scrollHeight") < USUAL_HEIGHT
    assert act.bounding_box()["y"] < 900
    axe(page)
    confirmed(usual, stage.coordinator)
    page.goto(f"{live.url}{address_of(read(stage, only(*CALLS, 'A44', A03='9999')))}")
    assert page.evaluate("document.documentElement.scrollHeight") < USUAL_HEIGHT
    axe(page)
    # the button at the end sends the form that is near the top
    page.get_by_label("A44").uncheck()
    follow(page.get_by_role("button", name="Confirm with these figures").last)
    page.get_by_text("Figures confirmed").first.wait_for()
    latest = StatisticsImport.objects.filter(state="confirmed").latest("pk")
    assert latest.figures.get(item="A44").source is None
