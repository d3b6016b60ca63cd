"""The Guide in the CMS: releases, and the lock of released pages."""

import html
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, ReferenceIndex
from wagtail.search.index import insert_or_update_object
from wagtail.test.utils.form_data import querydict_from_html

from evaluation.models import Role, User
from standards.checks import Checked
from standards.drafts.fields import write_texts
from standards.editions.next_edition import begin_edition, next_title
from standards.editions.page_reader import read_tree
from standards.editions.previewed import content_digest
from standards.editions.release import publish_wording, release
from standards.framework import ValidationProblem
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideCondition,
    GuidePage,
    IndicatorPage,
    StandardPage,
)
from tests.bystander import new
from tests.factories import person
from tests.standards.conftest import is_as_released, translate_all
from tests.standards.models.cms import edit_address, form_of, post_as_shown, send, told

pytestmark = pytest.mark.django_db

PAGES = (GuidePage, EditionPage, DomainPage, StandardPage, IndicatorPage)


# --- Releasing ------------------------------------------------------------------------------------------------------


def test_an_editor_sees_the_digest_and_releases(editor: Client, loaded: EditionPage) -> None:
    address = reverse("release_edition", args=[loaded.pk])
    assert address in editor.get(reverse("wagtailadmin_explore", args=[loaded.pk])).content.decode()
    page = editor.get(address)
    assert new(Edition).count() == 0
    digest, shown = page.context["draft"].sha256, page.context["shown"]
    assert digest in page.content.decode()
    assert shown.sha256 in page.content.decode()
    assert f"Edition small is released. Its digest is {digest}." in told(post_as_shown(editor, address), editor)
    edition = new(Edition).get()
    assert edition.sha256 == digest
    assert content_digest(edition.sha256, edition.wordings.get().sha256) == shown.sha256


def test_problems_are_listed_instead_of_a_button(editor: Client, loaded: EditionPage) -> None:
    IndicatorPage.objects.filter(code="1.2.1").update(evidence="")
    address = reverse("release_edition", args=[loaded.pk])
    for response in (editor.get(address), editor.post(address)):
        page = response.content.decode()
        assert "Indicator 1.2.1" in page
        assert "Evidence: This text is missing. Write it." in page
        assert "There is one thing to put right" in page
        assert edit_address(IndicatorPage.objects.get(code="1.2.1")) in page
        assert 'type="submit" class="button serious"' not in page
    assert new(Edition).count() == 0


@pytest.mark.parametrize(
    ("spoil", "page_of", "part", "problem"),
    [
        (
            lambda: IndicatorPage.objects.filter(code="1.1.1").update(bands=">=90:1;>=80:2;>=60:3"),
            lambda: IndicatorPage.objects.get(code="1.1.1"),
            "Indicator 1.1.1",
            "Bands: The bands of 1.1.1 give a better figure a worse level: 30 gives "
            "level 0, 60 level 3 and 80 level 2. Put the levels of the bands in one direction.",
        ),
        (
            lambda: GuideCondition.objects.filter(test="domains").update(percent="0"),
            lambda: EditionPage.objects.get(locale__language_code="en"),
            "Outcome accredited, condition 2",
            "Percentage: This condition always holds, even "
            "when nothing at all is found, so it decides nothing. Ask for more, or remove it.",
        ),
    ],
)
def test_what_makes_no_sense_stops_a_release_with_its_page(
    editor: Client,
    loaded: EditionPage,
    spoil: Callable[[], object],
    page_of: Callable[[], Page],
    part: str,
    problem: str,
) -> None:
    spoil()
    address = reverse("release_edition", args=[loaded.pk])
    for response in (editor.get(address), editor.post(address)):
        page = response.content.decode()
        assert part in page
        assert problem in page
        assert f'<a href="{edit_address(page_of())}">' in page
        assert 'type="submit" class="button serious"' not in page
    assert new(Edition).count() == 0


def test_an_outcome_that_is_never_proposed_stops_a_release(editor: Client, loaded: EditionPage) -> None:
    """The outcome accredited requires less than deferred, which is tested first and so is always proposed instead."""
    GuideCondition.objects.filter(test="incomplete").update(test="every", obligation="essential", level=1)
    page = editor.post(reverse("release_edition", args=[loaded.pk])).content.decode()
    assert "Outcome accredited" in page
    assert (
        "The outcome accredited is never proposed: wherever its conditions "
        "hold, those of deferred hold as well, and deferred is tried before it. Put accredited before deferred, or ask for "
        "more in deferred. Example: everything at level 3."
    ) in page
    assert new(Edition).count() == 0


def test_a_release_shows_what_leads_to_each_outcome(editor: Client, loaded: EditionPage) -> None:
    page = editor.get(reverse("release_edition", args=[loaded.pk])).content.decode()
    assert "<li>Deferred: everything missing.</li><li>Accredited: everything at level 3.</li>" in page


def test_a_search_that_was_cut_off_is_told_and_stops_nothing(
    editor: Client, loaded: EditionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Checked(
        undecided=(ValidationProblem("Nobody knows whether %(code)s is reached.", "outcome/accredited", code="it"),)
    )
    monkeypatch.setattr("standards.drafts.edition_checks.check_framework", lambda framework: unknown)
    address = reverse("release_edition", args=[loaded.pk])
    assert "outcome accredited: Nobody knows whether it is reached." in editor.get(address).content.decode()
    post_as_shown(editor, address)
    assert new(Edition).count() == 1


@pytest.mark.everywhere
def test_an_editor_finds_a_page_by_its_words_and_where_it_is_used(editor: Client, loaded: EditionPage) -> None:
    """Both indexes, which the worker updates, accept a page of every type."""
    for page in Page.objects.specific():
        insert_or_update_object(page)
        ReferenceIndex.create_or_update_for_object(page)
    standard = StandardPage.objects.get(code="2.1")
    indicator = IndicatorPage.objects.get(code="2.1.1")
    assert list(IndicatorPage.objects.search(indicator.guidance)) == [indicator]
    found = editor.get(reverse("wagtailadmin_pages:search"), {"q": standard.title}).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[standard.pk]) in found
    assert reverse("wagtailadmin_pages:edit", args=[loaded.pk]) not in found


ACTS = ["begin_edition", "release_edition", "publish_wording"]
DONE_BY = ("the coordinators at Missing Children Europe", "the editors of the Guide")


@pytest.mark.parametrize("name", [*ACTS, "wagtailadmin_explore"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_no_role_in_the_cms_is_told_whose_it_is(
    client: Client, sign_in: Callable[..., Client], loaded: EditionPage, name: str, method: str
) -> None:
    sign_in(client, person(Role.ASSESSOR))
    answer = getattr(client, method)(reverse(name, args=[loaded.pk]))
    text = html.unescape(answer.content.decode())
    assert (answer.status_code, "Your role does not allow this" in text, "This is done by:" in text) == (
        403,
        True,
        True,
    )
    assert all(f"<li>{holder}</li>" in text for holder in DONE_BY)


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_works_in_the_cms_without_the_right_to_the_pages_is_told_whose_it_is(
    client: Client, sign_in: Callable[..., Client], loaded: EditionPage, name: str, method: str
) -> None:
    user = person(Role.GUIDE_EDITOR)
    sign_in(client, user)
    for group in user.groups.all():
        group.page_permissions.all().delete()
    text = html.unescape(told(getattr(client, method)(reverse(name, args=[loaded.pk])), client))
    assert f"Your role does not allow this. This is done by: {'; '.join(DONE_BY)}." in text
    assert "do not have permission" not in text
    assert new(Edition).count() == 0


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("begin_edition", "This page is a translation. Begin the next edition from the page it was written on."),
        (
            "publish_wording",
            "Edition small is still being written. Release it first, then publish its wording in French.",
        ),
    ],
)
def test_what_is_not_done_from_a_translation_or_not_yet_is_said(
    editor: Client, french: EditionPage, name: str, sentence: str, method: str
) -> None:
    text = told(getattr(editor, method)(reverse(name, args=[french.pk])), editor)
    assert (sentence in text, "do not have permission" in text) == (True, False)


def test_somebody_without_the_right_to_publish_may_not_release(
    client: Client, sign_in: Callable[..., Client], loaded: EditionPage
) -> None:
    user = User.objects.create(email="nobody@example.org", name="Nobody")
    sign_in(client, user)
    for response in (
        client.get(reverse("release_edition", args=[loaded.pk])),
        client.post(reverse("release_edition", args=[loaded.pk])),
    ):
        assert response.status_code in (302, 403, 404)
    assert new(Edition).count() == 0


def test_a_translation_is_published_from_its_own_page(editor: Client, released: Edition, french: EditionPage) -> None:
    address = reverse("publish_wording", args=[french.pk])
    refused = editor.post(address).content.decode()
    assert "Indicator 1.2.1" in refused
    assert "Wording is not translated yet." in refused
    translate_all(french)
    post_as_shown(editor, address)
    assert list(released.wordings.values_list("language", flat=True)) == ["en", "fr"]


# --- Released pages -------------------------------------------------------------------------------------------------

IS_RELEASED = "Edition small is released, and a released edition does not change."


@pytest.mark.parametrize("model", [EditionPage, DomainPage, StandardPage, IndicatorPage])
def test_a_released_page_can_be_looked_at_and_not_saved(editor: Client, released: Edition, model: type) -> None:
    page = new(model).first()
    response = editor.get(edit_address(page))
    assert (response.status_code, response.context["locked_for_user"]) == (200, True)
    assert IS_RELEASED in response.content.decode()
    form = querydict_from_html(response.content.decode(), form_id="page-edit-form").dict()
    field = "guidance" if model is IndicatorPage else "introduction"
    answer = send(editor, page, {**form, field: "Said anew."})
    assert IS_RELEASED in told(answer, editor)
    assert getattr(model.objects.get(pk=page.pk), field) != "Said anew."


@pytest.mark.parametrize("model", PAGES)
def test_a_released_page_is_not_deleted(editor: Client, released: Edition, model: type) -> None:
    page = new(model).first()
    answer = editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert IS_RELEASED in told(answer, editor)
    assert model.objects.filter(pk=page.pk).exists()


def test_what_holds_a_released_edition_is_not_unpublished(editor: Client, released: Edition) -> None:
    answer = editor.post(reverse("wagtailadmin_pages:unpublish", args=[GuidePage.objects.get().pk]))
    assert IS_RELEASED in told(answer, editor)
    assert GuidePage.objects.get().live is True


@pytest.mark.parametrize("model", [EditionPage, DomainPage, StandardPage, IndicatorPage])
def test_a_released_page_is_not_unpublished(editor: Client, released: Edition, model: type) -> None:
    page = new(model).first()
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert model.objects.get(pk=page.pk).live is True


def test_a_released_page_is_not_moved_and_nothing_is_moved_into_it(editor: Client, released: Edition) -> None:
    standard, domain = StandardPage.objects.get(code="2.1"), DomainPage.objects.get(code="D1")
    answer = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[standard.pk, domain.pk]))
    assert IS_RELEASED in told(answer, editor)
    assert StandardPage.objects.get(code="2.1").get_parent().specific.code == "D2"


def test_the_parts_of_a_released_edition_are_not_dragged_into_another_order(
    editor: Client, released: Edition, loaded: EditionPage
) -> None:
    domain = DomainPage.objects.get(code="D1")
    address = reverse("wagtailadmin_pages:set_page_position", args=[StandardPage.objects.get(code="1.2").pk])
    answer = editor.post(f"{address}?position=0", headers={"x-requested-with": "XMLHttpRequest"})
    assert answer.status_code == 403
    assert [page.specific.code for page in domain.get_children()] == ["1.1", "1.2"]
    listing = editor.get(f"{reverse('wagtailadmin_explore', args=[domain.pk])}?ordering=ord").content.decode()
    assert IS_RELEASED in listing


def test_the_parts_of_a_draft_are_dragged_into_another_order(editor: Client, loaded: EditionPage) -> None:
    address = reverse("wagtailadmin_pages:set_page_position", args=[StandardPage.objects.get(code="1.2").pk])
    assert editor.post(f"{address}?position=0").status_code == 200
    assert [page.specific.code for page in DomainPage.objects.get(code="D1").get_children()] == ["1.2", "1.1"]


def test_nothing_is_added_to_a_released_edition(editor: Client, released: Edition, loaded: EditionPage) -> None:
    answer = editor.get(reverse("wagtailadmin_pages:add", args=["standards", "domainpage", loaded.pk]))
    assert IS_RELEASED in told(answer, editor)


def test_a_released_page_is_not_deleted_along_with_others(editor: Client, released: Edition) -> None:
    page = DomainPage.objects.get(code="D1")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    assert IS_RELEASED in told(editor.post(f"{address}?id={page.pk}"), editor)
    assert DomainPage.objects.filter(code="D1").exists()


def test_a_released_page_is_not_unpublished_along_with_others(editor: Client, released: Edition) -> None:
    page = DomainPage.objects.get(code="D1")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    assert "You don't have permission to unpublish this page" in html.unescape(
        editor.get(f"{address}?id={page.pk}").content.decode()
    )
    editor.post(f"{address}?id={page.pk}")
    assert DomainPage.objects.get(code="D1").live is True


def test_nothing_is_moved_into_a_released_edition_in_bulk(
    editor: Client, released: Edition, loaded: EditionPage
) -> None:
    copied = begin_edition(loaded, code="next", title="Next")
    standard = StandardPage.objects.descendant_of(copied).get(code="2.1")
    domain = DomainPage.objects.child_of(loaded).get(code="D1")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    answer = editor.post(f"{address}?id={standard.pk}", {"chooser": domain.pk})
    assert IS_RELEASED in told(answer, editor)
    assert StandardPage.objects.get(pk=standard.pk).is_descendant_of(copied)


# --- The next edition -----------------------------------------------------------------------------------------------


def next_address(page: EditionPage) -> str:
    return reverse("begin_edition", args=[page.pk])


@pytest.mark.parametrize("at", ["wagtailadmin_explore", "wagtailadmin_pages:edit"])
def test_the_next_edition_is_offered_where_the_edition_is_and_no_copy(
    editor: Client, released: Edition, loaded: EditionPage, at: str
) -> None:
    page = editor.get(reverse(at, args=[loaded.pk])).content.decode()
    assert next_address(loaded) in page
    assert reverse("wagtailadmin_pages:copy", args=[loaded.pk]) not in page
    assert (
        next_address(loaded)
        in editor.get(reverse("wagtailadmin_explore", args=[loaded.get_parent().pk])).content.decode()
    )


@pytest.mark.parametrize("model", PAGES)
def test_no_page_of_the_guide_is_copied_by_wagtail(editor: Client, released: Edition, model: type) -> None:
    page = new(model).first()
    values = {"new_title": "M", "new_slug": "m", "new_parent_page": page.get_parent().pk, "copy_subpages": "on"}
    for alias in ({}, {"alias": "on"}):
        address = reverse("wagtailadmin_pages:copy", args=[page.pk])
        assert "you do not have permission" in told(editor.post(address, {**values, **alias}), editor)
    assert not model.objects.filter(slug="m").exists()


def test_what_holds_the_guide_is_not_copied_with_it(editor: Client, released: Edition) -> None:
    home = GuidePage.objects.get().get_parent()
    assert "The Guide is not copied." in told(editor.get(reverse("wagtailadmin_pages:copy", args=[home.pk])), editor)


def test_the_next_edition_is_begun_in_one_act(editor: Client, released: Edition, loaded: EditionPage) -> None:
    assert "Begin the next edition" in editor.get(next_address(loaded)).content.decode()
    answer = editor.post(next_address(loaded), {"year": "2031"})
    assert "Edition 2031 is begun. It says what edition small says" in told(answer, editor)
    begun = EditionPage.objects.get(code="2031")
    assert (begun.title, begun.why_frozen()) == (f"{loaded.title} 2031", "")
    pages = [page.specific for page in begun.get_descendants(inclusive=True)]
    assert [(page.live, page.has_unpublished_changes) for page in pages] == [(False, True)] * 10
    tree, wording = read_tree(begun), released.texts("en")
    assert replace(tree.framework, code="small") == released.framework
    assert {path for path, text in write_texts(tree.text).items() if text != str(wording[path])} == {"title"}
    standard = StandardPage.objects.descendant_of(begun).get(code="1.2")
    assert send(editor, standard, {**form_of(editor, standard), "title": "Hours"}).status_code == 302
    assert StandardPage.objects.descendant_of(begun).get(code="1.2").title == "Hours"
    assert is_as_released(loaded, released)


def test_what_the_editor_says_is_asked_anew_is_released_and_not_said_again_of_the_next(
    editor: Client, loaded: EditionPage
) -> None:
    indicator = IndicatorPage.objects.get(code="1.2.1")
    form = {**form_of(editor, indicator), "asked_anew": "on"}
    assert send(editor, indicator, form).status_code == 302
    edition = release(loaded)
    asked = {code: indicator.asked_anew for code, indicator in edition.framework.indicators.items()}
    assert [code for code, anew in asked.items() if anew] == ["1.2.1"]
    begun = begin_edition(loaded, code="next", title="Next")
    assert not any(indicator.asked_anew for indicator in release(begun).framework.indicators.values())


def test_the_second_of_two_who_begin_the_next_edition_is_told(editor: Client, loaded: EditionPage) -> None:
    editor.post(next_address(loaded), {"year": "2031"})
    answer = editor.post(next_address(loaded), {"year": "2031", "title": "Mine"})
    assert (answer.status_code, EditionPage.objects.count()) == (200, 2)
    assert "There is an edition 2031 already. Choose another code." in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()
    assert editor.post(next_address(loaded), {"year": "2031", "code": "2031-2"}).status_code == 302


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"year": ""}, "Fill this in."),
        ({"year": "soon"}, "Write a whole number, such as 12."),
        ({"year": "31"}, "Ensure this value is greater than or equal to 2000."),
        ({"year": "2031", "code": "the next"}, "Use letters, digits, dots and hyphens"),
        ({"year": "2031", "code": "small"}, "There is an edition small already."),
    ],
)
def test_a_next_edition_that_cannot_be_says_why(
    editor: Client, loaded: EditionPage, sent: dict[str, str], message: str
) -> None:
    assert message in editor.post(next_address(loaded), sent).content.decode()
    assert EditionPage.objects.count() == 1


def test_a_next_edition_is_not_begun_from_a_translation_nor_by_everybody(
    client: Client, sign_in: Callable[..., Client], french: EditionPage
) -> None:
    english = EditionPage.objects.get(locale__language_code="en")
    writer = User.objects.create(email="w@example.org", name="A writer")
    assert sign_in(client, writer).get(next_address(english)).status_code in (302, 403)
    boss = person(Role.GUIDE_EDITOR)
    assert sign_in(Client(), boss).get(next_address(french), follow=True).redirect_chain
    assert sign_in(Client(), boss).get(next_address(english)).status_code == 200


def test_the_next_title_carries_the_year() -> None:
    assert next_title(EditionPage(title="The Guide"), 2031) == "The Guide 2031"
    assert next_title(EditionPage(title="Practical Guide, edition 2026"), 2031) == "Practical Guide, edition 2031"


def test_a_translation_stays_open_until_its_wording_is_published(
    editor: Client, released: Edition, french: EditionPage
) -> None:
    translate_all(french)
    page = StandardPage.objects.get(code="1.2", locale__language_code="fr")
    assert send(editor, page, {**form_of(editor, page), "introduction": "Autrement."}).status_code == 302
    assert StandardPage.objects.get(pk=page.pk).introduction == "Autrement."
    form = form_of(editor, page)
    publish_wording(released, "fr")
    assert "a published wording does not change" in told(send(editor, page, form), editor)
