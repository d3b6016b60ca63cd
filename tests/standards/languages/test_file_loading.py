"""Loading a translators' file into the pages of a draft: what is compared, what is refused, and what is written."""

from collections.abc import Callable
from typing import Any

import pytest
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from evaluation.models import Role, User
from standards.editions.languages.file_comparison import FileComparison, compare_file
from standards.editions.languages.page_writer import write_translation_texts
from standards.editions.languages.places import find_places
from standards.editions.languages.progress import TextState
from standards.editions.languages.reviews import Language, read_language
from standards.editions.languages.translation_files import FORMATS, read_translation, write_translation
from standards.editions.languages.unit import TranslationFile
from standards.editions.page_reader import read_tree
from standards.framework import MalformedEdition
from standards.models import EditionPage, IndicatorPage, PassageMark
from tests.factories import person
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db

WORDING = "indicator/1.2.1/wording"


@pytest.fixture
def localised(db: None) -> EditionPage:
    """Return the pages of the small edition in French, maintained by wagtail-localize: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


@pytest.fixture
def translator() -> User:
    return person(Role.GUIDE_EDITOR)


def source_page() -> EditionPage:
    return EditionPage.objects.get(locale__language_code="en")


def read() -> Language:
    """Return the French draft as its pages are now."""
    language = read_language(read_tree(source_page()), "fr")
    assert language is not None
    return language


def exported_file(ending: str = "po") -> str:
    """Return the file that translators download now."""
    found = read().found
    return write_translation(
        *(found.framework, ("en", "fr"), found.source, found.present, found.outdated),
        reviewed=found.reviewed,
        ending=ending,
    )


def returned_file(content: str, **texts: str) -> TranslationFile:
    """Return the file with these texts by path, and every other entry as it was."""
    file = read_translation(content)
    return TranslationFile(
        file.language, file.sources, type(file.texts)({**file.texts, **texts}), file.lines, file.bases, file.reviewed
    )


def compared(file: TranslationFile) -> FileComparison:
    language = read()
    assert language.tree is not None
    return compare_file(file, language.found, find_places(language.tree))


def load(file: TranslationFile, user: User, *take: str) -> FileComparison:
    language, comparison = read(), compared(file)
    assert language.tree is not None
    if texts := comparison.chosen(frozenset(take)):
        write_translation_texts(language.tree, language.found, texts, user)
    return comparison


def paths(texts: Any) -> list[str]:
    return [one.path for one in texts]


@pytest.mark.everywhere
@pytest.mark.parametrize("ending", FORMATS)
def test_a_whole_file_is_in_the_pages_and_loading_it_twice_changes_nothing(
    localised: EditionPage, translator: User, ending: str
) -> None:
    content = exported_file(ending)
    texts = {path: f"fr: {text}" for path, text in read().found.source.items()}
    file = returned_file(content, **texts)
    assert len(load(file, translator).added) == len(texts)
    found = read().found
    assert dict(found.texts) == texts
    assert set(found.states.values()) == {TextState.DONE}
    pages = Page.objects.values_list("pk", "latest_revision").order_by("pk")
    before, marks = list(pages), PassageMark.objects.count()
    again = load(file, translator)
    assert (again.is_empty, again.unchanged, again.refused) == (True, len(texts), ())
    assert (list(pages), PassageMark.objects.count()) == (before, marks)


def test_pages_that_were_translated_by_hand_take_a_file_too(french: EditionPage, translator: User) -> None:
    file = returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit", "outcome/accredited": "Accrédité"})
    load(file, translator)
    texts = read().found.texts
    assert (texts[WORDING], texts["outcome/accredited"]) == ("Ouvert jour et nuit", "Accrédité")
    assert (Translation.objects.count(), compared(file).is_empty) == (0, True)


def test_what_is_loaded_waits_as_a_draft(french: EditionPage, translator: User) -> None:
    load(returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit"}), translator)
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    assert (page.live, page.has_unpublished_changes, page.wording) == (True, True, "Open day and night")
    assert (page.draft_title, page.latest_revision.user) == ("Ouvert jour et nuit", translator)


def test_a_translator_finds_what_was_loaded_in_wagtail_localize(localised: EditionPage, translator: User) -> None:
    load(returned_file(exported_file(), **{WORDING: "Ouvert\njour <et> nuit"}), translator)
    written = StringTranslation.objects.get(context__path="wording", locale__language_code="fr")
    assert (written.data, written.last_translated_by) == ("Ouvert<br/>jour &lt;et&gt; nuit", translator)
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    Translation.objects.get(source__object_id=page.translation_key).save_target(publish=False)
    assert read().found.texts[WORDING] == "Ouvert\njour <et> nuit"


def test_a_draft_of_the_source_is_translated_as_it_is_now(localised: EditionPage, translator: User) -> None:
    """wagtail-localize knows the source as it was last published; a file contains the draft."""
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    page.wording = "Open at any hour"
    page.save_revision()
    load(returned_file(exported_file(), **{WORDING: "Ouvert à toute heure"}), translator)
    assert read().found.states[WORDING] is TextState.DONE
    IndicatorPage.objects.get(pk=page.pk).get_latest_revision().publish()
    TranslationSource.objects.get(object_id=page.translation_key).update_from_db()
    assert StringSegment.objects.filter(context__path="wording", string__data="Open at any hour").count() == 1
    assert read().found.states[WORDING] is TextState.DONE


def test_a_text_that_was_changed_since_the_file_was_given_out_is_a_conflict(
    french: EditionPage, translator: User
) -> None:
    content = exported_file()
    load(returned_file(content, **{WORDING: "Ouvert jour et nuit"}), translator)
    file = returned_file(content, **{WORDING: "Toujours ouvert"})
    [conflict] = compared(file).conflicts
    assert (conflict.present, conflict.text) == ("Ouvert jour et nuit", "Toujours ouvert")
    load(file, translator)
    assert read().found.texts[WORDING] == "Ouvert jour et nuit"
    load(file, translator, WORDING)
    assert read().found.texts[WORDING] == "Toujours ouvert"


def test_a_file_given_out_with_the_present_text_changes_it(french: EditionPage, translator: User) -> None:
    load(returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit"}), translator)
    comparison = compared(returned_file(exported_file(), **{WORDING: "Toujours ouvert"}))
    assert (paths(comparison.changed), comparison.conflicts) == ([WORDING], ())


def test_a_file_that_lost_what_it_was_given_with_only_conflicts(french: EditionPage, translator: User) -> None:
    load(returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit"}), translator)
    content = "\n".join(line for line in exported_file().split("\n") if not line.startswith("#. base"))
    comparison = compared(returned_file(content, **{WORDING: "Toujours ouvert"}))
    assert (paths(comparison.conflicts), comparison.changed) == ([WORDING], ())


def test_an_entry_that_the_translator_left_is_no_conflict_with_newer_work(
    french: EditionPage, translator: User
) -> None:
    load(returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit"}), translator)
    content = exported_file()
    load(returned_file(content, **{WORDING: "Toujours ouvert"}), translator)
    assert compared(read_translation(content)).is_empty


def test_work_that_is_not_on_its_page_yet_is_given_out_and_not_written_over(
    localised: EditionPage, translator: User
) -> None:
    content = exported_file()
    segment = StringSegment.objects.get(string__data="Open day and night")
    french = Locale.objects.get(language_code="fr")
    segment.string.translations.create(locale=french, context=segment.context, data="Ouvert jour et nuit")
    assert read().found.present[WORDING] == "Ouvert jour et nuit"
    assert paths(compared(returned_file(content, **{WORDING: "Toujours ouvert"})).conflicts) == [WORDING]


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("indicator/2.1.1/level/3", "x" * 161, "Indicator 2.1.1, level 3 has more than 160 letters. Shorten it."),
        ("title", "Le\u0007guide", "The text holds the control character U+0007, which nobody sees. Take it out."),
        ("introduction", "Voir [cela](/fr/nowhere/).", "leads to nothing on this site. Correct it, or take it out."),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_with_its_place_and_the_others_are_loaded(
    french: EditionPage, translator: User, path: str, text: str, problem: str
) -> None:
    comparison = load(returned_file(exported_file(), **{path: text, WORDING: "Ouvert jour et nuit"}), translator)
    [refused] = comparison.refused
    assert refused.startswith("Line ")
    assert refused.endswith(problem)
    assert read().found.texts[WORDING] == "Ouvert jour et nuit"
    assert read().found.texts[path] != text


def test_an_entry_of_another_source_is_refused_and_the_others_are_loaded(french: EditionPage, translator: User) -> None:
    file = returned_file(exported_file(), **{WORDING: "Ouvert jour et nuit", "title": "Le petit guide"})
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    page.wording = "Open at any hour"
    page.save_revision()
    [refused] = load(file, translator).refused
    assert refused.endswith("was translated from another text than that of the edition. Translate it anew.")
    assert read().found.texts["title"] == "Le petit guide"


def test_an_entry_without_a_text_of_the_source_is_refused(french: EditionPage, translator: User) -> None:
    content = exported_file() + '\nmsgctxt "examined"\nmsgid ""\nmsgstr "Examiné"\n'
    [refused] = load(returned_file(content, title="Le petit guide"), translator).refused
    assert refused.endswith("this edition has no text examined. Delete the entry.")
    assert read().found.texts["title"] == "Le petit guide"


def test_an_indicator_without_a_page_in_the_language_is_refused(french: EditionPage, translator: User) -> None:
    content = exported_file()
    IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr").delete()
    [refused] = load(returned_file(content, **{WORDING: "Ouvert"}), translator).refused
    assert refused.endswith("It has no page in this language yet. Translate its page first.")


def test_a_page_that_somebody_else_locked_keeps_everything_from_being_written(
    french: EditionPage, translator: User
) -> None:
    IndicatorPage.objects.filter(code="1.2.1", locale__language_code="fr").update(locked=True)
    with pytest.raises(MalformedEdition, match="somebody else locked it"):
        load(returned_file(exported_file(), **{WORDING: "Ouvert", "title": "Le petit guide"}), translator)
    assert read().found.texts["title"] != "Le petit guide"


def test_a_file_takes_as_many_statements_for_many_texts_as_for_few(
    localised: EditionPage, translator: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    language, source = read(), read().found.source
    assert language.tree is not None
    with django_assert_max_num_queries(45):
        write_translation_texts(
            language.tree, language.found, {path: f"fr: {text}" for path, text in source.items()}, translator
        )


def test_a_translated_edition_is_given_out_with_its_states(french: EditionPage) -> None:
    translate_all(french)
    content = exported_file("xlf")
    assert content.count('state="translated"') == len(read().found.source)
