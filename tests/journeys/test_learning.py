"""What hotlines learn from each other, with the forms in a browser: a good practice, and a visit to another hotline."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from evaluation.models import Exchange, Finding, GoodPractice, HostOffer, PracticeQuestion, User
from tests.browsing import follow
from tests.evaluation.exchanges.test_visits import Two
from tests.factories import write_answer

pytestmark = [pytest.mark.browser, pytest.mark.long]


@pytest.fixture
def two() -> Two:
    return Two()


@pytest.fixture
def open_as(browser_page: Any, as_user: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that opens a page of good practice as a user."""

    def open_as(user: User, place: str = "") -> Any:
        as_user(browser_page, user)
        browser_page.goto(f"/work/good-practice/{place}")
        return browser_page

    return open_as


def test_a_note_becomes_a_public_text_and_goes_when_the_hotline_says_so(two: Two, open_as: Callable[..., Any]) -> None:
    words = "Every caller is called back within the hour."
    write_answer(two.strong.evaluation, "1.1.2", Finding, level=3, words=words, good_practice=True)
    page = open_as(two.weak.people.mce)
    follow(page.get_by_role("button", name=re.compile("Write a text from this note")).first)
    page.get_by_label("Title").fill("Called back within the hour")
    page.get_by_label("Summary").fill("Nobody waits for longer than an hour.")
    follow(page.get_by_role("button", name="Save"))
    follow(page.get_by_role("button", name=re.compile("^Ask the hotline")))
    page = open_as(two.strong.coordinator)
    follow(page.get_by_role("link", name="Called back within the hour"))
    page.get_by_role("checkbox").check()
    follow(page.get_by_role("button", name="Agree to the publication"))
    page = open_as(two.weak.people.mce)
    follow(page.get_by_role("link", name="Called back within the hour").first)
    follow(page.get_by_role("button", name=re.compile("^Publish")))
    practice = GoodPractice.objects.get()
    assert practice.state == "published"
    page = open_as(two.weak.coordinator)
    follow(page.get_by_role("link", name="Called back within the hour"))
    follow(page.get_by_role("button", name=re.compile("Say thanks")))
    page.get_by_role("textbox", name="Your question to the hotline").fill("Who calls back at night?")
    follow(page.get_by_role("button", name="Ask", exact=True))
    page = open_as(two.strong.coordinator, f"{practice.uid}/")
    page.get_by_role("textbox", name="Your answer").fill("The shift leader.")
    follow(page.get_by_role("button", name=re.compile("answer", re.IGNORECASE)).first)
    assert (PracticeQuestion.objects.get().answer, practice.thanks.count()) == ("The shift leader.", 1)
    page.goto("/en/handbook/good-practice/")
    follow(page.get_by_role("link", name="Called back within the hour"))
    assert words in page.inner_text("main")
    public = page.url
    page = open_as(two.strong.coordinator, f"{practice.uid}/")
    follow(page.get_by_role("button", name=re.compile("^Withdraw")))
    assert page.request.get(public).status == 404


def test_a_hotline_visits_another_that_hosts(two: Two, open_as: Callable[..., Any]) -> None:
    HostOffer.objects.all().delete()
    page = open_as(two.strong.coordinator, "visits/")
    follow(page.get_by_role("link", name=re.compile("[Oo]ffer")).first)
    for box in page.get_by_role("checkbox").all():
        box.check()
    follow(page.get_by_role("button", name="Save the offer"))
    page = open_as(two.weak.coordinator, "visits/")
    follow(page.get_by_role("link", name=re.compile("Request a visit")).first)
    page.get_by_role("checkbox").first.check()
    page.locator("textarea").fill("Two of us, in spring.")
    follow(page.get_by_role("button", name="Send the request"))
    exchange = Exchange.objects.get()
    page = open_as(two.strong.coordinator, f"visits/{exchange.uid}/")
    follow(page.get_by_role("button", name=re.compile("^Accept")))
    page = open_as(two.weak.coordinator, f"visits/{exchange.uid}/")
    page.locator("input[type=date]").fill(timezone.localdate().isoformat())
    page.locator("textarea").first.fill("We saw the rota.")
    follow(page.get_by_role("button", name=re.compile("report|Save")).first)
    page = open_as(two.strong.coordinator, f"visits/{exchange.uid}/")
    follow(page.get_by_role("button", name=re.compile("^Close")))
    exchange.refresh_from_db()
    assert exchange.state == "closed"
