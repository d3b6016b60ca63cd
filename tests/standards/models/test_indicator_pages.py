"""Indicators as pages: their order, moves between standards, addresses, and queries that do not grow with them."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.models import Page

from evaluation.models import Role
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide, lock_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import prepare, release
from standards.framework import MalformedEdition, Measure
from standards.models import DomainPage, Edition, EditionPage, IndicatorPage, StandardPage
from tests.browsing import WIDTHS
from tests.evaluation.workflow.racing import at_once
from tests.factories import person
from tests.standards.conftest import SMALL
from tests.standards.models.cms import edit_address, form_of, send, told

pytestmark = pytest.mark.django_db


def explore(editor: Client, page: Any) -> str:
    answer = editor.get(reverse("wagtailadmin_explore", args=[page.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def listed(page: str) -> list[str]:
    """Return the titles of a listing, in order."""
    titles = re.findall(r'<span id="page_[\d,]+_title">(.*?)</span>', page, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>", "", title, flags=re.DOTALL).split()) for title in titles]


def add_indicators(standard: StandardPage, count: int) -> None:
    """Add copies of its first indicator to a standard, half of them with a draft."""
    values = IndicatorPage.objects.child_of(standard).first().values
    for number in range(2, 2 + count):
        page = IndicatorPage(**{**values, "code": f"{standard.code}.{number}", "key": ""})
        standard.add_child(instance=page)
        if number % 2:
            page.wording = f"Draft {number}"
        page.save_revision(changed=bool(number % 2))


# --- In order, with codes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_released", [False, True])
def test_parts_are_listed_in_the_order_of_the_guide_with_their_codes(
    editor: Client, loaded: EditionPage, is_released: bool
) -> None:
    if is_released:
        release(loaded)
    domain, standard = DomainPage.objects.get(code="D1"), StandardPage.objects.get(code="1.1")
    assert listed(explore(editor, loaded)) == ["D1 Access", "D2 Staff"]
    assert listed(explore(editor, domain)) == ["1.1 Answering", "1.2 Opening hours"]
    page = explore(editor, standard)
    assert listed(page) == ["1.1.1 Share of calls answered", "1.1.2 Share of calls given up"]
    assert ("data-w-orderable-url-value" in page) == (not is_released)


def test_an_indicator_is_dragged_into_another_order(editor: Client, loaded: EditionPage) -> None:
    address = reverse("wagtailadmin_pages:set_page_position", args=[IndicatorPage.objects.get(code="1.1.2").pk])
    assert editor.post(f"{address}?position=0").status_code == 200
    assert listed(explore(editor, StandardPage.objects.get(code="1.1"))) == [
        "1.1.2 Share of calls given up",
        "1.1.1 Share of calls answered",
    ]
    assert [one.code for one in prepare(loaded).framework.standards["1.1"].indicators] == ["1.1.2", "1.1.1"]


# --- Moved to another standard --------------------------------------------------------------------------------------


def test_an_indicator_is_moved_and_a_release_asks_for_the_code_of_its_new_standard(
    editor: Client, loaded: EditionPage
) -> None:
    indicator, standard = IndicatorPage.objects.get(code="1.1.2"), StandardPage.objects.get(code="1.2")
    key = indicator.translation_key
    answer = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[indicator.pk, standard.pk]))
    assert answer.status_code == 302
    assert [page.code for page in IndicatorPage.objects.child_of(standard)] == ["1.2.1", "1.1.2"]
    with pytest.raises(MalformedEdition) as caught:
        prepare(loaded)
    assert caught.value.problems == [
        "“1.1.2 Share of calls given up”, code: The code 1.1.2 does not belong to standard 1.2. Begin it with “1.2.”."
    ]
    assert [problem.page_id for problem in caught.value.problems] == [indicator.pk]
    moved = IndicatorPage.objects.get(pk=indicator.pk)
    assert send(editor, moved, {**form_of(editor, moved), "code": "1.2.2"}).status_code == 302
    edition = release(loaded)
    assert [one.code for one in edition.framework.standards["1.2"].indicators] == ["1.2.1", "1.2.2"]
    assert IndicatorPage.objects.get(code="1.2.2").translation_key == key


@pytest.mark.parametrize("is_bulk", [False, True])
def test_an_indicator_of_a_released_edition_is_not_moved(
    editor: Client, loaded: EditionPage, released: Edition, is_bulk: bool
) -> None:
    indicator, standard = IndicatorPage.objects.get(code="1.1.2"), StandardPage.objects.get(code="1.2")
    if is_bulk:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        answer = editor.post(f"{address}?id={indicator.pk}", {"chooser": standard.pk})
    else:
        answer = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[indicator.pk, standard.pk]))
    assert "Edition small is released, and a released edition does not change." in told(answer, editor)
    assert IndicatorPage.objects.get(code="1.1.2").get_parent().specific.code == "1.1"


# --- Addresses ------------------------------------------------------------------------------------------------------


def test_an_indicator_is_read_at_its_place_on_the_page_of_its_standard(
    client: Client, loaded: EditionPage, released: Edition
) -> None:
    address = IndicatorPage.objects.get(code="1.2.1").get_url()
    assert address.endswith("/en/guide/small/d1/1-2/#i1.2.1")
    page, _hash, place = address.partition("#")
    assert f'id="{place}"' in client.get(page).content.decode()


def test_an_indicator_of_a_draft_has_no_address(loaded: EditionPage) -> None:
    assert IndicatorPage.objects.get(code="1.2.1").get_url() is None


# --- A copy ---------------------------------------------------------------------------------------------------------


def test_the_indicators_of_the_next_edition_are_pages_of_its_own(loaded: EditionPage, released: Edition) -> None:
    begun = begin_edition(loaded, code="next", title="Next")
    former, copied = (IndicatorPage.objects.descendant_of(page) for page in (loaded, begun))
    assert [page.values for page in copied] == [page.values for page in former]
    assert not {page.translation_key for page in copied} & {page.translation_key for page in former}
    page = copied.get(code="1.2.1")
    page.wording = "Open at noon"
    page.save_revision().publish()
    assert former.get(code="1.2.1").wording == "Open day and night"


def test_two_versions_of_an_indicator_are_compared_field_by_field(editor: Client, loaded: EditionPage) -> None:
    page = IndicatorPage.objects.get(code="1.2.1")
    form = {**form_of(editor, page), "guidance": "Every hour of every day.", "level_no": "There are gaps"}
    assert send(editor, page, form).status_code == 302
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
    shown = editor.get(address).content.decode()
    compared = re.findall(r'<td class="title"[^>]*><div class="title-wrapper">(.*?):</div></td>', shown)
    assert compared == ["Guidance", "No"]


# --- Queries --------------------------------------------------------------------------------------------------------


def count_queries(ask: Any) -> int:
    ask()  # caches of the process
    with CaptureQueriesContext(connection) as queries:
        ask()
    return len(queries)


def test_reading_the_pages_takes_as_many_queries_for_many_indicators(loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2")
    add_indicators(standard, 2)
    before = count_queries(lambda: read_tree(EditionPage.objects.get(pk=loaded.pk)))
    add_indicators(StandardPage.objects.get(code="2.1"), 20)
    assert count_queries(lambda: read_tree(EditionPage.objects.get(pk=loaded.pk))) == before
    wordings = [page.wording for page in read_tree(loaded).indicators[standard.path]]
    assert wordings == ["Open day and night", "Open day and night", "Draft 3"]


@pytest.mark.once
@pytest.mark.parametrize("is_released", [False, True])
def test_listing_indicators_asks_nothing_of_ours_for_each(
    editor: Client, loaded: EditionPage, is_released: bool
) -> None:
    few, many = StandardPage.objects.get(code="1.2"), StandardPage.objects.get(code="2.1")
    add_indicators(few, 1)
    add_indicators(many, 20)
    if is_released:
        release(loaded)
    more = len(IndicatorPage.objects.child_of(many)) - len(IndicatorPage.objects.child_of(few))
    # For each row wagtail-localize asks twice whether it is translatable, and Wagtail its cache for the public address.
    of_libraries = (3 if is_released else 2) * more
    assert count_queries(lambda: explore(editor, many)) <= count_queries(lambda: explore(editor, few)) + of_libraries


# --- In the browser -------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("width", WIDTHS)
def test_an_editor_is_shown_what_the_measure_has(
    browser_page: Any, as_user: Any, axe: Any, loaded: EditionPage, width: int
) -> None:
    page = as_user(browser_page, person(Role.GUIDE_EDITOR))
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(edit_address(IndicatorPage.objects.get(code="1.2.1")))
    levels, yes_no, figures = (page.locator(f"[data-of-measure={measure}]") for measure in Measure)
    measure, offer = page.locator("select[name=measure]"), page.get_by_role("button", name="Cap it by a number")

    expect(page.get_by_role("tab")).to_contain_text(["What is asked", "How it is judged", "What happens next"])
    expect(page.get_by_role("textbox", name="Wording")).to_be_visible()
    expect(measure).to_be_hidden()
    axe(page, within="#page-edit-form")
    page.get_by_role("tab", name="How it is judged").click()
    expect(measure).to_have_value("yes_no")
    for group, is_shown in ((levels, False), (yes_no, True), (figures, False), (offer, True)):
        expect(group).to_be_visible(visible=is_shown)
    expect(page.locator(".w-minimap__list li")).to_have_count(
        5
    )  # Counts, at single levels, Words at least, Levels, Points
    axe(page, within="#page-edit-form")

    measure.select_option("scale")
    expect(levels).to_be_visible()
    expect(page.get_by_role("textbox", name="Level 2 (Mostly there)")).to_be_visible()
    expect(yes_no).to_be_hidden()
    offer.click()
    expect(page.get_by_role("textbox", name="Unit")).to_be_focused()
    expect(offer).to_be_hidden()
    measure.select_option("yes_no")
    expect(figures).to_be_hidden()
    offer.click()
    page.get_by_role("textbox", name="Unit").fill("hours")
    measure.select_option("scale")
    expect(figures).to_be_visible()
    measure.select_option("numeric")
    for group, is_shown in ((levels, False), (yes_no, False), (figures, True), (offer, False)):
        expect(group).to_be_visible(visible=is_shown)

    page.get_by_role("tab", name="What happens next").click()
    expect(page.get_by_role("textbox", name="Title of the recommendation")).to_have_value("Close the gaps")
    axe(page, within="#page-edit-form")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- Moved again, moved back, and by several users at once -----------------------------------------------------------


def place(editor: Client, code: str, position: int) -> int:
    address = reverse("wagtailadmin_pages:set_page_position", args=[IndicatorPage.objects.get(code=code).pk])
    return editor.post(f"{address}?position={position}").status_code


def order() -> list[str]:
    return [page.code for page in IndicatorPage.objects.child_of(StandardPage.objects.get(code="1.1"))]


def test_an_order_is_changed_twice_and_changed_back(editor: Client, loaded: EditionPage) -> None:
    keys = {page.code: page.key for page in IndicatorPage.objects.all()}
    for _time in range(2):
        assert place(editor, "1.1.2", 0) == 200
        assert order() == ["1.1.2", "1.1.1"]
    assert place(editor, "1.1.2", 1) == 200
    assert order() == ["1.1.1", "1.1.2"]
    assert {page.code: page.key for page in IndicatorPage.objects.all()} == keys


def test_an_indicator_is_moved_to_another_standard_and_back(editor: Client, loaded: EditionPage) -> None:
    indicator = IndicatorPage.objects.get(code="1.1.2")
    for code in ("1.2", "1.1"):
        standard = StandardPage.objects.get(code=code)
        editor.post(reverse("wagtailadmin_pages:move_confirm", args=[indicator.pk, standard.pk]))
        assert IndicatorPage.objects.get(pk=indicator.pk).get_parent().pk == standard.pk
    assert order() == ["1.1.1", "1.1.2"]
    assert prepare(loaded).framework.indicators["1.1.2"].permanent_key == indicator.key
    assert Page.find_problems() == ([], [], [], [], [])


def locks_of_the_root(act: Callable[[], Any]) -> list[bool]:
    """Return, for each query about pages, whether it is the one that locks the root against other moves."""
    with CaptureQueriesContext(connection) as queries:
        act()
    asked = [query["sql"] for query in queries if 'FROM "wagtailcore_page"' in query["sql"]]
    return ['"wagtailcore_page"."depth" = 1' in sql for sql in asked]


def test_several_are_moved_and_an_edition_is_loaded_while_nobody_else_moves(
    editor: Client, loaded: EditionPage
) -> None:
    indicator, standard = IndicatorPage.objects.get(code="1.1.2"), StandardPage.objects.get(code="1.2")
    address = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'move'])}?id={indicator.pk}"
    sent = {"chooser": standard.pk, "move_applied": "on"}
    assert locks_of_the_root(lambda: editor.post(address, sent))[0]
    assert IndicatorPage.objects.get(pk=indicator.pk).get_parent().pk == standard.pk
    with transaction.atomic():
        assert locks_of_the_root(lambda: lock_edition(loaded)) == [True, False]


@pytest.mark.django_db(transaction=True)
def test_people_who_move_at_once_lose_nothing(sign_in: Callable[..., Client]) -> None:
    load_guide(SMALL)
    IndicatorPage.objects.get(code="1.1.2").delete()
    add_indicators(StandardPage.objects.get(code="1.1"), 9)
    before, editor = order(), person(Role.GUIDE_EDITOR)
    people = [sign_in(Client(), editor) for _one in range(4)]
    for _time in range(3):
        moved = order()[::3]
        acts = [
            partial(place, client, code, 9 - 3 * n) for n, (client, code) in enumerate(zip(people, moved, strict=True))
        ]
        assert at_once(*acts) == [200] * 4
        assert sorted(order()) == sorted(before)
        assert Page.find_problems() == ([], [], [], [], [])
