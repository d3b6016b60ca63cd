"""An export with ambiguous rows, from the upload to its figures, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import StatisticsImport
from tests.browsing import follow
from tests.bystander import new
from tests.stage import Stage

pytestmark = pytest.mark.browser

EXPORT = "Month;A03;A04;A08\n2025-01;10;8;30\n2025-01;20;2;10\n2025-02;30;20;5\n2025-03;40;30;5\n;100;60;\n;;;\n"


def test_what_the_rows_leave_open_is_asked_and_every_row_is_told(
    browser_page: Any, as_user: Callable[..., Any], stage: Stage, axe: Callable[[Any], None], tolerated: list[str]
):
    page = browser_page
    tolerated.append("status of 422")
    as_user(page, stage.coordinator)
    page.goto(reverse("workspace:hotline_figures", args=["XA"]))
    file = {"name": "export.csv", "mimeType": "text/csv", "buffer": EXPORT.encode()}
    page.locator("input[name=file]").set_input_files(file)
    follow(page.get_by_role("button", name="Read and check"))
    follow(page.get_by_role("link", name="Match the columns"))
    follow(page.get_by_role("button", name="Confirm and read the file"))
    page.get_by_role("alert").get_by_role("link", name="Row 6 does not say of which time or group it is.").click()
    page.get_by_text("leave them out").click()
    follow(page.get_by_role("button", name="Show how it will be read"))
    expect(page.get_by_text("January 2025: 10 + 20 is 30")).to_be_visible()
    axe(page)
    page.get_by_text("add them up").click()
    follow(page.get_by_role("button", name="Show how it will be read"))
    sentences = ["The file has 6 rows below", "4 rows are read.", "1 row is left out", "1 row is empty."]
    for place, sentence in enumerate(sentences):
        expect(page.locator("#row-account li").nth(place)).to_contain_text(sentence)
    axe(page)
    follow(page.get_by_role("button", name="Confirm and read the file"))
    expect(page.locator("#row-account")).to_contain_text("4 rows are read.")
    figures = {row[0]: row[5] for row in new(StatisticsImport).order_by("-pk")[0].draft}
    assert figures == {"A03": "100", "A04": "60", "A08": "8.5"}
