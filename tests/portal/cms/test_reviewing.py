"""The screens on which a language is reviewed: all of it, and the passages of a part next to their source."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Role
from portal.cms.translations.reviewing import list_places, paths_of
from standards.editions.languages.reviews import demands_review, mark_reviewed, read_language
from standards.editions.languages.translation_files import write_translation
from standards.editions.page_reader import read_tree
from standards.models import EditionPage, IndicatorPage, PassageMark, StandardPage
from tests.browsing import WIDTHS, follow
from tests.factories import person
from tests.scenes import small_edition_in_french
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db

STANDARD = "standard/1.2"


@pytest.fixture
def translated(db: None) -> None:
    """The small edition as a draft, with every text in French, created by hand: a scene."""


@pytest.fixture
def source(translated: None) -> EditionPage:
    return EditionPage.objects.get(locale__language_code="en")


def address(page: EditionPage, where: str = "", language: str = "fr") -> str:
    more = [where] if where else []
    return reverse("guide_passages" if where else "guide_language", args=[page.pk, language, *more])


def reviewed(page: EditionPage) -> set[str]:
    language = read_language(read_tree(page), "fr")
    assert language is not None
    return language.found.reviewed


def messages_of(answer: Any) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def test_every_text_has_one_page_on_which_it_is_reviewed(source: EditionPage):
    framework = read_tree(source).framework
    places = [where for where, _level in list_places(framework) if not where.startswith("indicator/")]
    paths = [path for where in places for path in paths_of(framework, where)]
    assert len(paths) == len(set(paths))
    assert set(framework.text_paths()) <= set(paths)


def test_ticked_passages_are_marked_and_taken_back(guide_editor: Client, source: EditionPage):
    page = guide_editor.get(address(source, STANDARD))
    first, *others = page.context["passages"]
    answer = guide_editor.post(address(source, STANDARD), {"passage": [first.digest]}, follow=True)
    assert messages_of(answer) == ["1 passage is marked as reviewed."]
    assert reviewed(source) == {first.path}
    guide_editor.post(address(source, STANDARD), {"passage": [first.digest], "take_back": "1"})
    assert reviewed(source) == set()
    assert others


def test_a_standard_and_a_language_are_marked_as_a_whole(guide_editor: Client, source: EditionPage):
    page = guide_editor.get(address(source, STANDARD))
    guide_editor.post(address(source, STANDARD), {"all": page.context["token"]})
    assert reviewed(source) == {passage.path for passage in page.context["passages"]}
    whole = guide_editor.get(address(source))
    assert (whole.context["reviewed"], whole.context["translated"]) == (len(reviewed(source)), whole.context["total"])
    guide_editor.post(address(source), {"all": whole.context["token"]})
    assert len(reviewed(source)) == whole.context["total"]


@pytest.mark.parametrize("where", ["", STANDARD])
def test_what_changed_since_it_was_read_is_not_marked(guide_editor: Client, source: EditionPage, where: str):
    page = guide_editor.get(address(source, where))
    french = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    french.wording = "Toujours ouvert"
    french.save_revision()
    answer = guide_editor.post(address(source, where), {"all": page.context["token"]}, follow=True)
    assert messages_of(answer) == ["Passages have changed since you read them. Read them again; nothing is marked."]
    assert PassageMark.objects.count() == 0


def test_a_translator_is_told_that_somebody_else_reviews(sign_in: Callable[..., Client], source: EditionPage):
    user = person(Role.GUIDE_EDITOR)
    page = StandardPage.objects.get(code="1.2", locale__language_code="fr")
    page.title = "Horaires"
    page.save_revision(user=user)
    editor = sign_in(Client(), user)
    shown = editor.get(address(source, STANDARD))
    own = {passage.path for passage in shown.context["passages"] if passage.is_own}
    assert own == {f"{STANDARD}/title", f"{STANDARD}/introduction"}  # by hand, a page is saved as a whole
    answer = editor.post(address(source, STANDARD), {"all": shown.context["token"]}, follow=True)
    assert "You translated 2 of them yourself. Somebody else reviews them." in messages_of(answer)
    assert reviewed(source) & own == set()
    assert len(reviewed(source)) == len(shown.context["passages"]) - 2


def test_the_languages_of_an_edition_say_what_is_reviewed_and_what_is_demanded(
    guide_editor: Client, source: EditionPage
):
    url = reverse("guide_demand_review", args=[source.pk, "fr"])
    guide_editor.post(url, {"demands": "1"})
    assert demands_review(source, "fr")
    text = guide_editor.get(reverse("guide_languages", args=[source.pk])).content.decode()
    assert "Published only when everything is reviewed." in text
    guide_editor.post(url, {"demands": "0"})
    assert not demands_review(source, "fr")


@pytest.mark.parametrize("path", ["hr/", "en/", "xx/", "fr/standard/9.9/", "fr/indicator/1.2.1/"])
def test_a_language_or_a_part_that_is_not_there_is_not_found(guide_editor: Client, source: EditionPage, path: str):
    assert guide_editor.get(f"/cms/guide/{source.pk}/languages/{path}").status_code == 404


@pytest.mark.parametrize("where", ["", STANDARD])
def test_a_page_asks_as_much_for_many_texts_as_for_few(guide_editor: Client, source: EditionPage, where: str):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert guide_editor.get(address(source, where)).status_code == 200
        return len(asked)

    queries()
    before = queries()
    language = read_language(read_tree(source), "fr")
    assert language is not None
    mark_reviewed(language, language.passages, person(Role.GUIDE_EDITOR))
    assert queries() == before


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_screens_of_a_translation_are_within_reach(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], width: int
):
    small_edition_in_french()
    french = EditionPage.objects.get(locale__language_code="fr")
    translate_all(french)
    source = EditionPage.objects.get(locale__language_code="en")
    user = person(Role.GUIDE_EDITOR)
    user.language = "en"
    user.save()
    language = read_language(read_tree(source), "fr")
    assert language is not None
    found = language.found
    mark_reviewed(language, ["title"], user)
    texts = dict(found.present) | {"title": "Le guide du traducteur", "standard/1.2/title": "Horaires"}
    file = write_translation(found.framework, ("en", "fr"), found.source, texts).replace("base: ", "lost: ")
    file = file.replace('msgid "Open day and night"', 'msgid "Something older"')
    browser = as_user(browser_page, user)
    browser.set_viewport_size({"width": width, "height": 900})
    for address_of_screen in (address(source), address(source, STANDARD)):
        browser.goto(address_of_screen)
        axe(browser)
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.goto(reverse("guide_languages", args=[source.pk]))
    browser.locator("input[name=file]").set_input_files(
        {"name": "fr.po", "mimeType": "text/plain", "buffer": file.encode()}
    )
    follow(browser.get_by_role("button", name="Read the file"))
    browser.get_by_text("Take the text of the file").first.wait_for()
    axe(browser)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.get_by_label("Take the text of the file").first.check()
    follow(browser.get_by_role("button", name="Load into the pages"))
    browser.get_by_text("1 text in French is in the pages.").wait_for()
