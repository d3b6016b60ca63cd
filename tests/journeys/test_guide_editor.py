"""A guide editor's whole work: the next edition, from its beginning to the hotline that renews on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from wagtail_localize.models import StringTranslation

from evaluation.models import Answer, CommentAnswer, Evaluation, Round
from standards.editions.release import release
from standards.models import Edition, EditionPage, IndicatorPage, MappingDecision
from tests.browsing import follow
from tests.factories import RoundFactory, write_answer
from tests.stage import Stage

pytestmark = pytest.mark.browser

COUNT_CLICKS = """addEventListener("click", click => {
    if (click.isTrusted && click.detail) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
}, true)"""
"""Counts the mouse clicks in the browser, over all pages, without the clicks that a key press causes."""


@pytest.fixture
def localised(live: Any) -> EditionPage:
    """Return the pages of the small edition, with French ones maintained by wagtail-localize: a scene."""
    return EditionPage.objects.get(locale__language_code="en")


@pytest.fixture
def decided(localised: EditionPage) -> Stage:
    """Return a hotline that is accredited by the small edition."""
    edition = release(localised)
    round_ = RoundFactory(name="The first round", edition=edition, state=Round.State.OPEN)
    stage = Stage("published", framework=edition.framework, round=round_)
    write_answer(stage.evaluation, "1.2.1", level=0, words="Not in August.")
    write_answer(stage.evaluation, "2.1.1", level=2, words="Most weeks.")
    return stage


@pytest.mark.long
def test_an_edition_is_begun_written_consulted_on_released_and_carried_on(
    decided: Stage,
    browser_page: Any,
    as_user: Callable[..., Any],
    page_of: Callable[..., Any],
    axe: Callable[..., None],
):
    people, hotline = decided.people, decided.hotline
    page = as_user(browser_page, people.editor)
    page.add_init_script(COUNT_CLICKS)
    guide = page.get_by_role("link", name="The Guide", exact=True)

    page.goto("/cms/")
    follow(page.get_by_role("link", name="Begin the next edition"))
    page.get_by_label("Year").fill("2031")
    follow(page.get_by_role("button", name="Begin"))
    draft = EditionPage.objects.get(code="2031")
    assert page.url.endswith(reverse("guide_tree", args=[draft.pk]))

    # A wording is changed with three clicks.
    page.evaluate("sessionStorage.clicks = 0")
    page.locator("summary", has_text="Access").click()
    follow(page.get_by_role("link", name="Open day and night"))
    wording = page.get_by_role("textbox", name="Wording")
    wording.click()
    wording.fill("Open at any hour")
    follow(wording, "Control+s")
    assert page.evaluate("sessionStorage.clicks") == "3"
    assert indicator("2031", "1.2.1").get_latest_revision_as_object().wording == "Open at any hour"

    # Its translation is begun.
    page.get_by_role("button", name="Actions", exact=True).click()
    follow(page.get_by_role("link", name="Translate this page"))
    page.get_by_label("French").check()
    follow(page.get_by_role("button", name="Submit"))
    page.get_by_role("button", name="Translate", exact=True).first.click()
    page.locator("main textarea").first.fill("Ouvert à toute heure")
    page.get_by_role("button", name="Save", exact=True).first.click()
    page.get_by_text("Translated manually").wait_for()
    assert StringTranslation.objects.get(locale__language_code="fr").data == "Ouvert à toute heure"

    # An indicator is moved by keyboard, and another one reworded.
    follow(guide)
    page.locator("summary", has_text="Access").click()
    follow(page.get_by_role("link", name="Change the order in D1"))
    follow(page.get_by_role("link", name="Explore child pages of '1.1 Answering'"))
    page.get_by_role("button", name="Item 2 of 2").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.get_by_text("has been moved").wait_for()
    moved = IndicatorPage.objects.descendant_of(draft).order_by("path").values_list("code", flat=True)
    assert list(moved) == ["1.1.2", "1.1.1", "1.2.1", "2.1.1"]
    follow(guide)
    page.locator("summary", has_text="Staff").click()
    follow(page.get_by_role("link", name="Supervision is held"))
    wording.fill("Supervision is held each month")
    follow(page.get_by_role("button", name="Save draft"))

    # A hotline comments on it, and reads the answer.
    follow(guide)
    follow(page.get_by_role("link", name="Consult on this draft"))
    page.get_by_label("Name").fill("First reading")
    page.get_by_label("Open until").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    page.get_by_label(hotline.name).check()
    follow(page.get_by_role("button", name="Save the consultation"))
    follow(page.get_by_role("button", name="Open the consultation"))
    follow(page.get_by_role("button", name="and write to"))
    reader = page_of(decided.coordinator)
    reader.goto(reverse("workspace:consultations"))
    follow(reader.get_by_role("link", name="First reading"))
    follow(reader.get_by_role("link", name="Opening hours"))
    reader.get_by_label("Your comment on 1.2.1").fill("Who pays for the nights?")
    expect(reader.locator("[data-saved-text]")).to_contain_text("Saved")
    mce = page_of(people.mce)
    mce.goto(reverse("workspace:consultations"))
    follow(mce.get_by_role("link", name="First reading"))
    follow(mce.get_by_role("link", name="Opening hours"))
    mce.get_by_role("radio", name="Rejected").check()
    mce.get_by_label("Your answer").fill("Each hotline does, as before.")
    follow(mce.get_by_role("button", name="Save the answer"))
    assert CommentAnswer.objects.get().comment.words == "Who pays for the nights?"
    reader.reload()
    reader.get_by_text("Each hotline does, as before.").wait_for()

    # It is checked and released, and compared with the former one.
    page.goto("/cms/")
    follow(page.get_by_role("link", name="Check and release"))
    follow(page.get_by_role("button", name="Release"))
    edition = Edition.objects.get(code="2031")
    assert edition.texts("en")["indicator/1.2.1/wording"].text == "Open at any hour"
    follow(page.get_by_role("link", name="Compare editions"))
    expect(page.locator("ins", has_text="at any hour")).to_be_visible()
    expect(page.get_by_role("link", name="moved (1)")).to_be_visible()
    follow(page.get_by_role("link", name="2 pairs of indicators are to be decided"))
    follow(page.get_by_role("button", name="Confirm 2.1.1 → 2.1.1"))
    follow(page.get_by_role("button", name="Reject 1.2.1 → 1.2.1"))
    expect(page.get_by_role("link", name="decided (2)")).to_be_visible()
    found = MappingDecision.objects.order_by("pk").values_list("now_key", "is_confirmed")
    assert list(found) == [("2.1.1", True), ("1.2.1", False)]

    # A round is opened on it, in which the hotline finds its earlier answers.
    mce.goto(reverse("workspace:accreditations"))
    follow(mce.get_by_role("link", name=hotline.name))
    follow(mce.get_by_role("link", name="Open a new round for it"))
    today = timezone.localdate()
    mce.get_by_label("Name").fill("The second round")
    mce.get_by_label("Edition").select_option(label="2031")
    mce.get_by_label("Opens on").fill(today.isoformat())
    mce.get_by_label("Self-assessment until").fill((today + timedelta(days=60)).isoformat())
    mce.get_by_label("Figures from").fill(f"{today.year - 1}-01-01")
    mce.get_by_label("Figures until").fill(f"{today.year - 1}-12-31")
    follow(mce.get_by_role("button", name="Save the round"))
    follow(mce.get_by_role("button", name="and write to"))
    evaluation = Evaluation.objects.get(round__name="The second round")
    assert (evaluation.round.edition, evaluation.renews) == (edition, decided.evaluation)
    reader.goto("/work/")
    reader.wait_for_url(f"**/evaluations/{evaluation.uid}/")
    follow(reader.locator(f"a[href='{reverse('workspace:carried', args=[evaluation.uid])}']"))
    anew = reader.get_by_role("region", name="Not taken over, to be answered anew")
    assert "an earlier answer does not fit any more" in anew.inner_text()
    assert "Not in August." in anew.inner_text()
    taken = reader.get_by_role("region", name="Taken over, with what the Guide says otherwise")
    expect(taken.locator("ins")).to_contain_text("each month")
    axe(reader)
    follow(taken.get_by_role("link", name="Supervision is held each month"))
    block = reader.locator("#i2\\.1\\.1")
    assert block.get_by_label("In your words").input_value() == "Most weeks."
    block.get_by_role("button", name="Still true").click()
    expect(block.locator("[data-saved]")).to_contain_text("Saved")
    answer = Answer.objects.get(evaluation=evaluation, code="2.1.1")
    assert (answer.level, answer.words, answer.is_given) == (2, "Most weeks.", True)
    assert not Answer.objects.get(evaluation=evaluation, code="1.2.1").has_judgement


def indicator(edition: str, code: str) -> IndicatorPage:
    page = EditionPage.objects.get(code=edition, locale__language_code="en")
    return IndicatorPage.objects.descendant_of(page).get(code=code)
