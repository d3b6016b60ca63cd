"""MCE reviews a year as the public would see it, publishes it, and retracts it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.cache import cache, caches
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils import timezone, translation

from evaluation.figures.publishing import draft_task
from evaluation.figures.publishing.draft_task import compute_draft
from evaluation.figures.publishing.network_tables import tabulate
from evaluation.figures.publishing.release import find_release, read_source
from evaluation.figures.publishing.year_data import from_text
from evaluation.models import NetworkRelease, NetworkYear, Step, User
from portal.presentation.network_figures import show_year
from reports.charts.cached import CACHE
from tests.evaluation.figures.accepted_years import accepted, coordinator_of_mce, correct, keep, release, three
from tests.evaluation.workflow.racing import at_once
from tests.factories import HotlineFactory

pytestmark = pytest.mark.django_db

YEAR = 2025


@pytest.fixture
def coordinator() -> User:
    return coordinator_of_mce()


@pytest.fixture
def mce(coordinator: User, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), coordinator)


ADDRESS = reverse_lazy("workspace:network_release", args=[YEAR])


def page_of(client: Client) -> Any:
    """Return the page with the draft, which the worker computes first."""
    page = client.get(ADDRESS)
    if "computing" in page.context:
        compute_draft.func(YEAR, False, page.context["computing"].version)
        page = client.get(ADDRESS)
    return page


def press(client: Client, page: Any, **typed: str) -> Any:
    """Send the form as it is on the page."""
    data = {"sha256": page.context["draft"].sha256, **typed}
    return client.post(reverse("workspace:publish_network_year", args=[YEAR]), data)


def test_what_is_looked_at_is_what_becomes_public(mce: Client, client: Client, coordinator: User):
    three()
    page = page_of(mce)
    assert "The first release, as it would be now." in page.content.decode()
    answer = press(mce, page, note="Agreed with all three.")
    assert answer.status_code == 302
    assert (
        client.get(reverse("pages:network_file", args=[YEAR, "json"])).content.decode()
        == page.context["draft"].document
    )
    step = Step.objects.get(kind="network_year")
    assert (step.words.by, step.words.note) == (coordinator, "Agreed with all three.")
    assert "Agreed with all three." in page_of(mce).content.decode()


def test_what_becomes_public_is_drawn_in_every_language_before_anybody_reads_it(
    mce: Client, settings: Any, tmp_path: Path
):
    settings.CACHES = settings.CACHES | {"charts": settings.CACHES["charts"] | {"LOCATION": tmp_path}}
    three()
    press(mce, page_of(mce))
    release = find_release(YEAR, invented=False)
    assert release is not None
    drawn = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            charts = [shown.chart for shown in show_year(from_text(release.document)).tables if shown.chart]
        drawn |= {(language, chart.title): caches[CACHE].get(chart.key) for chart in charts}
    assert {language for language, _title in drawn} == set(dict(settings.LANGUAGES))
    assert [name for name, svg in drawn.items() if not svg or name[1] not in svg] == []


def count_computed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the list to which each computing of the tables adds its year."""
    computed: list[int] = []

    def counting(year: int, *given: Any) -> Any:
        computed.append(year)
        return tabulate(year, *given)

    monkeypatch.setattr("evaluation.figures.publishing.release.tabulate", counting)
    return computed


def test_the_tables_are_computed_once_and_again_for_each_change_of_what_they_depend_on(
    mce: Client, monkeypatch: pytest.MonkeyPatch
):
    computed = count_computed(monkeypatch)

    def times() -> int:
        computed.clear()
        first, second = page_of(mce), page_of(mce)
        assert first.context["draft"] == second.context["draft"]
        return len(computed)

    hotlines = three("BE FR IT LU NL PT")
    assert (times(), times()) == (1, 0)
    correct(hotlines[0], calls=470)
    assert (times(), times()) == (1, 0)
    release()
    assert (times(), times()) == (1, 0)
    accepted("ES")
    assert (times(), times()) == (1, 0)
    HotlineFactory(code="116000-GR", country="GR", is_invented=False)
    assert (times(), times()) == (1, 0)
    published = {hotlines[1].pk: {"A03": 400}}
    monkeypatch.setattr("evaluation.figures.publishing.network_years.published_in_reports", lambda *_given: published)
    assert (times(), times()) == (1, 0)


def test_what_is_published_is_computed_again_whatever_the_cache_says(mce: Client, monkeypatch: pytest.MonkeyPatch):
    """A wrong draft in the cache is refused, and replaced by the right one."""
    three()
    right = page_of(mce).context["draft"]
    cache.clear()
    wrong = replace(right.year_tables, tables=right.year_tables.tables[:1])
    monkeypatch.setattr("evaluation.figures.publishing.release.tabulate", lambda *_given: wrong)
    page = page_of(mce)
    monkeypatch.undo()
    answer = press(mce, page)
    assert (answer.status_code, NetworkRelease.objects.count()) == (409, 0)
    assert answer.context["draft"].document == right.document
    assert press(mce, answer).status_code == 302
    assert NetworkRelease.objects.get().document == right.document


# --- While the draft is computed -------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool, str]]:
    """Return the list to which each request to the worker adds its arguments. Nothing is run."""
    found: list[tuple[int, bool, str]] = []
    monkeypatch.setattr(draft_task, "compute_draft", Mock(enqueue=lambda *given: found.append(given)))
    return found


def poll(client: Client, page: Any) -> Any:
    """Send the request that the script of a waiting page sends."""
    (address,) = re.findall(r'hx-get="([^"]+)"', page.content.decode())
    return client.get(unescape(address), headers={"HX-Request": "true"})


@pytest.mark.everywhere
def test_the_page_answers_at_once_and_again_when_the_worker_is_done(
    mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch
):
    computed = count_computed(monkeypatch)
    three()
    page = mce.get(ADDRESS)
    text = page.content.decode()
    assert "The draft of the next release is being computed" in text
    assert "There is no release yet." in text
    assert "Make it public" not in text
    assert "<html" not in poll(mce, page).content.decode()
    assert poll(mce, poll(mce, page)).status_code == 200
    assert (computed, len(asked)) == ([], 1)
    compute_draft.func(*asked[0])
    for answer in (poll(mce, page), mce.get(ADDRESS)):
        text = answer.content.decode()
        assert "Make it public" in text
        assert "The first release, as it would be now." in text
        assert "hx-get" not in text
        assert "have changed" not in text
    assert (computed, len(asked)) == ([YEAR], 1)
    assert press(mce, answer).status_code == 302


@pytest.mark.browser
def test_what_is_typed_while_the_draft_is_computed_stays(
    browser_page: Any, as_user: Callable[..., Any], asked: list[Any]
):
    three()
    release()
    accepted("FR")
    page = as_user(browser_page, coordinator_of_mce())
    page.goto(str(ADDRESS))
    page.locator("summary", has_text="Take it from the site").click()
    note = page.locator("#note-retract")
    note.fill("A hotline counted twice.")
    compute_draft.func(*asked[0])
    page.get_by_text("Too few hotlines have changed for a new release").wait_for()
    assert note.input_value() == "A hotline counted twice."


def test_who_waits_sees_what_is_public_and_can_take_it_from_the_site(mce: Client, asked: list[Any]):
    three()
    release()
    three("FR IT PT")
    text = mce.get(ADDRESS).content.decode()
    assert "is the newest." in text
    assert "Take it from the site" in text
    assert len(asked) == 1


def test_two_who_look_at_once_wait_for_one_computing(mce: Client, asked: list[Any], sign_in: Callable[..., Client]):
    three()
    other = sign_in(Client(), coordinator_of_mce())
    for client in (mce, other, mce):
        assert "The draft of the next release is being computed" in client.get(ADDRESS).content.decode()
    assert len(asked) == 1
    compute_draft.func(*asked[0])
    assert mce.get(ADDRESS).context["draft"] == other.get(ADDRESS).context["draft"]
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_ask_the_worker_once(asked: list[Any]):
    three()
    source = read_source(YEAR, invented=False)
    found = at_once(*[partial(draft_task.find_draft, source)] * 2)
    assert [one.version for one in found] == [asked[0][2]] * 2
    assert len(asked) == 1


def test_a_task_that_runs_twice_computes_once(mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch):
    computed = count_computed(monkeypatch)
    three()
    mce.get(ADDRESS)
    compute_draft.func(*asked[0])
    compute_draft.func(*asked[0])
    assert computed == [YEAR]


def test_a_draft_that_the_cache_has_lost_is_asked_for_again(
    mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch
):
    three()
    mce.get(ADDRESS)
    compute_draft.func(*asked[0])
    monkeypatch.setattr("evaluation.figures.publishing.release._KEPT", "another")
    assert "computing" in mce.get(ADDRESS).context
    assert len(asked) == 2


@pytest.mark.everywhere
def test_figures_that_change_meanwhile_are_told_and_computed_instead(mce: Client, asked: list[Any]):
    three()
    page = mce.get(ADDRESS)
    accepted("FR")
    changed, present = "The figures or the releases have changed meanwhile", "This is the draft of the present ones."
    polled = poll(mce, page)
    assert f"{changed}. It is computed from the present ones." in polled.content.decode()
    assert changed in poll(mce, polled).content.decode()
    (link,) = re.findall(r'href="([^"]+)"\s*>Look again', polled.content.decode())
    assert len({version for *_year, version in asked}) == len(asked) == 2
    compute_draft.func(*asked[0])  # which reads the present figures
    for answer in (poll(mce, polled), mce.get(unescape(link))):
        assert changed in answer.content.decode()
        assert present in answer.content.decode()
    assert changed not in mce.get(ADDRESS).content.decode()
    assert len(asked) == 2


def fail(*_given: Any, **_named: Any) -> Any:
    raise ValueError("a defect")


@pytest.mark.everywhere
def test_a_draft_that_cannot_be_computed_says_so_until_somebody_tries_again(
    mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch
):
    three()
    page = mce.get(ADDRESS)
    with monkeypatch.context() as defect:
        defect.setattr(draft_task, "draft_release", fail)
        with pytest.raises(ValueError, match="a defect"):
            compute_draft.func(*asked[0])
    for answer in (poll(mce, page), mce.get(ADDRESS), mce.get(ADDRESS)):
        text = answer.content.decode()
        assert "The draft of the next release could not be computed" in text
        assert "hx-get" not in text
    assert len(asked) == 1
    again = reverse("workspace:compute_network_year_again", args=[YEAR])
    assert f'action="{again}?of=real"' in text
    for _twice in range(2):
        answer = mce.post(f"{again}?of=real", follow=True)
        assert "The draft of the next release is being computed" in answer.content.decode()
    assert len(asked) == 2
    compute_draft.func(*asked[1])
    assert mce.post(f"{again}?of=real", follow=True).context["draft"].reasons == ()
    assert len(asked) == 2


def test_a_failure_of_the_database_is_left_to_the_worker_which_runs_the_task_again(
    mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch
):
    three()
    mce.get(ADDRESS)
    monkeypatch.setattr(draft_task, "draft_release", Mock(side_effect=OperationalError))
    with pytest.raises(OperationalError):
        compute_draft.func(*asked[0])
    assert "The draft of the next release is being computed" in mce.get(ADDRESS).content.decode()
    draft_task.mark_draft_failed(*asked[0])
    assert "The draft of the next release could not be computed" in mce.get(ADDRESS).content.decode()


def test_a_draft_that_no_worker_takes_up_is_late_until_one_does(
    mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch
):
    three()
    late = "It has waited for more than a minute"
    assert late not in mce.get(ADDRESS).content.decode()
    soon = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert late in mce.get(ADDRESS).content.decode()
    draft_task._note(asked[0][2], has_begun=True)
    assert late not in mce.get(ADDRESS).content.decode()


def test_without_a_cache_the_page_computes_the_draft(mce: Client, asked: list[Any], monkeypatch: pytest.MonkeyPatch):
    three()
    for name in ("get", "get_many", "set", "set_many", "add"):
        monkeypatch.setattr(draft_task.cache, name, Mock(side_effect=OperationalError), raising=False)
    assert mce.get(ADDRESS).context["draft"].reasons == ()
    assert asked == []


def test_of_too_few_hotlines_the_page_answers_without_the_worker(mce: Client, asked: list[Any]):
    three("BE NL")
    assert "Too few hotlines for any table" in mce.get(ADDRESS).content.decode()
    assert asked == []


@pytest.mark.everywhere
def test_waiting_asks_as_often_for_more_hotlines_and_releases(mce: Client, asked: list[Any]):
    def count() -> int:
        mce.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            assert "computing" in mce.get(ADDRESS).context
        return len(queries)

    three()
    release()
    accepted("FR")
    before = count()
    three("IT PT ES")
    release()
    accepted("AT")
    assert count() == before
    assert len(asked) == 2


# --- What is not published -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [0, 1999, 9999, 10000])
def test_a_year_without_figures_is_not_found(mce: Client, year: int):
    three()
    assert mce.get(reverse("workspace:network_release", args=[year])).status_code == 404
    for name in ("publish_network_year", "compute_network_year_again"):
        assert mce.post(reverse(f"workspace:{name}", args=[year])).status_code == 404
    assert NetworkYear.objects.count() == 0


def test_what_changed_meanwhile_is_shown_and_the_note_is_still_there(mce: Client):
    three()
    page = page_of(mce)
    accepted("FR")
    answer = press(mce, page, note="Agreed with all three.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The figures have changed since you looked at them" in text
    assert "Agreed with all three." in text
    assert not NetworkRelease.objects.exists()
    assert press(mce, answer).status_code == 302


def test_who_presses_after_somebody_else_sees_that_release(mce: Client):
    three()
    page = page_of(mce)
    release()
    answer = press(mce, page, note="Agreed with all three.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Release 1 of" in text
    assert "Take it from the site" in text
    assert NetworkRelease.objects.count() == 1


def test_the_page_says_how_many_hotlines_must_still_change(mce: Client):
    three()
    release()
    accepted("FR")
    text = page_of(mce).content.decode()
    assert "Too few hotlines have changed for a new release" in text
    assert "Since the last release 1 hotline came, left or corrected its figures." in text
    assert "it takes 3." in text
    assert "Release 1 of" in text
    assert "Make it public" not in text


def test_of_too_few_hotlines_nothing_can_be_made_public(mce: Client):
    three("BE NL")
    page = page_of(mce)
    assert "Too few hotlines for any table" in page.content.decode()
    assert press(mce, page).status_code == 409
    assert not NetworkYear.objects.exists()


def test_a_year_is_taken_from_the_site_with_a_reason(mce: Client, client: Client):
    three()
    release()
    address = reverse("workspace:move_network_year", args=[YEAR, "retract"])
    assert "Say why" in mce.post(address, {"note": " "}, follow=True).content.decode()
    assert NetworkYear.objects.get().state == "public"
    text = mce.post(address, {"note": "A hotline counted twice."}, follow=True).content.decode()
    assert "Year taken from the site. This is recorded in the log." in text
    assert "A hotline counted twice." in text
    assert client.get(reverse("pages:network_file", args=[YEAR, "json"])).status_code == 404


def test_the_list_says_what_is_public_of_each_year(mce: Client):
    for hotline in three():
        keep(hotline, year=2024)
    accepted("FR", year=2023)
    release(2025)
    text = mce.get(reverse("workspace:network_releases")).content.decode()
    shown = mce.get(reverse("workspace:network_releases")).context["years"]
    assert [(one.year, one.release and one.release.number, one.accepted) for one in shown] == [
        (2025, 1, 3),
        (2024, None, 3),
        (2023, None, 1),
    ]
    assert text.count("not public yet") == 2
    assert ">figures of 1 hotline<" in text


def test_a_year_of_which_nothing_is_known_is_not_found(mce: Client):
    three()
    assert mce.get(reverse("workspace:network_release", args=[1999])).status_code == 404


def test_looking_asks_as_often_for_more_hotlines_years_and_releases(mce: Client):
    def count(address: str) -> int:
        mce.get(address)
        with CaptureQueriesContext(connection) as asked:
            mce.get(address)
        return len(asked)

    addresses = [reverse("workspace:network_releases"), reverse("workspace:network_release", args=[YEAR])]
    hotlines = three()
    release()
    few = [count(address) for address in addresses]
    for hotline in three("FR IT PT"):
        keep(hotline, year=2024)
    release()
    for hotline in hotlines:
        correct(hotline, calls=470)
    release()
    assert [count(address) for address in addresses] == few
