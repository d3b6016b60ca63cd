"""The links of an edition in the CMS: found with their places, checked by the worker, warnings of a release."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Role
from portal.cms.link_checks import checking
from portal.cms.link_checks.checking import LOST_AFTER, ask_for_checks, check_links, read_checks, stored_address
from portal.cms.link_checks.models import LinkCheck
from portal.cms.link_checks.uses import read_external_links, read_links
from portal.public.models import HomePage
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage
from tests.factories import person

pytestmark = pytest.mark.django_db

ADDRESS = "https://nowhere.example/a"


def write(edition: EditionPage, code: str, guidance: str) -> IndicatorPage:
    page = IndicatorPage.objects.descendant_of(edition).get(code=code)
    page.guidance = guidance
    page.save_revision()
    return page


def shown(client: Client, edition: EditionPage, name: str = "guide_links") -> str:
    answer = client.get(reverse(name, args=[edition.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().partition('<div class="nice-padding')[2].split())


def answered(outcome: str, address: str = ADDRESS, status: int | None = None) -> LinkCheck:
    now = timezone.now()
    return LinkCheck.objects.create(address=address, asked_at=now, checked_at=now, outcome=outcome, status=status)


def queued(capture: Any) -> int:
    return len(capture)


def test_each_address_is_listed_with_the_texts_that_name_it(guide_editor: Client, draft: EditionPage):
    page = write(draft, "1.2.1", f"See {ADDRESS} and /en/guide/small/d9/.")
    write(draft, "2.1.1", f"Also {ADDRESS}.")
    content = shown(guide_editor, draft)
    assert content.count(f"<code>{ADDRESS}</code>") == 1
    assert "not checked yet" in content
    assert "leads to nothing on this site" in content.partition('id="alive"')[0]
    assert (
        f'<a href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Indicator 1.2.1, guidance</a> (English)'
        in content
    )
    assert "Check 1 address of other sites" in content


def test_the_time_of_an_answer_is_that_of_the_site_and_names_its_zone(guide_editor: Client, draft: EditionPage):
    write(draft, "1.2.1", f"See {ADDRESS}.")
    check = answered("alive")
    LinkCheck.objects.filter(pk=check.pk).update(checked_at=datetime(2027, 1, 15, 23, 30, tzinfo=UTC))
    checked = shown(guide_editor, draft).partition(", checked on ")[2].partition("</p>")[0]
    assert checked.strip() == "16 January 2027, 00:30 CET"


def test_links_of_other_pages_and_of_translations_are_listed(draft: EditionPage):
    home = HomePage.objects.first()
    home.intro = (
        '<p><a linktype="page" id="99999">a</a> <a href="https://b.example/">b</a> <a href="mailto:c@d.e">c</a></p>'
    )
    home.save()
    found = {link.address: link for link in read_links(draft)}
    assert found["page:99999"].is_missing
    assert [place.url for place in found["https://b.example/"].places] == [
        reverse("wagtailadmin_pages:edit", args=[home.pk])
    ]
    assert "mailto:c@d.e" not in found
    assert read_external_links(read_tree(draft)) == []


def test_an_address_in_a_translation_is_listed_with_its_language(french: EditionPage):
    source = EditionPage.objects.get(locale__language_code="en", code=french.code)
    write(french, "1.2.1", f"Voir {ADDRESS}")
    (link,) = [link for link in read_links(source) if link.address == ADDRESS]
    assert [place.language for place in link.places] == ["fr"]


def test_the_check_is_queued_once_and_never_runs_in_the_request(
    guide_editor: Client, draft: EditionPage, django_capture_on_commit_callbacks: Callable[..., Any]
):
    write(draft, "1.2.1", f"See {ADDRESS} and {ADDRESS}#there and /en/guide/.")
    address = reverse("guide_links", args=[draft.pk])
    with django_capture_on_commit_callbacks() as waiting:
        page = guide_editor.post(address, follow=True).content.decode()
    assert ("1 address is being checked" in page, queued(waiting)) == (True, 1)
    check = LinkCheck.objects.get()
    assert (check.address, check.is_waiting, check.checked_at) == (ADDRESS, True, None)
    with django_capture_on_commit_callbacks() as waiting:
        guide_editor.post(address)
    assert queued(waiting) == 0


def test_what_was_lost_is_queued_again_and_what_nobody_asks_is_forgotten(draft: EditionPage):
    old = answered("alive", "https://old.example/")
    LinkCheck.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=401))
    assert ask_for_checks([ADDRESS]) == 1
    assert ask_for_checks([ADDRESS]) == 0
    LinkCheck.objects.update(asked_at=timezone.now() - LOST_AFTER - timedelta(minutes=1))
    assert ask_for_checks([ADDRESS]) == 1
    assert list(LinkCheck.objects.values_list("address", flat=True)) == [ADDRESS]


def test_an_address_that_is_too_long_is_not_queued_and_the_list_says_so(guide_editor: Client, draft: EditionPage):
    long = f"{ADDRESS}{'a' * 2000}"
    assert ask_for_checks([long]) == 0
    write(draft, "1.2.1", f"See {long}.")
    content = shown(guide_editor, draft)
    assert ("is too long to be checked" in content, "Check 1 address" in content) == (True, False)


def test_every_address_has_its_turn_those_that_were_never_asked_first(
    draft: EditionPage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checking, "MOST", 2)
    addresses = [f"https://{letter}.example/" for letter in "abcde"]
    addresses.insert(0, f"https://a.example/{'a' * 2000}")
    asked = []
    for _press in range(3):
        assert ask_for_checks(addresses) == min(2, 5 - len(asked))
        asked += LinkCheck.objects.filter(is_waiting=True).exclude(address__in=asked).values_list("address", flat=True)
    assert sorted(asked) == addresses[1:]
    LinkCheck.objects.update(is_waiting=False)
    ask_for_checks(addresses)
    assert list(LinkCheck.objects.filter(is_waiting=True).values_list("address", flat=True)) == addresses[1:3]


def test_one_task_is_queued_and_the_worker_walks_on_and_stores_each_answer_with_its_time(
    draft: EditionPage, django_capture_on_commit_callbacks: Callable[..., Any]
):
    private = ["http://127.0.0.1/", "http://10.0.0.1/"]
    with django_capture_on_commit_callbacks() as waiting:
        ask_for_checks(private)
    assert queued(waiting) == 1
    first, second = LinkCheck.objects.order_by("pk")
    before, asked_at = timezone.now(), first.asked_at.isoformat()
    with django_capture_on_commit_callbacks() as waiting:
        check_links.func(asked_at)
    assert queued(waiting) == 1
    first.refresh_from_db()
    assert (first.outcome, first.status, first.is_waiting, first.is_dead) == ("private", None, False, True)
    assert first.checked_at >= before
    assert LinkCheck.objects.get(pk=second.pk).is_waiting
    with django_capture_on_commit_callbacks(execute=True):
        check_links.func(asked_at)  # as after a worker that was stopped: stored results are not fetched again
    assert not LinkCheck.objects.filter(is_waiting=True).exists()
    assert read_checks([f"{first.address}#place"])[f"{first.address}#place"].checked_at == first.checked_at


def test_an_address_that_ends_the_task_keeps_no_other_waiting(
    draft: EditionPage, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Callable[..., Any]
):
    def fail(_address: str) -> None:
        raise ZeroDivisionError

    ask_for_checks(["http://127.0.0.1/", "http://10.0.0.1/"])
    first = LinkCheck.objects.earliest("pk")
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks() as waiting:
        patched.setattr(checking, "check_address", fail)
        with pytest.raises(ZeroDivisionError):
            check_links.func(first.asked_at.isoformat())
    waiting[0]()
    assert list(LinkCheck.objects.filter(is_waiting=True)) == [first]


@pytest.mark.parametrize(
    ("address", "stored"),
    [
        ("https://example.org/ü?a=ü#b", "https://example.org/%C3%BC?a=%C3%BC"),
        ("https://user:secret@MÜNCHEN.example:8443/", "https://xn--mnchen-3ya.example:8443/"),
        ("http://[2606:4700::1111]/a", "http://[2606:4700::1111]/a"),
        ("http://[::1", "http://[::1"),
        ("https://a:ü/", "https://a:%C3%BC/"),
    ],
)
def test_an_address_is_stored_in_ascii_without_its_place_and_a_password(address: str, stored: str):
    assert stored_address(address) == stored


@pytest.mark.parametrize(
    ("outcome", "is_warned"), [("alive", False), ("closed", False), ("gone", True), ("slow", True)]
)
def test_a_release_warns_of_what_did_not_answer_and_goes_on(
    guide_editor: Client, draft: EditionPage, outcome: str, is_warned: bool
):
    write(draft, "1.2.1", f"See {ADDRESS}.")
    assert "1 address was never checked." in shown(guide_editor, draft, "release_edition")
    answered(outcome, status=404)
    content = shown(guide_editor, draft, "release_edition")
    assert (ADDRESS in content, "was never checked" in content) == (is_warned, False)
    assert ("(HTTP 404)" in content) == is_warned
    assert 'class="button serious"' in content


def test_a_problem_of_a_link_is_shown_in_the_tree_at_once(guide_editor: Client, draft: EditionPage):
    write(draft, "1.2.1", "See /en/guide/small/d9/.")
    assert "leads to nothing on this site" in shown(guide_editor, draft, "guide_tree")


def test_the_number_of_queries_does_not_grow_with_the_addresses_and_the_pages(guide_editor: Client, draft: EditionPage):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(guide_editor, draft)
        return len(captured)

    write(draft, "1.2.1", f"See {ADDRESS}, /en/guide/small/d9/, /documents/9/a.pdf.")
    write(draft, "2.1.1", "Nothing.")
    shown(guide_editor, draft)
    few = queries()
    home = HomePage.objects.first()
    for n in range(5):
        home.add_sibling(instance=HomePage(title=f"Page {n}", slug=f"page-{n}", locale=home.locale), pos="right")
    many = [f"{ADDRESS}{n} /en/guide/other{n}/ /documents/{n}/a.pdf" for n in range(30)]
    write(draft, "2.1.1", " ".join(many))
    assert queries() == few


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR, None])
def test_only_editors_see_and_check_links(
    draft: EditionPage, sign_in: Callable[..., Client], role: Role | None, method: str
):
    client = sign_in(Client(), person(role)) if role else Client()
    write(draft, "1.2.1", f"See {ADDRESS}.")
    answer = getattr(client, method)(reverse("guide_links", args=[draft.pk]))
    assert answer.status_code in (302, 403)
    assert not LinkCheck.objects.exists()


def test_who_works_in_the_cms_without_a_right_to_the_pages_is_told_whose_it_is(
    draft: EditionPage, sign_in: Callable[..., Client]
):
    user = person(Role.GUIDE_EDITOR)
    for group in user.groups.all():
        group.page_permissions.all().delete()
    answer = sign_in(Client(), user).post(reverse("guide_links", args=[draft.pk]), follow=True)
    assert "Your role does not allow this." in answer.content.decode()
    assert not LinkCheck.objects.exists()


def test_links_of_a_released_edition_are_still_checked(guide_editor: Client, draft: EditionPage):
    write(draft, "1.2.1", f"See {ADDRESS}.")
    release(draft)
    assert guide_editor.post(reverse("guide_links", args=[draft.pk])).status_code == 302
    assert LinkCheck.objects.get().is_waiting
