"""No typed text is lost: slow or lost connections, conflicts, expired sessions, shared computers.

In a real browser.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from evaluation.models import Answer, AnswerVersion, Evaluation, UnresolvedText
from tests.browsing import follow, unfold
from tests.bystander import new
from tests.factories import write_answer
from tests.stage import Stage

pytestmark = pytest.mark.browser

UNSENT_COUNT = "Object.keys(localStorage).filter(key => key.startsWith('unsent:')).length"


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def answers(stage: Stage) -> str:
    return reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"])


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str]) -> Any:
    """Return the coordinator's browser. Errors that tests cause on purpose are tolerated."""
    tolerated += ["ERR_INTERNET_DISCONNECTED", "net::ERR", *(f"status of {code}" for code in (403, 409, 422, 423, 503))]
    return as_user(browser_page, stage.coordinator)


@pytest.fixture
def plain(browser: Any, live: Any, as_user: Callable[..., Any], stage: Stage) -> Iterator[Any]:
    """Return the coordinator's page without JavaScript."""
    context = browser.new_context(base_url=live.url, java_script_enabled=False)
    yield as_user(context.new_page(), stage.coordinator)
    context.close()


def block(page: Any, code: str = "1.1.2") -> Any:
    unfold(page, code)
    return page.locator(f"#i{code}".replace(".", "\\."))


def field(page: Any, code: str = "1.1.2") -> Any:
    return block(page, code).get_by_label("In your words")


def stored_words(code: str = "1.1.2") -> str:
    return new(Answer).values_list("words", flat=True).get(code=code)


def conflict(page: Any, stage: Stage, answers: str) -> Any:
    """Cause a conflict: the coordinator saves second, with the cursor still in the field. Return its panel."""
    page.goto(answers)
    write_answer(stage.evaluation, "1.1.2", Answer, level=2, words="Theirs.", by=stage.contributor)
    field(page).fill("Mine.")
    panel = block(page).locator("[data-conflict]")
    panel.get_by_text("Two people wrote here at once.").wait_for()
    return panel


# --- Two people -------------------------------------------------------------------------------------------------------


def test_the_text_of_a_conflict_survives_a_reload_and_its_author_is_told(
    page: Any, stage: Stage, answers: str, as_user: Callable[..., Any], browser: Any, live: Any
):
    conflict(page, stage, answers)
    page.reload()
    panel = block(page).locator(".unresolved")
    expect(panel).to_contain_text("Mine.")
    expect(panel).to_contain_text("Theirs.")
    expect(field(page)).to_have_value("Theirs.")
    elsewhere = as_user(browser.new_context(base_url=live.url).new_page(), stage.coordinator)
    elsewhere.goto("/work/account/")
    expect(elsewhere.locator("#unsent")).to_contain_text("1 text of yours waits for you to decide")
    follow(elsewhere.locator("#unsent").get_by_role("link").first)
    follow(block(elsewhere).get_by_role("button", name="Keep mine"))
    elsewhere.context.close()
    assert stored_words() == "Mine."
    theirs = as_user(browser.new_context(base_url=live.url).new_page(), stage.contributor)
    theirs.goto(answers)
    expect(block(theirs).locator(".unresolved")).to_contain_text("kept another text in place of yours")
    follow(block(theirs).get_by_role("link", name="Earlier versions"))
    expect(theirs.get_by_role("main")).to_contain_text("Theirs.")
    theirs.go_back()
    follow(block(theirs).get_by_role("button", name="Leave it as it is"))
    theirs.context.close()
    assert (stored_words(), UnresolvedText.objects.count()) == ("Mine.", 0)


@pytest.mark.parametrize(("button", "stands"), [("Keep mine", "Mine, and more."), ("Take theirs", "Theirs.")])
def test_the_first_click_decides_while_the_cursor_stands_in_the_field(
    page: Any, stage: Stage, answers: str, button: str, stands: str
):
    page.set_viewport_size({"width": 390, "height": 844})
    panel = conflict(page, stage, answers)
    expect(panel.locator("section")).to_be_focused()
    expect(panel.locator("section")).to_be_in_viewport()
    field(page).fill("Mine, and more.")
    panel.get_by_role("button", name=button).click()
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    expect(panel).to_be_hidden()
    expect(field(page)).to_have_value(stands)
    assert stored_words() == stands
    page.reload()
    expect(block(page).locator(".unresolved")).to_have_count(0)


def test_the_other_window_of_the_same_person_is_called_so(page: Any, stage: Stage, answers: str):
    page.goto(answers)
    write_answer(stage.evaluation, "1.1.2", Answer, level=2, words="Of my phone.", by=stage.coordinator)
    field(page).fill("Of my desk.")
    panel = block(page).locator("[data-conflict]")
    expect(panel).to_contain_text("You wrote here in two windows.")
    expect(panel).to_contain_text("You, in another window")
    expect(panel).not_to_contain_text("Two people")
    expect(panel.get_by_role("button", name="Take the other")).to_be_visible()
    page.reload()
    expect(page.locator("#unsent")).to_contain_text("you wrote there in two windows")


def test_the_first_text_kept_over_ones_own_newer_words_is_no_new_conflict(page: Any, stage: Stage, answers: str):
    conflict(page, stage, answers)
    page.reload()
    field(page).fill("Mine, in other words.")
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    follow(block(page).get_by_role("button", name="Keep mine"))
    expect(block(page).locator(".unresolved")).to_have_count(0)
    assert (stored_words(), UnresolvedText.objects.count()) == ("Mine.", 0)
    history = list(new(AnswerVersion).filter(code="1.1.2").order_by("version").values_list("words", flat=True))
    assert history[-3:] == ["Theirs.", "Mine, in other words.", "Mine."]


# --- Unsent text -----------------------------------------------------------------------------------------------------


def test_words_that_wait_are_shown_on_every_page_and_go_up_from_any(page: Any, stage: Stage, answers: str):
    page.goto(answers)
    blocked = "**/answers/1.1/1.1.2/"
    page.route(blocked, lambda route: route.abort())
    field(page).fill("Typed in a train tunnel.")
    expect(block(page).locator("[data-saved].off")).to_be_visible()
    page.goto("/work/account/")
    notice = page.locator("[data-waiting]")
    expect(notice).to_contain_text("Not saved yet, kept in this browser: 1", use_inner_text=True)
    assert notice.get_by_role("link").get_attribute("href") == f"{answers}#i1.1.2"
    page.unroute(blocked)
    notice.get_by_role("button", name="Send now").click()
    expect(notice).to_be_hidden()
    assert stored_words() == "Typed in a train tunnel."
    assert page.evaluate(UNSENT_COUNT) == 0


def test_leaving_at_once_sends_what_was_typed(page: Any, answers: str):
    page.goto(answers)
    field(page).fill("Typed, and away.")
    follow(page.get_by_role("link", name="Back to the overview"))
    page.wait_for_function(f"() => {UNSENT_COUNT} === 0")
    assert stored_words() == "Typed, and away."
    assert new(AnswerVersion).filter(code="1.1.2").count() == 2


@pytest.mark.long
def test_a_tab_that_is_killed_in_the_middle_of_a_word_has_it_when_it_is_opened_again(page: Any, answers: str):
    page.goto(answers)
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())  # nothing is saved before, however slow this is
    field(page).fill("")
    field(page).press_sequentially("Half a wo")
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash")
    assert stored_words() != "Half a wo"
    again = page.context.new_page()
    again.goto(answers)
    expect(field(again)).to_have_value("Half a wo")
    again.wait_for_function(f"() => {UNSENT_COUNT} === 0")
    assert stored_words() == "Half a wo"


def test_submitting_asks_first_while_words_wait(page: Any, stage: Stage, answers: str):
    page.goto(answers)
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
    field(page).fill("Still on its way.")
    expect(block(page).locator("[data-saved].off")).to_be_visible()
    page.goto(reverse("workspace:declaration", args=[stage.evaluation.uid]))
    page.get_by_role("checkbox", name="have read this declaration").check()
    page.get_by_role("button", name="Sign and submit").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1.1.2")
    dialog.get_by_role("button", name="Stay").click()
    assert new(Evaluation).get().state == Evaluation.State.SELF_ASSESSMENT
    page.unroute("**/answers/1.1/1.1.2/")
    follow(page.get_by_role("button", name="Sign and submit"))
    page.get_by_role("alert").get_by_text("Answers were changed while you read.").wait_for()
    assert stored_words() == "Still on its way."
    page.get_by_role("checkbox", name="have read this declaration").check()
    follow(page.get_by_role("button", name="Sign and submit"))
    page.locator(".notice.good", has_text="Signed and submitted").wait_for()


def test_what_came_too_late_is_shown_until_its_author_discards_it(page: Any, stage: Stage, answers: str):
    page.goto(answers)
    new(Evaluation).update(state=Evaluation.State.DESK_REVIEW)
    field(page).fill("Too late.")
    block(page).locator("[data-conflict]").get_by_text("Your text came too late.").wait_for()
    page.reload()
    expect(block(page).locator(".unresolved")).to_contain_text("Too late.")
    assert page.evaluate(UNSENT_COUNT) == 0
    follow(block(page).get_by_role("button", name="Discard it"))
    expect(block(page).locator(".unresolved")).to_have_count(0)
    assert not UnresolvedText.objects.exists()


# --- The shown state is true -----------------------------------------------------------------------------------------


def test_saved_is_not_said_while_newer_words_are_unsent(page: Any, answers: str):
    page.goto(answers)
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/answers/1.1/1.1.2/", hold)
    with page.expect_request("**/answers/1.1/1.1.2/"):
        field(page).fill("First.")
    field(page).fill("First. Second.")
    state = block(page).locator("[data-saved-text]")
    expect(state).to_have_text("Not saved yet")
    seen = "window.seen = []; new MutationObserver(() => seen.push(document.querySelector('#i1\\\\.1\\\\.2 [data-saved-text]').textContent))"
    page.evaluate(f"{seen}.observe(document.querySelector('#i1\\\\.1\\\\.2 [data-saved-text]'), {{childList: true}})")
    with page.expect_request("**/answers/1.1/1.1.2/"):
        held[0].continue_()
    assert not any(text.startswith("Saved") for text in page.evaluate("window.seen"))
    held[1].continue_()
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    assert stored_words() == "First. Second."


def test_a_passing_failure_keeps_the_words_and_repeats_the_save_with_its_own_uid(page: Any, answers: str):
    page.goto(answers)
    uids: list[str] = []

    def fail_once(route: Any) -> None:
        uids.append(route.request.post_data.split('name="save_uid"')[1].split("\r\n")[2])
        if len(uids) == 1:
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="The database is away.")
        else:
            route.continue_()

    page.route("**/answers/1.1/1.1.2/", fail_once)
    field(page).fill("While the database was away.")
    expect(block(page).locator("[data-saved].off")).to_contain_text("The server cannot save just now.")
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    assert (len(uids), len(set(uids)), stored_words()) == (2, 1, "While the database was away.")


# --- The session ------------------------------------------------------------------------------------------------------


def test_another_person_never_sends_the_words_of_the_first(
    page: Any, stage: Stage, answers: str, as_user: Callable[..., Any]
):
    page.goto(answers)
    as_user(page, stage.contributor)
    field(page).fill("Of the coordinator.")
    block(page).get_by_text("Somebody else is signed in.").wait_for()
    assert (stored_words(), page.evaluate(UNSENT_COUNT)) == ("We do this.", 1)
    as_user(page, stage.coordinator)
    page.evaluate("dispatchEvent(new Event('focus'))")  # as coming back from the other tab does
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    assert new(Answer).get(code="1.1.2").by == stage.coordinator


FULL = """
    Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
"""
DENIED = """
    Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });
    IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };
"""


@pytest.mark.parametrize("storage", [FULL, DENIED])
def test_a_browser_that_keeps_nothing_says_so_and_saves_once_the_connection_is_back(
    page: Any, answers: str, storage: str
):
    page.add_init_script(storage)
    page.goto(answers)
    notice = page.locator("[data-keeps-nothing]")
    expect(notice).to_be_hidden()
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
    field(page).fill("Of a private window.")
    expect(block(page).locator("[data-saved].off")).to_contain_text("this browser keeps nothing: leave this page open")
    expect(notice).to_contain_text("This browser keeps nothing of what you write.")
    waits = page.locator("[data-waiting]")
    expect(waits).to_contain_text("Not saved yet, and only on this page: 1", use_inner_text=True)
    assert stored_words() == "We do this."
    page.unroute("**/answers/1.1/1.1.2/")
    waits.get_by_role("button", name="Send now").click()
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    expect(waits).to_be_hidden()
    expect(notice).to_be_visible()
    assert stored_words() == "Of a private window."


def test_older_words_that_found_room_are_not_counted_beside_the_newer_ones(page: Any, answers: str):
    page.goto(answers)
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
    field(page).fill("There was room.")
    expect(block(page).locator("[data-saved].off")).to_contain_text("Kept on this device")
    page.evaluate(f"() => {{ {FULL} }}")
    field(page).fill("There was room no more.")
    expect(page.locator("[data-waiting]")).to_contain_text("only on this page: 1", use_inner_text=True)
    page.unroute("**/answers/1.1/1.1.2/")
    page.locator("[data-send-now]").click()
    expect(block(page).locator("[data-saved].ok")).to_be_visible()
    assert (stored_words(), page.evaluate(UNSENT_COUNT)) == ("There was room no more.", 0)


def test_signing_out_warns_and_leaves_nothing_in_the_browser(page: Any, answers: str):
    page.goto(answers)
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
    field(page).fill("For nobody else.")
    expect(block(page).locator("[data-saved].off")).to_be_visible()
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1.1.2")
    follow(dialog.get_by_role("button", name="Sign out and lose them"))
    page.get_by_role("link", name="Sign in").first.wait_for()
    assert page.evaluate("localStorage.length") == 0


def test_signing_out_leaves_the_words_of_a_colleague_at_the_same_desk(
    page: Any, stage: Stage, answers: str, as_user: Callable[..., Any]
):
    page.goto(answers)
    page.route("**/answers/1.1/1.1.2/", lambda route: route.abort())
    field(page).fill("Of the night shift.")
    expect(block(page).locator("[data-saved].off")).to_be_visible()
    as_user(page, stage.contributor)
    page.goto("/work/")
    page.locator("details.menu summary").click()
    follow(page.get_by_role("button", name="Sign out").first)
    assert page.evaluate(UNSENT_COUNT) == 1
    page.unroute("**/answers/1.1/1.1.2/")
    as_user(page, stage.coordinator)
    with page.expect_response("**/answers/1.1/1.1.2/"):
        page.goto("/work/account/")
    assert stored_words() == "Of the night shift."


# --- Without JavaScript -----------------------------------------------------------------------------------------------


def test_without_script_saving_one_answer_saves_what_else_was_typed(plain: Any, answers: str):
    plain.goto(answers)
    field(plain).fill("One.")
    field(plain, "1.1.1").fill("Another.")
    follow(plain.get_by_role("button", name="Save 1.1.2"))
    assert (stored_words("1.1.2"), stored_words("1.1.1")) == ("One.", "Another.")
    assert new(AnswerVersion).filter(code="1.1.1").count() == 2


def test_without_script_send_it_again_is_pressed_twice_as_the_token_is_always_checked(
    plain: Any, stage: Stage, answers: str, as_user: Callable[..., Any]
):
    plain.goto(answers)
    plain.context.clear_cookies()
    field(plain).fill("Before lunch.")
    follow(plain.get_by_role("button", name="Save 1.1.2"))
    as_user(plain, stage.coordinator)
    plain.context.clear_cookies(name="csrftoken")
    other = plain.context.new_page()  # signing in in another tab renews the token
    other.goto(answers)
    follow(plain.get_by_role("button", name="Send it again"))
    assert stored_words() == "We do this."
    follow(plain.get_by_role("button", name="Send it again"))
    assert stored_words() == "Before lunch."


# --- Evidence ---------------------------------------------------------------------------------------------------------


def test_a_refused_address_is_said_where_the_person_is(page: Any, answers: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(answers)
    field(page, "1.1.1").fill("Typed beside it.")
    block(page, "1.1.1").get_by_label("or address").fill("javascript:alert(1)")
    follow(block(page, "1.1.1").get_by_role("button", name="Add"))
    error = block(page, "1.1.1").locator(".error", has_text="That is not an address.")
    expect(error).to_be_focused()
    expect(error).to_be_in_viewport()
    assert block(page, "1.1.1").get_by_label("or address").get_attribute("aria-invalid") == "true"
    expect(field(page, "1.1.1")).to_have_value("Typed beside it.")


def test_evidence_is_added_after_the_words_beside_it_are_saved(page: Any, answers: str):
    page.goto(answers)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    field(page, "1.1.1").fill("Typed beside it.")
    block(page, "1.1.1").get_by_label("or address").fill("https://example.org/rota")
    with page.expect_event("load"):
        block(page, "1.1.1").get_by_role("button", name="Add").evaluate("button => button.click()")
    assert [url.endswith("/answers/1.1/1.1.1/") for url in sent] == [True, False]
    expect(field(page, "1.1.1")).to_have_value("Typed beside it.")
