"""The screen of a release: the effect on the last round, hints, and the preview, with a constant number of queries."""

import html
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation import queries
from evaluation.judging.edition_effect import EditionEffect, HotlineEffect
from evaluation.models import Consultation, Evaluation, Hotline, Role, Round, User
from evaluation.workflow import perform
from portal.cms.releasing.effects import show_effect
from portal.letters.models import Letter
from standards.editions import release as release_module
from standards.editions.bulk.new_pages import add_pages
from standards.editions.compared import ComparedEdition
from standards.editions.comparison import EditionContent, EditionMapping
from standards.editions.next_edition import begin_edition
from standards.editions.page_loader import load_guide
from standards.editions.release import release
from standards.framework import Wording
from standards.models import Edition, EditionPage, IndicatorPage, StandardPage
from standards.presentation.sentences import Passage
from tests.browsing import follow
from tests.bystander import new
from tests.factories import ConsultationFactory, HotlineFactory, consultation_on, person
from tests.scenes import SMALL_EDITION
from tests.small_edition import SMALL, wording_of
from tests.stage import Stage
from tests.standards.conftest import translate_all
from tests.standards.models.cms import post_as_shown

pytestmark = pytest.mark.django_db

HARD = "Organisations operating international hotlines systematically document organisational arrangements " * 3


def shown(client: Client, page: EditionPage, name: str = "release_edition") -> str:
    answer = client.get(reverse(name, args=[page.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().partition('<div class="nice-padding')[2].split())


def write(edition: EditionPage, code: str, **fields: Any) -> IndicatorPage:
    page = IndicatorPage.objects.descendant_of(edition).get(code=code)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(clean=False)
    return page


def test_a_passage_that_is_hard_to_read_is_a_hint_with_its_page(guide_editor: Client, draft: EditionPage):
    assert "hard to read" not in shown(guide_editor, draft)
    page = write(draft, "1.2.1", guidance=HARD)
    content = shown(guide_editor, draft)
    assert "1 passage is hard to read" in content
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Guidance: This is hard to read' in content
    post_as_shown(guide_editor, reverse("release_edition", args=[draft.pk]))
    assert EditionPage.objects.get(pk=draft.pk).edition is not None


def test_a_hard_passage_of_a_translation_is_a_hint_where_it_is_published(guide_editor: Client, french: EditionPage):
    release(EditionPage.objects.get(locale__language_code="en", code=french.code))
    translate_all(french)
    write(french, "1.2.1", guidance=f"fr: {HARD}")
    content = shown(guide_editor, french, "publish_wording")
    assert "1 passage is hard to read" in content
    assert 'class="button serious"' in content


def test_the_effect_on_the_last_round_names_hotlines_to_mce_only(draft: EditionPage, sign_in: Callable[..., Client]):
    stage = Stage("published")
    Round.objects.filter(pk=stage.round.pk).update(state=Round.State.CLOSED)
    was = stage.evaluation.latest_scorecard.proposal
    for outcome in draft.outcomes.all():
        if outcome.code == was:
            outcome.code, outcome.name = "renamed", "Renamed"
            outcome.save()
    for role, is_named in ((Role.GUIDE_EDITOR, False), (Role.MCE_COORDINATOR, True)):
        content = shown(sign_in(Client(), person(role)), draft)
        assert "1 of 1 hotlines" in content
        assert (stage.evaluation.hotline.name in content) == is_named


@pytest.mark.parametrize("is_forward", [True, False])
def test_each_outcome_has_the_language_of_its_edition(is_forward: bool):
    editions = tuple(ComparedEdition(code, Edition(source_language=code), None) for code in ("fr", "en"))
    mapping = EditionMapping(*(EditionContent(SMALL, Wording(wording_of(SMALL, one.code))) for one in editions))
    row = HotlineEffect(Evaluation(hotline=Hotline()), "accredited", "deferred")
    effect = EditionEffect(Round(), "", is_forward, hotlines=(row,), left_out=(), indicators=1)
    (shown,) = show_effect(effect, mapping, editions, names_hotlines=True)["outcomes"]
    was, would = (edition.code for edition in (editions if is_forward else editions[::-1]))
    assert (shown.was, shown.would) == (
        Passage(f"Accredited ({was})", was),
        Passage(f"Deferred ({would})", would),
    )


def test_without_a_closed_round_the_screen_says_so(guide_editor: Client, draft: EditionPage):
    Round.objects.update(state=Round.State.OPEN)
    assert "No round is closed yet" in shown(guide_editor, draft)


def test_the_screen_leads_to_the_preview_of_the_whole_edition_as_it_was_last_saved(
    guide_editor: Client, draft: EditionPage
):
    write(draft, "1.2.1", wording="Open at any hour")
    address = f"{reverse('wagtailadmin_pages:view_draft', args=[draft.pk])}?mode=whole"
    assert f'src="{address}"' in shown(guide_editor, draft)
    assert "Open at any hour" in guide_editor.get(address).content.decode()


def test_the_screen_and_the_release_ask_no_more_of_more_indicators(guide_editor: Client, draft: EditionPage):
    release(draft)
    few, many = begin_edition(draft, code="few", title="Few"), begin_edition(draft, code="many", title="Many")
    standard = StandardPage.objects.descendant_of(many).get(code="1.2")
    values = IndicatorPage.objects.child_of(standard).get().values
    more = [IndicatorPage(**{**values, "key": "", "code": f"1.2.{n}"}, slug=f"1-2-{n}") for n in range(2, 62)]
    add_pages(standard, more, publishes=False)

    def queries(edition: EditionPage, method: str) -> int:
        address = reverse("release_edition", args=[edition.pk])
        sent = {} if method == "get" else {"shown": guide_editor.get(address).context["shown"].as_text()}
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(guide_editor, method)(address, sent)
        assert answer.status_code == {"get": 200, "post": 302}[method]
        return len(captured)

    queries(few, "get")
    assert queries(many, "get") == queries(few, "get")
    assert queries(many, "post") - queries(few, "post") <= 5


def test_the_screens_read_the_pages_of_an_edition_once(guide_editor: Client, french: EditionPage):
    source = EditionPage.objects.get(locale__language_code="en", code=french.code)

    def reads(page: EditionPage, name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(guide_editor, page, name)
        return sum(' FROM "standards_indicatorpage"' in query["sql"] for query in captured)

    assert reads(source, "release_edition") == 1
    release(source)
    translate_all(french)
    assert reads(french, "publish_wording") == 1


# --- Only what was shown is frozen ----------------------------------------------------------------------------------


@pytest.fixture
def colleague() -> User:
    return person(Role.GUIDE_EDITOR, name="Maud Lefèvre")


def save_words(edition: EditionPage, by: User, **fields: str) -> None:
    """Save an indicator as another user does in the CMS."""
    page = IndicatorPage.objects.descendant_of(edition).get(code="1.2.1").get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=by, clean=False)


def save_edition(edition: EditionPage, **fields: object) -> None:
    page = EditionPage.objects.get(pk=edition.pk).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(clean=False)


@pytest.mark.everywhere
def test_a_release_closes_the_consultations_on_its_draft(sign_in: Callable[..., Client], draft: EditionPage):
    editor, reader = person(Role.GUIDE_EDITOR), person(Role.CONTRIBUTOR, hotline=HotlineFactory(country="XA"))
    client = sign_in(Client(), editor)
    hotlines = [membership.hotline for membership in reader.memberships.all()]
    closed, second, third = (consultation_on(draft, hotlines=hotlines) for _number in range(3))
    perform(closed, "close", by=editor)
    Letter.objects.all().delete()
    address = reverse("release_edition", args=[draft.pk])
    page = shown(client, draft)
    for one in (second, third):
        assert f'closes the consultation <a href="{reverse("workspace:consultation", args=[one.uid])}">' in page
    assert closed.name not in page
    post_as_shown(client, address)
    assert [read(one).state for one in (closed, second, third)] == ["closed"] * 3
    assert [queries.steps_of(one, newest=1)[0].words.by for one in (second, third)] == [editor] * 2
    letters = Letter.objects.filter(to_user=reader).order_by("pk")
    assert [letter.subject for letter in letters] == [f"{second.name} is closed", f"{third.name} is closed"]
    assert not read(second).takes_comments


@pytest.mark.everywhere
def test_a_release_discards_the_consultations_that_were_prepared_on_its_draft(
    sign_in: Callable[..., Client], draft: EditionPage
):
    editor = person(Role.GUIDE_EDITOR)
    client = sign_in(Client(), editor)
    reader = person(Role.CONTRIBUTOR, hotline=HotlineFactory(country="XA"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    due, later = ConsultationFactory(page=draft), ConsultationFactory(page=draft, opens_on=tomorrow)
    without_pages = ConsultationFactory(edition_code=draft.code)
    next_one = begin_edition(draft, code="next", title="Next")
    stays = ConsultationFactory(page=next_one)
    renamed = ConsultationFactory(page=next_one, edition_code=draft.code)
    for one in (due, later, without_pages, stays, renamed):
        one.hotlines.add(*(membership.hotline for membership in reader.memberships.all()))
    page = shown(client, draft)
    for one in (due, later, without_pages):
        assert f'discards the consultation <a href="{reverse("workspace:consultation", args=[one.uid])}">' in page
    assert stays.name not in page
    assert renamed.name not in page
    post_as_shown(client, reverse("release_edition", args=[draft.pk]))
    assert {*Consultation.objects.all()} == {stays, renamed}
    for one in (due, later, without_pages):
        (step,) = queries.steps_of(one)
        assert (step.move, step.words.by) == ("discard", editor)
        assert step.words.note == f"Edition {draft.code} was released before the consultation opened."
    assert not Letter.objects.filter(to_user=reader).exists()  # nobody knew of them


def test_a_release_that_is_refused_ends_no_consultation(guide_editor: Client, draft: EditionPage, colleague: User):
    opened, prepared = consultation_on(draft, hotlines=[HotlineFactory()]), ConsultationFactory(page=draft)
    address = reverse("release_edition", args=[draft.pk])
    seen = guide_editor.get(address).context["shown"]
    save_words(draft, colleague, guidance="Nobody has read this sentence.")
    assert guide_editor.post(address, {"shown": seen.as_text()}).status_code == 409
    assert (read(opened).state, read(prepared).state) == ("open", "draft")


def test_a_release_by_the_command_ends_the_consultations_too(draft: EditionPage):
    consultation, prepared = consultation_on(draft, hotlines=[HotlineFactory()]), ConsultationFactory(page=draft)
    release(draft)
    assert read(consultation).is_closed
    assert not Consultation.objects.filter(pk=prepared.pk).exists()
    assert [queries.steps_of(one, newest=1)[0].words.by for one in (consultation, prepared)] == [None, None]


def read(consultation: Consultation) -> Consultation:
    return Consultation.objects.get(pk=consultation.pk)


def test_words_that_were_saved_after_the_preview_are_not_released(
    guide_editor: Client, draft: EditionPage, colleague: User
):
    address = reverse("release_edition", args=[draft.pk])
    seen = guide_editor.get(address).context["shown"]
    save_words(draft, colleague, guidance="Nobody has read this sentence.")
    refused = guide_editor.post(address, {"shown": seen.as_text()})
    assert (refused.status_code, new(Edition).count()) == (409, 0)
    page = " ".join(html.unescape(refused.content.decode()).split())
    assert "This changed since you looked at it" in page
    assert "Indicator 1.2.1 was changed. It was last saved by Maud Lefèvre, " in page
    assert "was changed" not in page.replace("Indicator 1.2.1 was changed", "")
    now = refused.context["shown"]
    assert now.sha256 != seen.sha256
    assert now.sha256 in page
    assert reverse("wagtailadmin_pages:view_draft", args=[draft.pk]) in page
    released = guide_editor.post(address, {"shown": now.as_text()})
    assert released.status_code == 302
    wording = new(Edition).get().wordings.get()
    assert "Nobody has read this sentence." in wording.payload


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda draft: write(draft, "1.2.1", evidence_required=False),
            ["Indicator 1.2.1 was changed."],
        ),
        (lambda draft: save_edition(draft, is_sample=not draft.is_sample), ["The edition was changed."]),
        (lambda draft: save_edition(draft, title="Another title"), ["The edition was changed."]),
        (
            lambda draft: IndicatorPage.objects.descendant_of(draft).filter(code="1.1.2").delete(),
            ["Standard 1.1 was changed.", "Indicator 1.1.2 was removed."],
        ),
    ],
)
def test_what_changed_since_the_preview_is_named(
    guide_editor: Client, draft: EditionPage, change: Callable[[EditionPage], object], told: list[str]
):
    address = reverse("release_edition", args=[draft.pk])
    seen = guide_editor.get(address).context["shown"]
    change(draft)
    refused = guide_editor.post(address, {"shown": seen.as_text()})
    assert (refused.status_code, new(Edition).count()) == (409, 0)
    assert [sentence.partition(" It was last")[0] for sentence in refused.context["changed"]] == told


@pytest.mark.parametrize(
    "sent",
    [{}, {"shown": ""}, {"shown": "[1]"}, {"shown": "{"}, {"shown": '{"sha256": 1, "parts": {"a": 1}}'}, {"shown": "[" * 9999}],
)  # fmt: skip
def test_a_release_that_nobody_was_shown_is_refused(guide_editor: Client, draft: EditionPage, sent: dict[str, str]):
    refused = guide_editor.post(reverse("release_edition", args=[draft.pk]), sent)
    assert (refused.status_code, new(Edition).count()) == (409, 0)
    assert "was not shown before. Look at it now." in refused.content.decode()


def test_words_that_are_saved_during_the_release_are_not_frozen(
    guide_editor: Client, draft: EditionPage, colleague: User, monkeypatch: pytest.MonkeyPatch
):
    """Between reading the pages and freezing them, every page is published, which takes time."""
    publish = release_module.publish_drafts

    def publish_and_save(*arguments: Any) -> None:
        publish(*arguments)
        save_words(draft, colleague, guidance="Saved a moment ago.")

    monkeypatch.setattr(release_module, "publish_drafts", publish_and_save)
    refused = post_as_shown(guide_editor, reverse("release_edition", args=[draft.pk]))
    assert (refused.status_code, new(Edition).count()) == (409, 0)
    assert "Indicator 1.2.1 was changed" in refused.content.decode()


def test_a_translation_that_was_saved_after_its_preview_is_not_published(
    guide_editor: Client, french: EditionPage, colleague: User
):
    edition = release(EditionPage.objects.get(locale__language_code="en", code=french.code))
    translate_all(french)
    address = reverse("publish_wording", args=[french.pk])
    seen = guide_editor.get(address).context["shown"]
    save_words(french, colleague, guidance="fr: Autre chose.")
    refused = guide_editor.post(address, {"shown": seen.as_text()})
    assert (refused.status_code, edition.wordings.count()) == (409, 1)
    assert "Indicator 1.2.1 was changed. It was last saved by Maud" in html.unescape(refused.content.decode())
    assert guide_editor.post(address, {"shown": refused.context["shown"].as_text()}).status_code == 302
    assert "Autre chose." in edition.wordings.get(language="fr").payload


def test_the_command_releases_only_the_digest_that_it_is_given(draft: EditionPage, colleague: User):
    call_command("release_guide", draft.code, "--preview", stdout=(out := StringIO()))
    digest = out.getvalue().strip()
    assert new(Edition).count() == 0
    save_words(draft, colleague, guidance="Something else.")
    with pytest.raises(CommandError, match="was not released: it changed"):
        call_command("release_guide", draft.code, digest=digest)
    assert new(Edition).count() == 0
    call_command("release_guide", draft.code, "--preview", stdout=(out := StringIO()))
    call_command("release_guide", draft.code, digest=out.getvalue().strip(), stdout=StringIO())
    assert new(Edition).count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.once
def test_an_edition_is_checked_and_released_in_a_browser(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], tolerated: list[str]
) -> None:
    tolerated.append("409")
    draft = load_guide(SMALL_EDITION).page
    write(draft, "1.2.1", guidance=f"{HARD} See https://nowhere.example/a.")
    page = as_user(browser_page, person(Role.GUIDE_EDITOR))
    page.goto(reverse("guide_tree", args=[draft.pk]))
    follow(page.get_by_role("link", name="Links", exact=True))
    axe(page, within=".guide-tree")
    follow(page.get_by_role("link", name="Back to the Guide"))
    follow(page.get_by_role("link", name="Check and release"))
    page.get_by_text("1 passage is hard to read").click()
    page.get_by_text("Preview of the whole edition").first.click()
    page.frame_locator("iframe.guide-preview").get_by_text("Open day and night").first.wait_for()
    axe(page, within=".guide-tree")
    save_words(draft, person(Role.GUIDE_EDITOR, name="Maud Lefèvre"), guidance="Saved in another tab.")
    follow(page.get_by_role("button", name="Release edition"))
    page.get_by_role("alert").get_by_text("last saved by Maud Lefèvre").wait_for()
    axe(page, within=".guide-tree")
    follow(page.get_by_role("button", name="Release edition"))
    assert EditionPage.objects.get(pk=draft.pk).edition is not None
