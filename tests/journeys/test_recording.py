"""Recording a visit in a real browser without a network: kept, encrypted, killed, opened again, sent once."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.assessment.judgements import AnswerInput, save_observation
from evaluation.models import Observation, ObservationVersion, RecordingDevice, UnresolvedText
from tests.browsing import CHROMIUM, PATIENCE
from tests.factories import finish_recording
from tests.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)

PIN = "seven swans"
PHONE = {"width": 390, "height": 844}

EVERYTHING = """async () => {
    const found = [JSON.stringify({...localStorage})];
    for (const {name} of await indexedDB.databases()) {
        const database = await new Promise(resolve => {
            const request = indexedDB.open(name);
            request.onsuccess = () => resolve(request.result);
        });
        for (const store of database.objectStoreNames) {
            const rows = await new Promise(resolve => {
                const request = database.transaction(store).objectStore(store).getAll();
                request.onsuccess = () => resolve(request.result);
            });
            for (const row of rows) {
                for (const value of Object.values(row)) {
                    const isRaw = value instanceof ArrayBuffer || ArrayBuffer.isView(value);
                    found.push(isRaw ? new TextDecoder('latin1').decode(value) : JSON.stringify(value));
                }
            }
        }
        database.close();
    }
    return found.join('\\n');
}"""
"""Everything that a thief of the device reads of our origin's storage."""


@pytest.fixture
def here() -> Stage:
    return Stage("study_visit", visit_state="under_way")


def address(here: Stage) -> str:
    return reverse("workspace:recording", args=[here.evaluation.uid])


def open_first(page: Any, here: Stage, pin: str = PIN) -> None:
    """Open the view with a network, and wait until it opens without one."""
    page.goto(address(here))
    page.locator("#new-pin").fill(pin)
    page.get_by_role("button", name="Use this PIN").click()
    page.locator("#indicator").wait_for()
    page.locator("html[data-is-kept=yes]").wait_for()
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")


def open_again(page: Any, here: Stage, pin: str = PIN) -> None:
    page.goto(address(here))
    page.locator("#pin").fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def go_to(page: Any, code: str) -> None:
    page.locator("#thumbs").get_by_role("button", name="Checklist").click()
    page.locator("#checklist").get_by_role("button", name=f"{code} ").click()
    expect(page.locator("#indicator [data-code]")).to_have_text(code)


def record(page: Any, code: str, words: str) -> None:
    go_to(page, code)
    page.get_by_label("What you saw and heard").fill(words)
    expect(page.locator("#kept")).to_contain_text("Kept on this device")


def expect_all_sent(page: Any) -> None:
    page.locator("#device summary").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")


def test_a_visit_is_recorded_without_a_network_and_sent_when_there_is_one(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], here: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, here.people.assessor)
    page.set_viewport_size(PHONE)
    page.goto(address(here))
    axe(page)
    open_first(page, here)
    axe(page)
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert manifest["url"].endswith(reverse("workspace:recording_manifest", args=[here.evaluation.uid]))
    assert manifest["errors"] == []
    page.context.set_offline(True)
    record(page, "3.2.1", "Two desks, one of them dark.")
    page.locator("#observation input[value='2']").check()
    expect(page.locator("#checklist [data-progress]")).to_have_text("1 of 3")  # it is kept
    expect(page.locator("#standing")).to_contain_text("No connection")
    page.reload()
    open_again(page, here, "not the one")
    expect(page.locator("#pin-error")).to_contain_text("This is not the PIN")
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks, one of them dark.")
    kept = page.evaluate(EVERYTHING)
    assert "3.2.1" not in kept
    assert "desks" not in kept
    assert here.hotline.name not in kept
    page.context.set_offline(False)
    expect_all_sent(page)
    assert Observation.objects.get().words == "Two desks, one of them dark."
    assert (Observation.objects.get().level, RecordingDevice.objects.get().unsent) == (2, 0)


def test_every_page_of_the_visit_opens_the_view_without_a_network(
    browser_page: Any, as_user: Callable[..., Any], here: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, here.people.assessor)
    open_first(page, here)
    record(page, "3.2.1", "Two desks.")
    visit = reverse("workspace:visit", args=[here.evaluation.uid])
    page.goto(visit)
    assert page.url.endswith(visit)
    page.context.set_offline(True)
    for place in (visit, reverse("workspace:agenda", args=[here.evaluation.uid])):
        page.goto(place)
        assert page.url.endswith(address(here))
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks.")


def test_what_the_guide_asks_is_marked_with_its_language(browser_page: Any, as_user: Callable[..., Any], here: Stage):
    here.people.assessor.language = "pl"
    here.people.assessor.save()
    page = as_user(browser_page, here.people.assessor)
    page.goto(address(here))
    page.locator("#new-pin").fill(PIN)
    page.locator("#choose-pin button").first.click()
    page.locator("#indicator").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    for place in ("[data-wording]", "[data-obligation]", "[data-guidance]"):
        expect(page.locator(f"#indicator {place}").first).to_have_attribute("lang", "en")


def test_two_devices_keep_both_texts_until_their_author_decides(
    browser_page: Any, as_user: Callable[..., Any], here: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, here.people.assessor)
    open_first(page, here)
    page.context.set_offline(True)
    record(page, "3.2.1", "On the tablet.")
    other = AnswerInput(level=1, words="On the telephone.")
    save_observation(here.evaluation, "3.2.1", other, version=0, by=here.people.assessor)
    page.locator("#device summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export to a file").click()
    exported = tmp_path / "recording.json"
    download.value.save_as(exported)
    changed = tmp_path / "changed.json"
    changed.write_text(exported.read_text().replace("On the tablet.", "On a whim."))
    page.locator("[data-import]").set_input_files(changed)
    expect(page.locator("#told")).to_contain_text("The file was changed after it was exported")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send now").click()
    panel = page.locator("#two-texts")
    expect(panel).to_contain_text("On the telephone.")
    expect(page.get_by_label("What you saw and heard")).to_have_value("On the tablet.")
    assert UnresolvedText.objects.get().words == "On the tablet."
    panel.get_by_role("button", name="Keep mine").click()
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    assert (Observation.objects.get().words, UnresolvedText.objects.count()) == ("On the tablet.", 0)
    finish_recording(here.visit)
    page.get_by_label("What you saw and heard").fill("Once more.")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#told")).to_contain_text("Came too late for the visit")
    assert UnresolvedText.objects.get().words == "Once more."


def test_what_another_device_sends_while_one_writes_is_not_overwritten(
    browser_page: Any, as_user: Callable[..., Any], here: Stage
):
    page = as_user(browser_page, here.people.assessor)
    open_first(page, here)
    record(page, "3.2.1", "On the tablet.")
    send_now = "dispatchEvent(new Event('focus'))"  # the words keep the focus
    page.evaluate(send_now)
    expect(page.locator("#kept")).to_contain_text("Sent")
    other = AnswerInput(level=1, words="On the telephone.")
    save_observation(here.evaluation, "3.2.1", other, version=1, by=here.people.assessor)
    with page.expect_response("**/material/"):
        page.evaluate(send_now)
    page.get_by_label("What you saw and heard").press_sequentially(" Again.")
    expect(page.locator("#kept")).to_contain_text("Kept")
    page.evaluate(send_now)
    expect(page.locator("#two-texts")).to_contain_text("On the telephone.")
    expect(page.get_by_label("What you saw and heard")).to_have_value("On the tablet. Again.")
    assert (Observation.objects.get().words, UnresolvedText.objects.get().words) == (
        *("On the telephone.", "On the tablet. Again."),
    )


def test_the_pages_on_which_the_team_records_and_agrees_are_for_everybody(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], here: Stage
):
    page = as_user(browser_page, here.people.assessor)
    page.set_viewport_size({"width": 320, "height": 3000})
    for user, level in ((here.people.assessor, 1), (here.people.lead, 3)):
        said = AnswerInput(level=level, words="Seen.", strength="Calm.", concern="Nights.")
        save_observation(here.evaluation, "3.2.1", said, version=0, by=user)
    page.goto(reverse("workspace:observations", args=[here.evaluation.uid, "3.2"]))
    axe(page)
    finish_recording(here.visit)
    page.goto(reverse("workspace:divergences", args=[here.evaluation.uid]))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


# --- Killed ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def start_device(
    browser: Any, live: Any, sign_in: Callable[..., Client], here: Stage, tmp_path: Path
) -> Iterator[Callable[[], Any]]:
    """Start a browser whose profile outlives it, signed in as the assessor."""
    name = settings.SESSION_COOKIE_NAME
    cookie = sign_in(Client(), here.people.assessor).cookies[name].value
    contexts = []

    def start() -> Any:
        arguments = [
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ]
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=CHROMIUM, args=arguments, base_url=live.url
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": name, "value": cookie, "url": live.url}])
        contexts.append(context)
        return context.new_page()

    yield start
    contexts[-1].close()


def kill(profile: Path) -> None:
    """End the processes of the browser with this profile as a dead battery would."""
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_text() if process.name.isdigit() else ""
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command and "--type=" not in command:
            os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.long
@pytest.mark.once
def test_forty_texts_survive_a_killed_browser_and_are_sent_once(
    start_device: Callable[[], Any], here: Stage, tmp_path: Path
):
    page = start_device()
    open_first(page, here)
    page.context.set_offline(True)
    codes = list(here.evaluation.asked)
    wanted = {}
    for number in range(40):
        code = codes[number % len(codes)]
        wanted[code] = f"Text {number} on {code}."
        record(page, code, wanted[code])
    kill(tmp_path / "profile")
    page = start_device()
    page.context.set_offline(True)
    open_again(page, here)
    for code, words in wanted.items():
        go_to(page, code)
        expect(page.get_by_label("What you saw and heard")).to_have_value(words)
    page.context.set_offline(False)
    expect_all_sent(page)
    page.reload()
    open_again(page, here)
    expect_all_sent(page)
    assert dict(Observation.objects.values_list("code", "words")) == wanted
    assert ObservationVersion.objects.count() == len(wanted), "each once"
