"""The scripts of the recording view in random histories of two devices: nothing lost or duplicated, equal results."""

import os
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from uuid import UUID

import pytest
from django.templatetags.static import static
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from evaluation.models import Observation, ObservationVersion, SheetRow, SheetRowVersion, UnresolvedText
from tests.portal.visits.test_two_devices import CODES, STEPS
from tests.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.long]

DEVICE = Path(__file__).with_name("two_devices.js").read_text()
EXAMPLES = int(os.environ.get("HISTORIES", "200"))
COUNTRIES = map("".join, product(ascii_lowercase, repeat=2))
"""The country of the hotline of each history: there are more histories than invented countries."""
REOPENED = st.lists(st.booleans(), min_size=14, max_size=14)


@pytest.fixture
def two(browser_page: Any, live: Any, as_user: Callable[..., Any]) -> Any:
    """Return two browsers of one assessor, with separate storage, on the empty page of one visit."""
    stage = Stage.minimal("study_visit", visit_state="under_way", has_findings=False)
    with browser_page.context.browser.new_context(base_url=live.url) as context:
        pages = [as_user(page, stage.people.assessor) for page in (browser_page, context.new_page())]
        for page in pages:
            page.goto(reverse("workspace:recording", args=[stage.evaluation.uid]))
            page.locator("#choose-pin").wait_for()
        yield stage, pages


def play(
    two: Any, steps: list[Any], reopened: list[bool], edit: Callable[[int, str], Sequence[Any]]
) -> tuple[Stage, list[dict[str, Any]]]:
    """Let two devices do these steps on a new visit, then restore the network. Return what each of them stores.

    `edit` returns, for the number of a step and its subject, the device's action and its arguments.
    """
    first, pages = two
    stage = Stage(
        "study_visit",
        first.people,
        next(COUNTRIES),
        round=first.round,
        visit_state="under_way",
        has_findings=False,
        for_pages=False,
    )
    scripts = [static(f"portal/js/recording/{name}.js") for name in ("state", "records", "sync", "lock", "network")]
    for page in pages:
        given_ = {"scripts": scripts, "visit": str(stage.evaluation.uid), "owner": str(stage.people.assessor.uid)}
        given_["day"] = stage.round.today.isoformat()
        page.evaluate(f"({DEVICE})", given_)

    def do(page: Any, act: str, *arguments: Any) -> Any:
        return page.evaluate("([act, given]) => window.device[act](...given)", [act, list(arguments)])

    for number, (name, which, what) in enumerate(steps):
        page = pages[which]
        if name == "edit":
            do(page, *edit(number, what))
        elif name == "sync":
            do(page, "sync", what, f"Meanwhile {number}" if what == "meanwhile" else "")
        else:
            do(page, "decide", what)
        if reopened[number]:
            assert do(page, "reopen"), "what was kept is there again"
    for _ in range(6):  # the network is back: each device sends and decides until neither has unsent text
        for page in pages:
            assert do(page, "sync", "", "") == "done"
            do(page, "decide", True)
        if not any(text["waits"] for page in pages for text in waiting(do(page, "tell"))):
            break
    assert do(pages[0], "sync", "", "") == "done"
    devices = [do(page, "tell") for page in pages]
    assert not any(one["waits"] for device in devices for one in waiting(device))
    return stage, devices


def waiting(device: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every text and row that a device stores."""
    return [*device["texts"], *device["rows"]]


HISTORIES = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@HISTORIES
@given(steps=STEPS, reopened=REOPENED)
def test_whatever_two_devices_do_their_scripts_lose_nothing(two: Any, steps: list[Any], reopened: list[bool]):
    began = UnresolvedText.objects.count()
    stage, devices = play(two, steps, reopened, lambda number, code: ("edit", code, f"Text {number}"))
    rows = {
        seen.code: (seen.version, seen.words)
        for seen in Observation.objects.filter(visit=stage.evaluation.visit, version__gt=0)
    }
    for device in devices:
        assert {text["code"]: (text["version"], text["words"]) for text in device["texts"] if text["version"]} == rows
    assert UnresolvedText.objects.count() == began
    history = ObservationVersion.objects.filter(visit_id=stage.evaluation.visit.pk)
    for code, (version, _words) in rows.items():
        assert sorted(history.filter(code=code).values_list("version", flat=True)) == list(range(1, version + 1))
    accepted = {uid for device in devices for uid in device["accepted"]}
    assert sorted(map(str, history.values_list("save_uid", flat=True))) == sorted(accepted), "each save once"


@HISTORIES
@given(steps=STEPS, reopened=REOPENED)
def test_whatever_two_devices_do_their_scripts_lose_no_row(two: Any, steps: list[Any], reopened: list[bool]):
    def edit(number: int, code: str) -> tuple[str, str, str]:
        words = f"Text {number}" if number % 4 else ""  # every fourth removes the row, or restores it
        return "editRow", str(UUID(int=CODES.index(code) + 1)), words

    stage, devices = play(two, steps, reopened, edit)
    stored = SheetRow.objects.filter(sheet__visit=stage.evaluation.visit)
    rows = {str(row.uid): (row.version, row.words, row.is_removed) for row in stored}
    for device in devices:
        assert {one["uid"]: (one["version"], one["words"], one["isRemoved"]) for one in device["rows"]} == rows
    history = SheetRowVersion.objects.filter(sheet_id__in=[row.sheet_id for row in stored])
    versions = [f"{uid} {version}" for uid, version in history.values_list("uid", "version")]
    accepted = {save for device in devices for save in device["accepted"]}
    assert sorted(versions) == sorted(save for save in accepted if not save.endswith(" 0")), "each save once"
