"""The editors of the Guide during typing: bands on a line, the visible fields, and previews next to them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Role
from standards.models import EditionPage, IndicatorPage
from tests.factories import person
from tests.standards.models.cms import form_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser_page: Any, as_user: Callable[..., Any]) -> Any:
    return as_user(browser_page, person(Role.GUIDE_EDITOR))


def edit_address(thing: Any) -> str:
    return reverse("wagtailadmin_pages:edit", args=[thing.pk])


def test_bands_follow_what_is_typed(page: Any, draft: EditionPage, axe: Callable[..., None]) -> None:
    indicator = IndicatorPage.objects.descendant_of(draft).filter(bands__startswith=">=").first()
    page.goto(edit_address(indicator))
    page.get_by_role("tab", name="How it is judged").click()
    line = page.locator("[data-fields~=bands]")
    expect(line.locator("li").first).to_be_visible()
    page.locator("[name=bands]").fill(">=70:3;<30:0")
    expect(line.locator("li")).to_have_count(3)
    expect(line).to_contain_text("No band applies here")
    axe(page, within="[data-fields~=bands]")
    page.locator("[name=bands]").fill("70")
    expect(line).to_contain_text("The band “70” is not written like “>=90:3”.")


def test_the_sentence_follows_of_whom_it_is_asked(page: Any, draft: EditionPage, axe: Callable[..., None]) -> None:
    page.goto(edit_address(IndicatorPage.objects.descendant_of(draft).get(code="2.1.1")))
    sentence = page.locator("[data-fields~=asked_if]")
    expect(sentence).to_contain_text("It is asked of every hotline.")
    subject, level, compare = (page.locator(f"[name=asked_if-0-{name}]") for name in ("subject", "level", "compare"))
    expect(level).to_be_hidden()
    subject.select_option("1.2.1")
    expect(compare).to_be_hidden()
    expect(sentence).to_contain_text("Say from which level of the answer to 1.2.1 on it is asked")
    level.select_option(label="yes")
    expect(sentence).to_contain_text("Asked only if 1.2.1 is answered with yes.")
    expect(page.locator("[name=asked_if-1-subject]")).to_be_hidden()
    for number in (1, 2):
        page.get_by_role("button", name="Add an alternative").click()
        expect(page.locator(f"[name=asked_if-{number}-subject]")).to_be_focused()
    expect(page.get_by_role("group", name="Alternative 3")).to_be_visible()
    axe(page, within="[data-asking]")
    page.locator("[name=asked_if-2-subject]").select_option("1.2.1")
    page.locator("[name=asked_if-2-level]").select_option(label="no")
    expect(sentence).to_contain_text("1.2.1 is answered with yes; 1.2.1 is answered with no")
    subject.select_option("")
    expect(sentence).to_contain_text("Asked only if 1.2.1 is answered with no.")


def test_the_levels_of_an_answer_are_those_of_its_measure(
    page: Any, draft: EditionPage, axe: Callable[..., None]
) -> None:
    page.goto(edit_address(IndicatorPage.objects.descendant_of(draft).get(code="1.2.1")))
    page.get_by_role("tab", name="How it is judged").click()
    rows = page.locator("[data-supports] [data-row]")
    expect(rows.filter(visible=True)).to_have_count(2)
    page.get_by_label("(yes)").select_option(label="Only with evidence")
    expect(page.locator("[data-fields~=counts_at]")).to_contain_text("For “yes”, it counts only with evidence.")
    axe(page, within="[data-supports]")
    page.locator("[name=measure]").select_option("scale")
    expect(rows.filter(visible=True)).to_have_count(4)
    expect(page.locator("[data-fields~=counts_at]")).to_contain_text("For level 3")


def test_an_edition_asks_for_the_names_of_its_own_levels(page: Any, draft: EditionPage) -> None:
    page.goto(edit_address(draft))
    page.get_by_role("tab", name="Scale and classes").click()
    expect(page.locator("[name=level_3]")).to_be_visible()
    expect(page.locator("[name=level_4]")).to_be_hidden()
    page.locator("[name=scale_highest]").fill("4")
    page.locator("[name=scale_highest]").blur()
    expect(page.locator("[name=level_4]")).to_be_visible()
    page.get_by_role("tab", name="Scores and outcomes").click()
    expect(page.locator("[name=share_level]")).to_be_hidden()
    page.locator("[name=domain_method]").select_option("share")
    expect(page.locator("[name=share_level]")).to_be_visible()


def test_a_draft_is_shown_beside_its_form_as_others_will_see_it(page: Any, draft: EditionPage) -> None:
    indicator = IndicatorPage.objects.descendant_of(draft).filter(measure="yes_no").first()
    page.goto(edit_address(indicator))
    page.locator("[name=wording]").fill("Open at any hour")
    page.get_by_role("button", name="Toggle preview").click()
    page.locator("#w-preview-iframe[src*='mode=']").wait_for()
    with page.expect_response(lambda response: "mode=questionnaire" in response.url) as shown:
        page.get_by_label("Preview mode").select_option("questionnaire")
    assert "An invented answer: here the hotline writes how it does this." in shown.value.text()


def test_previews_are_accessible(
    client: Client, sign_in: Callable[..., Client], page: Any, draft: EditionPage, axe: Callable[..., None]
) -> None:
    """The markup is tested on a page without its content policy, under which no script runs, not even the checker's."""
    standard = IndicatorPage.objects.descendant_of(draft).first().get_parent()
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[standard.pk])
    editor = sign_in(client, person(Role.GUIDE_EDITOR))
    editor.post(address, form_of(editor, standard.specific))
    page.goto(reverse("pages:guide"))
    for mode in ("questionnaire", "visit"):  # the report's templates are those of the printed report
        page.set_content(editor.get(f"{address}?mode={mode}").content.decode())
        axe(page)
