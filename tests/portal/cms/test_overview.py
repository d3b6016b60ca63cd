"""The Guide's tree in the CMS: where editors arrive, what they find, and how few clicks a change takes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Role, User
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage, StandardPage
from tests.browsing import follow
from tests.factories import person
from tests.scenes import SMALL_EDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Client(), person(Role.GUIDE_EDITOR))


@pytest.fixture
def edition() -> EditionPage:
    return load_guide(SMALL_EDITION).page


def tree_of(page: EditionPage) -> str:
    return reverse("guide_tree", args=[page.pk])


def test_an_editor_arrives_at_the_edition_that_is_being_written(editor: Client, edition: EditionPage):
    assert editor.get("/cms/").url == tree_of(edition)
    release(edition)
    draft = begin_edition(edition, code="next", title="The next")
    assert editor.get("/cms/").url == tree_of(draft)
    release(draft)
    assert editor.get("/cms/").url == tree_of(draft)


def test_without_an_edition_the_cms_begins_as_it_is(editor: Client):
    assert editor.get("/cms/").status_code == 200


def test_the_tree_shows_codes_counts_and_words_and_leads_to_each_page(editor: Client, edition: EditionPage):
    page = editor.get(tree_of(edition)).content.decode()
    for part in (*StandardPage.objects.descendant_of(edition), *IndicatorPage.objects.descendant_of(edition)):
        assert reverse("wagtailadmin_pages:edit", args=[part.pk]) in page
        assert f'id="{part.code}"' in page
    assert "nothing to put right" in page
    assert reverse("release_edition", args=[edition.pk]) in page


def test_problems_stand_where_they_are(editor: Client, edition: EditionPage):
    IndicatorPage.objects.filter(code="1.2.1").update(evidence="")
    page = editor.get(tree_of(edition)).content.decode()
    assert "1 thing to put right before the release" in page
    row = page.partition('id="1.2.1"')[2].partition("</tr>")[0]
    assert "Evidence: This text is missing. Write it." in row


def test_a_released_edition_offers_nothing_that_would_change_it(editor: Client, edition: EditionPage):
    release(edition)
    page = editor.get(tree_of(edition)).content.decode()
    assert "released: it does not change any more" in page
    for shut in (reverse("release_edition", args=[edition.pk]), f"/cms/pages/add/standards/domainpage/{edition.pk}/"):
        assert shut not in page
    assert reverse("begin_edition", args=[edition.pk]) in page


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [("1.2.1", ["1.2.1", "1.2"], "2.1.1"), ("  OPENING ", ["1.2"], "2.1.1"), ("nowhere at all", [], "1.2.1")],
)  # fmt: skip
def test_parts_are_found_by_code_and_words(
    editor: Client, edition: EditionPage, query: str, found: list[str], left_out: str
):
    page = editor.get(tree_of(edition), {"q": query}).content.decode()
    assert all(f'id="{code}"' in page for code in found)
    assert f'id="{left_out}"' not in page


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR])
def test_others_do_not_see_it(sign_in: Callable[..., Client], edition: EditionPage, role: Role):
    assert sign_in(Client(), person(role)).get(tree_of(edition)).status_code == 403
    assert Client().get(tree_of(edition)).status_code == 302


def test_no_edition_there_is_no_page(editor: Client):
    assert [editor.get(f"/cms/guide/{number}/").status_code for number in (1, 2**31, 2**63)] == [404] * 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_wording_is_changed_in_three_clicks_from_the_tree(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], width: int
):
    edition = load_guide(SMALL_EDITION).page
    user = person(Role.GUIDE_EDITOR)
    User.objects.filter(pk=user.pk).update(language="en")
    page = as_user(browser_page, user)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/cms/")
    page.wait_for_url(f"**{tree_of(edition)}")
    axe(page)
    clicks = []
    page.locator("summary", has_text="D1").click()
    clicks.append("domain")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wording = IndicatorPage.objects.get(code="1.2.1").wording
    follow(page.get_by_role("link", name=wording))
    clicks.append("indicator")
    field = page.locator("textarea", has_text=wording).first
    field.fill("Reachable at any hour, every day")
    follow(page.get_by_role("button", name="Save draft").first)
    clicks.append("save")
    assert len(clicks) == 3
    page.goto(tree_of(edition))
    page.locator("summary", has_text="D1").click()
    page.get_by_text("Reachable at any hour, every day").wait_for()
