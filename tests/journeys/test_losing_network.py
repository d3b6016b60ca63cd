"""The whole recording of a visit on two devices of one assessor, behind a proxy that hangs, cuts and loses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from evaluation.models import LateRow, ObservationVersion, RecordedFile, SheetRow, SheetRowVersion, UnresolvedText
from evaluation.workflow import perform
from tests.browsing import PATIENCE
from tests.factories import finish_recording
from tests.journeys.recorder import go_to, open_again, open_first, record, send_now
from tests.journeys.test_recorded_sheets import add, close, fill_contact
from tests.journeys.test_recording import attach, photo
from tests.losing_proxy import LosingProxy, losing_proxy
from tests.stage import Stage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long, pytest.mark.once]


@pytest.fixture
def stage() -> Stage:
    return Stage("study_visit", visit_state="under_way")


@pytest.fixture
def proxy(live: Any) -> Iterator[LosingProxy]:
    with losing_proxy(live.url, seed=116000) as found:
        yield found


@pytest.fixture
def devices(browser: Any, proxy: LosingProxy, as_user: Callable[..., Any], stage: Stage) -> Iterator[list[Any]]:
    """Return two devices of the assessor, each with the view open and loaded for work without a network."""
    contexts = [browser.new_context(base_url=proxy.url, locale="en-GB") for _device in range(2)]
    pages = []
    for context in contexts:
        context.set_default_timeout(PATIENCE)
        pages.append(as_user(context.new_page(), stage.people.assessor))
        open_first(pages[-1], stage)
    yield pages
    for context in contexts:
        context.close()


def wait_until_sent(page: Any) -> None:
    """Press "Send now" until everything is sent, as attempts may fail."""
    for _attempt in range(40):
        send_now(page)
        page.wait_for_timeout(500)
        if page.locator("#device [data-unsent]").text_content() == "All is sent.":
            return
    raise AssertionError(page.locator("#standing").text_content())


@pytest.mark.parametrize("fault", ["hang", "cut", "lose", "any"])
def test_nothing_is_lost_or_doubled_behind_a_network_that(
    fault: Any, devices: list[Any], proxy: LosingProxy, stage: Stage, tmp_path: Path
):
    first, second = devices
    proxy.become(fault)
    record(first, "3.2.1", "Two desks.")
    add(first, "Add a test contact")
    fill_contact(first, "14.05", "Two rings.")
    close(first)
    attach(first, photo(tmp_path), "Wall plan")
    send_now(first)
    record(second, "9.1.1", "A rota on the wall.")
    send_now(second)
    first.reload()  # from its own store
    open_again(first, stage)
    go_to(first, "3.2.1")
    expect(first.get_by_label("What you saw and heard")).to_have_value("Two desks.")
    record(first, "3.2.1", "Three desks.")
    send_now(first)
    expect(first.locator("#standing")).to_be_visible()
    if fault != "any":
        proxy.become("none")
    for page in devices:
        wait_until_sent(page)
    assert proxy.counts["none" if fault == "any" else fault] > 0
    wait_until_sent(second)  # it fetches what the first one has sent
    go_to(second, "3.2.1")
    expect(second.get_by_label("What you saw and heard")).to_have_value("Three desks.")
    by = stage.people.assessor
    said = {seen.code: seen.words for seen in stage.visit.observations.filter(by=by)}
    assert said == {"3.2.1": "Three desks.", "9.1.1": "A rota on the wall."}
    versions = list(ObservationVersion.objects.filter(by_id=by.pk).order_by("pk").values_list("code", "words"))
    assert len(versions) == len(set(versions)), "each text once"
    assert [row.words for row in SheetRow.objects.all()] == ["Two rings."]
    assert SheetRowVersion.objects.count() == 1
    assert [file.words for file in RecordedFile.objects.all()] == ["Wall plan"]
    assert not UnresolvedText.objects.exists()


def test_what_a_device_behind_it_sends_too_late_is_taken_in_once_the_team_records_again(
    devices: list[Any], proxy: LosingProxy, stage: Stage
):
    page = devices[0]
    proxy.become("hang")
    record(page, "3.2.1", "Two desks.")
    add(page, "Add a test contact")
    fill_contact(page, "14.05", "Two rings.")
    close(page)
    finish_recording(stage.visit)
    proxy.become("any")
    wait_until_sent(page)
    assert (LateRow.objects.get().words, UnresolvedText.objects.get().words) == ("Two rings.", "Two desks.")
    perform(stage.visit, "record_again", by=stage.people.lead, note="The tablet had not sent.")
    for _attempt in range(40):
        wait_until_sent(page)
        if not LateRow.objects.exists() and not UnresolvedText.objects.exists():
            break
    assert (SheetRow.objects.get().words, SheetRowVersion.objects.count()) == ("Two rings.", 1)
    assert stage.visit.observations.get(by=stage.people.assessor).words == "Two desks."
