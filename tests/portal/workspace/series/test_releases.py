"""MCE reviews a year as the public would see it, publishes it, and retracts it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluation.crm.publishing.network_tables import tabulate
from evaluation.crm.publishing.release import find_release
from evaluation.crm.publishing.year_data import from_text
from evaluation.models import NetworkRelease, NetworkYear, Step, User
from portal.presentation.network_figures import show_year
from reports.charts.cached import CACHE
from tests.evaluation.crm.accepted_years import accepted, coordinator_of_mce, correct, keep, release, three
from tests.factories import HotlineFactory

pytestmark = pytest.mark.django_db

YEAR = 2025


@pytest.fixture
def coordinator() -> User:
    return coordinator_of_mce()


@pytest.fixture
def mce(coordinator: User, sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), coordinator)


def page_of(client: Client) -> Any:
    return client.get(reverse("workspace:network_release", args=[YEAR]))


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

    monkeypatch.setattr("evaluation.crm.publishing.release.tabulate", counting)
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
    monkeypatch.setattr("evaluation.crm.publishing.network_years.published_in_reports", lambda *_given: published)
    assert (times(), times()) == (1, 0)


def test_what_is_published_is_computed_again_whatever_the_cache_says(mce: Client, monkeypatch: pytest.MonkeyPatch):
    """A wrong draft in the cache is refused, and replaced by the right one."""
    three()
    right = page_of(mce).context["draft"]
    cache.clear()
    wrong = replace(right.year_tables, tables=right.year_tables.tables[:1])
    monkeypatch.setattr("evaluation.crm.publishing.release.tabulate", lambda *_given: wrong)
    page = page_of(mce)
    monkeypatch.undo()
    answer = press(mce, page)
    assert (answer.status_code, NetworkRelease.objects.count()) == (409, 0)
    assert answer.context["draft"].document == right.document
    assert press(mce, answer).status_code == 302
    assert NetworkRelease.objects.get().document == right.document


@pytest.mark.parametrize("year", [0, 1999, 9999, 10000])
def test_a_year_without_figures_is_not_found(mce: Client, year: int):
    three()
    assert mce.get(reverse("workspace:network_release", args=[year])).status_code == 404
    assert mce.post(reverse("workspace:publish_network_year", args=[year])).status_code == 404
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
