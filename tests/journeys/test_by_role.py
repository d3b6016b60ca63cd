"""Short journeys by role: a lost connection, two users on one answer, a released edition, an anonymous visitor."""

import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Error

from evaluation.models import Answer, AnswerVersion, Evaluation, Observation
from standards.editions.release import release
from standards.models import Edition, EditionPage, StandardPage
from tests.browsing import follow, sign_and_submit, unfold
from tests.bystander import new
from tests.factories import write_answer
from tests.stage import Participants, Stage

pytestmark = pytest.mark.browser

SMALL_GUIDE = Path(__file__).parents[1] / "standards" / "editions" / "small"


def block_of(page: Any, code: str) -> Any:
    return page.locator(f"#i{code}".replace(".", "\\."))


def stored_answer(stage: Stage, code: str = "1.1.2") -> tuple[int | None, str]:
    return new(Answer).values_list("level", "words").get(evaluation=stage.evaluation, code=code)


def answers_page(stage: Stage) -> str:
    return reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]) + "#i1.1.2"


# --- The contributor -------------------------------------------------------------------------------------------------


def test_what_is_typed_without_a_connection_is_kept_and_sent_when_it_is_back(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    tolerated += ["ERR_INTERNET_DISCONNECTED", "net::ERR"]
    stage = Stage("self_assessment")
    as_user(browser_page, stage.contributor)
    browser_page.goto(answers_page(stage))
    block = block_of(browser_page, "1.1.2")
    browser_page.context.set_offline(True)
    block.get_by_label("In your words").fill("Typed in a train tunnel.")
    block.locator("[data-saved].off").wait_for()
    text = block.locator("[data-saved-text]").inner_text()
    assert re.fullmatch(r"No connection\. Kept on this device, \d\d:\d\d CES?T", text), text
    assert stored_answer(stage) == (3, "We do this.")
    browser_page.context.set_offline(False)
    block.locator("[data-saved].ok").wait_for()
    assert stored_answer(stage) == (3, "Typed in a train tunnel.")


def test_a_level_chosen_before_the_script_has_come_is_saved_when_it_comes(
    browser_page: Any, as_user: Callable[..., Any]
):
    """On a slow line the page is there before its script."""
    stage = Stage("self_assessment")
    as_user(browser_page, stage.contributor)
    script = "**/answers/block*.js"
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    browser_page.route(script, hold)
    with browser_page.expect_request(script):
        browser_page.goto(answers_page(stage), wait_until="commit")
    browser_page.locator('[data-fold="1.1.2"]').wait_for()
    unfold(browser_page, "1.1.2")
    block = block_of(browser_page, "1.1.2")
    block.locator("input[type=radio][value='1']").check()
    assert stored_answer(stage) == (3, "We do this.")
    with browser_page.expect_response(lambda response: response.request.method == "POST"):
        held[0].continue_()
    block.locator("[data-saved].ok").wait_for()
    assert stored_answer(stage) == (1, "We do this.")


def after_a_crash(page: Any) -> Any:
    """Return a new page of the same profile after a crash of the former. A closed page would still send unsent text."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    again = page.context.new_page()
    page.close()
    return again


def test_what_was_kept_on_the_device_comes_back_after_the_page_was_closed(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    tolerated += ["ERR_INTERNET_DISCONNECTED", "net::ERR"]
    stage = Stage("self_assessment")
    as_user(browser_page, stage.contributor)
    browser_page.goto(answers_page(stage))
    browser_page.context.set_offline(True)
    block_of(browser_page, "1.1.2").get_by_label("In your words").fill("Typed, and the battery died.")
    block_of(browser_page, "1.1.2").locator("[data-saved].off").wait_for()
    again = after_a_crash(browser_page)
    again.context.set_offline(False)
    again.goto(answers_page(stage))
    block_of(again, "1.1.2").locator("[data-saved].ok").wait_for()
    assert block_of(again, "1.1.2").get_by_label("In your words").input_value() == "Typed, and the battery died."
    assert stored_answer(stage) == (3, "Typed, and the battery died.")
    assert again.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsent:'))") == []


def test_what_was_kept_for_one_person_is_not_shown_to_the_next(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    """Two colleagues share a computer."""
    tolerated += ["ERR_INTERNET_DISCONNECTED", "net::ERR"]
    stage = Stage("self_assessment")
    as_user(browser_page, stage.contributor)
    browser_page.goto(answers_page(stage))
    browser_page.context.set_offline(True)
    block_of(browser_page, "1.1.2").get_by_label("In your words").fill("Of the contributor.")
    block_of(browser_page, "1.1.2").locator("[data-saved].off").wait_for()
    other = after_a_crash(browser_page)
    other.context.set_offline(False)
    as_user(other, stage.coordinator)
    other.goto(answers_page(stage))
    assert block_of(other, "1.1.2").get_by_label("In your words").input_value() == "We do this."
    assert stored_answer(stage) == (3, "We do this.")


def test_after_the_session_is_gone_the_words_stay_and_are_kept_after_signing_in(
    browser_page: Any, as_user: Callable[..., Any], tolerated: list[str]
):
    tolerated += ["status of 403"]
    stage = Stage("self_assessment")
    as_user(browser_page, stage.contributor)
    browser_page.goto(answers_page(stage))
    cookies = browser_page.context.cookies()
    browser_page.context.clear_cookies()
    block = block_of(browser_page, "1.1.2")
    block.get_by_label("In your words").fill("The session ended at lunch.")
    block.locator("[data-saved].bad").wait_for()
    assert block.locator("[data-saved-text]").inner_text().startswith("You are signed out.")
    browser_page.context.add_cookies(cookies)
    block.get_by_role("button", name="Save now").click()
    block.locator("[data-saved].ok").wait_for()
    assert stored_answer(stage) == (3, "The session ended at lunch.")


@pytest.mark.everywhere
def test_two_people_on_one_answer_keep_mine_take_theirs_and_submit(page_of: Callable[..., Any]):
    stage = Stage("self_assessment")
    write_answer(stage.evaluation, "1.1.2", level=None, words="")
    mine, theirs = page_of(stage.coordinator), page_of(stage.contributor)
    for page in (mine, theirs):
        page.goto(answers_page(stage))
    block_of(theirs, "1.1.2").locator("input[type=radio][value='2']").check()
    block_of(theirs, "1.1.2").locator("[data-saved].ok").wait_for()
    block_of(theirs, "1.1.2").get_by_label("In your words").fill("Theirs.")
    block_of(theirs, "1.1.2").locator("[data-saved].ok").wait_for()

    clash = block_of(mine, "1.1.2").locator("[data-conflict]")
    block_of(mine, "1.1.2").locator("input[type=radio][value='1']").check()
    clash.get_by_text("Two people wrote here at once. Nothing is lost.").wait_for()
    assert "Theirs." in clash.inner_text()
    clash.get_by_role("button", name="Keep mine").click()
    block_of(mine, "1.1.2").locator("[data-saved].ok").wait_for()
    assert stored_answer(stage) == (1, "")

    block_of(theirs, "1.1.2").get_by_label("In your words").fill("Theirs, once more.")
    clash = block_of(theirs, "1.1.2").locator("[data-conflict]")
    clash.get_by_role("button", name="Take theirs").click()
    block_of(theirs, "1.1.2").get_by_text("The other text stands.").wait_for()
    assert block_of(theirs, "1.1.2").locator("input[type=radio]:checked").input_value() == "1"
    assert block_of(theirs, "1.1.2").get_by_label("In your words").input_value() == ""
    assert stored_answer(stage) == (1, "")
    versions = AnswerVersion.objects.filter(evaluation_id=stage.evaluation.pk, code="1.1.2").order_by("version")
    assert "Theirs." in list(versions.values_list("words", flat=True))  # what was overwritten on purpose is stored, too

    mine.goto(reverse("workspace:evaluation", args=[stage.evaluation.uid]))
    sign_and_submit(mine)
    assert new(Evaluation).get().state == Evaluation.State.DESK_REVIEW
    block_of(theirs, "1.1.2").get_by_label("In your words").fill("Too late.")
    block_of(theirs, "1.1.2").get_by_text("This can no longer be changed").wait_for()
    assert block_of(theirs, "1.1.2").get_by_label("In your words").input_value() == "Too late."
    assert stored_answer(stage) == (1, "")


# --- The assessor ----------------------------------------------------------------------------------------------------


def test_an_assessor_records_what_they_see_on_a_phone(browser_page: Any, as_user: Callable[..., Any]):
    stage = Stage("study_visit", visit_state="under_way")
    as_user(browser_page, stage.people.assessor)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    browser_page.goto("/work/")
    follow(browser_page.get_by_role("link", name=re.compile("Land XA")).first)
    browser_page.goto(reverse("workspace:visit", args=[stage.evaluation.uid]))
    follow(browser_page.get_by_role("link", name=re.compile("^3.2 ")))
    block = block_of(browser_page, "3.2.1")
    block.locator("input[type=radio][value='2']").check()
    block.get_by_label("What you saw and heard").fill("Two of three shifts.")
    block.get_by_label("Good practice").check()
    block.locator("[data-saved].ok").wait_for()
    follow(browser_page.get_by_role("link", name="Next: 9.1"))
    browser_page.wait_for_url("**/observations/9.1/")
    follow(browser_page.get_by_role("link", name="Agenda"))
    browser_page.get_by_text("1 of 1 seen").wait_for()
    seen = Observation.objects.get(by=stage.people.assessor, code="3.2.1")
    assert (seen.level, seen.words, seen.good_practice) == (2, "Two of three shifts.", True)


# --- The guide editor ------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(live: Any, tmp_path: Path) -> EditionPage:
    from standards.editions.page_loader import load_guide

    return load_guide(Path(shutil.copytree(SMALL_GUIDE, tmp_path / "small"))).page


def test_a_guide_editor_changes_a_text_releases_the_edition_and_finds_it_frozen(
    browser_page: Any, as_user: Callable[..., Any], draft: EditionPage
):
    standard = StandardPage.objects.descendant_of(draft).get(code="1.1")
    page = as_user(browser_page, Participants().editor)
    page.goto("/work/")
    page.wait_for_url("**/cms/**")  # a guide editor lands where the Guide is
    page.goto(f"/cms/pages/{standard.pk}/edit/")
    page.locator("#id_introduction, [name=introduction]").first.fill("Calls are answered at any hour.")
    with page.expect_event("load"):
        page.locator("[data-edit-form] [name=action-publish]").first.evaluate("button => button.click()")
    page.get_by_text("Saved for the next release.").first.wait_for()
    assert StandardPage.objects.get(pk=standard.pk).introduction == "Calls are answered at any hour."

    page.goto(f"/cms/guide/{draft.pk}/release/")
    follow(page.get_by_role("button", name="Release edition"))
    page.get_by_text("Edition small is released.").wait_for()
    edition = Edition.objects.get(code="small")
    assert str(edition.texts("en")["standard/1.1/introduction"]) == "Calls are answered at any hour."

    page.goto(f"/cms/pages/{standard.pk}/edit/")
    assert page.locator("[name=action-publish]:visible").count() == 0


# --- Somebody from outside -------------------------------------------------------------------------------------------


def test_a_passer_by_reads_the_register_and_the_guide(browser_page: Any, axe: Any, draft: EditionPage):
    release(draft)
    Stage("published", country="XA")
    Stage("self_assessment", country="XB", name="Another round")
    page = browser_page
    page.goto("/en/")
    follow(page.get_by_role("link", name="Register").first)
    page.wait_for_url("**/register/")
    register = page.locator("table tbody").inner_text()
    assert [name for name in ("Land XA", "Land XB", "Land XC") if name in register] == ["Land XA", "Land XB"]
    follow(page.get_by_role("row", name=re.compile("Land XA")).get_by_role("link").first)
    page.wait_for_url("**/register/XA/")
    assert page.locator("h1").inner_text() == "116 000 in Land XA"
    assert page.locator("a[href='tel:116000']").count() == 1
    axe(page)
    page.goto("/en/register/XB/")
    assert "We do this." not in page.content()  # a word of the self-assessment
    follow(page.get_by_role("link", name="The Guide").first)
    follow(page.get_by_role("link", name="A small edition").first)
    page.locator("h1", has_text="A small edition").wait_for()
    axe(page)
    page.goto("/work/")
    page.wait_for_url("**/accounts/login/**")
