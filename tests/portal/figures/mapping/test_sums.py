"""What the choices about the columns add up to is shown while they are made, before every question is answered."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from playwright.sync_api import expect

from evaluation.figures.formats import Limits, Source, open_file
from evaluation.models import StatisticsImport
from portal.figures.mapping import pages, sums
from tests.browsing import follow
from tests.evaluation.figures.traces import everything_stored
from tests.portal.figures.mapping.test_pages import address_of, form_of, send
from tests.portal.figures.mapping.test_rows import CONTACT_USES, contacts, values
from tests.portal.figures.mapping.test_table_layout import MONTHS, OTHER, book, calls
from tests.stage import Stage

State = StatisticsImport.State
CALLS = "Month;Incoming calls;Taken;Zanzibar\n" + "".join(
    f"{month} 2025;{100 + number};{80 + number};{5 + number}\n" for number, month in enumerate(MONTHS)
)


def ask(client: Client, statistics: StatisticsImport, address: str = "", **changed: str) -> Any:
    """Ask for the sums of the form of the page, with some choices changed."""
    page = client.get(address or address_of(statistics))
    wanted = re.search(r'data-sums="([^"]+)"', page.content.decode())
    assert wanted
    return client.post(wanted[1].replace("&amp;", "&"), {**form_of(page), **changed})


def text_of(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def lines(answer: Any) -> dict[str, list[str]]:
    """Return the sums of each item: those of the first times, then that of all rows."""
    shown = answer.context["sums"]
    return {line.whole.code: [*line.times, line.whole.total] for line in shown.lines}


@pytest.mark.django_db
def test_the_sums_of_the_first_months_follow_each_choice_and_are_those_of_the_dry_run(coordinator):
    own = send(coordinator, CALLS.encode())
    assert own.state == State.UNMATCHED
    first = ask(coordinator, own, use_3="", use_4="")
    assert (first.status_code, first.context["sums"].times) == (200, ["Jan 2025", "Feb 2025", "Mar 2025"])
    assert lines(first) == {"A03": ["100", "101", "102", "1,266"]}
    assert "Of all 12 rows of the file. 2 columns without a choice are left out." in text_of(first)
    later = ask(coordinator, own, use_2="A04", use_3="A05", use_4="-")
    assert lines(later) == {"A04": ["100", "101", "102", "1,266"], "A05": ["80", "81", "82", "1,026"]}
    address = address_of(own)
    chosen = {"use_2": "A03", "use_3": "A04", "use_4": "-"}
    assert lines(ask(coordinator, own, **chosen))["A04"][-1] == "1,026"
    coordinator.post(address, {**form_of(coordinator.get(address)), **chosen, "act": "confirm"})
    own.refresh_from_db()
    assert values(own) == {"A03": "1266", "A04": "1026"}
    assert ask_after(coordinator, own) == 409


def hold(_route: Any) -> None:
    """Never answer a request."""


def ask_after(client: Client, statistics: StatisticsImport) -> int:
    """Ask for the sums of a file whose columns are matched already."""
    return client.post(reverse("workspace:add_up_choices", args=[statistics.uid])).status_code


@pytest.mark.django_db
def test_without_scripts_the_button_returns_the_page_with_the_sums_of_the_choices(coordinator):
    own = send(coordinator, CALLS.encode())
    page = coordinator.get(address_of(own))
    assert 'formaction="' + address_of(own) + '#sums-so-far"' in page.content.decode()
    shown = coordinator.post(address_of(own), {**form_of(page), "use_3": "A04", "use_4": "-", "act": "show"})
    assert lines(shown) == {"A03": ["100", "101", "102", "1,266"], "A04": ["80", "81", "82", "1,026"]}


@pytest.mark.django_db
def test_what_must_be_answered_first_and_what_cannot_be_read_is_told(coordinator):
    own = send(coordinator, b"Indicator;Number\nCalls received;940\nCalls answered;812\nZanzibar;12\n")
    shown = ask(coordinator, own, period="", year="")
    assert shown.context["sums"].needed == {"period": "Choose the period of this file."}
    assert 'href="#id_period"' in shown.content.decode()
    shown = ask(coordinator, own, period="year", year="2025")
    assert lines(shown) == {"A03": ["940"], "A04": ["812"]}
    assert "1 word without a choice is left out." in text_of(shown)
    shown = ask(coordinator, own, period="year", year="2025", use_2="-")
    assert "With these choices the file cannot be read:" in text_of(shown)


@pytest.mark.django_db
def test_the_chosen_table_is_the_one_that_is_added_up_and_nothing_is_stored(coordinator):
    own = send(coordinator, book(Staff=OTHER, Calls=calls(2025)), "report.xlsx")
    before = everything_stored()
    page = reverse("workspace:match_columns", args=[own.uid]) + "?sheet=2&names=3&last=6"
    assert lines(ask(coordinator, own, page)) == {"A03": ["100", "101", "100", "301"], "A04": ["90", "89", "90", "269"]}
    shown = ask(coordinator, own, page, period="year", year="2025")
    assert "A03 is not given for every month of the period" in text_of(shown)
    assert everything_stored() == before


@pytest.mark.django_db
@pytest.mark.parametrize("is_cut", [False, True])
def test_of_records_the_first_rows_are_added_up(coordinator, monkeypatch, is_cut):
    if is_cut:
        monkeypatch.setattr(sums, "FIRST_ROWS", 20)
        monkeypatch.setattr(pages, "FIRST_ROWS", 20)
    own = send(coordinator, contacts(30))
    uses = {f"use_{place}": use for place, use in enumerate(CONTACT_USES, start=1)}
    shown = ask(coordinator, own, level="contact", period="m03", year="2025", **uses)
    assert "What is unclear in the rows is asked when you press" in text_of(shown)
    shown = ask(coordinator, own, level="contact", period="m03", year="2025", alike="each", **uses)
    assert "What is unclear in the rows" not in text_of(shown)
    assert lines(shown)["A09"] == ["20" if is_cut else "30"]
    assert ("Of the first 20 rows of the file." in text_of(shown)) is is_cut


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_only_the_first_rows_are_read_and_counted_whatever_the_reader(most):
    texts = {"t.csv": b"a;b\nx;1\n\ny;2\nz;3\n", "t.xlsx": book(Calls=[("a", "b"), ("x", 1), (), ("y", 2), ("z", 3)])}
    for name, content in texts.items():
        opened = open_file(Source.of_bytes(content, name), Limits(is_separate=True, first_rows=most))
        rows = list(opened.rows())
        assert rows == [(2, ("x", "1")), (4, ("y", "2")), (5, ("z", "3"))][:most]
        assert (opened.is_cut, opened.row_count - opened.empty_count) == (most < 3, min(most, 3))


@pytest.mark.django_db
def test_the_sums_take_few_queries(coordinator, django_assert_max_num_queries):
    own = send(coordinator, CALLS.encode())
    page = form_of(coordinator.get(address_of(own)))
    with django_assert_max_num_queries(12) as counted:
        coordinator.post(reverse("workspace:add_up_choices", args=[own.uid]), page)
    assert not [query for query in counted if not query["sql"].startswith("SELECT")]


@pytest.mark.browser
def test_the_sums_change_with_a_choice_and_say_when_they_are_slow_or_fail(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, axe: Callable[[Any], None], tolerated: list[str]
):
    page = browser_page
    tolerated += ["ERR_FAILED", "status of 500", "status of 409"]
    as_user(page, stage.coordinator)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("workspace:hotline_figures", args=["XA"]))
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": CALLS.encode()}
    page.locator("input[name=file]").set_input_files(file)
    follow(page.get_by_role("button", name="Read and check"))
    follow(page.get_by_role("link", name="Match the columns"))
    block = page.locator("[data-sums]")
    state = block.get_by_role("status")
    expect(block.get_by_role("row", name="A03")).to_contain_text("1,266")
    page.evaluate("window.isSamePage = true")
    column = page.get_by_label("Taken")
    column.focus()
    page.keyboard.type("A05")
    expect(block.get_by_role("row", name="A05")).to_contain_text("1,026")
    expect(state).to_have_text("The sums are those of your choices.")
    assert page.evaluate("window.isSamePage")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    address = "**/columns/sums/**"
    page.route(address, lambda route: route.abort())
    column.select_option("A04")
    expect(state).to_contain_text("The sums could not be computed")
    axe(page)
    page.unroute(address)
    page.route(address, lambda route: route.fulfill(status=409))
    block.get_by_role("button", name="Compute the sums").press("Enter")
    expect(state).to_contain_text("Load this page again.")
    page.unroute(address)
    page.route(address, hold)
    column.select_option("A06")
    expect(state).to_have_text("The sums are being computed…")
    expect(block.locator("[data-shown]")).to_have_attribute("aria-busy", "true")
    expect(state).to_contain_text("This takes longer than usual")
    axe(page)
    column.select_option("A04")
    expect(state).to_have_text("The sums are being computed…")
    page.unroute(address)
    block.get_by_role("button", name="Compute the sums").click()
    expect(block.get_by_role("row", name="A04")).to_contain_text("1,026")
    expect(block.get_by_role("row", name="A06")).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
