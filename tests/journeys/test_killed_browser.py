"""What a page says is kept on the device is there after the browser was killed (-9) in the same moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Answer, Observation
from tests.browsing import unfold
from tests.journeys.recorder import expect_all_sent, go_to, kill, open_again, open_first
from tests.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.once]

IS_SAID = "place => document.querySelector(place)?.textContent.includes('Kept on this device')"
"""Whether a page says that the text is kept; a browser looks at each of its frames, so that the kill follows at once."""
ONCE = [1]
OFTEN = [pytest.param(12, marks=pytest.mark.long)]


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Stage:
    is_visit = getattr(request, "param", "") == "visit"
    return Stage("study_visit", visit_state="under_way") if is_visit else Stage("self_assessment")


@pytest.mark.parametrize("kills", [*ONCE, *OFTEN])
def test_words_said_to_be_kept_and_their_number_survive_a_killed_browser(
    start_device: Callable[..., Any], stage: Stage, tmp_path: Path, kills: int
):
    address = reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])
    for number in range(kills):
        words = f"Written before kill {number}."
        page = start_device(stage.coordinator)
        page.goto(address)
        page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
        unfold(page, "1.1.2")
        field = page.locator("#i1\\.1\\.2").get_by_label("In your words")
        field.fill(words)
        page.wait_for_function(IS_SAID, arg="#i1\\.1\\.2 [data-saved]")
        kill(tmp_path / "profile")
        page = start_device(stage.coordinator)
        page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
        page.goto("/work/account/")
        expect(page.locator("[data-waiting]")).to_contain_text("kept in this browser: 1", use_inner_text=True)
        page.goto(address)
        expect(page.locator("#i1\\.1\\.2").get_by_label("In your words")).to_have_value(words)
        page.unroute("**/answers/1.1/1.1.2/")
        page.locator("[data-send-now]").click()
        expect(page.locator("#i1\\.1\\.2 [data-saved].ok")).to_be_visible()
        assert Answer.objects.get(evaluation=stage.evaluation, code="1.1.2").words == words
        page.reload()
        expect(page.locator("[data-waiting]")).to_be_hidden()
        page.context.close()


@pytest.mark.parametrize("stage", ["visit"], indirect=True)
@pytest.mark.parametrize("kills", [*ONCE, *OFTEN])
def test_a_recorded_text_and_the_number_of_unsent_ones_survive_a_killed_browser(
    start_device: Callable[..., Any], stage: Stage, tmp_path: Path, kills: int
):
    code = next(iter(stage.evaluation.asked))
    page = start_device()
    open_first(page, stage)
    for number in range(kills):
        words = f"Seen before kill {number}, with a long sentence that is typed key after key."
        page.context.set_offline(True)
        go_to(page, code)
        page.get_by_label("What you saw and heard").fill("")
        page.get_by_label("What you saw and heard").press_sequentially(words)
        page.wait_for_function(IS_SAID, arg="#kept")
        kill(tmp_path / "profile")
        page = start_device()
        page.goto("/work/account/")
        expect(page.locator("[data-recorded]")).to_contain_text("kept on this device: 1", use_inner_text=True)
        page.context.set_offline(True)
        open_again(page, stage)
        go_to(page, code)
        expect(page.get_by_label("What you saw and heard")).to_have_value(words)
        page.context.set_offline(False)
        expect_all_sent(page)
        assert Observation.objects.get(code=code).words == words
        page.goto("/work/account/")
        expect(page.locator("[data-recorded]")).to_be_hidden()
        open_again(page, stage)
