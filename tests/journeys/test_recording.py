"""Recording a visit in a real browser without a network: stored, encrypted, killed, opened again, sent once."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Error, expect

from evaluation.answers.judgements import AnswerInput, save_observation
from evaluation.models import Observation, ObservationVersion, RecordedFile, RecordingDevice, UnresolvedText, Visit
from evaluation.visits.files import remove_file
from evaluation.workflow import perform
from portal.visits.recording import offline
from tests.browsing import follow
from tests.bystander import new
from tests.factories import finish_recording
from tests.journeys.recorder import (
    EVERYTHING,
    PHONE,
    PIN,
    address,
    expect_all_sent,
    go_to,
    kill,
    open_again,
    open_first,
    record,
    send_now,
)
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state="under_way")


def test_a_visit_is_recorded_without_a_network_and_sent_when_there_is_one(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], stage: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    page.set_viewport_size(PHONE)
    page.goto(address(stage))
    axe(page)
    open_first(page, stage)
    axe(page)
    manifest = page.context.new_cdp_session(page).send("Page.getAppManifest")
    assert manifest["url"].endswith(reverse("workspace:recording_manifest", args=[stage.evaluation.uid]))
    assert manifest["errors"] == []
    page.context.set_offline(True)
    record(page, "3.2.1", "Two desks, one of them dark.")
    page.locator("#observation input[value='2']").check()
    expect(page.locator("#checklist [data-progress]")).to_have_text("1 of 3")  # it is stored
    expect(page.locator("#standing")).to_contain_text("No connection")
    page.reload()
    open_again(page, stage, "not the one")
    expect(page.locator("#pin-error")).to_contain_text("This is not the PIN")
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks, one of them dark.")
    kept = page.evaluate(EVERYTHING)
    assert "3.2.1" not in kept
    assert "desks" not in kept
    assert stage.hotline.name not in kept
    page.context.set_offline(False)
    expect_all_sent(page)
    assert new(Observation).get().words == "Two desks, one of them dark."
    assert (new(Observation).get().level, RecordingDevice.objects.get().unsent) == (2, 0)


def test_every_page_of_the_visit_opens_the_view_without_a_network(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    record(page, "3.2.1", "Two desks.")
    visit = reverse("workspace:visit", args=[stage.evaluation.uid])
    page.goto(visit)
    assert page.url.endswith(visit)
    page.context.set_offline(True)
    for place in (visit, reverse("workspace:agenda", args=[stage.evaluation.uid])):
        page.goto(place)
        assert page.url.endswith(address(stage))
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks.")


def test_today_and_the_visits_open_without_a_network_for_the_person_who_is_signed_in(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], stage: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    tolerated.append("ERR_FAILED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    places = [reverse(f"workspace:{name}") for name in ("home", "visits")]
    for place in places:
        page.goto(place)
        expect(page.locator("#kept-copy")).to_be_hidden()
    page.context.set_offline(True)
    for place in places:
        page.goto(place)
        expect(page.locator("#kept-copy")).to_contain_text(re.compile(r"This page is as of \d+ \w+ \d{4}, \d\d:\d\d\."))
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("main").get_by_role("link", name=stage.hotline.name).first.click()
    page.locator("#pin").wait_for()  # the visit of the list opens the recording view
    page.context.set_offline(False)
    page.goto(reverse("workspace:account"))
    as_user(page, stage.people.lead)
    page.goto(reverse("workspace:account"))
    page.wait_for_function("async () => !(await caches.has('kept-pages'))")
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_FAILED"):
        page.goto(places[0])


def hang(page: Any) -> None:
    """Let every request wait for ever, as a network does that accepts and never responds."""
    page.route("**/*", lambda _route: None)


def test_a_pin_that_is_guessed_first_is_refused_wrong_ones_wait_and_it_is_changed(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], stage: Stage, tmp_path: Path
):
    page = as_user(browser_page, stage.people.assessor)
    page.goto(address(stage))
    for pin in ("12345", "123456", "987654", "777777", "121212", "010190", "19900101", "Password1", "abcdef", "116000"):
        page.locator("#new-pin").fill(pin)
        page.get_by_role("button", name="Use this PIN").click()
        sentence = "Write at least 6" if len(pin) < 6 else "among those that somebody tries first"
        expect(page.locator("#new-pin-error")).to_contain_text(sentence)
    axe(page)
    open_first(page, stage)
    record(page, "3.2.1", "Two desks.")
    attach(page, photo(tmp_path), "Wall plan")
    form = page.locator("#change-pin")
    page.locator("#device > summary").click()
    page.locator("#device details summary").click()
    form.get_by_label("The PIN until now").fill("not that one")
    form.get_by_label("The new PIN").fill("eight tame geese")
    form.get_by_role("button", name="Change it").click()
    expect(page.locator("#before-pin-error")).to_contain_text("This is not the PIN")
    form.get_by_label("The PIN until now").fill(PIN)
    form.get_by_role("button", name="Change it").click()
    expect(page.locator("#pin-changed")).to_have_text("The PIN is changed.")
    axe(page)
    page.reload()
    for number in range(6):
        page.locator("#pin").fill(PIN)
        page.get_by_role("button", name="Open", exact=True).click()
        sentence = "This is not the PIN" if number < 5 else "Too many wrong PINs. Wait"
        expect(page.locator("#pin-error")).to_contain_text(sentence)
        page.locator("#pin-error [data-text]").evaluate("place => place.textContent = ''")
    page.reload()  # the count is on the device
    page.locator("#pin").fill("eight tame geese")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator("#pin-error")).to_contain_text("Too many wrong PINs. Wait")
    page.clock.install()
    page.clock.fast_forward(31000)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks.")


def test_on_a_network_that_never_responds_the_view_opens_what_the_device_has(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage
):
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    expect(page.locator("#ready")).to_contain_text("This device is ready to work without a network.")
    record(page, "3.2.1", "Two desks.")
    hang(page)
    open_again(page, stage)
    go_to(page, "3.2.1")
    expect(page.get_by_label("What you saw and heard")).to_have_value("Two desks.")
    record(page, "3.2.1", "Three desks.")


@pytest.mark.long
def test_a_request_without_a_response_counts_as_no_connection(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage
):
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    hang(page)
    record(page, "3.2.1", "Two desks.")
    expect(page.locator("#standing")).to_contain_text("No connection", timeout=20_000)
    page.unroute_all()
    expect_all_sent(page)
    assert new(Observation).get().words == "Two desks."


@pytest.mark.long
def test_a_download_that_broke_off_is_said_and_repeated(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, monkeypatch: pytest.MonkeyPatch, tolerated: list[str]
):
    tolerated.append("404")
    page = as_user(browser_page, stage.people.assessor)
    with monkeypatch.context() as broken:
        broken.setattr(offline, "FILES", (*offline.FILES, "portal/js/recording/not_there.js"))
        page.goto(address(stage))
        expect(page.locator("#ready")).to_contain_text("loading broke off and is tried again")
    expect(page.locator("#ready")).to_contain_text("This device is ready", timeout=40_000)


def test_whoever_is_signed_out_finds_the_link_that_leads_back(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str]
):
    tolerated.append("403 (Forbidden)")  # of the rows, where they are sent before the session is asked for
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.clear_cookies()
    record(page, "3.2.1", "Two desks.")
    send_now(page)
    expect(page.locator("#standing")).to_contain_text("You are signed out")
    page.locator("#standing").get_by_role("link", name="Sign in").click()
    page.wait_for_url("**/login/**")
    assert address(stage) in unquote(page.url)


def test_what_the_guide_asks_is_marked_with_its_language(browser_page: Any, as_user: Callable[..., Any], stage: Stage):
    stage.people.assessor.language = "pl"
    stage.people.assessor.save()
    page = as_user(browser_page, stage.people.assessor)
    page.goto(address(stage))
    page.locator("#new-pin").fill(PIN)
    page.locator("#choose-pin button").first.click()
    page.locator("#indicator").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    for place in ("[data-wording]", "[data-obligation]", "[data-guidance]"):
        expect(page.locator(f"#indicator {place}").first).to_have_attribute("lang", "en")


def test_two_devices_keep_both_texts_until_their_author_decides(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    record(page, "3.2.1", "On the tablet.")
    other = AnswerInput(level=1, words="On the telephone.")
    save_observation(stage.evaluation, "3.2.1", other, version=0, by=stage.people.assessor)
    page.locator("#device > summary").click()
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
    assert (new(Observation).get().words, UnresolvedText.objects.count()) == ("On the tablet.", 0)
    finish_recording(stage.visit)
    page.get_by_label("What you saw and heard").fill("Once more.")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#told")).to_contain_text("Came too late for the visit")
    assert UnresolvedText.objects.get().words == "Once more."
    expect(page.get_by_label("What you saw and heard")).to_have_value("Once more.")  # it stays on the device, too
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    page.get_by_role("button", name="Send now").click()
    expect(page.locator("#told")).not_to_contain_text("Came too late")
    expect(page.locator("#kept")).to_contain_text("Sent")
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    assert (new(Observation).get().words, UnresolvedText.objects.count()) == ("Once more.", 0)


def test_what_another_device_sends_while_one_writes_is_not_overwritten(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage
):
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    record(page, "3.2.1", "On the tablet.")
    send_now = "dispatchEvent(new Event('focus'))"  # the field keeps the focus
    page.evaluate(send_now)
    expect(page.locator("#kept")).to_contain_text("Sent")
    other = AnswerInput(level=1, words="On the telephone.")
    save_observation(stage.evaluation, "3.2.1", other, version=1, by=stage.people.assessor)
    with page.expect_response("**/material/"):
        page.evaluate(send_now)
    page.get_by_label("What you saw and heard").press_sequentially(" Again.")
    expect(page.locator("#kept")).to_contain_text("Kept")
    page.evaluate(send_now)
    expect(page.locator("#two-texts")).to_contain_text("On the telephone.")
    expect(page.get_by_label("What you saw and heard")).to_have_value("On the tablet. Again.")
    assert (new(Observation).get().words, UnresolvedText.objects.get().words) == (
        *("On the telephone.", "On the tablet. Again."),
    )


def test_the_pages_on_which_the_team_records_and_agrees_are_for_everybody(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], stage: Stage
):
    page = as_user(browser_page, stage.people.assessor)
    page.set_viewport_size({"width": 320, "height": 3000})
    for user, level in ((stage.people.assessor, 1), (stage.people.lead, 3)):
        answer = AnswerInput(level=level, words="Seen.", strength="Calm.", concern="Nights.")
        save_observation(stage.evaluation, "3.2.1", answer, version=0, by=user)
    page.goto(reverse("workspace:observations", args=[stage.evaluation.uid, "3.2"]))
    axe(page)
    finish_recording(stage.visit)
    page.goto(reverse("workspace:divergences", args=[stage.evaluation.uid]))
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


# --- Photos and documents --------------------------------------------------------------------------------------------

COUNT_CONTENTS = """async () => {
    const opened = indexedDB.open('recording');
    await new Promise(resolve => { opened.onsuccess = resolve; });
    const count = opened.result.transaction('contents').objectStore('contents').count();
    await new Promise(resolve => { count.onsuccess = resolve; });
    opened.result.close();
    return count.result;
}"""
"""Counts the photos and documents on the device."""


NO_ROOM = """() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
        const request = put.apply(this, given);
        if (this.name === 'contents') this.transaction.abort();
        return request;
    };
}"""
"""Makes the browser abort each transaction that stores a photo, as when the device is full."""


def photo(folder: Path, seed: int = 0, size: tuple[int, int] = (60, 40)) -> Path:
    """Return a photo as a telephone takes it, with maker and place, and rotated by its metadata."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(0x8825)[1] = "N"
    path = folder / f"IMG_{seed}.jpg"
    Image.effect_noise(size, 80 + seed).convert("RGB").save(path, exif=exif)
    return path


def attach(page: Any, path: Path, words: str) -> None:
    rows = page.locator("#files [data-files] > li")
    count = rows.count()
    page.locator("#files [data-choose]").set_input_files(path)
    expect(rows).to_have_count(count + 1)
    rows.last.get_by_label("What it shows").fill(words)
    rows.last.get_by_label("What it shows").blur()
    expect(rows.last.locator("[data-state]")).not_to_have_class("saved")  # it is displayed


def test_photos_are_kept_sealed_sent_and_removed(
    browser_page: Any,
    as_user: Callable[..., Any],
    axe: Callable[..., None],
    stage: Stage,
    tolerated: list[str],
    tmp_path: Path,
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    page.set_viewport_size(PHONE)
    open_first(page, stage)
    page.context.set_offline(True)
    go_to(page, "3.2.1")
    files = page.locator("#files")
    attach(page, photo(tmp_path), "Wall plan of the night")
    expect(page.locator("#standing")).to_contain_text("Texts and files kept on this device")
    kept = page.evaluate(EVERYTHING)
    assert [word for word in ("Wall plan", "IMG_0", "Maker", "JFIF", "3.2.1") if word in kept] == []
    assert 'count\\":1' in kept, "every page of this browser says that something waits"
    whole, heic, large = (tmp_path / name for name in ("rota.pdf", "IMG.HEIC", "large.jpg"))
    whole.write_bytes(PDF)
    heic.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
    with large.open("wb") as file:
        file.truncate(60 * 2**20)
    for path, problem in ((heic, "Set the camera to JPEG"), (large, "is bigger than 25"), (Path(__file__), "is not a")):
        files.locator("[data-choose]").set_input_files(path)
        expect(page.locator("#file-problem")).to_contain_text(problem)
    attach(page, whole, "")
    expect(page.locator("#file-problem")).to_be_hidden()
    expect(page.locator("#following")).to_contain_text("No finding yet for")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.set_offline(False)
    expect_all_sent(page)
    stored = RecordedFile.objects.get(content_type="image/jpeg")
    assert (stored.words, stored.name, stored.code, stored.by) == (
        *("Wall plan of the night", "IMG_0.jpg", "3.2.1", stage.people.assessor),
    )
    with stored.file.open() as file, Image.open(file) as shown:
        assert (shown.size, dict(shown.getexif())) == ((40, 60), {}), "upright"
    assert RecordedFile.objects.get(content_type="application/pdf").size == len(PDF)
    assert RecordingDevice.objects.get().unsent == 0
    files.get_by_role("button", name="Remove Wall plan of the night").click()
    page.get_by_role("button", name="Remove the file").click()
    expect(files.locator("[data-files] > li")).to_have_count(1)
    expect_all_sent(page)
    assert RecordedFile.objects.get().name == "rota.pdf"


@pytest.mark.long
def test_a_photo_that_broke_off_goes_on_where_it_stopped(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_FAILED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    offsets: list[str] = []

    def cut(route: Any) -> None:
        offsets.append(route.request.headers["upload-offset"])
        route.abort() if len(offsets) == 2 else route.continue_()

    page.route("**/recording/*/files/*/", cut)
    attach(page, photo(tmp_path, size=(1600, 1200)), "Wall plan")
    send_now(page)
    expect(page.locator("#standing")).to_contain_text("No connection")
    send_now(page)
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    part = 512 * 1024
    assert offsets[:3] == ["0", str(part), str(part)], "the first part is not sent again"
    assert RecordedFile.objects.get().words == "Wall plan"


@pytest.mark.long
def test_who_forgot_the_pin_discards_the_photos_too(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    attach(page, photo(tmp_path), "Wall plan")
    assert page.evaluate(COUNT_CONTENTS) == 1
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("The PIN is forgotten").click()
    page.get_by_role("button", name="Discard what is on this device, and begin anew").click()
    page.get_by_role("button", name="Discard it").click()
    page.locator("#choose-pin").wait_for()
    assert page.evaluate(COUNT_CONTENTS) == 0


@pytest.mark.long
def test_a_photo_is_added_on_the_page_of_a_standard_while_its_script_saves_the_words(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tmp_path: Path
):
    page = as_user(browser_page, stage.people.assessor)
    page.goto(reverse("workspace:observations", args=[stage.evaluation.uid, "3.2"]))
    page.locator("[id='words-3.2.1']").fill("Two desks.")
    page.locator("[id='file-3.2.1']").set_input_files(photo(tmp_path))
    page.locator("[id='caption-3.2.1']").fill("Wall plan")
    follow(page.get_by_role("button", name="Add 3.2.1"))
    expect(page.locator("[id='i3.2.1'] .evidence img")).to_be_visible()
    expect(page.locator("[id='words-3.2.1']")).to_have_value("Two desks.")
    follow(page.get_by_role("button", name="Remove Wall plan"))
    expect(page.locator("[id='i3.2.1'] .evidence img")).to_have_count(0)
    assert (new(Observation).get().words, RecordedFile.objects.count()) == ("Two desks.", 0)


@dataclass
class LossyLine:
    """Loses requests and responses of the recording view at random, until it is repaired."""

    chance: random.Random
    is_mended: bool = False

    def __call__(self, route: Any) -> None:
        fate = (
            "arrives"
            if self.is_mended
            else self.chance.choice(("arrives", "arrives", "arrives", "request", "response"))
        )
        if fate == "response":
            route.fetch()
        if fate == "arrives":
            route.continue_()
        else:
            route.abort()


@pytest.mark.long
def test_a_photo_that_was_removed_on_a_page_before_its_device_heard_of_it_does_not_come_back(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated += ["ERR_FAILED", "422"]
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    go_to(page, "3.2.1")

    def lose_the_answer(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/recording/*/files/*/", lose_the_answer)
    attach(page, photo(tmp_path), "A face")
    send_now(page)
    expect(page.locator("#standing")).to_contain_text("No connection")
    remove_file(RecordedFile.objects.get())
    page.unroute("**/recording/*/files/*/")
    expect_all_sent(page)
    expect(page.locator("#files [data-files] > li")).to_have_count(0)
    assert not RecordedFile.objects.exists()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_network_loses_each_file_is_there_once_as_it_was_left(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path, seed: int
):
    tolerated += ["ERR_FAILED", "409", "404"]
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    chance, left = random.Random(seed), {}  # the words of each file, by its name
    line = LossyLine(chance)
    page.route("**/work/recording/*/*/**", line)
    for number in range(30):
        act = chance.choice(("add", "add", "describe", "remove", "send", "send", "send", "reload"))
        name = chance.choice(sorted(left)) if left else ""
        row = page.locator("#files [data-files] > li").filter(has_text=name or "nothing")
        if act == "add":
            attach(page, photo(tmp_path, number), f"Words {number}")
            left[f"IMG_{number}.jpg"] = f"Words {number}"
        elif act == "describe" and name:
            left[name] = f"Other words {number}"
            row.get_by_label("What it shows").fill(left[name])
            row.get_by_label("What it shows").blur()
        elif act == "remove" and name:
            del left[name]
            row.get_by_role("button", name="Remove").click()
            page.get_by_role("button", name="Remove the file").click()
            expect(row).to_have_count(0)
        elif act == "send":
            send_now(page)
            page.wait_for_load_state("networkidle")  # or until it is lost
        elif act == "reload":
            page.reload()
            open_again(page, stage)
            page.locator("#indicator").wait_for()
    line.is_mended = True
    send_now(page)
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    assert dict(RecordedFile.objects.values_list("name", "words")) == left
    assert RecordedFile.objects.count() == len(left)
    shown = page.locator("#files [data-files] > li").filter(has=page.locator("[data-state].ok"))
    expect(shown).to_have_count(len(left))
    assert page.evaluate(COUNT_CONTENTS) == 0


@pytest.mark.long
def test_a_full_device_says_so_at_the_photo_and_loses_neither_photo_nor_text(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    go_to(page, "3.2.1")
    page.evaluate(NO_ROOM)
    page.locator("#files [data-choose]").set_input_files(photo(tmp_path))
    expect(page.locator("#file-problem")).to_contain_text("This device is full: the file is on this page only")
    record(page, "3.2.1", "Two desks.")
    page.context.set_offline(False)
    expect_all_sent(page)
    assert (new(Observation).get().words, RecordedFile.objects.count()) == ("Two desks.", 1)


@pytest.mark.long
def test_what_is_exported_has_the_photos_that_are_not_sent_and_is_taken_in_once(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    attach(page, photo(tmp_path, size=(800, 600)), "Wall plan")
    page.locator("#device > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export to a file").click()
    exported, changed = tmp_path / "recording.json", tmp_path / "changed.json"
    download.value.save_as(exported)
    changed.write_text(exported.read_text().replace("Wall plan", "Ball plan"))
    page.evaluate("indexedDB.databases().then(all => all.forEach(({name}) => indexedDB.deleteDatabase(name)))")
    page.context.set_offline(False)
    open_first(page, stage)
    page.locator("#device > summary").click()
    page.locator("[data-import]").set_input_files(changed)
    expect(page.locator("#told")).to_contain_text("The file was changed after it was exported")
    for count in (1, 0):
        page.locator("[data-import]").set_input_files(exported)
        expect(page.locator("#told")).to_contain_text(f"Taken over from the file: {count}.")
    send_now(page)
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    assert RecordedFile.objects.get().words == "Wall plan"


@pytest.mark.long
def test_a_photo_that_comes_too_late_stays_on_the_device(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated += ["ERR_INTERNET_DISCONNECTED", "422"]
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    record(page, "3.2.1", "Two desks.")
    attach(page, photo(tmp_path), "Wall plan")
    finish_recording(stage.visit)
    page.context.set_offline(False)
    send_now(page)
    expect(page.locator("#told")).to_contain_text("Came too late for the visit, and is kept for you on the server")
    expect(page.locator("#files")).to_contain_text(
        "It came too late: the visit is not under way, or you have finished."
    )
    expect(page.locator("#told")).to_contain_text("Each can be saved as a file of its own")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file Wall plan").click()
    assert download.value.suggested_filename == "IMG_0.jpg"
    with Image.open(download.value.path()) as saved:
        assert saved.size == (40, 60)
    with page.expect_download() as download:
        page.locator("#standing").get_by_role("button", name="Export to a file").click()
    exported = json.loads(Path(download.value.path()).read_text())
    assert [text["fields"]["words"] for text in exported["texts"]] == ["Two desks."]
    assert [file["words"] for file in exported["files"]] == ["Wall plan"]
    assert UnresolvedText.objects.get().words == "Two desks."
    expect(page.locator("#device [data-unsent]")).to_contain_text("not sent yet: 1")
    assert (RecordedFile.objects.count(), RecordingDevice.objects.get().unsent) == (0, 1)


@pytest.mark.parametrize("is_taken_again", [True, False])
def test_a_photo_that_is_too_late_outlasts_the_sign_off_and_is_sent_if_the_team_records_again(
    browser_page: Any,
    as_user: Callable[..., Any],
    axe: Callable[..., None],
    stage: Stage,
    tolerated: list[str],
    tmp_path: Path,
    is_taken_again: bool,
):
    tolerated += ["ERR_INTERNET_DISCONNECTED", "422"]
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    expect(page.locator("#standing [data-export]")).to_be_hidden()
    page.context.set_offline(True)
    go_to(page, "3.2.1")
    attach(page, photo(tmp_path), "Wall plan")
    finish_recording(stage.visit)
    if is_taken_again:
        perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    else:
        Visit.objects.filter(pk=stage.visit.pk).update(state=Visit.State.SIGNED_OFF)
    page.context.set_offline(False)
    page.reload()
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Open", exact=True).click()
    go_to(page, "3.2.1")
    if is_taken_again:
        expect_all_sent(page)
        expect(page.locator("#standing [data-export]")).to_be_hidden()
        assert RecordedFile.objects.get().words == "Wall plan"
        return
    expect(page.locator("#files")).to_contain_text("It came too late")
    expect(page.locator("#told")).to_contain_text("Nothing is recorded now")
    axe(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    with page.expect_download() as download:
        page.locator("#standing").get_by_role("button", name="Export to a file").click()
    exported = json.loads(Path(download.value.path()).read_text())
    assert [file["words"] for file in exported["files"]] == ["Wall plan"]


# --- Killed ----------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.once
def test_forty_texts_and_five_photos_survive_a_killed_browser_and_are_sent_once(
    start_device: Callable[[], Any], stage: Stage, tmp_path: Path
):
    page = start_device()
    open_first(page, stage)
    page.context.set_offline(True)
    codes = list(stage.evaluation.asked)
    wanted = {}
    for number in range(40):
        code = codes[number % len(codes)]
        wanted[code] = f"Text {number} on {code}."
        record(page, code, wanted[code])
        if number % 8 == 0:
            attach(page, photo(tmp_path, number), f"Photo {number}")
    kill(tmp_path / "profile")
    page = start_device()
    page.context.set_offline(True)
    open_again(page, stage)
    for code, words in wanted.items():
        go_to(page, code)
        expect(page.get_by_label("What you saw and heard")).to_have_value(words)
    assert page.evaluate(COUNT_CONTENTS) == 5
    page.context.set_offline(False)
    expect_all_sent(page)
    page.reload()
    open_again(page, stage)
    expect_all_sent(page)
    assert dict(new(Observation).values_list("code", "words")) == wanted
    assert new(ObservationVersion).count() == len(wanted), "each once"
    photos = sorted(RecordedFile.objects.values_list("words", flat=True))
    assert photos == [f"Photo {number}" for number in (0, 16, 24, 32, 8)]
    assert page.evaluate(COUNT_CONTENTS) == 0, "what is sent takes no room on the device"
