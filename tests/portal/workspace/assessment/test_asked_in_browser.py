"""What an answer opens and closes appears on the page at once, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.portal.workspace.assessment.test_asked_of_some import SOME
from tests.stage import Stage

pytestmark = pytest.mark.browser


def test_an_answer_opens_and_closes_a_question_at_once(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None]
) -> None:
    stage = Stage("self_assessment", framework=SOME)
    page = as_user(browser_page, stage.coordinator)
    page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    first, second = page.locator("#i1\\.1\\.1"), page.locator("#i1\\.1\\.2")
    expect(second).to_contain_text("It is not asked of this hotline and needs no answer.")
    expect(second.get_by_label("In your words")).to_be_hidden()
    axe(page)
    first.get_by_text("No", exact=True).first.click()
    expect(first.locator("[data-saved-text]")).to_contain_text("Asked now: 1.1.2")
    expect(second.get_by_label("In your words")).to_have_value("We do this.")
    expect(second.locator("[data-not-asked]")).to_be_hidden()
    first.get_by_text("Yes", exact=True).first.click()
    expect(first.locator("[data-saved-text]")).to_contain_text("Not asked any more: 1.1.2")
    expect(second.locator("[data-not-asked]")).to_be_visible()
