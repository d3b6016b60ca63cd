"""The editors of the Guide.

Each opens and publishes, offers the edition's choices, and marks problems at their fields.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html

from standards.drafts.frameworks import draft_framework
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import prepare
from standards.framework import Obligation, Outcome, Procedure, Rule, Scale
from standards.models import (
    DomainPage,
    EditionPage,
    GuideCondition,
    GuideIndicator,
    GuideObligation,
    GuideOutcome,
    GuidePage,
    GuidePassing,
    StandardPage,
)
from tests.standards.conftest import EDITIONS
from tests.standards.models.cms import edit_address, errors_of, form_of, send

pytestmark = pytest.mark.django_db

PAGES = (GuidePage, EditionPage, DomainPage, StandardPage)
NOTHING = inline_formset([])

_opened: dict[int, dict[str, Any]] = {}


def untouched_form(editor: Client, page: Page) -> dict[str, Any]:
    """The form of a page of the small edition as the scene has it: alike in every test, so it is opened once."""
    if page.pk not in _opened:
        _opened[page.pk] = form_of(editor, page)
    return dict(_opened[page.pk])


@pytest.mark.parametrize("model", PAGES)
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
        for model in (*PAGES, GuideIndicator, GuideObligation, GuideOutcome, GuideCondition, GuidePassing)
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
        (
            {"indicators-0-code": "1.1"},
            "The code “1.1” is not written like “5.1.1”. Write the code of its standard, a dot, and a number from 1 to 99.",
        ),
        (
            {"indicators-0-code": "1.2.7"},
            "The code 1.2.7 does not belong to standard 1.1. Begin it with “1.1.”.",
        ),
        ({"indicators-1-code": "1.1.1"}, "1.1.1 stands twice on this page."),
        ({"code": "2.1"}, "The code 2.1 does not belong to domain D1. Begin it with “1.”."),
        ({"code": "1.2"}, "There is a standard 1.2 in this edition already."),
        (
            {"indicators-0-not_applicable": "on"},
            "1.1.1 is essential and may not allow “not applicable”.",
        ),
        (
            {"indicators-0-measure": "scale"},
            "1.1.1 is judged by people. Take another source than statistics, or make it a number.",
        ),
        (
            {"indicators-0-measure": "scale", "indicators-0-formula": "", "indicators-0-bands": ""},
            "Only a number, or what is capped by figures, has this. Empty it, or write the formula.",
        ),
        (
            {"indicators-0-points": "0-1-2"},
            "The points “0-1-2” are not written like “0, 1, 3”. Write whole numbers from 0 to 9999.",
        ),
        (
            {"indicators-0-points": "0, 1"},
            "1.1.1 needs 4 points, one for each level from 0 to 3, never fewer for a better level, "
            "and more than 0 for the best.",
        ),
        (
            {"indicators-0-obligation": "vital"},
            "1.1.1 is “vital”, which the edition does not name. Take one of: essential, core, developmental.",
        ),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_is_saved(
    editor: Client, loaded: EditionPage, changes: dict[str, str], error: str
) -> None:
    page = StandardPage.objects.get(code="1.1")
    before = list(GuideIndicator.objects.order_by("pk").values())
    response = send(editor, page, {**untouched_form(editor, page), **changes})
    assert response.status_code == 200
    assert error in errors_of(response)
    assert list(GuideIndicator.objects.order_by("pk").values()) == before


def test_an_indicator_of_another_standard_may_not_be_repeated(editor: Client, loaded: EditionPage) -> None:
    GuideIndicator.objects.filter(code="2.1.1").update(code="1.1.9")
    page = StandardPage.objects.get(code="1.1")
    response = send(editor, page, {**form_of(editor, page), "indicators-1-code": "1.1.9"})
    assert errors_of(response) == ["1.1.9 stands in another standard of this edition already."]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"outcomes-0-conditions-0-test": "score"}, "The test “score” needs percent."),
        ({"outcomes-1-conditions-2-level": "2"}, "The test “score” does not look at level."),
        (
            {"outcomes-1-conditions-0-level": "5"},
            "There is no level 5 in the scale, for which the test “every” asks.",
        ),
        (
            {"outcomes-1-conditions-0-obligation": "vital"},
            "A condition names the obligation vital, which the edition does not have.",
        ),
        (
            {"outcomes-1-conditions-1-test": "reached", "outcomes-1-conditions-1-percent": ""},
            "The test “reached” needs outcome.",
        ),
    ],
)
def test_a_condition_says_what_its_test_needs(
    editor: Client, loaded: EditionPage, changes: dict[str, str], error: str
) -> None:
    response = send(editor, loaded, {**untouched_form(editor, loaded), **changes})
    assert response.status_code == 200
    conditions = response.context["form"].formsets["outcomes"].forms
    found = [f.errors for outcome in conditions for f in outcome.formsets["conditions"].forms if f.errors]
    assert [text for errors in found for texts in errors.values() for text in texts] == [error]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        (
            {"scale_highest": "0"},
            "The scale needs at least two levels. Make its highest level higher than its lowest.",
        ),
        (
            {"scale_points": "3, 2, 1, 0"},
            "The scale needs 4 points, one for each level from 0 to 3, never fewer for a better level, "
            "and more than 0 for the best.",
        ),
        ({"scale_highest": "4"}, "This text is missing. Write it."),
        (
            {"domain_method": "share"},
            "A share counts from a level: give the aggregation one if a tier or a condition is a share, "
            "and none otherwise.",
        ),
        ({"quorum": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"outcomes-1-code": "deferred"}, "The outcome deferred stands twice. Each may stand once."),
        ({"obligations-1-code": "essential"}, "The obligation essential stands twice. Each may stand once."),
        (
            {"obligations-0-wanted": "4"},
            "The obligation essential asks for level 4, which the scale does not have.",
        ),
    ],
)
def test_a_mistake_in_the_rule_is_told_at_its_field(
    editor: Client, loaded: EditionPage, changes: dict[str, str], error: str
) -> None:
    response = send(editor, loaded, {**untouched_form(editor, loaded), **changes})
    assert response.status_code == 200
    assert error in errors_of(response)


def test_a_method_is_chosen_for_a_score_of_some_indicators_only(editor: Client, loaded: EditionPage) -> None:
    form = {**untouched_form(editor, loaded), "outcomes-1-conditions-2-method": "mean"}
    response = send(editor, loaded, form)
    assert "Only the score of a choice of indicators has a method of its own." in response.content.decode()
    form["outcomes-1-conditions-2-obligation"] = "core"
    assert send(editor, loaded, form).status_code == 302
    kept = GuideCondition.objects.get(outcome__page=loaded.pk, test="score")
    assert (kept.obligation, kept.method) == ("core", "mean")


def test_a_half_written_rule_can_be_kept(editor: Client, loaded: EditionPage) -> None:
    form = {**form_of(editor, loaded), "outcomes-2-DELETE": "on", "outcomes-1-conditions-1-domain": "D7"}
    form |= {"outcomes-1-conditions-1-test": "score"}
    assert send(editor, loaded, form).status_code == 302
    assert list(EditionPage.objects.get().outcomes.values_list("code", flat=True)) == ["deferred", "accredited"]


def test_the_editor_of_an_indicator_offers_what_its_edition_has(editor: Client, db: None) -> None:
    load_guide(EDITIONS / "everything")
    page = editor.get(edit_address(StandardPage.objects.get(code="2.1"))).content.decode()
    offered = re.search(r'<select name="indicators-0-obligation".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'value="([^"]*)"', offered) == ["", "must", "should", "may"]
    assert sorted(set(re.findall(r'name="indicators-0-level_(\w+)"', page))) == ["1", "2", "3", "4", "no", "yes"]
    assert "Levels 1 to 4, if it is a level of the scale" in page


def test_everything_can_be_opened_and_published_as_it_is(editor: Client, db: None) -> None:
    edition = load_guide(EDITIONS / "everything").page
    before = prepare(edition).sha256
    for page in (edition, *DomainPage.objects.all(), *StandardPage.objects.all()):
        assert send(editor, page, form_of(editor, page)).status_code == 302
    assert prepare(EditionPage.objects.get()).sha256 == before


def test_an_indicator_can_be_added_in_the_editor(editor: Client, loaded: EditionPage) -> None:
    page = StandardPage.objects.get(code="1.2")
    form = form_of(editor, page)
    fields = GuideIndicator.objects.get(code="1.2.1").values
    new = {name: value for name, value in fields.items() if value} | {"code": "1.2.2", "id": "", "ORDER": "2"}
    added = nested_form_data({"indicators": {"1": new}})
    response = send(editor, page, {**form, **added, "indicators-TOTAL_FORMS": "2"})
    assert response.status_code == 302
    assert list(page.indicators.values_list("code", flat=True)) == ["1.2.1", "1.2.2"]


@pytest.mark.parametrize("model", PAGES)
def test_no_editor_changes_what_readers_address(editor: Client, loaded: EditionPage, model: type) -> None:
    page = model.objects.first()
    form = form_of(editor, page)
    assert not {"slug", "seo_title", "search_description", "show_in_menus"} & form.keys()
    assert send(editor, page, {**form, "slug": "elsewhere"}).status_code == 302
    assert model.objects.get(pk=page.pk).slug == page.slug


def test_an_edition_is_written_from_an_empty_page(editor: Client, loaded: EditionPage) -> None:
    guide = GuidePage.objects.get()
    address = reverse("wagtailadmin_pages:add", args=["standards", "editionpage", guide.pk])
    form = querydict_from_html(editor.get(address).content.decode(), form_id="page-edit-form").dict()
    words = {"title": "Next", "code": "2027", "level_1": "Yes", "level_2": "No"}
    scale = {"scale_lowest": "1", "scale_highest": "2", "scale_falling": "on"}
    parts = nested_form_data(
        {
            "obligations": inline_formset([{"code": "must", "name": "Must", "weight": "1", "wanted": "1"}]),
            "passing": inline_formset([]),
            "outcomes": inline_formset([{"code": "refused", "name": "Refused", "months": "0", "conditions": NOTHING}]),
        }
    )
    response = editor.post(address, {**form, **words, **scale, **parts})
    assert response.status_code == 302
    edition = EditionPage.objects.get(code="2027")
    framework = draft_framework(read_tree(edition).text)
    assert (framework.scale, framework.procedure) == (Scale(1, 2, falling=True), Procedure())
    assert framework.rule == Rule((Obligation("must", 1, 1, excusable=False),), (Outcome("refused", 0),))


def test_the_editor_of_a_new_standard_offers_what_its_edition_has(editor: Client, db: None) -> None:
    load_guide(EDITIONS / "everything")
    domain = DomainPage.objects.get(code="D1")
    page = editor.get(reverse("wagtailadmin_pages:add", args=["standards", "standardpage", domain.pk])).content.decode()
    offered = re.search(r'<select name="indicators-__prefix__-obligation".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'value="([^"]*)"', offered) == ["", "must", "should", "may"]
    assert set(re.findall(r'name="indicators-__prefix__-level_(\d)"', page)) == {"1", "2", "3", "4"}


def test_an_unsaved_change_is_seen_in_the_preview(editor: Client, loaded: EditionPage) -> None:
    page = StandardPage.objects.get(code="1.2")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = form_of(editor, page)
    assert editor.post(address, {**form, "indicators-0-wording": "Open at noon"}).json()["is_valid"] is True
    assert "Open at noon" in editor.get(f"{address}?mode=").content.decode()
    assert GuideIndicator.objects.get(code="1.2.1").wording == "Open day and night"
