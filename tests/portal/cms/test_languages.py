"""The languages of an edition in the CMS: what translators download, and what is published from their file."""

from collections.abc import Callable
from typing import Any

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, Translation

from evaluation.models import Role
from portal.cms.translations import languages
from portal.cms.translations.report import TranslationsReport
from standards.editions.languages.translation_files import read_translation
from standards.editions.page_loader import load_guide
from standards.editions.release import publish_translation, release
from standards.framework import parse_wording
from standards.models import Edition, EditionPage, IndicatorPage
from tests.browsing import WIDTHS, follow
from tests.factories import person
from tests.scenes import SMALL_EDITION

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(draft: EditionPage) -> Edition:
    return release(draft)


def address(page: EditionPage, name: str = "guide_languages", *more: str) -> str:
    return reverse(name, args=[page.pk, *more])


def translated(content: bytes, **changes: str) -> bytes:
    """Return the file as a translator would return it, with some other texts."""
    file = polib.pofile(content.decode())
    for entry in file:
        entry.msgstr = changes.get(entry.msgctxt, f"fr: {entry.msgid}")
    return str(file).encode()


def send(editor: Client, page: EditionPage, content: bytes, name: str = "fr.po") -> Any:
    return editor.post(address(page), {"file": SimpleUploadedFile(name, content)})


def test_translators_take_every_text_of_a_draft(guide_editor: Client, draft: EditionPage):
    answer = guide_editor.get(address(draft, "guide_translation_po", "fr"))
    assert answer["Content-Disposition"] == 'attachment; filename="guide-small-fr.po"'
    file = read_translation(answer.content.decode())
    assert file.language == "fr"
    assert file.sources["indicator/1.2.1/wording"] == "Open day and night"
    assert file.texts == {}


def test_what_is_in_the_pages_already_is_in_the_file(guide_editor: Client, french: EditionPage):
    """Uses a scene: the pages of the small edition in French, created by hand."""
    french.title = "Le petit guide"
    french.save_revision()
    source = EditionPage.objects.get(locale__language_code="en")
    file = read_translation(guide_editor.get(address(source, "guide_translation_po", "fr")).content.decode())
    assert file.texts == {"title": "Le petit guide"}


def test_a_text_that_was_made_from_another_one_needs_another_look(guide_editor: Client, localised: EditionPage):
    """Uses a scene: French pages maintained by wagtail-localize.

    One text is translated, and then its source is changed.
    """
    source = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    segment = StringSegment.objects.get(source__object_id=source.translation_key, context__path="wording")
    french = Locale.objects.get(language_code="fr")
    segment.string.translations.create(locale=french, context=segment.context, data="Ouvert jour et nuit")
    Translation.objects.get(source=segment.source, target_locale=french).save_target(publish=False)
    edition = EditionPage.objects.get(locale__language_code="en")

    def entry() -> polib.POEntry:
        file = polib.pofile(guide_editor.get(address(edition, "guide_translation_po", "fr")).content.decode())
        return next(entry for entry in file if entry.msgctxt == "indicator/1.2.1/wording")

    assert (entry().msgstr, entry().fuzzy) == ("Ouvert jour et nuit", False)
    source.wording = "Open at any hour"
    source.save_revision()
    assert (entry().msgid, entry().msgstr, entry().fuzzy) == ("Open at any hour", "Ouvert jour et nuit", True)


@pytest.fixture
def localised(db: None) -> EditionPage:
    return EditionPage.objects.get(locale__language_code="fr")


@pytest.mark.everywhere
def test_the_pages_of_the_report_show_every_translation_once(
    guide_editor: Client, localised: EditionPage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(TranslationsReport, "paginate_by", 4)
    address = reverse("wagtail_localize:translations_report")
    numbers = guide_editor.get(address).context["paginator"].page_range
    shown = [one for number in numbers for one in guide_editor.get(address, {"p": number}).context["object_list"]]
    assert len(numbers) > 2
    assert sorted(one.pk for one in shown) == sorted(Translation.objects.values_list("pk", flat=True))
    assert [one.source.object_repr for one in shown] == sorted(one.source.object_repr for one in shown)


def test_translators_take_the_same_as_xliff(guide_editor: Client, draft: EditionPage):
    answer = guide_editor.get(address(draft, "guide_translation_xlf", "fr"))
    assert answer["Content-Disposition"] == 'attachment; filename="guide-small-fr.xlf"'
    assert answer["Content-Type"] == "application/x-xliff+xml"
    file = read_translation(guide_editor.get(address(draft, "guide_translation_po", "fr")).content.decode())
    assert read_translation(answer.content.decode()).sources == file.sources


@pytest.mark.parametrize("ending", ["po", "xlf"])
@pytest.mark.parametrize("language", ["en", "xx"])
def test_a_language_that_is_none_of_the_site_has_no_file(
    guide_editor: Client, draft: EditionPage, language: str, ending: str
):
    assert guide_editor.get(f"/cms/guide/{draft.pk}/languages/{language}.{ending}").status_code == 404


def test_a_file_is_read_shown_and_then_published(guide_editor: Client, draft: EditionPage, edition: Edition):
    content = translated(guide_editor.get(address(draft, "guide_translation_po", "fr")).content)
    read = send(guide_editor, draft, content)
    assert "Every text is there in French" in read.content.decode()
    assert list(edition.wordings.values_list("language", flat=True)) == ["en"]
    answer = guide_editor.post(address(draft, "guide_publish_file"), {"digest": read.context["digest"]}, follow=True)
    assert "Edition small is published in French." in answer.content.decode()
    wording = parse_wording(edition.wordings.get(language="fr").payload)
    assert wording["indicator/1.2.1/wording"] == "fr: Open day and night"
    again = read_translation(guide_editor.get(address(draft, "guide_translation_po", "fr")).content.decode())
    assert again.texts == wording


def test_a_file_with_open_texts_is_refused_with_each_of_them(
    guide_editor: Client, draft: EditionPage, edition: Edition
):
    content = translated(guide_editor.get(address(draft, "guide_translation_po", "fr")).content, title="")
    answer = send(guide_editor, draft, content)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "The file cannot be used yet." in text
    assert "The edition, title is missing." in text
    assert edition.wordings.count() == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "This is no PO file"),
        (b"\xff\xfe", "The file is not written in UTF-8."),
        (b'msgid ""\nmsgstr "Language: xx\\n"\n\nmsgctxt "title"\nmsgid "a"\nmsgstr "b"\n', "no further language"),
        (b'msgid ""\nmsgstr "Language: en\\n"\n\nmsgctxt "title"\nmsgid "a"\nmsgstr "b"\n', "no further language"),
        (b"", "The submitted file is empty."),
    ],
)
def test_another_file_is_refused_at_its_field(
    guide_editor: Client, draft: EditionPage, edition: Edition, content: bytes, message: str
):
    answer = send(guide_editor, draft, content)
    assert answer.status_code == 422
    assert message in answer.content.decode().replace("&#x27;", "'")


def test_a_file_that_is_too_large_is_refused(
    guide_editor: Client, draft: EditionPage, edition: Edition, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(languages, "LARGEST", 10)
    assert "This file is too large to be the texts of a Guide." in send(guide_editor, draft, b"x" * 11).content.decode()


def test_a_file_that_is_no_longer_kept_is_asked_for_again(guide_editor: Client, draft: EditionPage, edition: Edition):
    answer = guide_editor.post(address(draft, "guide_publish_file"), {"digest": "0" * 64}, follow=True)
    assert "The file is no longer here. Choose it again." in answer.content.decode()


def test_two_files_with_the_same_texts_wait_beside_each_other(
    guide_editor: Client, draft: EditionPage, edition: Edition
):
    content = translated(guide_editor.get(address(draft, "guide_translation_po", "fr")).content)
    french = send(guide_editor, draft, content)
    send(guide_editor, draft, content.replace(b"Language: fr", b"Language: it"), "it.po")
    guide_editor.post(address(draft, "guide_publish_file"), {"digest": french.context["digest"]})
    assert set(edition.wordings.values_list("language", flat=True)) == {"en", "fr"}


def test_the_second_of_two_who_publish_a_language_is_told(guide_editor: Client, draft: EditionPage, edition: Edition):
    content = translated(guide_editor.get(address(draft, "guide_translation_po", "fr")).content)
    digest = send(guide_editor, draft, content).context["digest"]
    publish_translation(edition, read_translation(content.decode()))
    answer = guide_editor.post(address(draft, "guide_publish_file"), {"digest": digest}, follow=True)
    assert "is published already, and stays as it is." in answer.content.decode()
    assert send(guide_editor, draft, content).status_code == 422


def test_a_draft_is_published_in_no_language(guide_editor: Client, draft: EditionPage):
    text = guide_editor.get(address(draft)).content.decode()
    assert "after the edition is released" in text
    answer = guide_editor.post(address(draft, "guide_publish_file"), {"digest": "0" * 64}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("wagtailadmin_home")


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR])
def test_others_neither_see_nor_publish(
    sign_in: Callable[..., Client], draft: EditionPage, edition: Edition, role: Role
):
    client = sign_in(Client(), person(role))
    for name, more in (
        ("guide_languages", []),
        ("guide_translation_po", ["fr"]),
        ("guide_translation_xlf", ["fr"]),
        ("guide_publish_file", []),
        ("guide_load_translation", []),
        ("guide_language", ["fr"]),
        ("guide_demand_review", ["fr"]),
        ("guide_passages", ["fr", "edition"]),
    ):
        assert client.get(address(draft, name, *more)).status_code == 403
    assert client.post(address(draft, "guide_publish_file"), {"digest": "0"}).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_within_reach_with_problems_too(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], tolerated: list[str], width: int
):
    tolerated.append("status of 422")
    page = load_guide(SMALL_EDITION).page
    release(page)
    user = person(Role.GUIDE_EDITOR)
    user.language = "en"
    user.save()
    browser = as_user(browser_page, user)
    browser.set_viewport_size({"width": width, "height": 900})
    browser.goto(address(page))
    axe(browser)
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    browser.locator("input[name=file]").set_input_files(
        {"name": "fr.po", "mimeType": "text/plain", "buffer": b"nothing"}
    )
    follow(browser.get_by_role("button", name="Read the file"))
    browser.get_by_text("This is no PO file").wait_for()
    axe(browser)
