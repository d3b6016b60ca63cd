"""The review of a language: marks by the digest of a passage, never by the translator, and required for publication."""

from typing import Any

import pytest
from wagtail_localize.models import StringSegment, StringTranslation

from evaluation.models import Role, User
from standards.editions.languages.marks import passage_digest
from standards.editions.languages.progress import TextState
from standards.editions.languages.reviews import (
    Language,
    demands_review,
    is_reviewed,
    mark_reviewed,
    read_language,
    set_review_requirement,
    withdraw_reviews,
)
from standards.editions.languages.translation_files import read_translation, write_translation
from standards.editions.next_edition import begin_edition
from standards.editions.overview import read_overview
from standards.editions.page_reader import read_tree
from standards.editions.release import (
    WordingIncomplete,
    check_translation,
    find_edition_page,
    prepare_wording,
    publish_translation,
    publish_wording,
    release,
)
from standards.framework import MalformedEdition
from standards.models import Edition, EditionPage, IndicatorPage, PassageMark
from tests.factories import person

pytestmark = pytest.mark.django_db

WORDING, TITLE = "indicator/1.2.1/wording", "standard/1.2/title"


@pytest.fixture
def reviewer() -> User:
    return person(Role.GUIDE_EDITOR)


@pytest.fixture
def translated(db: None) -> EditionPage:
    """Return the small edition with every text in French, by an unknown translator: a scene."""
    return EditionPage.objects.get(locale__language_code="en")


@pytest.fixture
def localised(db: None) -> EditionPage:
    """Return the pages of the small edition in French, maintained by wagtail-localize: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


def read(page: EditionPage | None = None) -> Language:
    language = read_language(read_tree(page or EditionPage.objects.get(locale__language_code="en")), "fr")
    assert language is not None
    return language


def change(language: str, wording: str, user: User | None = None) -> None:
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code=language)
    page.wording = wording
    page.save_revision(user=user)


def test_nobody_reviews_their_own_pages_once_they_are_published(translated: EditionPage, reviewer: User) -> None:
    author, publisher = person(Role.GUIDE_EDITOR), person(Role.GUIDE_EDITOR)
    change("fr", "Ouvert", author)
    publish_wording(release(translated), "fr", user=publisher)
    assert read().tree is None
    assert mark_reviewed(read(), [WORDING], author) == [WORDING]
    assert WORDING not in read().found.reviewed
    assert mark_reviewed(read(), [WORDING], publisher) == []
    assert WORDING in read().found.reviewed


def test_a_passage_is_translated_and_then_reviewed(translated: EditionPage, reviewer: User) -> None:
    assert read().found.states[WORDING] is TextState.DONE
    assert mark_reviewed(read(), [WORDING], reviewer) == []
    states = read().found.states
    assert (states[WORDING], states[TITLE]) == (TextState.REVIEWED, TextState.DONE)
    [french] = read_overview(translated).languages
    assert (french.reviewed, french.done) == (1, french.total)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_change_of_either_text_takes_the_mark_away_and_its_return_brings_it_back(
    translated: EditionPage, reviewer: User, language: str
) -> None:
    before = IndicatorPage.objects.get(code="1.2.1", locale__language_code=language).wording
    mark_reviewed(read(), [WORDING], reviewer)
    change(language, "Something else")
    assert read().found.states[WORDING] is not TextState.REVIEWED
    change(language, before)
    assert read().found.states[WORDING] is TextState.REVIEWED


def test_a_mark_is_that_of_one_place(translated: EditionPage) -> None:
    framework = read_tree(translated).framework
    digests = {passage_digest(framework, path, "Yes", "Oui") for path in (WORDING, TITLE, "title")}
    assert len(digests) == 3


def test_a_mark_follows_an_indicator_into_the_next_edition(translated: EditionPage, reviewer: User) -> None:
    language = read()
    mark_reviewed(language, [WORDING], reviewer)
    following = begin_edition(translated, code="next", title="The next one")
    framework = read_tree(following).framework
    passage = passage_digest(framework, WORDING, language.found.source[WORDING], language.found.texts[WORDING])
    assert passage in read(translated).found.marks.reviewed


def test_nobody_reviews_a_translation_of_their_own(translated: EditionPage, reviewer: User) -> None:
    change("fr", "Ouvert à toute heure", reviewer)
    assert mark_reviewed(read(), [WORDING, TITLE], reviewer) == [WORDING]
    assert read().found.reviewed == {TITLE}
    assert mark_reviewed(read(), [WORDING], person(Role.GUIDE_EDITOR)) == []
    assert read().found.reviewed == {TITLE, WORDING}


def test_whoever_wrote_a_text_in_wagtail_localize_is_its_translator(localised: EditionPage, reviewer: User) -> None:
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    segment = StringSegment.objects.get(source__object_id=page.translation_key, context__path="wording")
    StringTranslation.objects.create(
        translation_of=segment.string,
        locale=page.locale,
        context=segment.context,
        data="Ouvert",
        last_translated_by=reviewer,
    )
    change("fr", "Ouvert", person(Role.GUIDE_EDITOR))
    assert mark_reviewed(read(), [WORDING], reviewer) == [WORDING]


def test_a_mark_can_be_taken_back_and_given_again(translated: EditionPage, reviewer: User) -> None:
    mark_reviewed(read(), [WORDING], reviewer)
    withdraw_reviews(read(), [WORDING, TITLE], reviewer)
    assert read().found.reviewed == set()
    assert PassageMark.objects.count() == 2
    mark_reviewed(read(), [WORDING], reviewer)
    assert read().found.reviewed == {WORDING}


def test_what_is_not_translated_cannot_be_reviewed(french: EditionPage, reviewer: User) -> None:
    assert mark_reviewed(read(), read().found.source, reviewer) == []
    assert PassageMark.objects.count() == 0


def test_a_file_carries_the_state_both_ways(translated: EditionPage, reviewer: User) -> None:
    mark_reviewed(read(), [WORDING], reviewer)
    found = read().found
    for ending, sign in (("xlf", 'state="signed-off"'), ("po", "#. state: reviewed")):
        content = write_translation(
            *(found.framework, ("en", "fr"), found.source, found.present, found.outdated),
            reviewed=found.reviewed,
            ending=ending,
        )
        assert content.count(sign) == 1
        assert read_translation(content).reviewed == ((WORDING,) if ending == "xlf" else ())


# --- Publishing a wording -------------------------------------------------------------------------------------------


def test_a_wording_may_be_published_before_it_is_reviewed_which_is_said(
    translated: EditionPage, reviewer: User
) -> None:
    edition = release(translated)
    mark_reviewed(read(), [WORDING], reviewer)
    unreviewed = prepare_wording(edition, "fr").unreviewed
    assert len(unreviewed) == len(read().found.source) - 1
    assert WORDING not in unreviewed
    publish_wording(edition, "fr")


def test_an_edition_can_demand_a_review_of_a_language(translated: EditionPage, reviewer: User) -> None:
    edition = release(translated)
    set_review_requirement(translated, "fr", demands=True)
    language = read()
    mark_reviewed(language, (path for path in language.found.source if path != WORDING), reviewer)
    with pytest.raises(WordingIncomplete) as caught:
        publish_wording(edition, "fr")
    assert caught.value.problems == ["Indicator 1.2.1, wording is not reviewed yet."]
    mark_reviewed(read(), [WORDING], reviewer)
    publish_wording(edition, "fr")


def test_the_next_edition_demands_what_the_former_one_did(translated: EditionPage) -> None:
    set_review_requirement(translated, "fr", demands=True)
    following = begin_edition(translated, code="next", title="The next one")
    assert (demands_review(following, "fr"), demands_review(following, "it")) == (True, False)


def test_a_file_is_published_only_with_the_review_that_is_demanded(released: Edition, reviewer: User) -> None:
    source = released.texts("en").translated[0]
    texts = {path: f"fr: {text}" for path, text in source.items()}
    file = read_translation(write_translation(released.framework, ("en", "fr"), source, texts))
    page = find_edition_page(released.code)
    assert len(check_translation(released, file)) == len(texts)
    set_review_requirement(page, "fr", demands=True)
    with pytest.raises(MalformedEdition) as caught:
        publish_translation(released, file)
    assert "The edition, title is not reviewed yet." in caught.value.problems
    set_review_requirement(page, "fr", demands=False)
    publish_translation(released, file, user=reviewer)
    assert len(mark_reviewed(read(), texts, reviewer)) == len(texts)


def test_a_published_wording_counts_as_reviewed_once_all_of_it_is(
    translated: EditionPage, reviewer: User, django_assert_num_queries: Any
) -> None:
    edition = release(translated)
    publish_wording(edition, "fr")
    texts = edition.texts("fr")
    assert not is_reviewed(edition, texts)
    language = read()
    assert language.tree is None
    assert mark_reviewed(language, language.passages, reviewer) == []
    assert is_reviewed(edition, texts)
    with django_assert_num_queries(1):
        assert is_reviewed(edition, texts)
    original = edition.texts("en")
    with django_assert_num_queries(0):
        assert is_reviewed(edition, original)
    withdraw_reviews(read(), [WORDING], reviewer)
    assert not is_reviewed(edition, texts)
