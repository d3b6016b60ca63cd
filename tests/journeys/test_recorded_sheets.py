"""The sheets of a visit in a real browser without a network: stored, encrypted, killed, opened again, sent once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from evaluation.models import LateRow, RecordingDevice, SheetRow, SheetRowVersion
from evaluation.visits.sheets.rows import RowInput, row_as_input, save_sheet_row
from evaluation.visits.sheets.templates import Kind
from evaluation.workflow import write_step
from portal.visits.sheet_templates.reader import find_templates
from tests.factories import finish_recording
from tests.journeys.recorder import EVERYTHING, PHONE, expect_all_sent, kill, open_again, open_first, send_now
from tests.stage import Stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state="under_way")


def add(page: Any, kind: str) -> None:
    sheets = page.locator("#sheets")
    if sheets.get_attribute("open") is None:
        sheets.locator("summary").click()
    sheets.get_by_role("button", name=kind).click()
    page.locator("#row").wait_for()


def fill_contact(page: Any, starts: str, words: str, mark: str = "Met") -> None:
    form = page.locator("#row")
    form.get_by_label("Channel").select_option("telephone")
    form.get_by_label("Language").select_option("fr")
    form.get_by_label("Time").fill(starts)
    for criterion in form.locator("fieldset").all():
        criterion.get_by_label(mark, exact=True).check()
    form.get_by_label("In your words").fill(words)
    expect(page.locator("#row-kept")).to_contain_text("Kept on this device")


def close(page: Any) -> None:
    page.locator("#row").get_by_role("button", name="Done").click()
    page.locator("#sheets").wait_for()


def change(page: Any, name: str, words: str) -> None:
    """Open a row, and change its words."""
    sheets = page.locator("#sheets")
    if sheets.get_attribute("open") is None:
        sheets.locator("summary").click()
    sheets.get_by_role("button", name=name).click()
    page.locator("#row").get_by_label("In your words").fill(words)
    expect(page.locator("#row-kept")).to_contain_text("Kept on this device")


@pytest.mark.once
def test_a_sheet_is_filled_in_without_a_network_and_sent_when_there_is_one(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], stage: Stage, tolerated: list[str]
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    page.set_viewport_size(PHONE)
    write_step(stage.visit, "begin", "agenda_sent", by=stage.people.assessor)
    open_first(page, stage)
    page.context.set_offline(True)
    add(page, "Add a test contact")
    page.locator("#row").get_by_role("button", name="Back").click()
    expect(page.locator("#sheets [data-row]")).to_have_count(0)  # nothing was typed
    add(page, "Add a test contact")
    page.locator("#row").get_by_label("Channel").select_option("telephone")
    page.locator("#row").get_by_role("button", name="Done").click()
    expect(page.locator("#row .error:visible").first).to_contain_text("Fill this in.")
    expect(page.locator("#row :focus")).to_have_attribute("aria-invalid", "true")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    form = page.locator("#row")
    form.get_by_label("Time").fill("English")
    form.get_by_label("Day").fill("2019-01-01")
    form.get_by_label("In your words").focus()
    expect(form.locator("#row-day_problem")).to_have_text("This is no day of the visit. Give one of its days.")
    expect(form.locator("#row-starts_problem")).to_have_text("Write hours and minutes, such as 13:30.")
    fill_contact(page, "25.70", "Two rings.")
    form.get_by_role("button", name="Done").click()
    expect(form.locator(":focus")).to_have_accessible_name("Day")
    axe(page)
    form.get_by_label("Day").fill(stage.round.today.isoformat())
    fill_contact(page, "14.05", "Write to anna@mail.test")
    close(page)
    axe(page)
    expect(page.locator("#standing")).to_contain_text("No connection")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    kept = page.evaluate(EVERYTHING)
    assert [word for word in ("anna@", "contacts", "telephone") if word in kept] == []
    assert 'count\\":1' in kept, "every page of this browser says that something waits"
    page.context.set_offline(False)
    send_now(page)
    refused = page.locator("#sheets li").filter(has_text="not taken")
    expect(refused).to_contain_text("This looks like an e-mail address, a telephone number or a date.")
    expect(page.locator("#told")).to_contain_text("Not taken as it is written: Test contacts")
    assert (SheetRow.objects.count(), RecordingDevice.objects.get().unsent) == (0, 1)
    change(page, "telephone", "Two rings.")
    close(page)
    expect_all_sent(page)
    row = SheetRow.objects.get()
    assert (row.words, row.starts.hour, set(row.marks.values())) == ("Two rings.", 14, {"met"})
    page.locator("#sheets").get_by_role("button", name="telephone").click()
    page.locator("#row").get_by_role("button", name="Remove").click()
    expect(page.locator("#sheets li")).to_contain_text("removed from the sheet")
    expect_all_sent(page)
    assert SheetRow.objects.get().is_removed


@pytest.mark.long
@pytest.mark.once
def test_a_row_of_two_devices_is_decided_and_what_comes_too_late_is_kept_and_is_exported(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, tolerated: list[str], tmp_path: Path
):
    tolerated.append("ERR_INTERNET_DISCONNECTED")
    page = as_user(browser_page, stage.people.assessor)
    open_first(page, stage)
    add(page, "Add an interview")
    form = page.locator("#row")
    form.get_by_label("Role of the person").fill("Shift lead")
    form.get_by_label("Topic").fill("Nights")
    form.get_by_label("In your words").fill("Two of them.")
    close(page)
    expect_all_sent(page)
    page.context.set_offline(True)
    change(page, "Shift lead", "On the tablet.")
    close(page)
    row = SheetRow.objects.get()
    row_input = {
        **{name: getattr(row_as_input(row), name) for name in RowInput.__slots__},
        "words": "On the telephone.",
    }
    template = find_templates()[Kind.INTERVIEWS]
    save_sheet_row(stage.visit, template, row.uid, RowInput(**row_input), version=1, by=stage.people.assessor)
    page.context.set_offline(False)
    send_now(page)
    expect(page.locator("#told")).to_contain_text("Written on two devices, for you to decide: Interviews")
    page.locator("#sheets").get_by_role("button", name="Shift lead").click()
    expect(form.locator("#two-rows")).to_contain_text("On the telephone.")
    expect(form.get_by_label("In your words")).to_have_value("On the tablet.")
    form.get_by_role("button", name="Keep mine").click()
    close(page)
    expect_all_sent(page)
    assert SheetRow.objects.get().words == "On the tablet."
    finish_recording(stage.visit)
    change(page, "Shift lead", "Once more.")
    close(page)
    send_now(page)
    expect(page.locator("#sheets li")).to_contain_text("It came too late and is kept on the server")
    expect(page.locator("#told")).to_contain_text("Rows of sheets came too late for the visit")
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")
    late = LateRow.objects.get()
    assert (SheetRow.objects.get().words, late.words) == ("On the tablet.", "Once more.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export to a file").click()
    exported, changed = tmp_path / "recording.json", tmp_path / "changed.json"
    download.value.save_as(exported)
    assert [one["fields"]["words"] for one in json.loads(exported.read_text())["rows"]] == ["Once more."]
    changed.write_text(exported.read_text().replace("Once more.", "Not any more."))
    page.evaluate("indexedDB.databases().then(all => all.forEach(({name}) => indexedDB.deleteDatabase(name)))")
    open_first(page, stage)
    page.locator("#device > summary").click()
    page.locator("[data-import]").set_input_files(changed)
    expect(page.locator("#told")).to_contain_text("The file was changed after it was exported")
    page.locator("[data-import]").set_input_files(exported)
    expect(page.locator("#told")).to_contain_text("Taken over from the file: 0.")  # the server has it
    stage.visit.team.update(finished_at=None)
    type(stage.visit).objects.filter(pk=stage.visit.pk).update(state="under_way")
    page.reload()
    open_again(page, stage)
    expect(page.locator("#sheets li")).not_to_contain_text("too late")
    expect_all_sent(page)
    assert (SheetRow.objects.get().words, SheetRow.objects.get().version) == ("Once more.", 4)
    assert not LateRow.objects.exists()


@pytest.mark.long
@pytest.mark.once
def test_ten_contacts_survive_a_killed_browser_and_are_sent_once(
    start_device: Callable[[], Any], stage: Stage, tmp_path: Path
):
    page = start_device()
    open_first(page, stage)
    page.context.set_offline(True)
    for number in range(10):
        add(page, "Add a test contact")
        fill_contact(page, f"{9 + number:02}:00", f"Contact {number}.", mark="Met" if number else "Not met")
        close(page)
    kill(tmp_path / "profile")
    page = start_device()
    page.context.set_offline(True)
    open_again(page, stage)
    expect(page.locator("#sheets [data-progress]")).to_have_text("Rows: 10")
    page.context.set_offline(False)
    expect_all_sent(page)
    page.reload()
    open_again(page, stage)
    expect_all_sent(page)
    rows = SheetRow.objects.order_by("starts")
    assert [row.words for row in rows] == [f"Contact {number}." for number in range(10)]
    assert set(rows[0].marks.values()) == {"not_met"}
    assert SheetRowVersion.objects.count() == 10, "each once"
