"""Three colleagues write one answer at the same time, each in a browser: everybody is notified, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Answer, AnswerVersion, Role, UnresolvedText
from tests.browsing import unfold
from tests.bystander import new
from tests.factories import person, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.browser

CODE = "1.1.2"


def block(page: Any) -> Any:
    return page.locator("#i1\\.1\\.2")


def write(page: Any, words: str) -> Any:
    """Write into the answer. Return the panel that shows a conflict."""
    unfold(page, CODE)
    block(page).get_by_label("In your words").fill(words)
    return block(page).locator("[data-conflict]")


def saved(page: Any) -> None:
    expect(block(page).locator("[data-saved].ok")).to_be_visible()


def test_of_three_people_on_one_answer_each_decides_over_what_stands_then(page_of: Callable[..., Any]):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, CODE, Answer, level=None, words="")
    third = person(Role.CONTRIBUTOR, hotline=stage.hotline, operator=stage.evaluation.operator, name="Night Shift")
    day, evening, night = (page_of(user) for user in (stage.coordinator, stage.contributor, third))
    for page in (day, evening, night):
        page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))

    write(day, "We train twice a year.")
    saved(day)
    evenings, nights = write(evening, "We train in March."), write(night, "We train by night.")
    for panel in (evenings, nights):
        expect(panel).to_contain_text("Two people wrote here at once. Nothing is lost.")
        expect(panel.locator("mark").last).to_have_text("twice a year")
    evenings.get_by_role("button", name="Keep mine").click()
    saved(evening)

    # the third colleague sees an outdated text, and is asked again
    nights.get_by_role("button", name="Keep mine").click()
    expect(nights.locator("mark").last).to_have_text("in March")
    expect(nights).to_contain_text(stage.contributor.name)
    write(night, "We train in March, by day and by night.")
    nights.get_by_role("button", name="Keep mine").click()
    saved(night)
    expect(nights).to_be_hidden()

    assert new(Answer).values_list("words", flat=True).get(code=CODE) == "We train in March, by day and by night."
    history = list(AnswerVersion.objects.filter(code=CODE).order_by("version").values_list("words", flat=True))
    assert history[-3:] == ["We train twice a year.", "We train in March.", "We train in March, by day and by night."]
    texts = dict(UnresolvedText.objects.values_list("author__name", "words"))
    assert texts == {stage.coordinator.name: "We train twice a year.", stage.contributor.name: "We train in March."}
    for page, name in ((day, stage.contributor.name), (evening, third.name)):
        page.reload()
        expect(block(page).locator(".unresolved")).to_contain_text(f"{name} kept another text in place of yours")
        expect(block(page).get_by_label("In your words")).to_have_value("We train in March, by day and by night.")
