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
from standards.models import DomainPage, EditionPage, IndicatorPage, StandardPage
from tests.browsing import WIDTHS, follow
from tests.factories import person
from tests.scenes import SMALL_EDITION

pytestmark = pytest.mark.django_db


def tree_of(page: EditionPage) -> str:
    return reverse("guide_tree", args=[page.pk])


def test_an_editor_arrives_at_the_edition_that_is_being_written(guide_editor: Client, draft: EditionPage):
    assert guide_editor.get("/cms/").url == tree_of(draft)
    release(draft)
    following = begin_edition(draft, code="next", title="The next")
    assert guide_editor.get("/cms/").url == tree_of(following)
    release(following)
    assert guide_editor.get("/cms/").url == tree_of(following)


def test_without_an_edition_the_cms_begins_as_it_is(guide_editor: Client):
    assert guide_editor.get("/cms/").status_code == 200


def test_the_tree_shows_codes_counts_and_words_and_leads_to_each_page(guide_editor: Client, draft: EditionPage):
    page = guide_editor.get(tree_of(draft)).content.decode()
    for part in (*StandardPage.objects.descendant_of(draft), *IndicatorPage.objects.descendant_of(draft)):
        assert reverse("wagtailadmin_pages:edit", args=[part.pk]) in page
        assert f'id="{part.code}"' in page
    assert "nothing to put right" in page
    assert reverse("release_edition", args=[draft.pk]) in page


def test_problems_stand_where_they_are(guide_editor: Client, draft: EditionPage):
    IndicatorPage.objects.filter(code="1.2.1").update(evidence="")
    page = guide_editor.get(tree_of(draft)).content.decode()
    assert "1 thing to put right before the release" in page
    row = page.partition('id="1.2.1"')[2].partition("</tr>")[0]
    assert "Evidence: This text is missing. Write it." in row


def test_a_released_edition_offers_nothing_that_would_change_it(guide_editor: Client, draft: EditionPage):
    release(draft)
    page = guide_editor.get(tree_of(draft)).content.decode()
    assert "released: it does not change any more" in page
    for shut in (reverse("release_edition", args=[draft.pk]), f"/cms/pages/add/standards/domainpage/{draft.pk}/"):
        assert shut not in page
    assert reverse("begin_edition", args=[draft.pk]) in page


@pytest.mark.parametrize(
    ("query", "found", "left_out"),
    [
        *(("1.2.1", ["1.2.1", "1.2"], "2.1.1"), ("  OPENING ", ["1.2"], "2.1.1"), ("nowhere at all", [], "1.2.1")),
        ("ópening", ["1.2"], "2.1.1"),
    ],
)
def test_parts_are_found_by_code_and_words(
    guide_editor: Client, draft: EditionPage, query: str, found: list[str], left_out: str
):
    page = guide_editor.get(tree_of(draft), {"q": query}).content.decode()
    assert all(f'id="{code}"' in page for code in found)
    assert f'id="{left_out}"' not in page


def test_a_problem_of_a_domain_is_shown_in_it(guide_editor: Client, draft: EditionPage):
    DomainPage.objects.filter(code="D1").update(short_title="")
    page = guide_editor.get(tree_of(draft)).content.decode()
    domain = page.partition('id="D1"')[2].partition("</details>")[0]
    assert domain.partition(">")[0].strip() == "open"
    assert "1 problem" in domain
    assert "Short title: This text is missing. Write it." in domain


def test_an_indicator_is_added_where_its_standard_is(guide_editor: Client, draft: EditionPage):
    standard = StandardPage.objects.get(code="1.2")
    row = guide_editor.get(tree_of(draft)).content.decode().partition('id="1.2"')[2].partition("</tr>")[0]
    assert reverse("wagtailadmin_pages:add", args=["standards", "indicatorpage", standard.pk]) in row


def test_each_page_leads_back_to_its_place(guide_editor: Client, draft: EditionPage):
    indicator = IndicatorPage.objects.get(code="1.2.1")
    page = guide_editor.get(reverse("wagtailadmin_pages:edit", args=[indicator.pk])).content.decode()
    assert f'href="{tree_of(draft)}#1.2.1"' in page


def test_a_page_in_another_language_leads_to_the_edition_it_translates(guide_editor: Client, french: EditionPage):
    """Uses a scene: the pages of the small edition in French."""
    source = EditionPage.objects.get(locale__language_code="en")
    assert guide_editor.get(tree_of(french)).context["page"] == source
    [progress] = guide_editor.get(tree_of(french)).context["whole"].languages
    assert progress.code == "fr"


def test_the_menu_speaks_the_language_of_each_reader(sign_in: Callable[..., Client], draft: EditionPage):
    """Wagtail reads the menu's entries once per process."""
    for language, label in (("en", "The Guide"), ("fr", "Le Guide"), ("en", "The Guide")):
        user = person(Role.GUIDE_EDITOR, language=language)
        page = sign_in(Client(), user).get(tree_of(draft)).content.decode()
        sidebar = page.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]
        assert f'"{label}"' in sidebar


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR])
def test_others_do_not_see_it(sign_in: Callable[..., Client], draft: EditionPage, role: Role):
    assert sign_in(Client(), person(role)).get(tree_of(draft)).status_code == 403
    assert Client().get(tree_of(draft)).status_code == 302


def test_no_edition_there_is_no_page(guide_editor: Client):
    assert [guide_editor.get(f"/cms/guide/{number}/").status_code for number in (1, 2**31, 2**63)] == [404] * 3


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
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
    page.locator("summary", has_text="D1").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wording = IndicatorPage.objects.get(code="1.2.1").wording
    follow(page.get_by_role("link", name=wording))
    field = page.locator("textarea", has_text=wording).first
    field.fill("Reachable at any hour, every day")
    follow(page.get_by_role("button", name="Save draft").first)
    page.goto(tree_of(edition))
    page.locator("summary", has_text="D1").click()
    page.get_by_text("Reachable at any hour, every day").wait_for()
