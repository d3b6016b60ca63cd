"""A coordinator of the network opens a second round and corrects it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evaluation.models import Evaluation, Round
from tests.browsing import follow
from tests.factories import HotlineFactory
from tests.stage import Participants, Stage

pytestmark = pytest.mark.browser


def test_a_second_round_is_planned_opened_and_corrected(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[[Any], None], tolerated: list[str]
):
    tolerated.append("422")
    people = Participants()
    Stage("published", people, country="XB")
    HotlineFactory(country="XC", name="Corvania")
    HotlineFactory(country="XD", name="Dunmark")
    today = timezone.localdate()
    page = as_user(browser_page, people.mce)
    page.goto("/work/rounds/")
    follow(page.get_by_role("link", name="Open a round"))
    page.get_by_label("Name").fill("The second round")
    page.get_by_label("Edition").select_option(index=1)
    page.get_by_label("Opens on").fill((today + timedelta(days=7)).isoformat())
    page.get_by_label("Self-assessment until").fill((today + timedelta(days=60)).isoformat())
    page.get_by_label("Figures from").fill("2025-01-01")
    page.get_by_label("Figures until").fill("2025-12-31")
    page.get_by_label("Corvania").check()
    axe(page)
    follow(page.get_by_role("button", name="Save the round"))
    page.get_by_text("Nobody is there to read the letter").wait_for()
    axe(page)
    follow(page.get_by_role("link", name="Change the plan"))
    page.get_by_label("Opens on").fill(today.isoformat())
    follow(page.get_by_role("button", name="Save the round"))
    page.get_by_text("No letter went to these hotlines").wait_for()
    assert Evaluation.objects.get(round__name="The second round").hotline.country == "XC"

    follow(page.get_by_role("link", name="Correct the round"))
    axe(page)
    deadline = page.get_by_role("region", name="Move the last day")
    deadline.get_by_label("New last day").fill((today - timedelta(days=1)).isoformat())
    deadline.get_by_label("Reason").fill("Two ask for more time.")
    follow(deadline.get_by_role("button"))
    page.get_by_role("alert").get_by_text("Give today or a later day").wait_for()
    assert deadline.get_by_label("Reason").input_value() == "Two ask for more time."
    deadline.get_by_label("New last day").fill((today + timedelta(days=90)).isoformat())
    follow(deadline.get_by_role("button"))
    page.get_by_text("The last day is moved.").wait_for()
    follow(page.get_by_role("link", name="Correct the round"))
    adding = page.get_by_role("region", name="Add a hotline")
    adding.get_by_label("Hotline").select_option(label="Dunmark")
    adding.get_by_label("Reason").fill("It was forgotten.")
    follow(adding.get_by_role("button"))
    page.get_by_text("Dunmark is in the round.").wait_for()
    round_ = Round.objects.get(name="The second round")
    assert (round_.answers_until, round_.evaluations.count()) == (today + timedelta(days=90), 2)
