"""A study visit with its forms in a browser: from the profile of an assessor to findings that are signed off."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from evaluation.models import AssessorProfile, DeskQuestion, Finding, SuggestedDates, User, Visit
from tests.browsing import follow
from tests.bystander import new
from tests.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.long]

DIFFERING = "1.1.2"
"""The indicator for which the two assessors record different levels."""


@pytest.fixture
def stage() -> Stage:
    return Stage("desk_review")


@pytest.fixture
def open_as(stage: Stage, browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]) -> Callable[..., Any]:
    """Return a function that opens a page of the evaluation as a user."""
    tolerated += ["status of 422", "status of 409"]

    def open_as(user: User, place: str = "visit/") -> Any:
        as_user(browser_page, user)
        browser_page.goto(place if place.startswith("/") else f"/work/evaluations/{stage.evaluation.uid}/{place}")
        return browser_page

    return open_as


def test_a_visit_is_planned_recorded_and_signed_off(stage: Stage, open_as: Callable[..., Any]) -> None:
    an_assessor_says_what_they_can_do(stage, open_as)
    mce_proposes_the_team(stage, open_as)
    both_sides_agree_on_the_days(stage, open_as)
    the_team_declares(stage, open_as)
    the_desk_review_asks_and_the_hotline_answers(stage, open_as)
    mce_accepts_and_the_visit_begins(stage, open_as)
    each_records_apart(stage, open_as)
    they_agree_and_sign_off(stage, open_as)


def an_assessor_says_what_they_can_do(stage: Stage, open_as: Callable[..., Any]) -> None:
    page = open_as(stage.people.lead, "/work/visits/me/")
    page.get_by_label("Lithuanian").check()
    page.get_by_label("can lead a visit").check()
    follow(page.get_by_role("button", name="Save", exact=True))
    page.get_by_text("It is saved.").wait_for()
    assert "lt" in AssessorProfile.objects.get(user=stage.people.lead).languages


def mce_proposes_the_team(stage: Stage, open_as: Callable[..., Any]) -> None:
    page = open_as(stage.people.mce)
    follow(page.get_by_role("link", name="Arrange the visit").first)
    page.get_by_label("Lead assessor").select_option(label=stage.people.lead.name)
    page.get_by_label(stage.people.assessor.name).check()
    follow(page.get_by_role("button", name="Arrange the visit"))
    assert new(Visit).get().state == "proposed"


def both_sides_agree_on_the_days(stage: Stage, open_as: Callable[..., Any]) -> None:
    page = open_as(stage.coordinator)
    follow(page.get_by_role("link", name="Suggest days").first)
    today = stage.round.today
    first, last = page.locator("input[type=date]").nth(0), page.locator("input[type=date]").nth(1)
    first.fill((today - timedelta(days=1)).isoformat())
    last.fill((today + timedelta(days=1)).isoformat())
    follow(page.get_by_role("button", name="Suggest these days"))
    assert not new(SuggestedDates).exists()
    first.fill(today.isoformat())
    follow(page.get_by_role("button", name="Suggest these days"))
    page = open_as(stage.people.lead)
    follow(page.get_by_role("button", name=re.compile("Accept")).first)
    assert new(Visit).get().state == "dates_agreed"


def the_team_declares(stage: Stage, open_as: Callable[..., Any]) -> None:
    for member in (stage.people.lead, stage.people.assessor):
        page = open_as(member, "visit/interests/")
        follow(page.get_by_role("button", name="I have no stake"))
    assert new(Visit).get().state == "team_confirmed"


def the_desk_review_asks_and_the_hotline_answers(stage: Stage, open_as: Callable[..., Any]) -> None:
    page = open_as(stage.people.lead, "desk/1.1/")
    block = page.locator("#i1\\.1\\.2")
    block.get_by_label(re.compile("^Ask")).check()
    block.locator("textarea").fill("Who answers at night?")
    follow(page.get_by_role("button", name="Save the marks"))
    page = open_as(stage.people.lead, "desk/")
    follow(page.get_by_role("button", name="Send the questions to the hotline"))
    page = open_as(stage.coordinator, "questions/")
    follow(page.get_by_role("link", name="Answer 1.1.2"))
    page.get_by_label("Your answer").fill("The shift leader.")
    follow(page.get_by_role("button", name="Save the answer"))
    assert new(DeskQuestion).get().answer == "The shift leader."


def mce_accepts_and_the_visit_begins(stage: Stage, open_as: Callable[..., Any]) -> None:
    page = open_as(stage.people.mce, "")
    follow(page.get_by_role("button", name="Accept and send the team"))
    page = open_as(stage.people.lead)
    follow(page.get_by_role("button", name="Begin the visit"))
    assert new(Visit).get().state == "under_way"


def each_records_apart(stage: Stage, open_as: Callable[..., Any]) -> None:
    for member, level in ((stage.people.lead, "2"), (stage.people.assessor, "1")):
        for standard in stage.framework.standards:
            page = open_as(member, f"observations/{standard}/")
            for block in page.locator("[data-autosave]").all():
                record(block, level)
        page = open_as(member)
        follow(page.get_by_role("button", name="I have finished"))
    assert new(Visit).get().state == "findings_entered"


def record(block: Any, level: str) -> None:
    """Record the best level of an indicator; of one indicator, the given level."""
    wanted = level if block.get_attribute("data-code") == DIFFERING else "3"
    found = block.locator(f"label:has(input[type=radio][value='{wanted}'])")
    if found.count():
        found.click()
    else:
        block.locator("input[inputmode=decimal]").fill("95")
    block.locator("textarea").first.fill("Seen on the spot.")
    block.locator("textarea").first.blur()
    expect(block.locator("[data-saved-text]")).to_contain_text("Saved")


def they_agree_and_sign_off(stage: Stage, open_as: Callable[..., Any]) -> None:
    assert not new(Finding).get(code=DIFFERING).is_given
    page = open_as(stage.people.lead, "divergences/")
    block = page.locator(f"#i{DIFFERING.replace('.', chr(92) + '.')}")
    expect(block).to_contain_text(stage.people.assessor.name)
    form = block.locator("[data-autosave]")
    form.locator("label:has(input[type=radio][value='1'])").click()
    form.locator("textarea").first.fill("Nobody answered on the second night.")
    form.locator("textarea").first.blur()
    expect(form.locator("[data-saved-text]")).to_contain_text("Saved")
    page = open_as(stage.people.lead)
    follow(page.get_by_role("button", name="Sign off the findings"))
    visit = new(Visit).get()
    assert (visit.state, visit.evaluation.state) == ("signed_off", "report")
    assert new(Finding).get(code=DIFFERING).level == 1
