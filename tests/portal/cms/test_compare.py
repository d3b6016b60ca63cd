"""Two editions next to each other in the CMS, and the mapping that people confirm."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Role, Round, User
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.framework import canonical, digest, write_framework
from standards.models import Edition, EditionPage, IndicatorPage, MappingDecision, StandardPage
from tests.browsing import WIDTHS
from tests.bystander import new
from tests.factories import RoundFactory, person
from tests.scenes import SMALL_EDITION
from tests.small_edition import SMALL, wording_of
from tests.stage import Participants, Stage
from tests.standards.models.cms import edit_address, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db: None) -> EditionPage:
    """Return the next edition as a draft, after the small one was released: a scene."""
    return EditionPage.objects.get(code="2031")


def indicator(edition: EditionPage, code: str) -> IndicatorPage:
    found = IndicatorPage.objects.descendant_of(edition).get(code=code)
    return found.get_latest_revision_as_object()


def change(edition: EditionPage, place: str, **fields: Any) -> IndicatorPage:
    page = indicator(edition, place)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(clean=False)
    return page


def compared(client: Client, edition: EditionPage, **query: str) -> str:
    answer = client.get(reverse("guide_compare", args=[edition.pk]), query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().partition('<div class="nice-padding')[2].split())


def mapped(client: Client, edition: EditionPage, **query: str) -> str:
    return " ".join(client.get(reverse("guide_mapping", args=[edition.pk]), query).content.decode().split())


def post(client: Client, edition: EditionPage, **fields: Any) -> str:
    answer = client.post(reverse("guide_mapping", args=[edition.pk]), fields, follow=True)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def value_of(page: str, name: str, pair: str) -> str:
    """Return the value of the button of a pair."""
    return next(part for part in page.split(f'name="{name}" value="')[1:] if part.startswith(pair)).partition('"')[0]


def decisions() -> list[tuple[str, str, bool]]:
    return list(MappingDecision.objects.values_list("before_key", "now_key", "is_confirmed"))


def test_a_new_edition_says_the_same_as_the_former_one(guide_editor: Client, following: EditionPage):
    page = compared(guide_editor, following)
    assert "The two editions say the same." not in page  # the title of the edition differs
    assert "Edition 2031" in page
    assert "indicators did not change" in page or "indicator did not change" in page


def test_an_edition_compared_with_itself_is_told_so(guide_editor: Client, draft: EditionPage):
    page = compared(guide_editor, draft, before=draft.code, now=draft.code)
    assert "This is one edition. Choose two." in page


def test_the_words_of_a_change_are_marked_for_eye_and_ear(guide_editor: Client, following: EditionPage):
    page = change(following, "1.2.1", wording="Open each day and night")
    shown = compared(guide_editor, following)
    assert (
        'Open <ins><span class="visually-hidden" lang="en">(added: </span>each '
        '<span class="visually-hidden">)</span></ins>day and night'
    ) in shown
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in shown


def test_one_kind_is_shown_alone(guide_editor: Client, following: EditionPage):
    change(following, "1.2.1", wording="Open each day and night")
    change(following, "2.1.1", obligation="must")
    everything = compared(guide_editor, following)
    only = compared(guide_editor, following, kind="reworded")
    assert ("Open <ins>" in everything, "Open <ins>" in only) == (True, True)
    assert compared(guide_editor, following, kind="no such kind") == everything
    assert 'id="s2.1"' not in compared(guide_editor, following, kind="moved")


def test_each_text_has_the_language_of_its_edition(guide_editor: Client, draft: EditionPage):
    structure, payload = canonical(write_framework(SMALL)), canonical(wording_of(SMALL, "fr"))
    former = Edition.objects.create(code="avant", structure=structure, sha256=digest(structure), source_language="fr")
    former.wordings.create(language="fr", payload=payload, sha256=digest(payload))
    query = {"before": former.code, "now": draft.code}
    shown, pairs = compared(guide_editor, draft, **query), mapped(guide_editor, draft, show="all", **query)
    for code, language in (("9.1", "fr"), ("2.1", "en")):
        heading = shown.partition(f'id="s{code}"')[2].partition("</h3>")[0]
        assert f'lang="{language}"' in heading
    removed = pairs.partition("Removed</h3>")[2]
    assert '<li>9.1.1 <span lang="fr">9.1.1 wording (fr)</span></li>' in removed
    assert '<option value="9.1.1" lang="fr">' in removed
    assert f'<span lang="en">{indicator(draft, "2.1.1").wording}</span>' in pairs.partition("New</h3>")[2]
    assert '<option value="2.1.1" lang="en">' in removed


def test_an_unknown_edition_is_ignored(guide_editor: Client, following: EditionPage):
    assert compared(guide_editor, following, before="nowhere", now="none") == compared(guide_editor, following)


def test_a_draft_with_errors_is_compared(sign_in: Callable[..., Client], following: EditionPage):
    client = sign_in(Client(), person(Role.MCE_COORDINATOR))
    change(following, "1.2.1", measure="", bands="nonsense")
    change(following, "2.1.1", obligation="unknown", code="")
    following.scale_points = "1, 2, 3, 4, 5, 6, 7"
    following.save_revision(clean=False)
    page = compared(client, following)
    assert "<dt>Obligation</dt><dd>Before:<del>Core</del><br>Now:<ins>unknown</ins></dd>" in page
    assert mapped(client, following, show="all")


def test_a_reworded_pair_is_confirmed_and_one_can_reject_it_later(guide_editor: Client, following: EditionPage):
    change(following, "1.2.1", wording="Open each day and night")
    page = mapped(guide_editor, following)
    assert "not decided: answers are not carried" in page
    confirm = value_of(page, "confirm", "1.2.1 1.2.1")
    assert "1 pair is confirmed." in post(guide_editor, following, confirm=confirm)
    page = mapped(guide_editor, following, show="decided")
    assert "confirmed: answers are carried" in page
    post(guide_editor, following, reject=value_of(page, "reject", "1.2.1 1.2.1"))
    assert decisions() == [("1.2.1", "1.2.1", True), ("1.2.1", "1.2.1", False)]
    assert MappingDecision.objects.latest("pk").by == new(User).get(memberships__role=Role.GUIDE_EDITOR)


def test_what_changed_while_somebody_looked_at_it_is_not_decided(guide_editor: Client, following: EditionPage):
    change(following, "1.2.1", wording="Open each day and night")
    confirm = value_of(mapped(guide_editor, following), "confirm", "1.2.1 1.2.1")
    change(following, "1.2.1", wording="Open on some days")
    assert "Something was changed while you looked at it." in post(guide_editor, following, confirm=confirm)
    assert decisions() == []


def test_a_confirmed_pair_that_changes_again_is_to_be_decided_again(guide_editor: Client, following: EditionPage):
    change(following, "1.2.1", wording="Open each day and night")
    post(guide_editor, following, confirm=value_of(mapped(guide_editor, following), "confirm", "1.2.1 1.2.1"))
    change(following, "1.2.1", wording="Open on some days")
    assert "changed since it was decided: answers are not carried" in mapped(guide_editor, following)


def test_identical_pairs_without_a_common_key_are_confirmed_at_once(guide_editor: Client, following: EditionPage):
    pages = IndicatorPage.objects.descendant_of(following)
    pages.update(key="")
    for number, page in enumerate(pages):
        IndicatorPage.objects.filter(pk=page.pk).update(key=f"other-{number}")
    page = mapped(guide_editor, following)
    count = pages.count()
    assert f"Confirm the {count} pairs that are word for word the same" in page
    post(guide_editor, following, act="identical")
    assert [is_confirmed for *_keys, is_confirmed in decisions()] == [True] * count
    assert "word for word the same" not in mapped(guide_editor, following)


def test_several_are_rejected_at_once(guide_editor: Client, following: EditionPage):
    for code in ("1.2.1", "2.1.1"):
        change(following, code, guidance="Something else is meant.")
    page = mapped(guide_editor, following)
    chosen = [value_of(page, "pair", f"{code} {code}") for code in ("1.2.1", "2.1.1")]
    assert "2 pairs are rejected." in post(guide_editor, following, act="reject", pair=chosen)
    assert decisions() == [("1.2.1", "1.2.1", False), ("2.1.1", "2.1.1", False)]


def test_a_pair_is_added_for_an_indicator_that_was_split(guide_editor: Client, following: EditionPage):
    standard = StandardPage.objects.descendant_of(following).get(code="1.2")
    values = indicator(following, "1.2.1").values
    added = standard.add_child(
        instance=IndicatorPage(**{**values, "code": "1.2.2", "key": "", "wording": "Nights are staffed by two"})
    )
    assert "1.2.2" in mapped(guide_editor, following).partition("Without a counterpart")[2]
    post(guide_editor, following, act="add", former="1.2.1", present="1.2.2")
    assert decisions() == [("1.2.1", added.key, True)]
    assert "Split into several" in compared(guide_editor, following)
    post(guide_editor, following, act="add", former="9.9.9", present="1.2.2")
    assert len(decisions()) == 1


@pytest.mark.parametrize("code", ["2031", "2032"])
def test_a_draft_keeps_the_code_under_which_pairs_are_decided(guide_editor: Client, following: EditionPage, code: str):
    change(following, "1.2.1", wording="Open each day and night")
    form = {**form_of(guide_editor, following), "code": "2031"}
    assert guide_editor.post(edit_address(following), form).status_code == 302
    post(guide_editor, following, confirm=value_of(mapped(guide_editor, following), "confirm", "1.2.1 1.2.1"))
    answer = guide_editor.post(edit_address(following), {**form, "code": code})
    assert (answer.status_code == 302) is (code == "2031")
    assert ("decisions on which indicator is which are kept under it" in answer.content.decode()) is (code != "2031")
    assert "confirmed: answers are carried" in mapped(guide_editor, following, show="decided")


def test_another_kind_cannot_be_confirmed(guide_editor: Client, following: EditionPage):
    kind = indicator(following, "1.2.1").measure
    change(following, "1.2.1", measure="yes_no" if kind == "scale" else "scale")
    page = mapped(guide_editor, following, show="all")
    assert "It is answered in another way, so that no answer can be carried." in page
    post(guide_editor, following, act="add", former="1.2.1", present="1.2.1")
    assert decisions() == []


@pytest.mark.parametrize("name", ["guide_compare", "guide_mapping"])
def test_only_those_who_write_the_guide_see_either(sign_in: Callable[..., Client], draft: EditionPage, name: str):
    address, people, stage = reverse(name, args=[draft.pk]), Participants(), Stage.minimal("self_assessment")
    users = {"coordinator": stage.coordinator, "contributor": stage.contributor, **vars(people)}
    users = {who: user for who, user in users.items() if user is not None}
    seen = {who: sign_in(Client(), user).get(address).status_code for who, user in users.items()}
    assert {who for who, status in seen.items() if status == 200} == {"mce", "editor"}
    assert set(seen.values()) == {200, 403}
    assert [Client().get(address).status_code, Client().post(address).status_code] == [302, 302]


def test_only_mce_is_told_the_effect_on_hotlines(
    guide_editor: Client, sign_in: Callable[..., Client], following: EditionPage
):
    assert "Effect on the last round" not in compared(guide_editor, following)
    assert "Effect on the last round" in compared(sign_in(Client(), person(Role.MCE_COORDINATOR)), following)


def test_the_effect_does_not_depend_on_which_edition_is_chosen_first(
    sign_in: Callable[..., Client], following: EditionPage
):
    mce = person(Role.MCE_COORDINATOR)
    client, former = sign_in(Client(), mce), EditionPage.objects.exclude(pk=following.pk).get()
    RoundFactory(edition=Edition.objects.get(code=former.code), state=Round.State.CLOSED)
    change(following, "1.2.1", wording="Open each day and night")
    post(client, following, confirm=value_of(mapped(client, following), "confirm", "1.2.1 1.2.1"))
    for before, now in ((former, following), (following, former)):
        query = {"before": before.code, "now": now.code}
        effect = client.get(reverse("guide_compare", args=[following.pk]), query).context["effect"]
        assert (effect.other, effect.left_out) == ("2031", ())


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_both_pages_are_accessible_and_fit(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], width: int
):
    draft = load_guide(SMALL_EDITION).page
    release(draft)
    edition = begin_edition(draft, code="2031", title="Edition 2031")
    change(edition, "1.2.1", wording="Open each day and night")
    page = as_user(browser_page, person(Role.MCE_COORDINATOR))
    page.set_viewport_size({"width": width, "height": 900})
    for name in ("guide_compare", "guide_mapping"):
        page.goto(reverse(name, args=[edition.pk]))
        page.locator("ins").first.wait_for()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_enter_on_a_box_confirms_only_what_is_chosen(browser_page: Any, as_user: Callable[..., Any]):
    draft = load_guide(SMALL_EDITION).page
    release(draft)
    edition = begin_edition(draft, code="2031", title="Edition 2031")
    IndicatorPage.objects.descendant_of(edition).filter(code="1.1.2").update(key="other")
    for code in ("1.2.1", "2.1.1"):
        change(edition, code, guidance="Something else is meant.")
    page = as_user(browser_page, person(Role.MCE_COORDINATOR))
    page.goto(reverse("guide_mapping", args=[edition.pk]))
    assert page.get_by_role("button", name="word for word the same").count() == 1
    box = page.get_by_role("checkbox", name="2.1.1 and 2.1.1")
    box.press("Enter")
    page.get_by_text("Nothing was decided.").wait_for()
    box.check()
    box.press("Enter")
    page.get_by_text("1 pair is confirmed.").wait_for()
    assert decisions() == [("2.1.1", "2.1.1", True)]
