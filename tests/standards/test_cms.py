"""The Guide in the CMS: editors open, mistakes named at their field, releases made, released pages left alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, querydict_from_html

from evaluation.models import User
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideCondition,
    GuideIndicator,
    GuideOutcome,
    GuidePage,
    StandardPage,
)
from standards.releasing import give_new_code, publish_wording
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client, sign_in: Callable[..., Client]) -> Client:
    user = User.objects.create(email="editor@example.org", name="An editor", is_superuser=True)
    return sign_in(client, user)


def edit_address(page: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def form_of(editor: Client, page: Any) -> dict[str, Any]:
    """The editor's form as a browser would send it back."""
    response = editor.get(edit_address(page))
    assert response.status_code == 200
    return querydict_from_html(response.content.decode(), form_id="page-edit-form").dict()


def send(editor: Client, page: Any, form: dict[str, Any]) -> Any:
    return editor.post(edit_address(page), {**form, "action-publish": "1"})


def errors_of(response: Any) -> list[str]:
    form = response.context["form"]
    found = [error for errors in form.errors.values() for error in errors]
    for formset in form.formsets.values():
        found += [error for errors in formset.errors for texts in errors.values() for error in texts]
    return found


def told(response: Any, editor: Client) -> str:
    """What the CMS says on the page it leads to."""
    assert response.status_code == 302
    return re.sub(r"\s+", " ", editor.get(response.url).content.decode())


# --- Editing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [GuidePage, EditionPage, DomainPage, StandardPage])
def test_every_editor_opens_and_publishes(editor: Client, loaded: EditionPage, model: type) -> None:
    page = model.objects.first()
    form = form_of(editor, page)
    response = send(editor, page, {**form, "introduction": "Said anew."})
    assert response.status_code == 302
    assert model.objects.get(pk=page.pk).introduction == "Said anew."


def test_every_field_an_editor_sees_is_explained(loaded: EditionPage) -> None:
    theirs = {"id", "sort_order", "translation_key", "title", "slug", "seo_title", "search_description"}
    unexplained = [
        f"{model.__name__}.{field.name}"
        for model in (GuidePage, EditionPage, DomainPage, StandardPage, GuideIndicator, GuideOutcome, GuideCondition)
        for field in model._meta.local_fields
        if field.editable and not field.is_relation and field.name not in theirs and not field.help_text
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"indicators-0-bands": ">=90"}, "The band “>=90” is not written like “>=90:3”."),
        (
            {"indicators-0-formula": "A4"},
            "The formula “A4” is not an item, nor a ratio such as A04/(A03-A05).",
        ),
        ({"indicators-0-code": "1.1"}, "The code “1.1” is not written like “5.1.1”."),
        (
            {"indicators-0-code": "1.2.7"},
            "The code 1.2.7 does not belong to standard 1.1. Begin it with “1.1.”.",
        ),
        ({"indicators-1-code": "1.1.1"}, "1.1.1 stands twice on this page."),
        ({"code": "2.1"}, "The code 2.1 does not belong to domain D1. Begin it with “1.”."),
        ({"code": "1.2"}, "There is a standard 1.2 in this edition already."),
        (
            {"indicators-0-not_applicable": "on"},
            "An essential indicator applies to every hotline. Take “not applicable” away.",
        ),
        (
            {"indicators-0-measure": "scale"},
            "Only a numeric indicator has this. Empty it, or make the measure numeric.",
        ),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(
    editor: Client, loaded: EditionPage, changes: dict[str, str], error: str
) -> None:
    page = StandardPage.objects.get(code="1.1")
    before = list(GuideIndicator.objects.order_by("pk").values())
    response = send(editor, page, {**form_of(editor, page), **changes})
    assert response.status_code == 200
    assert error in errors_of(response)
    assert list(GuideIndicator.objects.order_by("pk").values()) == before


def test_an_indicator_of_another_standard_may_not_be_repeated(editor: Client, loaded: EditionPage) -> None:
    GuideIndicator.objects.filter(code="2.1.1").update(code="1.1.9")
    page = StandardPage.objects.get(code="1.1")
    response = send(editor, page, {**form_of(editor, page), "indicators-1-code": "1.1.9"})
    assert errors_of(response) == ["1.1.9 stands in another standard of this edition already."]


def test_a_condition_says_what_its_test_needs(editor: Client, loaded: EditionPage) -> None:
    form = form_of(editor, loaded)
    response = send(editor, loaded, {**form, "outcomes-0-conditions-0-test": "overall"})
    assert response.status_code == 200
    page = re.sub(r"\s+", " ", response.content.decode())
    assert "The test “overall” needs this. Fill it in." in page
    assert "The test “overall” does not look at this. Empty it." in page


def test_an_outcome_may_stand_once(editor: Client, loaded: EditionPage) -> None:
    form = form_of(editor, loaded)
    response = send(editor, loaded, {**form, "outcomes-1-code": "deferred"})
    assert errors_of(response) == ["The outcome deferred stands twice. Each outcome may stand once."]


def test_an_indicator_can_be_added_in_the_editor(editor: Client, loaded: EditionPage) -> None:
    page = StandardPage.objects.get(code="1.2")
    form = form_of(editor, page)
    fields = GuideIndicator.objects.get(code="1.2.1").values
    new = {name: value for name, value in fields.items() if value} | {"code": "1.2.2", "id": "", "ORDER": "2"}
    added = nested_form_data({"indicators": {"1": new}})
    response = send(editor, page, {**form, **added, "indicators-TOTAL_FORMS": "2"})
    assert response.status_code == 302
    assert list(page.indicators.values_list("code", flat=True)) == ["1.2.1", "1.2.2"]


def test_an_unsaved_change_is_seen_in_the_preview(editor: Client, loaded: EditionPage) -> None:
    page = StandardPage.objects.get(code="1.2")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = form_of(editor, page)
    assert editor.post(address, {**form, "indicators-0-wording": "Open at noon"}).json()["is_valid"] is True
    assert "Open at noon" in editor.get(f"{address}?mode=").content.decode()
    assert GuideIndicator.objects.get(code="1.2.1").wording == "Open day and night"


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
        assert "Indicator 1.2.1, evidence is missing. Write it." in page
        assert "There is one thing to put right" in page
        assert 'type="submit" class="button serious"' not in page
    assert Edition.objects.count() == 0


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


@pytest.mark.parametrize("model", [GuidePage, EditionPage, DomainPage, StandardPage])
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
