"""The questionnaire by keyboard, and what is updated on its page after a save, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Answer
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any], stage: Stage) -> Any:
    """Return the coordinator's page of 1.1, of which 1.1.1 is answered and 1.1.2 is not."""
    write_answer(stage.evaluation, "1.1.2", Answer, level=None, words="")
    page = as_user(browser_page, stage.coordinator)
    page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    return page


def fold(page: Any, code: str) -> Any:
    return page.locator(f'[data-fold="{code}"]')


def test_an_answer_is_given_by_keys_alone_and_the_page_says_so_everywhere(page: Any, axe: Callable[..., None]):
    second, progress = fold(page, "1.1.2"), page.locator(".page-head [data-progress]")
    before = int(progress.inner_text().split(" ")[0])
    page.keyboard.press("j")
    expect(fold(page, "1.1.1").locator("summary.top")).to_be_focused()
    page.keyboard.press("j")
    expect(second.locator("summary.top")).to_be_focused()
    page.keyboard.press("Enter")
    expect(second).not_to_have_attribute("open", "")
    page.keyboard.press("1")
    expect(second.locator("input[value='1']")).to_be_focused()
    expect(second.locator("[data-saved].ok")).to_be_visible()
    expect(page.locator("[data-jump='1.1.2']")).to_have_attribute("data-standing", "settled")
    expect(page.locator("[data-jump='1.1.2']")).to_contain_text("answered")
    expect(progress).to_contain_text(f"{before + 1} of ")
    second.locator("textarea").press("j")
    expect(second.locator("textarea")).to_have_value("j")
    expect(second.locator("[data-saved].ok")).to_be_visible()
    second.locator("input[value='1']").focus()
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(second.locator("[data-line]")).to_be_visible()
    expect(second.locator("[data-line]")).to_contain_text("“j”")


def test_the_keys_are_shown_by_a_key_and_stay_off_once_they_are_turned_off(page: Any, axe: Callable[..., None]):
    keys = page.locator("#keys")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    axe(page)
    keys.get_by_role("button", name="Turn the keys off").click()
    expect(keys.get_by_role("button", name="Turn the keys on")).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("?")
    assert page.evaluate("document.activeElement.matches('body')")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    keys.get_by_role("button", name="Turn the keys on").click()
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    expect(fold(page, "1.1.1").locator("summary.top")).to_be_focused()
