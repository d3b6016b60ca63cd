"""The questions that an answer opens while the page is open, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browsing import unfold
from tests.factories import write_answer
from tests.portal.answers.test_asked_of_some import SOME
from tests.stage import Stage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", framework=SOME)


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str]) -> Any:
    """Return the coordinator's page with 1.1.1, after which 1.1.2 is asked if its answer is no."""
    tolerated.append("status of 409")
    page = as_user(browser_page, stage.coordinator)
    page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    expect(block(page, "1.1.2").locator("[data-asked-here]")).to_be_hidden()
    return page


def block(page: Any, code: str) -> Any:
    unfold(page, code)
    return page.locator(f"#i{code}".replace(".", "\\."))


def words(page: Any) -> Any:
    return block(page, "1.1.1").get_by_label("In your words")


def test_who_takes_the_answer_of_another_sees_what_it_opens(page: Any, stage: Stage):
    write_answer(stage.evaluation, "1.1.1", level=0, words="Theirs.", by=stage.contributor)
    words(page).fill("Mine.")
    block(page, "1.1.1").get_by_role("button", name="Take theirs").click()
    expect(words(page)).to_have_value("Theirs.")
    expect(block(page, "1.1.2").locator("[data-asked-here]")).to_be_visible()


def test_what_an_answer_opens_is_said_though_newer_words_follow_it_at_once(page: Any):
    sent: list[Any] = []
    page.route("**/answers/1.1/1.1.1/", lambda route: sent.append(route) if not sent else route.continue_())
    with page.expect_request("**/answers/1.1/1.1.1/"):
        block(page, "1.1.1").locator("input[type=radio][value='0']").check(force=True)
    words(page).fill("None so far.")
    sent[0].continue_()
    expect(block(page, "1.1.2").locator("[data-asked-here]")).to_be_visible()
    expect(block(page, "1.1.1").locator("[data-saved].ok")).to_contain_text("Asked now: 1.1.2")
