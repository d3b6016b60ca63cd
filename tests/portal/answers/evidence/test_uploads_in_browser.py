"""Files that are chosen, dropped and sent from a page, over an unreliable connection."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Evidence
from tests.browsing import unfold
from tests.stage import Stage
from tests.uploads import PDF, pdf_with

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Stage:
    return Stage("self_assessment")


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any], stage: Stage) -> Any:
    page = as_user(browser_page, stage.coordinator)
    page.goto(reverse("workspace:answers", args=[stage.evaluation.uid, "1.1"]))
    expect(part(page)).to_have_class("field mb-0 live")
    return page


def part(page: Any) -> Any:
    return page.locator("[data-evidence='1.1.2']")


def a_file(name: str, content: bytes = PDF) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def names() -> set[str]:
    return set(Evidence.objects.filter(code="1.1.2").exclude(document=None).values_list("document__name", flat=True))


def test_several_files_are_sent_while_the_page_stays_and_a_refusal_stands_by_its_name(
    page: Any, tolerated: list[str], axe: Callable[..., None]
):
    tolerated.append("status of 422")
    unfold(page, "1.1.2")
    part(page).locator("input[type=file]").set_input_files(
        [a_file("rota.pdf"), a_file("program.pdf", b"MZ" + bytes(60)), a_file("guide.pdf", pdf_with("/Lang(pl)"))]
    )
    expect(part(page).locator("[data-items]")).to_contain_text("guide.pdf")
    expect(part(page).locator("[data-items]")).to_contain_text("rota.pdf")
    expect(part(page).locator("[data-sending] li")).to_have_count(1)
    expect(part(page).locator("[data-sending]")).to_contain_text("program.pdf is not a PDF, Word")
    assert {"rota.pdf", "guide.pdf"} <= names()
    axe(page, within="[data-evidence='1.1.2']")
    part(page).get_by_role("button", name="Cancel program.pdf").click()
    expect(part(page).locator("[data-sending]")).to_be_hidden()


def test_an_upload_goes_on_where_it_stopped_when_the_connection_is_back(
    page: Any, tolerated: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("portal.requests.partial_uploads.LONGEST_PART", 100)
    tolerated.append("net::ERR_")
    offsets: list[str] = []
    broken: list[Any] = []

    def carry(route: Any) -> None:
        offsets.append(route.request.headers["upload-offset"])
        if offsets[-1] == "200" and not broken:
            broken.append(route)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/*-*/", carry)
    part(page).locator("input[type=file]").set_input_files([a_file("rota.pdf")])
    expect(part(page).locator("[data-state]")).to_have_text("No connection. It goes on by itself where it stopped.")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(part(page).locator("[data-items]")).to_contain_text("rota.pdf")
    assert offsets == [str(offset) for offset in (0, 100, 200, *range(200, len(PDF), 100))]
    assert "rota.pdf" in names()


DROP = """(target, [name, content]) => {
    const data = new DataTransfer();
    data.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
    for (const kind of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(target: Any, name: str) -> None:
    target.evaluate(DROP, [name, b64encode(PDF).decode()])


def test_a_file_is_dropped_at_an_answer_and_one_beside_it_leaves_the_page_alone(page: Any):
    drop(part(page).locator(".drop"), "dropped.pdf")
    expect(part(page).locator("[data-items]")).to_contain_text("dropped.pdf")
    drop(page.locator("h1"), "missed.pdf")
    assert "missed.pdf" not in names()
    assert "dropped.pdf" in names()


def test_a_file_dropped_at_the_line_of_a_shut_indicator_opens_it_and_is_counted(page: Any):
    fold = page.locator("[data-fold='1.1.2']")
    expect(fold).not_to_have_attribute("open", "")
    drop(fold.locator("summary.top"), "dropped.pdf")
    expect(part(page).locator("[data-items]")).to_contain_text("dropped.pdf")
    expect(fold).to_have_attribute("open", "")
    fold.locator("summary.top").click()
    expect(fold.locator("[data-count]")).to_contain_text("1 piece of evidence")
