"""The library of good practice: its public pages, where else it is shown, its translations, and its removal."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, StringTranslation, Translation
from wagtail_localize.operations import translate_object

from evaluation.models import GoodPractice
from evaluation.workflow import perform
from portal.handbook.models import HandbookPage
from portal.handbook.practice import GoodPracticePage
from portal.handbook.reader import Handbook
from portal.handbook.search import find_in_handbook
from portal.public.models import HomePage
from portal.public.sitemap import HandbookPages
from standards.public_guide.search import Query
from tests.factories import practice_of
from tests.portal.handbook.conftest import Written
from tests.stage import Stage

pytestmark = pytest.mark.django_db

State = GoodPractice.State
PAGE = "/en/handbook/good-practice/a-deputy-for-every-shift/"
TEXTS = {"title": "Two deputies", "summary": "Never alone.", "text": "The rota names two."}


@pytest.fixture
def stage() -> Stage:
    return Stage("published")


def read(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    return " ".join(page.content.decode().split())


def in_french(page: Any, words: str) -> Any:
    """Translate every text of a page with the same words, and publish it as translators do."""
    locale, _made = Locale.objects.get_or_create(language_code="fr")
    translate_object(page, [locale])
    translation = Translation.objects.get(source__object_id=page.translation_key, target_locale=locale)
    for segment in StringSegment.objects.filter(source=translation.source).select_related("string", "context"):
        data = segment.string.data if segment.context.path == "slug" else words
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, locale=locale, data=data
        )
    translation.save_target(publish=False)
    target = translation.get_target_instance()
    target.get_latest_revision().publish()
    return type(target).objects.get(pk=target.pk)


def test_without_a_handbook_the_first_practice_begins_one(client: Client, stage: Stage):
    practice_of(stage, State.PUBLISHED)
    assert HandbookPage.objects.live().count() == 1
    assert "1 good practice of a hotline" in read(client, "/en/handbook/")
    page = read(client, PAGE)
    assert all(words in page for words in ("A deputy for every shift", "Nobody is alone", "Land XA", "The rota names"))


def test_it_is_shown_at_its_standard_at_its_indicator_and_beside_the_question(
    client: Client, sign_in: Any, stage: Stage, handbook: Written
):
    practice_of(stage, State.PUBLISHED)
    asking = Stage("self_assessment", stage.people, country="XB", round=stage.round)
    code = stage.round.edition.code
    standard = read(client, reverse("pages:guide_standard", args=[code, "d1", "1-1"]))
    answers = reverse("workspace:answers", args=[asking.evaluation.uid, "1.1"])
    question = read(sign_in(Client(), asking.coordinator), answers)
    assert standard.count(PAGE) == 2  # next to the indicator and next to the standard
    assert "Who does this well" in standard
    assert "Who does this well" in question
    assert question.count(PAGE) == 1
    other = reverse("pages:guide_standard", args=[code, "d1", "1-2"])
    assert "Who does this well" not in read(client, other)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("part=1.1", 1),
        ("part=D1", 1),
        ("part=1.2", 0),
        ("language=pl", 2),
        ("language=mt", 0),
        ("country=XA", 2),
        ("country=XB", 0),
        ("part=1.1&language=pl&country=XA", 1),
        ("part=%F0&language=%F0", 0),
    ],
)
def test_it_is_narrowed_by_part_language_and_country(client: Client, stage: Stage, query: str, count: int):
    type(stage.hotline).objects.filter(pk=stage.hotline.pk).update(languages="pl, en")
    practice_of(stage, State.PUBLISHED)
    practice_of(stage, State.PUBLISHED, "3.2.1")
    page = client.get(f"/en/handbook/good-practice/?{query}")
    assert (page.context["count"], page.context["of"]) == (count, 2)


@pytest.mark.parametrize("words", ["deputy", "rota", "alone call", "Land XA"])
def test_the_search_finds_it(stage: Stage, words: str):
    practice_of(stage, State.PUBLISHED)
    assert [hit.url for hit in find_in_handbook(Handbook("en"), Query.of(words))] == [PAGE]


def everywhere(client: Client, stage: Stage) -> str:
    """Return all public pages that could show it, in both languages."""
    code = stage.round.edition.code
    addresses = [
        *("/en/handbook/", "/en/handbook/good-practice/", "/fr/handbook/good-practice/", "/sitemap.xml"),
        reverse("pages:guide_standard", args=[code, "d1", "1-1"]),
        reverse("pages:guide_search", args=[code]) + "?q=deputy",
    ]
    return "".join(read(client, address) for address in addresses)


@pytest.mark.parametrize(("move", "by"), [("withdraw", "coordinator"), ("take_down", "mce")])
def test_what_is_withdrawn_disappears_at_once_from_everywhere(client: Client, stage: Stage, move: str, by: str):
    practice = practice_of(stage, State.PUBLISHED)
    source = GoodPracticePage.objects.get()
    in_french(HomePage.objects.get(), "Accueil")
    in_french(HandbookPage.objects.get(), "Manuel")
    french = in_french(source, "Une suppléante")
    assert "Une suppléante" in read(client, PAGE.replace("/en/", "/fr/"))
    before = everywhere(client, stage)
    assert ("a-deputy-for-every-shift" in before, "Une suppléante" in before) == (True, True)
    perform(practice, move, by=stage.user(by), note="Not any more.")
    after = everywhere(client, stage)
    assert ("a-deputy-for-every-shift" in after, "Une suppléante" in after) == (False, False)
    assert [client.get(PAGE.replace("/en/", f"/{code}/")).status_code for code in ("en", "fr")] == [404, 404]
    assert not GoodPracticePage.objects.live().exists()
    french.get_latest_revision().publish()  # by an editor who does not know of it
    assert client.get(PAGE.replace("/en/", "/fr/")).status_code == 404
    assert list(HandbookPages().items()) == []


def test_a_translation_of_a_former_text_is_not_public(client: Client, stage: Stage):
    practice = practice_of(stage, State.PUBLISHED)
    in_french(HomePage.objects.get(), "Accueil")
    in_french(HandbookPage.objects.get(), "Manuel")
    french = in_french(GoodPracticePage.objects.get(), "Une suppléante")
    perform(practice, "take_down", by=stage.people.mce, note="A number is wrong.")
    perform(practice, "revise", by=stage.people.mce, read=practice.digest, texts=TEXTS)
    perform(practice, "ask", by=stage.people.mce)
    perform(practice, "consent", by=stage.coordinator, read=practice.digest)
    perform(practice, "publish", by=stage.people.mce)
    page = read(client, PAGE.replace("/en/", "/fr/"))
    assert ("Une suppléante" in page, "The rota names two." in page) == (False, True)
    french.get_latest_revision().publish()
    assert "The rota names two." in read(client, PAGE.replace("/en/", "/fr/"))


def test_nobody_publishes_another_text_in_the_cms(client: Client, stage: Stage, sign_in: Any):
    practice_of(stage, State.PUBLISHED)
    page = GoodPracticePage.objects.get()
    for user in (stage.people.mce, stage.people.editor):
        assert not page.permissions_for_user(user).can_edit()
        assert not page.permissions_for_user(user).can_delete()
    page.text = "Something else."
    page.save_revision(user=stage.people.mce).publish()
    assert "Something else." not in read(client, PAGE)
    assert not GoodPracticePage.can_create_at(page.get_parent())


@pytest.mark.parametrize(
    ("title", "slug"), [("112 + 116 000?", "112-116-000"), ("!?", "practice-"), ("πρακτική", "πρακτική")]
)
def test_a_title_without_letters_has_an_address_too(client: Client, stage: Stage, title: str, slug: str):
    practice = practice_of(stage)
    perform(practice, "revise", by=stage.people.mce, read=practice.digest, texts={**TEXTS, "title": title})
    perform(practice, "ask", by=stage.people.mce)
    perform(practice, "consent", by=stage.coordinator, read=practice.digest)
    perform(practice, "publish", by=stage.people.mce)
    page = GoodPracticePage.objects.get()
    assert page.slug.startswith(slug)
    assert "The rota names two." in read(client, page.get_url())


def test_a_practice_of_an_invented_hotline_is_marked_as_a_sample(client: Client, stage: Stage):
    type(stage.hotline).objects.filter(pk=stage.hotline.pk).update(is_invented=True)
    practice_of(stage, State.PUBLISHED)
    assert "This is sample text." in read(client, PAGE)
