"""Four members of the panel: one steps aside, two depart from the proposal, and the decision is written."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.models import Decision, Evaluation, Role, Stake, Step, User, Vote
from evaluation.workflow import verify_chain
from tests.browsing import follow, resize
from tests.bystander import new
from tests.factories import SUBSTANCE, person
from tests.stage import Stage

SPRING = timezone.localdate() + timedelta(days=100)
"""A possible last day of a condition."""

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Stage:
    """Return an evaluation before the panel; the jury has declared, nobody has voted."""
    return Stage("decision", votes=0)


@pytest.fixture
def open_as(browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]) -> Callable[[User], Any]:
    """Return a function that opens the hotline from the panel's list as a member."""
    tolerated += ["status of 422", "status of 409", "status of 404"]

    def open_as(member: User) -> Any:
        as_user(browser_page, member)
        browser_page.goto("/work/panel/")
        follow(browser_page.get_by_role("link", name=re.compile("Land XA")).first)
        return browser_page

    return open_as


def vote(page: Any, outcome: str, words: str) -> None:
    if page.locator("summary", has_text="I think otherwise now").count():
        page.locator("summary", has_text="I think otherwise now").click()
    page.locator(f"input[name=outcome][value={outcome}]").check()
    page.get_by_label("Why", exact=True).fill(words)
    follow(page.get_by_role("button", name="Vote", exact=True))
    page.locator(".notice.good", has_text="Your vote is kept").wait_for()


def test_the_panel_departs_from_the_proposal(
    stage: Stage, open_as: Callable[[User], Any], browser_page: Any, as_user: Callable[..., Any]
):
    a_fourth_member_steps_aside(stage, open_as)
    the_first_reads_everything_comments_and_votes_for_the_proposal(stage, open_as)
    the_second_votes_otherwise_without_having_seen_the_first_vote(stage, open_as)
    the_third_departs_too_and_writes_the_decision(stage, open_as)
    the_hotline_reads_it(stage, browser_page, as_user)
    steps = Step.objects.filter(kind="evaluation", uid=stage.evaluation.uid).select_related("words__by").order_by("seq")
    assert (verify_chain(steps), [step.move for step in steps]) == ([], ["decide"])


def a_fourth_member_steps_aside(stage: Stage, open_as: Callable[[User], Any]) -> None:
    fourth = person(Role.PANEL_MEMBER, name="Νίκος Παπαδάκης", country="XG")
    page = open_as(fourth)
    assert page.get_by_text("Domain by domain").count() == 0
    page.locator("summary", has_text="I have a stake: step aside").click()
    follow(page.get_by_role("button", name="Step aside"))
    page.get_by_label("What ties you to this hotline").fill("I trained their volunteers in 2025.")
    follow(page.get_by_role("button", name="Step aside"))
    page.locator(".notice.good", has_text="You have stepped aside").wait_for()
    assert page.get_by_role("link", name=re.compile("Land XA")).count() == 0
    assert Stake.objects.get(user=fourth).reason == "I trained their volunteers in 2025."
    page.goto(reverse("workspace:deliberation", args=[stage.evaluation.uid]))
    assert page.get_by_text("before the panel").count() == 0


def the_first_reads_everything_comments_and_votes_for_the_proposal(
    stage: Stage, open_as: Callable[[User], Any]
) -> None:
    page = open_as(stage.people.panel)
    page.locator("summary", has_text="D1").click()
    row = page.locator("#r1\\.1\\.2")
    for text in ("We do this.", "Seen in one shift of two.", "The second shift was ill that day."):
        assert text in row.inner_text()
    page.get_by_label("Your comment").fill("Look at 1.1.2: the response and the finding do not fit.")
    follow(page.get_by_role("button", name="Comment", exact=True))
    page.locator(".notice.good", has_text="Your comment is kept").wait_for()
    vote(page, stage.scorecard.proposal, "The essentials stand.")
    waiting = page.get_by_role("region", name="The panel’s decision")
    assert "1 of at least 3 members have voted" in waiting.inner_text()


def the_second_votes_otherwise_without_having_seen_the_first_vote(stage: Stage, open_as: Callable[[User], Any]) -> None:
    page = open_as(stage.people.second)
    assert page.get_by_text("Look at 1.1.2: the response and the finding do not fit.").count() == 1
    assert page.get_by_text("The essentials stand.").count() == 0
    vote(page, "conditional", "One shift of two is not yet a service.")
    assert page.get_by_text("The essentials stand.").count() == 1
    waiting = page.get_by_role("region", name="The panel’s decision")
    assert "Members who declared can still vote until the end of" in waiting.inner_text()


def the_third_departs_too_and_writes_the_decision(stage: Stage, open_as: Callable[[User], Any]) -> None:
    page = open_as(stage.people.third)
    resize(page, {"width": 390, "height": 844})
    page.get_by_role("link", name="To your vote").click()
    vote(page, "conditional", "I agree with the comment.")
    decision = page.get_by_role("region", name="The panel’s decision")
    assert "It departs from the proposal: say why." in decision.inner_text()
    assert "at least 20 different words" in decision.inner_text()
    decision.get_by_label("Reasons").fill(f"The night shift does not stand yet. {SUBSTANCE}")
    decision.get_by_label("What must be so").first.fill("Two people on every night shift.")
    follow(decision.get_by_role("button", name="One more condition"))
    decision = page.get_by_role("region", name="The panel’s decision")
    assert decision.get_by_label("What must be so").count() == 3
    assert decision.get_by_label("Reasons").input_value() == f"The night shift does not stand yet. {SUBSTANCE}"
    follow(decision.get_by_role("button", name="Record the decision"))
    wrong = page.locator(".error-summary")
    assert wrong.get_by_role("link").all_inner_texts() == ["Condition 1, By: Give a day."]
    decision = page.get_by_role("region", name="The panel’s decision")
    decision.get_by_label("By", exact=True).first.fill(SPRING.isoformat())
    decision.get_by_label("About the indicator").first.select_option("1.1.2")
    follow(decision.get_by_role("button", name="Record the decision"))
    assert not new(Decision).exists()
    follow(page.get_by_role("button", name="Change something"))
    decision = page.get_by_role("region", name="The panel’s decision")
    assert decision.get_by_label("By", exact=True).first.input_value() == SPRING.isoformat()
    follow(decision.get_by_role("button", name="Record the decision"))
    assert "Two people on every night shift." in page.get_by_role("region", name="The panel’s decision").inner_text()
    follow(page.get_by_role("button", name="Record the decision for good"))
    page.locator(".notice.good", has_text="The decision is recorded").wait_for()
    resize(page, {"width": 1280, "height": 900})
    found = new(Decision).get()
    assert (found.outcome, found.departs, found.decided_by) == ("conditional", True, stage.people.third)
    assert list(found.requirements.values_list("text", "code")) == [("Two people on every night shift.", "1.1.2")]
    assert new(Vote).count() == 3
    assert new(Evaluation).get().state == Evaluation.State.DECIDED


def the_hotline_reads_it(stage: Stage, page: Any, as_user: Callable[..., Any]) -> None:
    as_user(page, stage.coordinator)
    page.goto(reverse("workspace:scorecard", args=[stage.evaluation.uid]))
    decision = page.get_by_role("region", name="The panel’s decision")
    for text in (
        "The night shift does not stand yet.",
        "Two people on every night shift.",
        f"by {date_format(SPRING)}",
    ):
        assert text in decision.inner_text()
    for hidden in ("I agree with the comment.", "Look at 1.1.2: the response and the finding do not fit."):
        assert hidden not in page.content()
