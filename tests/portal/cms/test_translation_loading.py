"""The screen on which a translators' file is compared with a draft, and then loaded into its pages."""

from typing import Any

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.models import Role
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.models import EditionPage, IndicatorPage
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(french: EditionPage) -> EditionPage:
    """Return the small edition as a draft, with pages in French, created by hand."""
    return EditionPage.objects.get(locale__language_code="en")


def address(page: EditionPage, name: str = "guide_languages", *more: str) -> str:
    return reverse(name, args=[page.pk, *more])


def file_with(editor: Client, page: EditionPage, **texts: str) -> bytes:
    """Return the file as a translator would return it, with these texts by path."""
    file = polib.pofile(editor.get(address(page, "guide_translation_po", "fr")).content.decode())
    for entry in file:
        entry.msgstr = texts.get(entry.msgctxt, entry.msgstr)
    return str(file).encode()


def send(editor: Client, page: EditionPage, content: bytes) -> Any:
    return editor.post(address(page), {"file": SimpleUploadedFile("fr.po", content)})


def load(editor: Client, page: EditionPage, read: Any, *take: str) -> Any:
    sent = {"digest": read.context["digest"], "take": list(take)}
    return editor.post(address(page, "guide_load_translation"), sent, follow=True)


def messages_of(answer: Any) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


def french_title() -> str:
    tree = read_tree(EditionPage.objects.get(locale__language_code="fr"))
    return str(tree.edition.title)


def test_nothing_is_written_before_it_is_confirmed(guide_editor: Client, source: EditionPage, french: EditionPage):
    read = send(guide_editor, source, file_with(guide_editor, source, title="Le petit guide"))
    assert "Le petit guide" in read.content.decode()
    assert french_title() == "A small edition"
    answer = load(guide_editor, source, read)
    assert messages_of(answer) == ["1 text in French is in the pages."]
    assert french_title() == "Le petit guide"
    again = send(guide_editor, source, file_with(guide_editor, source))
    assert "There is nothing to load." in again.content.decode()


def test_the_words_that_would_change_are_marked_for_the_ear_too(guide_editor: Client, source: EditionPage):
    load(guide_editor, source, send(guide_editor, source, file_with(guide_editor, source, title="Le petit guide")))
    read = send(guide_editor, source, file_with(guide_editor, source, title="Le grand guide"))
    ((_place, words),) = read.context["changed"]
    assert "(removed: </span>petit" in words
    assert "(added: </span>grand" in words
    assert words in read.content.decode()


def test_a_conflict_is_shown_side_by_side_and_kept_unless_it_is_ticked(guide_editor: Client, source: EditionPage):
    given_out = file_with(guide_editor, source, title="Le guide du traducteur")
    load(
        guide_editor, source, send(guide_editor, source, file_with(guide_editor, source, title="Le guide plus récent"))
    )
    read = send(guide_editor, source, given_out)
    text = read.content.decode()
    assert "Le guide plus récent" in text
    assert "Le guide du traducteur" in text
    load(guide_editor, source, read)
    assert french_title() == "Le guide plus récent"
    load(guide_editor, source, send(guide_editor, source, given_out), "title")
    assert french_title() == "Le guide du traducteur"


def test_pages_that_changed_meanwhile_are_not_written_over(guide_editor: Client, source: EditionPage):
    read = send(guide_editor, source, file_with(guide_editor, source, title="Le petit guide"))
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="fr")
    page.wording = "Ouvert jour et nuit"
    page.save_revision()
    answer = load(guide_editor, source, read)
    assert messages_of(answer) == ["The pages have changed since the file was compared with them. Read it again."]
    assert french_title() == "A small edition"


def test_a_released_edition_takes_no_file_into_its_pages(guide_editor: Client, source: EditionPage):
    read = send(guide_editor, source, file_with(guide_editor, source, title="Le petit guide"))
    release(source)
    answer = load(guide_editor, source, read)
    assert messages_of(answer) == ["A released edition does not change. Load a file into the next edition."]
    assert french_title() == "A small edition"


def test_a_draft_without_pages_in_the_language_says_what_to_do(guide_editor: Client, draft: EditionPage):
    answer = send(guide_editor, draft, file_with(guide_editor, draft, title="Le petit guide"))
    assert answer.status_code == 422
    assert "The draft has no pages in “fr” yet." in answer.content.decode()


def test_a_file_that_is_no_longer_kept_is_asked_for_again(guide_editor: Client, source: EditionPage):
    answer = guide_editor.post(address(source, "guide_load_translation"), {"digest": "0" * 64}, follow=True)
    assert messages_of(answer) == ["The file is no longer here. Choose it again."]


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR])
def test_others_load_nothing(sign_in: Any, source: EditionPage, role: Role):
    client = sign_in(Client(), person(role))
    assert client.post(address(source, "guide_load_translation"), {"digest": "0" * 64}).status_code == 403
