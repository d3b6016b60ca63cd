"""The Guide in the CMS: releases made, and released pages left alone."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import querydict_from_html

from evaluation.models import User
from standards.checks import Checked
from standards.framework import Problem
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideCondition,
    GuideIndicator,
    GuidePage,
    StandardPage,
)
from standards.releasing import give_new_code, publish_wording
from tests.standards.cms import edit_address, form_of, send, told
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db

PAGES = (GuidePage, EditionPage, DomainPage, StandardPage)


# --- Releasing ------------------------------------------------------------------------------------------------------


def test_an_editor_sees_the_digest_and_releases(editor: Client, loaded: EditionPage) -> None:
    address = reverse("release_edition", args=[loaded.pk])
    assert address in editor.get(reverse("wagtailadmin_explore", args=[loaded.pk])).content.decode()
    page = editor.get(address)
    assert Edition.objects.count() == 0
    digest = page.context["draft"].sha256
    assert digest in page.content.decode()
    assert f"Edition small is released. Its digest is {digest}." in told(editor.post(address), editor)
    assert Edition.objects.get().sha256 == digest


def test_problems_are_listed_instead_of_a_button(editor: Client, loaded: EditionPage) -> None:
    GuideIndicator.objects.filter(code="1.2.1").update(evidence="")
    address = reverse("release_edition", args=[loaded.pk])
    for response in (editor.get(address), editor.post(address)):
        page = response.content.decode()
        assert "“1.2 Opening hours”, indicator 1.2.1, evidence: This text is missing. Write it." in page
        assert "There is one thing to put right" in page
        assert edit_address(StandardPage.objects.get(code="1.2")) in page
        assert 'type="submit" class="button serious"' not in page
    assert Edition.objects.count() == 0


@pytest.mark.parametrize(
    ("spoil", "page_of", "problem"),
    [
        (
            lambda: GuideIndicator.objects.filter(code="1.1.1").update(bands=">=90:1;>=80:2;>=60:3"),
            lambda: StandardPage.objects.get(code="1.1"),
            "“1.1 Answering”, indicator 1.1.1, bands: The bands of 1.1.1 give a better figure a worse level: 30 gives "
            "level 0, 60 level 3 and 80 level 2. Put the levels of the bands in one direction.",
        ),
        (
            lambda: GuideCondition.objects.filter(test="domains").update(percent=0),
            lambda: EditionPage.objects.get(locale__language_code="en"),
            "“small A small edition”, outcome accredited, condition 2, percentage: This condition always holds, even "
            "when nothing at all is found, so it decides nothing. Ask for more, or take it away.",
        ),
    ],
)
def test_what_makes_no_sense_stops_a_release_with_its_page(
    editor: Client, loaded: EditionPage, spoil: Callable[[], object], page_of: Callable[[], Page], problem: str
) -> None:
    spoil()
    address = reverse("release_edition", args=[loaded.pk])
    for response in (editor.get(address), editor.post(address)):
        page = response.content.decode()
        assert problem in page
        assert f'<a href="{edit_address(page_of())}">' in page
        assert 'type="submit" class="button serious"' not in page
    assert Edition.objects.count() == 0


def test_an_outcome_that_is_never_proposed_stops_a_release(editor: Client, loaded: EditionPage) -> None:
    """Accredited is asked for less than deferred asks for: whoever is accredited is deferred first."""
    GuideCondition.objects.filter(test="incomplete").update(test="every", obligation="essential", level=1)
    page = editor.post(reverse("release_edition", args=[loaded.pk])).content.decode()
    assert (
        "“small A small edition”, outcome accredited: The outcome accredited is never proposed: wherever its conditions "
        "hold, those of deferred hold as well, and deferred is tried before it. Put accredited before deferred, or ask for "
        "more in deferred. Example: everything at level 3."
    ) in page
    assert Edition.objects.count() == 0


def test_a_release_shows_what_leads_to_each_outcome(editor: Client, loaded: EditionPage) -> None:
    page = editor.get(reverse("release_edition", args=[loaded.pk])).content.decode()
    assert "<li>Deferred: everything missing.</li><li>Accredited: everything at level 3.</li>" in page


def test_a_search_that_was_cut_off_is_told_and_stops_nothing(
    editor: Client, loaded: EditionPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = Checked(
        undecided=(Problem("Nobody knows whether %(code)s is reached.", "outcome/accredited", code="it"),)
    )
    monkeypatch.setattr("standards.proofreading.check_framework", lambda framework: unknown)
    address = reverse("release_edition", args=[loaded.pk])
    assert "outcome accredited: Nobody knows whether it is reached." in editor.get(address).content.decode()
    editor.post(address)
    assert Edition.objects.count() == 1


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
    assert Edition.objects.count() == 0


def test_a_translation_is_published_from_its_own_page(editor: Client, released: Edition, french: EditionPage) -> None:
    address = reverse("publish_wording", args=[french.pk])
    refused = editor.post(address).content.decode()
    assert "Indicator 1.2.1, wording is not translated yet." in refused
    translate_all(french)
    editor.post(address)
    assert list(released.wordings.values_list("language", flat=True)) == ["en", "fr"]


# --- Released pages -------------------------------------------------------------------------------------------------

WHY = "Edition small is released, and a released edition does not change."


@pytest.mark.parametrize("model", [EditionPage, DomainPage, StandardPage])
def test_a_released_page_can_be_looked_at_and_not_saved(editor: Client, released: Edition, model: type) -> None:
    page = model.objects.first()
    response = editor.get(edit_address(page))
    assert (response.status_code, response.context["locked_for_user"]) == (200, True)
    assert WHY in response.content.decode()
    form = querydict_from_html(response.content.decode(), form_id="page-edit-form").dict()
    answer = send(editor, page, {**form, "introduction": "Said anew."})
    assert WHY in told(answer, editor)
    assert model.objects.get(pk=page.pk).introduction != "Said anew."


@pytest.mark.parametrize("model", PAGES)
def test_a_released_page_is_not_deleted(editor: Client, released: Edition, model: type) -> None:
    page = model.objects.first()
    answer = editor.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert WHY in told(answer, editor)
    assert model.objects.filter(pk=page.pk).exists()


def test_what_holds_a_released_edition_is_not_unpublished(editor: Client, released: Edition) -> None:
    answer = editor.post(reverse("wagtailadmin_pages:unpublish", args=[GuidePage.objects.get().pk]))
    assert WHY in told(answer, editor)
    assert GuidePage.objects.get().live is True


@pytest.mark.parametrize("model", [EditionPage, DomainPage, StandardPage])
def test_a_released_page_is_not_unpublished(editor: Client, released: Edition, model: type) -> None:
    page = model.objects.first()
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))
    assert model.objects.get(pk=page.pk).live is True


def test_a_released_page_is_not_moved_and_nothing_is_moved_into_it(editor: Client, released: Edition) -> None:
    standard, domain = StandardPage.objects.get(code="2.1"), DomainPage.objects.get(code="D1")
    answer = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[standard.pk, domain.pk]))
    assert WHY in told(answer, editor)
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
    assert WHY in listing


def test_the_parts_of_a_draft_are_dragged_into_another_order(editor: Client, loaded: EditionPage) -> None:
    address = reverse("wagtailadmin_pages:set_page_position", args=[StandardPage.objects.get(code="1.2").pk])
    assert editor.post(f"{address}?position=0").status_code == 200
    assert [page.specific.code for page in DomainPage.objects.get(code="D1").get_children()] == ["1.2", "1.1"]


def test_nothing_is_added_to_a_released_edition(editor: Client, released: Edition, loaded: EditionPage) -> None:
    answer = editor.get(reverse("wagtailadmin_pages:add", args=["standards", "domainpage", loaded.pk]))
    assert WHY in told(answer, editor)


def test_nothing_is_copied_into_a_released_edition(editor: Client, released: Edition) -> None:
    standard, domain = StandardPage.objects.get(code="2.1"), DomainPage.objects.get(code="D1")
    answer = editor.post(
        reverse("wagtailadmin_pages:copy", args=[standard.pk]),
        {"new_title": "Again", "new_slug": "again", "new_parent_page": domain.pk},
    )
    assert WHY in told(answer, editor)
    assert StandardPage.objects.count() == 3


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_released_page_is_not_swept_along_with_others(editor: Client, released: Edition, action: str) -> None:
    page = DomainPage.objects.get(code="D1")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    assert WHY in told(editor.post(f"{address}?id={page.pk}"), editor)
    assert DomainPage.objects.get(code="D1").live is True


def test_nothing_is_moved_into_a_released_edition_in_bulk(
    editor: Client, released: Edition, loaded: EditionPage
) -> None:
    copied = loaded.copy(recursive=True, update_attrs={"slug": "next"})
    give_new_code(EditionPage.objects.get(pk=copied.pk))
    standard = StandardPage.objects.descendant_of(copied).get(code="2.1")
    domain = DomainPage.objects.child_of(loaded).get(code="D1")
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    answer = editor.post(f"{address}?id={standard.pk}", {"chooser": domain.pk})
    assert WHY in told(answer, editor)
    assert StandardPage.objects.get(pk=standard.pk).is_descendant_of(copied)


def test_a_released_edition_is_copied_as_a_new_one_that_can_be_edited(
    editor: Client, released: Edition, loaded: EditionPage
) -> None:
    answer = editor.post(
        reverse("wagtailadmin_pages:copy", args=[loaded.pk]),
        {
            "new_title": "Next edition",
            "new_slug": "next",
            "new_parent_page": loaded.get_parent().pk,
            "copy_subpages": "on",
            "publish_copies": "on",
        },
    )
    assert answer.status_code == 302
    copied = EditionPage.objects.get(slug="next")
    assert (copied.code, copied.why_frozen()) == ("small-copy", "")
    standard = StandardPage.objects.descendant_of(copied).get(code="1.2")
    assert send(editor, standard, {**form_of(editor, standard), "title": "Hours"}).status_code == 302
    assert StandardPage.objects.descendant_of(copied).get(code="1.2").title == "Hours"


def test_a_released_edition_is_not_mirrored(editor: Client, released: Edition, loaded: EditionPage) -> None:
    answer = editor.post(
        reverse("wagtailadmin_pages:copy", args=[loaded.pk]),
        {"new_title": "M", "new_slug": "m", "new_parent_page": loaded.get_parent().pk, "alias": "on"},
    )
    assert "A part of the Guide is copied, not mirrored." in told(answer, editor)


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
