"""The recording view of a visit as an assessor uses it in a browser: opened, written in, sent, killed."""

import os
import signal
from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import expect

from tests.stage import Stage

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
"""Reads everything in our origin's storage, as a thief of the device would."""


def address(stage: Stage) -> str:
    return reverse("workspace:recording", args=[stage.evaluation.uid])


def open_first(page: Any, stage: Stage, pin: str = PIN) -> None:
    """Open the view online, and wait until it can be opened offline."""
    page.goto(address(stage))
    page.locator("#new-pin").fill(pin)
    page.get_by_role("button", name="Use this PIN").click()
    page.locator("#indicator").wait_for()
    page.locator("html[data-is-kept=yes]").wait_for()
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")


def open_again(page: Any, stage: Stage, pin: str = PIN) -> None:
    page.goto(address(stage))
    page.locator("#pin").fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def go_to(page: Any, code: str) -> None:
    page.locator("#following").get_by_role("button", name="Checklist").click()
    page.locator("#checklist").get_by_role("button", name=f"{code} ").click()
    expect(page.locator("#indicator [data-code]")).to_have_text(code)


def record(page: Any, code: str, words: str) -> None:
    go_to(page, code)
    page.get_by_label("What you saw and heard").fill(words)
    expect(page.locator("#kept")).to_contain_text("Kept on this device")


def send_now(page: Any) -> None:
    device = page.locator("#device")
    if device.get_attribute("open") is None:
        device.locator("> summary").click()
    device.get_by_role("button", name="Send now").click()


def expect_all_sent(page: Any) -> None:
    send_now(page)
    expect(page.locator("#device [data-unsent]")).to_have_text("All is sent.")


def kill(profile: Path) -> None:
    """Kill the processes of the browser with this profile, as an empty battery would."""
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_text() if process.name.isdigit() else ""
        except OSError:
            continue
        if f"--user-data-dir={profile}" in command and "--type=" not in command:
            os.kill(int(process.name), signal.SIGKILL)
