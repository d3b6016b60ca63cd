"""The editors of the Guide.

Each can be opened and published, offers the edition's choices, and shows problems at their fields.
"""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, querydict_from_html

from evaluation.models import Role
from standards.drafts.frameworks import draft_framework
from standards.editions.page_loader import load_guide
from standards.editions.page_reader import read_tree
from standards.editions.release import prepare
from standards.framework import MalformedEdition, Obligation, Outcome, Procedure, Rule, Scale
from standards.models import (
    DomainPage,
    EditionPage,
    GuideCondition,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuidePage,
    GuidePassing,
    GuideResult,
    GuideTrait,
    IndicatorPage,
    StandardPage,
)
from standards.models.indicator import title_of
from tests.factories import person
from tests.standards.conftest import EDITIONS
from tests.standards.models.cms import edit_address, errors_of, form_of, send, send_refused

pytestmark = pytest.mark.django_db

PAGES = (GuidePage, EditionPage, DomainPage, StandardPage, IndicatorPage)
NOTHING = inline_formset([])


def test_lines_are_stored_with_line_feeds(editor: Client, loaded: EditionPage) -> None:
    page = IndicatorPage.objects.first()
    send(editor, page, form_of(editor, page) | {"guidance": "First.\r\n\r\nSecond."})
    page.refresh_from_db()
    assert page.guidance == "First.\n\nSecond."


def test_an_indicator_whose_bands_reach_no_value_can_be_opened_and_mended(editor: Client, loaded: EditionPage) -> None:
    page = IndicatorPage.objects.exclude(bands="").first()
    assert editor.post(edit_address(page), form_of(editor, page) | {"bands": "<0:3"}).status_code == 302
    assert form_of(editor, page)["bands"] == "<0:3"


@pytest.mark.parametrize("model", PAGES)
def test_every_editor_opens_and_publishes(editor: Client, loaded: EditionPage, model: type) -> None:
    page = model.objects.first()
    form = form_of(editor, page)
    field = "guidance" if model is IndicatorPage else "introduction"
    response = send(editor, page, {**form, field: "Said anew."})
    assert response.status_code == 302
    assert getattr(model.objects.get(pk=page.pk), field) == "Said anew."


def test_every_field_an_editor_sees_is_explained(loaded: EditionPage) -> None:
    theirs = {"id", "sort_order", "translation_key", "title", "slug", "seo_title", "search_description"}
    unexplained = [
        f"{model.__name__}.{field.name}"
        for model in (
            *PAGES,
            GuideGroup,
            GuideObligation,
            GuideOutcome,
            GuideResult,
            GuideTrait,
            GuideCondition,
            GuidePassing,
        )
        for field in model._meta.local_fields
        if field.editable and not field.is_relation and field.name not in theirs and not field.help_text
    ]
    assert unexplained == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "3.1"}, "The code 3.1 does not belong to domain D1. Begin it with “1.”."),
        ({"code": "1.2"}, "There is a standard 1.2 in this edition already."),
    ],
)
def test_a_mistake_in_a_standard_is_told_at_its_field(
    editor: Client, loaded: EditionPage, changes: dict[str, str], error: str
) -> None:
    page = StandardPage.objects.get(code="1.1")
    assert errors_of(send_refused(editor, page, {**form_of(editor, page), **changes})) == [error]


@pytest.mark.parametrize(
    ("changes", "field", "error"),
    [
        ({"bands": ">=90"}, "bands", "The band “>=90” is not written like “>=90:3”."),
        ({"formula": "A4"}, "formula", "The formula “A4” is not an item, nor a ratio such as A04/(A03-A05)."),
        (
            {"code": "1.1"},
            "code",
            "The code “1.1” is not written like “5.1.1”. Write the code of its standard, a dot, and a number from 1 to 99.",
        ),
        ({"code": "1.2.7"}, "code", "The code 1.2.7 does not belong to standard 1.1. Begin it with “1.1.”."),
        ({"code": "1.1.2"}, "code", "There is an indicator 1.1.2 in this edition already."),
        ({"not_applicable": "on"}, "not_applicable", "1.1.1 is essential and may not allow “not applicable”."),
        (
            {"measure": "scale"},
            "source",
            "1.1.1 is judged by people. Take another source than statistics, or make it a number.",
        ),
        (
            {"measure": "scale", "formula": "", "bands": ""},
            "unit",
            "Only a number, or what is capped by figures, has this. Empty it, or write the formula.",
        ),
        (
            {"points": "0-1-2"},
            "points",
            "The points “0-1-2” are not written like “0, 1, 3”. Write whole numbers from -99999 to 99999.",
        ),
        (
            {"points": "0, 1"},
            "points",
            "1.1.1 needs 4 points, one for each level from 0 to 3, never fewer for a better level, "
            "and more than 0 for the best.",
        ),
        (
            {"obligation": "vital"},
            "obligation",
            "1.1.1 is “vital”, which the edition does not name. Take one of: essential, core, developmental.",
        ),
        ({"wording": ""}, "wording", "Fill this in."),
    ],
)
def test_a_mistake_in_an_indicator_is_told_at_its_field_and_nothing_is_saved(
    editor: Client, loaded: EditionPage, changes: dict[str, str], field: str, error: str
) -> None:
    page = IndicatorPage.objects.get(code="1.1.1")
    before = list(IndicatorPage.objects.order_by("pk").values())
    form = send_refused(editor, page, {**form_of(editor, page), **changes})
    assert error in form.errors[field]
    assert list(IndicatorPage.objects.order_by("pk").values()) == before


def test_a_draft_of_an_indicator_needs_no_more_than_its_code(editor: Client, loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2")
    address = reverse("wagtailadmin_pages:add", args=["standards", "indicatorpage", standard.pk])
    form = querydict_from_html(editor.get(address).content.decode(), form_id="page-edit-form").dict()
    assert errors_of(editor.post(address, form).context["form"]) == [
        "The code “” is not written like “5.1.1”. Write the code of its standard, a dot, and a number from 1 to 99."
    ]
    assert editor.post(address, {**form, "code": "1.2.2"}).status_code == 302
    draft = IndicatorPage.objects.get(code="1.2.2")
    assert (draft.live, draft.slug, draft.title, draft.get_admin_display_title()) == (False, "1-2-2", "…", "1.2.2 …")
    assert "1.2.2" not in read_tree(loaded).framework.indicators
    refused = send_refused(editor, draft, {**form, "code": "1.2.2"})
    assert refused.errors["measure"] == ["Fill this in."]
    with pytest.raises(MalformedEdition) as caught:
        prepare(loaded)
    assert {problem.page_id for problem in caught.value.problems} == {draft.pk}


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
    form = send_refused(editor, loaded, {**form_of(editor, loaded), **changes})
    conditions = form.formsets["outcomes"].forms
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
    assert error in errors_of(send_refused(editor, loaded, {**form_of(editor, loaded), **changes}))


def test_a_method_is_chosen_for_a_score_of_some_indicators_only(editor: Client, loaded: EditionPage) -> None:
    form = {**form_of(editor, loaded), "outcomes-1-conditions-2-method": "mean"}
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


def offered_by(page: str) -> tuple[list[str], list[str]]:
    """Return the obligations and the levels that the editor of an indicator offers."""
    offered = re.search(r'<select name="obligation".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'value="([^"]*)"', offered), re.findall(r'<input type="text" name="level_(\w+)"', page)


def test_the_editor_of_an_indicator_offers_what_its_edition_has(editor: Client, db: None) -> None:
    load_guide(EDITIONS / "everything")
    standard = StandardPage.objects.get(code="2.1")
    new = reverse("wagtailadmin_pages:add", args=["standards", "indicatorpage", standard.pk])
    for address in (new, edit_address(IndicatorPage.objects.child_of(standard).first())):
        page = editor.get(address).content.decode()
        assert offered_by(page) == (["", "must", "should", "may"], ["1", "2", "3", "4", "yes", "no"])
        assert "Level 1 (Full)" in page


def test_the_editor_of_an_indicator_has_three_tabs(editor: Client, loaded: EditionPage) -> None:
    page = editor.get(edit_address(IndicatorPage.objects.get(code="1.1.1"))).content.decode()
    tabs = re.findall(r'<a[^>]* role="tab"[^>]*>([^<]*)', page)
    assert [tab.strip() for tab in tabs] == ["What is asked", "How it is judged", "What happens next"]
    assert "1.1.1 Share of calls answered" in page
    assert 'name="title"' not in page
    assert re.search(r'<script[^>]* src="[^"]*portal/js/indicator_editor[^"]*\.js"', page)


@pytest.mark.parametrize(
    ("wording", "title"),
    [
        ("Open day\n and night", "Open day and night"),
        ("", "…"),
        ("word " * 16, " ".join(["word"] * 16)),
        ("word " * 17, f"{' '.join(['word'] * 16)}…"),
        ("w" * 100, f"{'w' * 80}…"),
    ],
)
def test_the_title_of_an_indicator_is_its_wording_cut_at_a_word(wording: str, title: str) -> None:
    assert title_of(wording) == title


def test_everything_can_be_opened_and_published_as_it_is(editor: Client, db: None) -> None:
    edition = load_guide(EDITIONS / "everything").page
    before = prepare(edition).sha256
    for page in (edition, *DomainPage.objects.all(), *StandardPage.objects.all(), *IndicatorPage.objects.all()):
        assert send(editor, page, form_of(editor, page)).status_code == 302
    assert prepare(EditionPage.objects.get()).sha256 == before


def test_publishing_a_part_says_that_only_a_release_makes_it_public(editor: Client, loaded: EditionPage) -> None:
    page = StandardPage.objects.get(code="1.2")
    shown = editor.get(send(editor, page, form_of(editor, page)).url, follow=True).content.decode()
    assert "Saved for the next release. It is public only once the edition is released." in shown
    assert "has been published" not in shown


def test_an_indicator_can_be_added_in_the_editor(editor: Client, loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2")
    address = reverse("wagtailadmin_pages:add", args=["standards", "indicatorpage", standard.pk])
    form = querydict_from_html(editor.get(address).content.decode(), form_id="page-edit-form").dict()
    written = {name: value for name, value in IndicatorPage.objects.get(code="1.2.1").values.items() if value}
    response = editor.post(address, {**form, **written, "code": "1.2.2", "action-publish": "1"})
    assert response.status_code == 302
    pages = IndicatorPage.objects.child_of(standard)
    assert [(page.code, page.slug, page.title, page.live) for page in pages] == [
        ("1.2.1", "1-2-1", "Open day and night", True),
        ("1.2.2", "1-2-2", "Open day and night", True),
    ]
    assert pages[1].values == {**pages[0].values, "code": "1.2.2", "key": pages[1].key}
    assert len(pages[1].key) == 10


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


def test_an_unsaved_change_is_seen_in_the_preview(editor: Client, loaded: EditionPage) -> None:
    page = IndicatorPage.objects.get(code="1.1.1")
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    form = form_of(editor, page)
    assert editor.post(address, {**form, "wording": "Share of calls heard"}).json()["is_valid"] is True
    shown = editor.get(f"{address}?mode=").content.decode()
    assert ("Share of calls heard" in shown, 'id="i1.1.1"' in shown, 'id="i1.1.2"' in shown) == (True, True, False)
    assert IndicatorPage.objects.get(code="1.1.1").wording == "Share of calls answered"
    assert editor.post(address, {**form, "measure": ""}).json()["is_valid"] is True
    shown = editor.get(f"{address}?mode=").content.decode()
    assert ('id="i1.1.1"' in shown, 'id="i1.1.2"' in shown) == (False, True)


def test_a_new_indicator_is_seen_in_the_preview(editor: Client, loaded: EditionPage) -> None:
    standard = StandardPage.objects.get(code="1.2")
    args = ["standards", "indicatorpage", standard.pk]
    page = editor.get(reverse("wagtailadmin_pages:add", args=args)).content.decode()
    form = querydict_from_html(page, form_id="page-edit-form").dict()
    words = {"code": "1.2.2", "wording": "Open at noon", "measure": "yes_no", "obligation": "core"}
    address = reverse("wagtailadmin_pages:preview_on_add", args=args)
    assert editor.post(address, {**form, **words}).json()["is_valid"] is True
    assert "Open at noon" in editor.get(f"{address}?mode=").content.decode()


# --- Bands on a line --------------------------------------------------------------------------------------------------


def drawn(client: Client, edition: EditionPage, **typed: str) -> str:
    """Return the line of bands that are typed and not saved."""
    answer = client.post(reverse("guide_bands", args=[edition.pk]), {"code": "1.1.1", "unit": "percent", **typed})
    assert answer.status_code == 200
    return re.sub(r"[ \n\u00a0]+", " ", answer.content.decode())


def test_stored_bands_stand_on_a_line_in_the_form(editor: Client, loaded: EditionPage) -> None:
    page = IndicatorPage.objects.get(code="1.1.1")
    shown = re.sub(r"[ \n\u00a0]+", " ", editor.get(edit_address(page)).content.decode())
    assert 'class="band-line"' in shown
    assert "at least 80 % and less than 90 %" in shown
    assert f'data-described="{reverse("guide_bands", args=[loaded.pk])}?indicator={page.pk}"' in shown


def test_typed_bands_are_drawn_with_the_names_of_their_levels(editor: Client, loaded: EditionPage) -> None:
    shown = drawn(editor, loaded, bands=">=70:3")
    assert (loaded.level_3 in shown, "at least 70 %" in shown, "The higher the value, the better." in shown) == (
        True,
    ) * 3
    assert IndicatorPage.objects.get(code="1.1.1").bands.startswith(">=90:3")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"bands": ">=90:3;80"}, "The band “80” is not written like “&gt;=90:3”."),
        ({"bands": ">=90:9"}, "1.1.1 has a band for level 9, which the scale does not have."),
        ({"bands": ">=60:2;<=80:1"}, "overlap: 70 is in both, with different levels."),
        ({"bands": ">=90:3;<60:0"}, "No band applies here, so the value gets the worst level."),
        ({"bands": "report_only"}, "Here the bands appear on a line while you write them"),
        ({"bands": ">=90:3", "formula": "half a formula"}, "at least 90 %"),
        ({}, "Here the bands appear on a line while you write them"),
    ],
)
def test_what_is_wrong_with_typed_bands_is_told(
    editor: Client, loaded: EditionPage, typed: dict[str, str], sentence: str
) -> None:
    assert sentence in drawn(editor, loaded, **typed)


def test_bands_are_drawn_only_for_who_may_edit(client: Client, loaded: EditionPage, sign_in: Any) -> None:
    address = reverse("guide_bands", args=[loaded.pk])
    assert client.post(address, {"bands": ">=90:3"}).status_code == 302
    assert sign_in(client, person(Role.ASSESSOR)).post(address, {"bands": ">=90:3"}).status_code == 403
    assert sign_in(client, person(Role.GUIDE_EDITOR)).post(address, {"bands": ">=90:3"}).status_code == 200
    assert client.get(address).status_code == 405
