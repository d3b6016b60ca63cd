"""No typed text of the assessors' replies is lost. In a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.answers.judgements import AnswerInput
from evaluation.models import Reply, UnresolvedText
from evaluation.response.replies import save_reply
from tests.browsing import follow
from tests.bystander import new
from tests.portal.response.test_replies import Stage, contested

pytestmark = pytest.mark.browser

SAVE = "**/replies/1.1.2/"


@pytest.fixture
def stage() -> Stage:
    return contested()


@pytest.fixture
def replies(stage: Stage) -> str:
    return reverse("workspace:replies", args=[stage.evaluation.uid])


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str]) -> Any:
    """Return the lead's browser. Errors that tests cause on purpose are tolerated."""
    tolerated += ["ERR_INTERNET_DISCONNECTED", "net::ERR", *(f"status of {code}" for code in (403, 409, 423))]
    return as_user(browser_page, stage.people.lead)


@pytest.fixture
def elsewhere(browser: Any, live: Any, as_user: Callable[..., Any], stage: Stage) -> Iterator[Any]:
    """Return the lead's page on another device, without JavaScript."""
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    yield as_user(context.new_page(), stage.people.lead)
    context.close()


def field(page: Any) -> Any:
    return page.get_by_label("Your answer on 1.1.2")


def saved(page: Any) -> Any:
    return page.locator("[data-saved].ok")


def stored_words() -> str:
    return new(Reply).get().words


def test_an_answer_is_saved_by_itself_when_the_page_is_left_and_from_any_other_page(
    page: Any, replies: str, stage: Stage
):
    page.goto(replies)
    field(page).fill("Typed, and looked at.")
    expect(saved(page)).to_be_visible()
    assert stored_words() == "Typed, and looked at."
    field(page).fill("Typed, and away.")
    follow(page.get_by_role("link", name="Scorecard", exact=True).last)
    page.wait_for_function("() => !Object.keys(localStorage).some(key => key.startsWith('unsent:'))")
    assert stored_words() == "Typed, and away."
    page.goto(replies)
    page.route(SAVE, lambda route: route.abort())
    field(page).fill("Typed in a train tunnel.")
    expect(page.locator("[data-saved].off")).to_be_visible()
    page.goto("/work/account/")
    notice = page.locator("[data-waiting]")
    assert notice.get_by_role("link").get_attribute("href") == f"{replies}#r1.1.2"
    page.unroute(SAVE)
    notice.get_by_role("button", name="Send now").click()
    expect(notice).to_be_hidden()
    assert stored_words() == "Typed in a train tunnel."


def test_handing_over_asks_first_while_words_wait_and_sends_them(page: Any, replies: str, stage: Stage):
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Shorter."), version=0, by=stage.people.lead)
    page.goto(replies)
    page.route(SAVE, lambda route: route.abort())
    field(page).fill("Shorter, and what else we saw.")
    expect(page.locator("[data-saved].off")).to_be_visible()
    hand_over = page.get_by_role("button", name="Save, and hand the answers to the panel")
    hand_over.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1.1.2")
    dialog.get_by_role("button", name="Stay").click()
    assert stage.evaluation.awaits_replies
    page.unroute(SAVE)
    follow(hand_over)
    page.get_by_text("The panel has your answers").wait_for()
    assert stored_words() == "Shorter, and what else we saw."


def test_a_conflict_is_decided_on_another_device(page: Any, elsewhere: Any, replies: str, stage: Stage):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(replies)
    save_reply(stage.evaluation, "1.1.2", AnswerInput(words="Theirs."), version=0, by=stage.people.assessor)
    field(page).fill("Mine.")
    panel = page.locator("[data-conflict]")
    panel.get_by_text("Two people wrote here at once.").wait_for()
    expect(panel.locator("section")).to_be_focused()
    elsewhere.goto("/work/account/")
    follow(elsewhere.locator("#unsent").get_by_role("link").first)
    follow(elsewhere.get_by_role("button", name="Keep mine"))
    expect(field(elsewhere)).to_have_value("Mine.")
    assert UnresolvedText.objects.get().author == stage.people.assessor
    follow(elsewhere.get_by_role("button", name="Save, and hand the answers to the panel"))
    field(page).fill("Too late.")
    panel.get_by_text("Your text came too late.").wait_for()
    page.reload()
    expect(page.locator(".unresolved")).to_contain_text("Too late.")
    expect(page.get_by_text("The assessors’ answer")).to_be_visible()
    assert stored_words() == "Mine."
