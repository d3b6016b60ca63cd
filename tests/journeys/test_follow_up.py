"""A recommendation from the day it is issued to the day it is closed: the hotline's coordinator and MCE, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from evaluation.models import Recommendation, Step
from evaluation.workflow import verify_chain
from portal.letters.models import Letter
from tests.browsing import follow
from tests.bystander import new
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.browser

TITLE = "Write down who answers for the service"


@pytest.fixture
def stage() -> Stage:
    stage = Stage("decided")
    stage.proof.delete()
    return stage


def plan_of(stage: Stage) -> str:
    return reverse("workspace:plan", args=[stage.evaluation.uid])


def expect_notice(page: Any, words: str) -> None:
    page.locator(".notice", has_text=words).first.wait_for()


def test_a_coordinator_follows_a_recommendation_from_issued_to_closed(
    stage: Stage, page_of: Callable[..., Any], axe: Callable[[Any], None]
):
    hotline, mce = page_of(stage.coordinator), page_of(stage.people.mce)

    # The home page says what is due; from there to the plan, and it is contested on its card.
    hotline.goto("/work/")
    follow(hotline.get_by_role("link", name="The whole plan"))
    card = hotline.locator("#r1\\.1\\.2")
    card.locator("summary", has_text="Contest").click()
    card.get_by_label("Why do you contest it?").fill("It has been written down since spring.")
    follow(card.get_by_role("button", name="Contest", exact=True))
    expect_notice(hotline, "Recommendation contested.")
    assert hotline.url.endswith(f"{plan_of(stage)}#r1.1.2")
    assert hotline.locator("section", has=card).get_by_role("heading", level=2).inner_text().startswith("Contested")

    # MCE finds it over the network, reads why, and insists.
    mce.goto("/work/")
    follow(mce.get_by_role("link", name="Recommendations", exact=True))
    mce.get_by_label("State").select_option("contested")
    follow(mce.get_by_role("button", name="Show"))
    follow(mce.get_by_role("link", name="1.1.2"))
    follow(mce.get_by_role("link", name=TITLE))
    mce.get_by_text("It has been written down since spring.").first.wait_for()
    mce.locator("summary", has_text="Insist").click()
    mce.get_by_label("Why does it stand?").fill("The paper names somebody who has left.")
    follow(mce.get_by_role("button", name="Insist"))
    expect_notice(mce, "Recommendation issued again.")

    # The hotline accepts, starts, shows a document and submits.
    hotline.goto(plan_of(stage))
    follow(card.get_by_role("button", name="Accept"))
    expect_notice(hotline, "Recommendation accepted.")
    follow(card.get_by_role("button", name="Start"))
    expect_notice(hotline, "Work started.")
    follow(card.get_by_role("link", name="Nothing is shown yet"))
    axe(hotline)
    follow(hotline.get_by_role("button", name="Add", exact=True))
    hotline.locator(".error-summary").wait_for()
    hotline.get_by_label("Document").set_input_files({"name": "who.pdf", "mimeType": "application/pdf", "buffer": PDF})
    hotline.get_by_label("What it shows").fill("Her name, signed by the board.")
    follow(hotline.get_by_role("button", name="Add", exact=True))
    expect_notice(hotline, "It is added.")
    submit(hotline, "The board named her in June.")

    # MCE sends it back once, and verifies it the second time.
    mce.reload()
    mce.get_by_role("link", name="who.pdf").wait_for()
    mce.locator("summary", has_text="Send back").click()
    mce.get_by_label("What is still missing?").fill("Who stands in for her?")
    follow(mce.get_by_role("button", name="Send back"))
    expect_notice(mce, "Evidence sent back: not verified.")
    axe(mce)
    hotline.reload()
    hotline.get_by_text("Who stands in for her?").first.wait_for()
    follow(hotline.get_by_role("button", name="Go on working"))
    expect_notice(hotline, "Work resumed.")
    hotline.get_by_label("Address on the web").fill("https://xa.example/deputy")
    follow(hotline.get_by_role("button", name="Add", exact=True))
    expect_notice(hotline, "It is added.")
    submit(hotline, "Her deputy is named too.")
    mce.reload()
    follow(mce.get_by_role("button", name="Verify"))
    expect_notice(mce, "Recommendation verified.")
    follow(mce.get_by_role("button", name="Close"))
    expect_notice(mce, "Recommendation closed.")

    # The plan says so, and so does the log.
    hotline.goto(plan_of(stage))
    hotline.get_by_text("1 of 1 closed").first.wait_for()
    assert card.get_by_role("button").count() == 0
    recommendation = new(Recommendation).get()
    assert recommendation.state == Recommendation.State.CLOSED
    steps = list(Step.objects.filter(uid=recommendation.uid).select_related("words__by").order_by("seq"))
    assert [step.move for step in steps] == [
        *("contest", "insist", "accept", "start", "submit_evidence"),
        *("refuse", "resume", "submit_evidence", "verify", "close"),
    ]
    assert verify_chain(steps) == []
    subjects = Letter.objects.filter(to_user=stage.coordinator).order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [
        "Land XA: a recommendation stands",
        "Land XA: something is still missing",
        "Land XA: a recommendation is verified",
    ]


def submit(page: Any, words: str) -> None:
    page.locator("summary", has_text="Submit the evidence").click()
    page.get_by_label("What did you do, and what does the evidence show?").fill(words)
    follow(page.get_by_role("button", name="Submit the evidence"))
    expect_notice(page, "Evidence submitted.")


def test_the_plan_is_worked_on_a_phone_without_a_script_and_by_keyboard(
    stage: Stage, browser: Any, live: Any, as_user: Callable[..., Any]
):
    context = browser.new_context(base_url=live.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = as_user(context.new_page(), stage.coordinator)
    page.goto(plan_of(stage))
    card = page.locator("#r1\\.1\\.2")
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It is done elsewhere.")
    page.keyboard.press("Tab")
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect_notice(page, "Recommendation contested.")
    follow(page.get_by_role("link", name="Calendar"))
    page.get_by_role("heading", name="No day set").wait_for()
    assert new(Recommendation).get().state == Recommendation.State.CONTESTED
    context.close()
