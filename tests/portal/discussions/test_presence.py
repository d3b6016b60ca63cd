"""The unobtrusive line about colleagues who have the same page open."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.discussions.presence import SECONDS, mark_present
from portal.discussions.presence import describe_presence
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def test_colleagues_see_each_other_on_a_page_and_strangers_nobody(sign_in):
    stage = Stage("self_assessment")
    url = reverse("workspace:present", args=[stage.evaluation.uid, "1.1"])
    one, other = sign_in(Client(), stage.contributor), sign_in(Client(), stage.coordinator)
    assert one.get(url).json() == {"sentence": ""}
    assert other.get(url).json() == {"sentence": f"{stage.contributor.name} is on this page."}
    assert one.get(url).json() == {"sentence": f"{stage.coordinator.name} is on this page."}
    assert one.get(url.replace("1.1", "1.2")).json() == {"sentence": ""}
    assert one.get(url.replace("1.1", "9.9")).status_code == 404
    assert sign_in(Client(), stage.people.mce).get(url).status_code == 403


def test_whoever_leaves_is_gone_at_once(sign_in):
    stage = Stage("self_assessment")
    url = reverse("workspace:present", args=[stage.evaluation.uid, "1.1"])
    one, other = sign_in(Client(), stage.contributor), sign_in(Client(), stage.coordinator)
    one.get(url)
    other.get(url)
    assert sign_in(Client(), stage.people.mce).post(url).status_code == 403
    assert other.get(url).json() == {"sentence": f"{stage.contributor.name} is on this page."}
    assert one.post(url).status_code == 200
    assert other.get(url).json() == {"sentence": ""}


def test_a_page_is_seen_within_seconds_and_forgotten_soon_if_it_says_nothing_more(settings):
    script = (settings.BASE_DIR / "site/portal/static/portal/js/presence.js").read_text()
    every = int(re.search(r"EVERY = (\d+);", script)[1]) / 1000
    assert 2 * every < SECONDS <= 15
    assert every <= 5


def test_the_page_asks_while_answers_are_open_and_for_the_hotline_only(sign_in):
    stage = Stage("self_assessment")
    url = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    asks = {
        user.name: b"data-presence" in sign_in(Client(), user).get(url).content
        for user in (stage.contributor, stage.people.mce)
    }
    assert asks == {stage.contributor.name: True, stage.people.mce.name: False}


@pytest.mark.browser
def test_the_open_page_says_who_else_has_it_open(browser_page, as_user):
    stage = Stage("self_assessment")
    mark_present(stage.evaluation, "1.1", stage.contributor)
    as_user(browser_page, stage.coordinator)
    browser_page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    line = browser_page.locator("[data-presence]")
    expect(line).to_have_text(f"{stage.contributor.name} is on this page.")


def test_the_sentence_names_a_few_and_counts_many():
    assert [describe_presence(names) for names in ([], ["Ana"], ["Ana", "Marek"], ["A", "B", "C", "D"])] == [
        "",
        "Ana is on this page.",
        "Ana, Marek are on this page.",
        "4 colleagues are on this page.",
    ]
