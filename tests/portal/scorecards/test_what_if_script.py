"""The sandbox with its script: immediate, by keyboard, visible on a phone; and the same without a script."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from evaluation.models import Answer
from tests.browsing import follow, resize
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Stage:
    """Return a stage with 9.1.2, which is essential, at level 0."""
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "9.1.2", Answer, level=0)
    return stage


@pytest.fixture
def sandbox(browser_page: Any, as_user: Callable[..., Any], stage: Stage) -> Any:
    as_user(browser_page, stage.coordinator)
    browser_page.goto(reverse("workspace:what_if", args=[stage.evaluation.uid]) + "?show=all")
    return browser_page


def expect_changes(page: Any, changes: dict[str, str]) -> None:
    """Wait until the address has these changes and no others; the page shows them by then."""
    page.wait_for_url(
        lambda url: {name: value for name, value in parse_qsl(urlsplit(url).query) if name[0].isdigit()} == changes
    )


def choose(page: Any, code: str, level: str) -> None:
    page.locator(f"input[name='{code}'][value='{level}']").click()


def test_a_level_that_is_chosen_shows_its_result_at_once_and_can_be_taken_back(sandbox: Any):
    summary, row = sandbox.locator(".what-if-sum"), sandbox.locator("#i9\\.1\\.2")
    before = summary.inner_text()
    assert "Not accredited (en)" in before
    choose(sandbox, "9.1.2", "3")
    summary.get_by_text("Accredited (en)", exact=True).wait_for()
    expect_changes(sandbox, {"9.1.2": "3"})
    assert "1 level changed" in summary.inner_text()
    choose(sandbox, "9.1.2", "0")
    summary.get_by_text("0 levels changed").wait_for()
    expect_changes(sandbox, {})
    assert summary.inner_text() == before
    assert row.locator("input:checked").count() == 0


def test_it_works_by_keyboard_and_the_focus_stays_where_it_is(sandbox: Any):
    sandbox.locator("#i9\\.1\\.2 input").first.focus()
    sandbox.keyboard.press("ArrowRight")
    sandbox.locator(".what-if-sum").get_by_text("1 level changed").wait_for()
    assert sandbox.evaluate("document.activeElement.name") == "9.1.2"


def test_going_back_to_what_is_takes_every_change_away(sandbox: Any):
    choose(sandbox, "9.1.2", "3")
    choose(sandbox, "1.1.2", "1")
    sandbox.locator(".what-if-sum").get_by_text("2 levels changed").wait_for()
    expect_changes(sandbox, {"1.1.2": "1", "9.1.2": "3"})
    follow(sandbox.get_by_role("link", name="Back to what is"))
    sandbox.locator(".what-if-sum").get_by_text("0 levels changed").wait_for()
    assert sandbox.locator("input[name='9.1.2']:checked").count() == 0


def test_the_smallest_set_is_filled_in_and_can_be_changed_further(sandbox: Any):
    follow(sandbox.get_by_role("button", name="Fill in the smallest set that reaches “Accredited (en)”"))
    sandbox.get_by_text("There is no smaller set.").wait_for()
    assert sandbox.locator("input[name='9.1.2']:checked").input_value() == "2"
    choose(sandbox, "9.1.2", "3")
    sandbox.wait_for_url(re.compile(r"\b9\.1\.2=3\b"))
    assert sandbox.locator(".what-if-sum").get_by_text("Accredited (en)", exact=True).count() == 1


def test_on_a_phone_the_result_stays_in_sight_and_hides_no_focus(sandbox: Any):
    resize(sandbox, {"width": 390, "height": 844})
    last = sandbox.locator("[data-try]").last.locator("input").first
    last.focus()
    last.press("ArrowRight")
    sandbox.locator(".what-if-sum").get_by_text("1 level changed").wait_for()
    summary = sandbox.locator(".what-if-sum").bounding_box()
    assert summary["y"] + summary["height"] <= 844 + 1
    assert summary["y"] > 844 / 2
    choice = sandbox.evaluate(
        "(() => { const b = document.activeElement.closest('label').getBoundingClientRect();"
        " return [b.top, b.bottom]; })()"
    )
    assert choice[0] >= 0
    assert choice[1] <= summary["y"] + 1


def test_without_a_script_a_button_works_it_out(browser: Any, live: Any, as_user: Callable[..., Any], stage: Stage):
    plain = as_user(browser.new_context(base_url=live.url, java_script_enabled=False).new_page(), stage.coordinator)
    plain.goto(reverse("workspace:what_if", args=[stage.evaluation.uid]) + "?show=all")
    choose(plain, "9.1.2", "2")
    follow(plain.get_by_role("button", name="Work it out"))
    assert "1 level changed" in plain.locator(".what-if-sum").inner_text()
    expect_changes(plain, {"9.1.2": "2"})
    plain.context.close()
