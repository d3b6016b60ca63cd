"""The decision rule while it is written: its sentences, the fields of each test, and its effect on the last round."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.models import Role, Round
from portal.cms.editors import rule
from standards.editions.page_loader import load_guide
from standards.framework import Test
from standards.models import EditionPage, GuideCondition, GuideOutcome, GuideResult
from standards.models.edition_form import fields_of
from tests.bystander import new
from tests.factories import person
from tests.scenes import SMALL_EDITION
from tests.stage import Stage
from tests.standards.models.cms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client, sign_in: Callable[..., Client]) -> Client:
    return sign_in(client, person(Role.GUIDE_EDITOR))


def described(client: Client, page: EditionPage, **changes: str) -> dict[str, Any]:
    form = {**form_of(client, page), **changes}
    answer = client.post(reverse("guide_rule", args=[page.pk]), form)
    assert answer.status_code == 200
    return json.loads(answer.content)


def test_each_condition_is_told_as_it_stands_in_the_form(editor: Client, draft: EditionPage) -> None:
    prefix = "outcomes-1-conditions-1"
    sentences = described(editor, draft, **{f"{prefix}-percent": "66 2/3", f"{prefix}-strictly": "on"})["sentences"]
    assert sentences[prefix] == "Every domain reaches more than 66\u00a02/3\u00a0%."
    assert sentences["outcomes-1-conditions-0"].startswith("Every indicator")
    assert GuideCondition.objects.get(test="domains").percent == "60"


def test_a_condition_of_which_some_must_hold_is_told_with_those_below_it(editor: Client, draft: EditionPage) -> None:
    first, second = "outcomes-1-conditions-0", "outcomes-1-conditions-1"
    changes = {
        f"{first}-test": "any",
        f"{first}-level": "",
        f"{first}-obligation": "",
        f"{second}-is_alternative": "on",
    }
    sentences = described(editor, draft, **changes)["sentences"]
    assert sentences[first] == "At least one of these holds: (a) Every domain reaches 60\u00a0%."
    assert sentences[second] == "Every domain reaches 60\u00a0%."


def test_a_condition_that_is_not_whole_has_no_sentence_yet(editor: Client, draft: EditionPage) -> None:
    prefix = "outcomes-1-conditions-1"
    assert described(editor, draft, **{f"{prefix}-percent": ""})["sentences"][prefix] == ""
    assert described(editor, draft, **{f"{prefix}-test": ""})["sentences"].get(prefix, "") == ""


def test_the_effect_names_hotlines_to_mce_only(draft: EditionPage, sign_in: Callable[..., Client]) -> None:
    stage = Stage("published")
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    was = stage.evaluation.latest_scorecard.proposal
    number = next(number for number, row in enumerate(draft.outcomes.all()) if row.code == was)
    never = {f"outcomes-{number}-code": "renamed", f"outcomes-{number}-name": "Renamed"}
    for role, is_named in ((Role.GUIDE_EDITOR, False), (Role.MCE_COORDINATOR, True)):
        effect = described(sign_in(Client(), person(role)), draft, **never)["effect"]
        assert "1 of 1 hotlines" in " ".join(effect.split())
        assert (stage.evaluation.hotline.name in effect) == is_named
        assert ("Only Missing Children Europe sees which hotlines these are." in effect) != is_named


def test_each_outcome_has_the_name_of_its_edition_while_the_code_is_empty(
    draft: EditionPage, sign_in: Callable[..., Client]
) -> None:
    stage = Stage("published")
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    was = stage.evaluation.latest_scorecard.proposal
    number = next(number for number, row in enumerate(draft.outcomes.all()) if row.code == was)
    draft.code = ""
    draft.save_revision(clean=False)
    renamed = {f"outcomes-{number}-code": "renamed", f"outcomes-{number}-name": "Called otherwise"}
    effect = described(sign_in(Client(), person(Role.MCE_COORDINATOR)), draft, **renamed)["effect"]
    before, _arrow, after = effect.partition("→")
    name = stage.evaluation.round.edition.texts("en")[f"outcome/{was}"]
    assert f">{name}</span>" in before
    assert ">Called otherwise</span>" in after


def test_the_effect_on_a_further_result_is_told_beside_that_on_the_decision(
    draft: EditionPage, sign_in: Callable[..., Client]
) -> None:
    stage = Stage("published")
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    draft.results.add(GuideResult(code="seal", name="Seal"))
    draft.outcomes.add(GuideOutcome(code="plain", name="No seal", months=0, result="seal"))
    draft.save_revision(clean=False)
    named = f"{stage.evaluation.hotline.name}: <span"
    for role, is_named in ((Role.GUIDE_EDITOR, False), (Role.MCE_COORDINATOR, True)):
        effect = " ".join(described(sign_in(Client(), person(role)), draft)["effect"].split())
        decided, _new, further = effect.partition("The further result “Seal” is new. It would have been:")
        assert "0 of 1 hotlines" in decided
        assert further.startswith(' <span lang="en">No seal</span> 1')
        assert (named in further) == is_named
        assert named not in decided


def test_without_a_closed_round_there_is_nothing_to_try_it_on(editor: Client, draft: EditionPage) -> None:
    Round.objects.update(state=Round.State.OPEN)
    assert "No round is closed yet" in described(editor, draft)["effect"]


def test_what_makes_the_rule_unusable_is_told_in_the_place_of_its_effect(editor: Client, draft: EditionPage) -> None:
    Stage("published")
    new(Round).update(state=Round.State.CLOSED)
    effect = described(editor, draft, **{"outcomes-1-conditions-1-percent": "200"})["effect"]
    assert "asks for 200 per cent" in effect


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("outcomes-1-conditions-1-count", "many", "Outcome accredited, condition 2, how many: "),
        ("obligations-0-weight", "much", "Obligation "),
        ("excused_at_most", "none", "The edition, how much may be excused: "),
        ("standard_method", "magic", "The edition, score of a standard: "),
        ("scale_lowest", "lowest", "The edition, lowest number: "),
    ],
)
def test_a_field_that_cannot_be_read_is_told_and_no_effect_is_computed(
    editor: Client, draft: EditionPage, monkeypatch: pytest.MonkeyPatch, field: str, value: str, message: str
) -> None:
    monkeypatch.setattr(rule, "draft_effect", None)
    assert f"<li>{message}" in described(editor, draft, **{field: value})["effect"]


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR, None])
def test_only_who_may_edit_the_page_has_it_described(
    role: Role | None, draft: EditionPage, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(Client(), person(role)) if role else Client()
    answer = client.post(reverse("guide_rule", args=[draft.pk]), {})
    assert answer.status_code in (302, 403, 404)
    assert b"sentences" not in answer.content


@pytest.mark.parametrize("test", Test)
def test_the_fields_of_each_test_are_fields_of_a_row(test: Test) -> None:
    assert set(fields_of(test)) <= {field.name for field in GuideCondition._meta.get_fields()}
    assert "is_alternative" in fields_of(test)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_condition_is_built_by_choosing(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None]
) -> None:
    draft = load_guide(SMALL_EDITION).page
    page = as_user(browser_page, person(Role.GUIDE_EDITOR))
    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    page.get_by_role("tab", name="Scores and outcomes").click()
    row = "outcomes-1-conditions-2"
    sentence = page.locator(f"#id_{row}-test-sentence")
    expect(sentence).to_have_text("The overall score reaches 80\u00a0%.")
    field = page.locator(f"[name='{row}-domain']")
    expect(page.locator(f"#id_{row}-level-choice")).to_be_hidden()
    page.locator(f"#id_{row}-domain-choice").select_option(label="D2 Staff")
    assert field.input_value() == "D2"
    expect(sentence).to_have_text("The score of the domain “Staff” reaches 80\u00a0%.")
    page.locator(f"[name='{row}-test']").select_option("at_least")
    page.locator(f"#id_{row}-level-choice").select_option("2")
    page.locator(f"[name='{row}-count']").fill("2")
    page.locator(f"[name='{row}-percent']").fill("")
    expect(page.locator(f"[name='{row}-percent']")).to_be_hidden()
    expect(sentence).to_contain_text("At least 2 indicators reach level 2")
    expect(page.locator("[data-effect]")).to_contain_text("0 of 1 hotlines of Bystander")
    axe(page, within=".w-tabs__panel:not([hidden])")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_indicator_is_added_by_keyboard_once(browser_page: Any, as_user: Callable[..., Any]) -> None:
    draft = load_guide(SMALL_EDITION).page
    page = as_user(browser_page, person(Role.GUIDE_EDITOR))
    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    page.get_by_role("tab", name="Scores and outcomes").click()
    row = "outcomes-1-conditions-2"
    page.locator(f"#id_{row}-level-choice option").first.wait_for(state="attached")
    firsts = [page.locator(f"#id_{row}-{name}-choice option").first.text_content() for name in ("level", "domain")]
    assert firsts == ["Choose", "all"]
    assert page.locator(f"#id_{row}-domain-choice option[value='D2']").get_attribute("lang") == "en"
    page.locator(f"[name='{row}-test']").select_option("at_least")
    field, choice = page.locator(f"[name='{row}-codes']"), page.locator(f"#id_{row}-codes-choice")
    for code in ("1.1.1", "1.2.1", "1.1.1"):
        choice.focus()
        page.keyboard.type(code)
        expect(choice).to_have_value(code)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(field).to_have_value("1.1.1, 1.2.1")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_domains_are_grouped_by_choosing_and_a_condition_asks_for_the_group(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None]
) -> None:
    draft = load_guide(SMALL_EDITION).page
    page = as_user(browser_page, person(Role.GUIDE_EDITOR))
    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    expect(page.locator("[name=group_method]")).to_be_hidden()
    page.get_by_role("tab", name="Scale and classes").click()
    page.get_by_role("button", name="Add group of domains").click()
    page.locator("[name='groups-0-name']").fill("Prevention")
    page.locator("[name='groups-0-code']").fill("G1")
    choice = page.locator("#id_groups-0-domains-choice")
    for code in ("D2", "D1", "D2"):
        choice.select_option(code)
        choice.locator("xpath=following-sibling::button[1]").click()
    expect(page.locator("[name='groups-0-domains']")).to_have_value("D2, D1")
    axe(page, within=".w-tabs__panel:not([hidden])")
    page.get_by_role("tab", name="Scores and outcomes").click()
    expect(page.locator("[name=group_method]")).to_be_visible()
    row = "outcomes-1-conditions-2"
    group = page.locator(f"#id_{row}-group-choice")
    group.focus()
    group.select_option("G1")
    expect(page.locator(f"#id_{row}-test-sentence")).to_have_text(
        "The score of the group “Prevention” reaches 80\u00a0%."
    )
