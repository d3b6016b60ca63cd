"""Keys of record numbers are generated in the browser: a copy that may be sent, and nothing is sent meanwhile."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.figures.records.keys import Keys
from tests.stage import Stage

pytestmark = pytest.mark.browser

EXPORT = 'Fälle 2025;;\nAktenzeichen;Kind;Ort\nK-4711;1;"am; See"\nK-4711;2;\n K-4712 ;1;"sagt ""ja"""\n;1;\n'


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment", is_counted=False)


@pytest.fixture
def tool(browser_page: Any, as_user: Callable[..., Any], stage: Stage) -> Any:
    as_user(browser_page, stage.coordinator)
    browser_page.goto(reverse("workspace:hotline_figures", args=["XA"]))
    browser_page.get_by_text("Prepare a copy to send").click()
    return browser_page


def choose(tool: Any, content: bytes) -> None:
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": content}
    tool.get_by_label("Your export, as CSV").set_input_files(file)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "cp1250", "cp850", "utf-16"])
def test_a_copy_has_keys_in_place_of_numbers_and_nothing_is_sent(tool, encoding):
    asked: list[str] = []
    tool.on("request", lambda request: asked.append(request.url))
    choose(tool, EXPORT.encode(encoding))
    column = tool.get_by_label("Column with the numbers")
    expect(column.locator("option")).to_have_text(["Aktenzeichen", "Kind", "Ort", "None of them"])
    with tool.expect_download() as saved:
        tool.get_by_role("button", name="Save a copy").click()
    expect(tool.get_by_text("A copy is saved. Keys in place of numbers: 2. Columns left out: 0.")).to_be_visible()
    written = Path(saved.value.path()).read_text(encoding if encoding.startswith("cp") else "utf-8-sig")
    rows = list(csv.reader(io.StringIO(written), delimiter=";"))
    assert rows[:2] == [["Fälle 2025", "", ""], ["case_key", "Kind", "Ort"]]
    assert [row[1:] for row in rows[2:]] == [["1", "am; See"], ["2", ""], ["1", 'sagt "ja"'], ["1", ""]]
    first, second, other, none = (row[0] for row in rows[2:])
    assert (first == second != other, none) == (True, "")
    assert all(re.fullmatch("([a-z][0-9]){12}", key) for key in (first, other))
    assert not Keys().take([first, other])[1].any()
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_columns_are_left_out_of_the_copy_by_a_click(tool):
    choose(tool, EXPORT.encode())
    tool.get_by_label("3: Ort").check()
    tool.get_by_label("Column with the numbers").select_option("None of them")
    with tool.expect_download() as saved:
        tool.get_by_role("button", name="Save a copy").click()
    expect(tool.get_by_text("Keys in place of numbers: 0. Columns left out: 1.")).to_be_visible()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Fälle 2025", ""],
        ["Aktenzeichen", "Kind"],
        ["K-4711", "1"],
        ["K-4711", "2"],
        [" K-4712 ", "1"],
        ["", "1"],
    ]


def test_numbers_that_are_left_out_get_no_keys(tool, axe):
    choose(tool, EXPORT.encode())
    tool.get_by_label("1: Aktenzeichen").check()
    axe(tool)
    with tool.expect_download() as saved:
        tool.get_by_role("button", name="Save a copy").click()
    expect(tool.get_by_text("Keys in place of numbers: 0. Columns left out: 1.")).to_be_visible()
    assert "4711" not in Path(saved.value.path()).read_text("utf-8-sig")


def test_a_file_without_a_table_is_said_to_be_none(tool, axe):
    choose(tool, b"PK\x03\x04\0\0")
    expect(tool.get_by_text("No table was found in this file.")).to_be_visible()
    expect(tool.get_by_role("button", name="Save a copy")).to_be_disabled()
    axe(tool)


def test_a_copy_of_today_tells_nothing_of_a_copy_of_tomorrow(tool):
    keys = []
    for _time in range(2):
        choose(tool, EXPORT.encode())
        expect(tool.get_by_role("button", name="Save a copy")).to_be_enabled()
        with tool.expect_download() as saved:
            tool.get_by_role("button", name="Save a copy").click()
        keys.append(Path(saved.value.path()).read_text("utf-8-sig").split("\n")[2])
    assert keys[0] != keys[1]
