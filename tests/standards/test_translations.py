"""The wording of a further language: complete and translated, or not published."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page
from wagtail_localize.fields import TranslatableField, get_translatable_fields
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from standards.drafts.fields import RECOMMENDATION, SCALE_LEVELS, YES_NO_LEVELS, write_texts
from standards.drafts.frameworks import draft_framework
from standards.editions.languages.progress import TextState, read_languages
from standards.editions.page_reader import read_tree
from standards.editions.release import AlreadyReleased, WordingIncomplete, publish_wording, release
from standards.framework import LEVELS, MalformedEdition, parse_wording
from standards.models import (
    DomainPage,
    Edition,
    EditionPage,
    GuideGroup,
    GuideObligation,
    GuideOutcome,
    GuidePassing,
    GuideResult,
    GuideTrait,
    IndicatorPage,
    StandardPage,
)
from tests.scenes import localise
from tests.standards.conftest import translate, translate_all

pytestmark = pytest.mark.django_db


Translate = Callable[..., None]


@pytest.fixture
def localised(db: None) -> EditionPage:
    """Return the pages of the small edition in French, maintained by wagtail-localize: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


@pytest.fixture
def localised_everything(full_edition: EditionPage, django_capture_on_commit_callbacks: Any) -> EditionPage:
    with django_capture_on_commit_callbacks(execute=True):
        localise()
    return EditionPage.objects.get(code="everything", locale__language_code="fr")


@pytest.fixture
def translate_segments(django_capture_on_commit_callbacks: Any) -> Translate:
    """Return `translate_segments()`, which translates every open segment and publishes the pages."""

    def translate_segments(word: str = "fr: ") -> None:
        locale = Locale.objects.get(language_code="fr")
        for segment in StringSegment.objects.select_related("string"):
            StringTranslation.objects.get_or_create(
                translation_of=segment.string,
                locale=locale,
                context=segment.context,
                defaults={"data": f"{word}{segment.string.data}", "translation_type": "manual"},
            )
        with django_capture_on_commit_callbacks(execute=True):
            for translation in Translation.objects.order_by("pk"):
                translation.save_target(publish=True)

    return translate_segments


def refusal(edition: Edition) -> WordingIncomplete:
    with pytest.raises(WordingIncomplete) as caught:
        publish_wording(edition, "fr")
    assert set(edition.wordings.values_list("language", flat=True)) == {"en"}
    return caught.value


# --- By hand --------------------------------------------------------------------------------------------------------


def test_a_translation_that_still_reads_as_the_source_is_refused_with_every_text(
    released: Edition, french: EditionPage
) -> None:
    refused = refusal(released)
    assert (refused.missing, refused.stale) == ([], [])
    assert set(refused.untranslated) == set(released.framework.text_paths())
    assert refused.problems[0] == "The edition, title is not translated yet."


def test_a_whole_translation_is_published_and_read_from_the_edition(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    wording = publish_wording(released, "fr")
    assert wording.language == "fr"
    assert parse_wording(wording.payload).missing(released.framework) == []
    passage = released.texts("fr")["indicator/2.1.1/level/3"]
    assert (passage.text, passage.language) == ("fr: Held every month", "fr")


def test_the_texts_of_an_edition_are_read_once_until_one_is_published(
    released: Edition, french: EditionPage, django_assert_num_queries: Any
) -> None:
    translate_all(french)
    assert released.texts("fr")["indicator/2.1.1/level/3"].language == "en"
    with django_assert_num_queries(0):
        assert released.texts("fr") is released.texts("fr")
    publish_wording(released, "fr")
    assert released.texts("fr")["indicator/2.1.1/level/3"].language == "fr"


def test_a_missing_text_is_named(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    IndicatorPage.objects.filter(locale__language_code="fr", code="2.1.1").update(evidence="")
    refused = refusal(released)
    assert (refused.missing, refused.untranslated) == (["indicator/2.1.1/evidence"], [])
    assert refused.problems == ["Indicator 2.1.1, evidence is missing."]


def test_a_wording_asks_for_no_page_to_be_published_first(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    standard = StandardPage.objects.get(code="1.2", locale__language_code="fr")
    standard.unpublish()
    standard = StandardPage.objects.get(pk=standard.pk)
    standard.title = "Horaires"
    standard.save_revision()
    publish_wording(released, "fr")
    assert str(released.texts("fr")["standard/1.2/title"]) == "Horaires"
    standard = StandardPage.objects.get(pk=standard.pk)
    assert (standard.live, standard.title) == (True, "Horaires")


def test_a_word_that_is_the_same_in_both_languages_can_be_accepted(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    DomainPage.objects.filter(code="D2", locale__language_code="fr").update(short_title="Staff")
    assert refusal(released).untranslated == ["domain/D2/short_title"]
    publish_wording(released, "fr", accept_same=["domain/D2/short_title"])
    assert released.texts("fr")["domain/D2/short_title"].language == "fr"


def test_an_introduction_may_stay_in_the_source_and_is_marked_as_such(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    DomainPage.objects.filter(code="D2", locale__language_code="fr").update(introduction="Who answers.")
    publish_wording(released, "fr")
    passage = released.texts("fr")["domain/D2/introduction"]
    assert (passage.text, passage.language) == ("Who answers.", "en")


def test_a_language_is_published_once(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    publish_wording(released, "fr")
    with pytest.raises(AlreadyReleased):
        publish_wording(released, "fr")


def test_a_language_without_pages_is_refused(released: Edition) -> None:
    with pytest.raises(MalformedEdition) as caught:
        publish_wording(released, "hr")
    assert caught.value.problems == ["Edition small has no pages in “hr”. Translate its pages first."]


def test_the_pages_of_a_language_freeze_when_its_wording_is_published(released: Edition, french: EditionPage) -> None:
    assert french.why_frozen() == ""
    translate_all(french)
    publish_wording(released, "fr")
    assert french.why_frozen().startswith("The wording of edition small in this language is published")


def test_the_command_lists_what_is_missing(released: Edition, french: EditionPage) -> None:
    translate_all(french)
    DomainPage.objects.filter(code="D2", locale__language_code="fr").update(short_title="Staff")
    errors, output = StringIO(), StringIO()
    with pytest.raises(CommandError, match=r"^The wording of edition small in “fr” was not published\.$"):
        call_command("publish_wording", "small", "fr", stderr=errors)
    assert errors.getvalue() == "Domain D2, short title is not translated yet.\n"
    call_command("publish_wording", "small", "fr", same=["domain/D2/short_title"], stdout=output)
    assert output.getvalue().startswith("Edition small is published in “fr”, sha256 ")


# --- With wagtail-localize ------------------------------------------------------------------------------------------


def test_a_translation_keeps_what_counts(
    full_edition: EditionPage, localised_everything: EditionPage, translate_segments: Translate
) -> None:
    framework = draft_framework(read_tree(full_edition).text)
    assert draft_framework(read_tree(localised_everything).text) == framework
    translate_segments()
    french = EditionPage.objects.get(pk=localised_everything.pk)
    assert draft_framework(read_tree(french).text) == framework
    assert write_texts(read_tree(french).text)["obligation/must"] == "fr: Must"


def test_a_translation_follows_when_what_counts_is_changed(
    loaded: EditionPage, localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments()
    obligations = list(loaded.obligations.all())
    obligations[0].weight = 9
    loaded.obligations = obligations
    loaded.appeal_days, loaded.scale_points = 60, "0, 1, 2, 5"
    loaded.passing = [GuidePassing(test="score", percent=50)]
    loaded.save_revision().publish()
    TranslationSource.objects.get(object_id=loaded.translation_key).update_from_db()
    translate_segments()
    english, french = (
        draft_framework(read_tree(EditionPage.objects.get(pk=page.pk)).text) for page in (loaded, localised)
    )
    assert french == english
    assert (french.rule.highest_obligation.weight, french.procedure.appeal_days) == (9, 60)


def test_no_translator_is_asked_for_what_counts(localised_everything: EditionPage) -> None:
    asked = {path.rpartition(".")[2] for path in StringSegment.objects.values_list("context__path", flat=True)}
    words = {
        "title",
        "introduction",
        "examined",
        "sample_notice",
        "short_title",
        "name",
        "wording",
        "guidance",
        "evidence",
    }
    words |= {*SCALE_LEVELS, *YES_NO_LEVELS, *RECOMMENDATION} - {
        f"level_{level}" for level in LEVELS if not 1 <= level <= 4
    }
    assert asked == words


def test_open_segments_are_refused_and_answered_ones_published(
    released: Edition, localised: EditionPage, translate_segments: Translate
) -> None:
    refused = refusal(released)
    assert (set(refused.untranslated), refused.missing) == (set(released.framework.text_paths()), [])
    translate_segments()
    publish_wording(released, "fr")
    assert released.texts("fr")["indicator/1.2.1/level/yes"].text == "fr: The rota has no gap"
    assert released.texts("fr")["outcome/accredited"].text == "fr: Accredited"


def test_an_indicator_is_called_by_its_wording_in_each_language(
    localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments()
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    assert (page.title, page.draft_title, page.slug) == ("fr: Open day and night", "fr: Open day and night", "1-2-1")
    assert page.is_descendant_of(localised)
    asked = StringSegment.objects.filter(source__object_id=page.translation_key)
    assert "title" not in asked.values_list("context__path", flat=True)


def test_a_translator_finds_the_texts_of_an_indicator_in_its_tabs(editor: Client, localised: EditionPage) -> None:
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    answer = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert answer.status_code == 200
    props = json.loads(answer.context["props"])
    tabs = ["What is asked", "How it is judged", "What happens next", "Settings"]
    assert [tab["label"] for tab in props["tabs"]] == tabs
    places = {segment["contentPath"]: segment["location"]["tab"] for segment in props["segments"]}
    advice = dict.fromkeys(RECOMMENDATION, "what-happens-next")
    assert places == {
        **dict.fromkeys(("wording", "guidance", "evidence"), "what-is-asked"),
        **dict.fromkeys(YES_NO_LEVELS, "how-it-is-judged"),
        **advice,
    }


def test_a_translated_indicator_follows_what_counts(
    loaded: EditionPage, localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments()
    indicator = IndicatorPage.objects.get(code="1.1.1", locale__language_code="en")
    indicator.obligation, indicator.bands = "core", ">=95:3;>=80:2"
    indicator.save_revision().publish()
    TranslationSource.objects.get(object_id=indicator.translation_key).update_from_db()
    translate_segments()
    english, french = (draft_framework(read_tree(page).text) for page in (loaded, localised))
    assert french == english
    assert french.indicators["1.1.1"].obligation == "core"


def test_a_translator_may_confirm_that_a_word_stays(
    released: Edition, localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments(word="")
    publish_wording(released, "fr")
    assert released.texts("fr")["domain/D2/short_title"].language == "fr"


def test_a_translation_of_an_older_text_is_refused(
    loaded: EditionPage, localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments()
    indicator = IndicatorPage.objects.get(code="2.1.1", locale__language_code="en")
    indicator.wording = "Supervision is held every month"
    indicator.save_revision().publish()
    edition = release(EditionPage.objects.get(pk=loaded.pk))
    refused = refusal(edition)
    assert (refused.stale, refused.untranslated, refused.missing) == (["indicator/2.1.1/wording"], [], [])
    source = TranslationSource.objects.get(object_id=indicator.translation_key)
    source.update_from_db()
    assert refusal(edition).untranslated == ["indicator/2.1.1/wording"]
    translate_segments()
    publish_wording(edition, "fr")


@pytest.mark.parametrize("lines", ["First.\r\nSecond.", "First.\r\n\r\nSecond."])
def test_a_text_that_was_stored_as_a_browser_sent_its_lines_is_not_an_older_one(
    loaded: EditionPage, localised: EditionPage, translate_segments: Translate, lines: str
) -> None:
    indicator = IndicatorPage.objects.get(code="2.1.1", locale__language_code="en")
    indicator.guidance = lines
    indicator.save_revision().publish()
    TranslationSource.objects.get(object_id=indicator.translation_key).update_from_db()
    translate_segments()
    path = "indicator/2.1.1/guidance"
    assert read_languages(read_tree(loaded))["fr"].states[path] is TextState.DONE
    changed = StringTranslation.objects.get(context__path="guidance", data__startswith="fr: First.")
    changed.data = changed.data.replace("fr", "français")
    changed.save()
    found = read_languages(read_tree(loaded))["fr"]
    assert (found.states[path], "\r" in found.present[path]) == (TextState.STALE, False)


def test_a_translation_that_is_not_on_its_page_yet_is_refused(
    released: Edition, localised: EditionPage, translate_segments: Translate
) -> None:
    translate_segments()
    changed = StringTranslation.objects.get(context__path__endswith="title", data="fr: Supervision")
    changed.data = "fr: La supervision"
    changed.save()
    assert refusal(released).stale == ["standard/2.1/title"]


def test_translating_by_hand_needs_no_localize(released: Edition, french: EditionPage) -> None:
    translate(french)
    assert Translation.objects.count() == 0
    assert "title" not in refusal(released).untranslated


@pytest.mark.parametrize(
    "model",
    [
        EditionPage,
        DomainPage,
        StandardPage,
        IndicatorPage,
        GuideGroup,
        GuideObligation,
        GuideOutcome,
        GuideResult,
        GuideTrait,
    ],
)
def test_no_translator_may_change_what_counts(model: type) -> None:
    """Only words, and fields of Wagtail's own pages, may differ between the languages of a page."""
    words = {"introduction", "examined", "sample_notice", "short_title", "name", "wording", "guidance", "evidence"}
    words |= {"outcomes", "obligations", "traits", "groups", "results", *SCALE_LEVELS, *YES_NO_LEVELS, *RECOMMENDATION}
    wagtails = {field.name for field in Page._meta.get_fields()}
    free = {
        field.field_name
        for field in get_translatable_fields(model)
        if isinstance(field, TranslatableField) or field.overridable
    }
    assert free - wagtails <= words
