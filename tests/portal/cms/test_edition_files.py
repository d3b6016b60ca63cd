"""The files of an edition in the CMS: what editors download, and what they load after a preview of the changes."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from evaluation.models import Role
from reports.models import GuidePrinting
from standards.editions.files import read_edition
from standards.editions.page_loader import load_edition, load_guide, lock_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import release
from standards.framework import MalformedEdition
from standards.models import EditionPage, IndicatorPage
from tests.browsing import WIDTHS
from tests.factories import person
from tests.scenes import SMALL_EDITION
from tests.standards.conftest import SAMPLE

pytestmark = pytest.mark.django_db

FROZEN = "A released edition does not change. Load a file into the next edition."


def address(page: EditionPage, name: str = "guide_files", *more: str) -> str:
    return reverse(name, args=[page.pk, *more])


def take(editor: Client, page: EditionPage, extension: str = "json") -> bytes:
    return bytes(editor.get(address(page, "guide_download", extension)).content)


def changed(content: bytes) -> bytes:
    """Return the document with another wording of 1.1.1."""
    document = json.loads(content)
    document["domains"][0]["standards"][0]["indicators"][0]["wording"] = "Said in other words"
    return json.dumps(document).encode()


def send(editor: Client, page: EditionPage, content: bytes, name: str = "2027.json") -> Any:
    return editor.post(address(page), {"file": SimpleUploadedFile(name, content)})


def load(editor: Client, page: EditionPage, answer: Any) -> Any:
    return editor.post(address(page, "guide_load_file"), {"digest": answer.context["digest"]}, follow=True)


def messages_of(answer: Any) -> list[str]:
    return [str(message).strip() for message in answer.context["messages"]]


@pytest.mark.parametrize("extension", ["json", "xlsx"])
def test_editors_take_the_edition_as_its_pages_say_it(
    guide_editor: Client, draft: EditionPage, tmp_path: Path, extension: str
):
    answer = guide_editor.get(address(draft, "guide_download", extension))
    assert answer["Content-Disposition"] == f'attachment; filename="guide-small.{extension}"'
    (tmp_path / f"guide.{extension}").write_bytes(answer.content)
    assert read_edition(tmp_path / f"guide.{extension}") == read_tree(draft).text


def test_there_is_no_other_format(guide_editor: Client, draft: EditionPage):
    assert guide_editor.get(address(draft, "guide_download", "pdf")).status_code == 404


def test_what_would_change_is_shown_and_nothing_is_written(guide_editor: Client, draft: EditionPage):
    before = read_tree(draft).text
    answer = send(guide_editor, draft, changed(take(guide_editor, draft)))
    shown = [indicator.code for domain in answer.context["domains"] for one in domain.parts for indicator in one.parts]
    assert (answer.status_code, shown) == (200, ["1.1.1"])
    assert "Said" in answer.content.decode()
    assert read_tree(draft).text == before


def test_the_file_is_loaded_after_the_comparison(guide_editor: Client, draft: EditionPage):
    answer = load(guide_editor, draft, send(guide_editor, draft, changed(take(guide_editor, draft))))
    assert messages_of(answer) == ["The pages of edition small say what the file says."]
    assert answer.redirect_chain == [(address(draft, "guide_tree"), 302)]
    page = IndicatorPage.objects.get(code="1.1.1", locale__language_code="en")
    assert page.wording == "Said in other words"
    assert page.latest_revision.user == answer.context["user"]


def test_a_workbook_is_loaded_too(guide_editor: Client, draft: EditionPage):
    book = load_workbook(BytesIO(take(guide_editor, draft, "xlsx")))
    book["Indicators"]["D2"].value = "Said in other words"
    written = BytesIO()
    book.save(written)
    load(guide_editor, draft, send(guide_editor, draft, written.getvalue(), "back.XLSX"))
    assert IndicatorPage.objects.get(code="1.1.1", locale__language_code="en").wording == "Said in other words"


def test_a_file_that_says_what_the_pages_say_has_nothing_to_load(guide_editor: Client, draft: EditionPage):
    answer = send(guide_editor, draft, take(guide_editor, draft))
    assert answer.context["is_same"]
    assert address(draft, "guide_load_file") not in answer.content.decode()


def test_what_a_comparison_does_not_show_can_be_loaded_too(guide_editor: Client, draft: EditionPage):
    content = take(guide_editor, draft)
    document = json.loads(content)
    document["domains"][0]["key"] = "access"
    answer = send(guide_editor, draft, json.dumps(document).encode())
    assert (answer.context["is_same"], answer.context["is_empty"]) == (False, True)
    load(guide_editor, draft, answer)
    assert read_tree(draft).text.domains[0].fields["key"] == "access"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("guide.ods", b"x", "Choose a file whose name ends in .xlsx or .json."),
        (
            "guide.json",
            b"x",
            "edition.json: The file is not JSON: Expecting value (line 1, column 1). Correct that line.",
        ),
        (
            "guide.json",
            b'{"code": "small"}',
            "edition.json, title: The entry “title” is missing. Write a text in quotation marks.",
        ),
        ("guide.xlsx", b"PK", "edition.xlsx: The file is no XLSX workbook that can be read."),
    ],
)
def test_what_is_wrong_with_a_file_is_listed(
    guide_editor: Client, draft: EditionPage, name: str, content: bytes, problem: str
):
    answer = send(guide_editor, draft, content, name)
    form = answer.context["form"]
    assert answer.status_code == 422
    assert any(text.startswith(problem) for text in (*form.problems, *form.errors["file"]))


def test_a_file_of_another_edition_is_refused(guide_editor: Client, draft: EditionPage):
    document = json.loads(take(guide_editor, draft)) | {"code": "2031"}
    answer = send(guide_editor, draft, json.dumps(document).encode())
    assert answer.context["form"].errors["file"] == ["The file holds edition 2031, and this is edition small."]


def test_a_file_in_another_language_is_refused(guide_editor: Client, draft: EditionPage):
    document = json.loads(take(guide_editor, draft)) | {"language": "fr"}
    answer = send(guide_editor, draft, json.dumps(document).encode())
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["The file is in “fr”, and this edition is written in “en”."]


def test_a_file_that_is_too_large_is_refused(guide_editor: Client, draft: EditionPage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.cms.edition_files.pages.LARGEST", 10)
    answer = send(guide_editor, draft, take(guide_editor, draft))
    assert answer.context["form"].errors["file"] == ["This file is too large to be the texts of a Guide."]


def test_pages_that_changed_meanwhile_are_not_written_over(guide_editor: Client, draft: EditionPage):
    answer = send(guide_editor, draft, changed(take(guide_editor, draft)))
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    page.wording = "Somebody else wrote this"
    page.save_revision()
    assert messages_of(load(guide_editor, draft, answer)) == [
        "The pages have changed since the file was compared with them. Read it again."
    ]
    assert read_tree(draft).text.domains[0].parts[0].parts[0].fields["wording"] != "Said in other words"


def test_a_second_comparison_does_not_lift_the_guard_of_the_first(
    guide_editor: Client, draft: EditionPage, sign_in: Callable[..., Client]
):
    content = changed(take(guide_editor, draft))
    first = send(guide_editor, draft, content)
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    page.wording = "Somebody else wrote this"
    page.save_revision()
    send(sign_in(Client(), person(Role.GUIDE_EDITOR)), draft, content)
    assert messages_of(load(guide_editor, draft, first)) == [
        "The pages have changed since the file was compared with them. Read it again."
    ]


def test_pages_that_a_colleague_locked_are_not_written_over(guide_editor: Client, draft: EditionPage):
    before = read_tree(draft).text
    page = IndicatorPage.objects.get(code="1.1.1", locale__language_code="en")
    page.locked, page.locked_by = True, person(Role.GUIDE_EDITOR, name="Ana Anić")
    page.save()
    answer = load(guide_editor, draft, send(guide_editor, draft, changed(take(guide_editor, draft))))
    assert answer.status_code == 422
    [problem] = answer.context["problems"]
    assert "1.1.1" in problem
    assert problem.endswith("would change, and is locked by Ana Anić. Have it unlocked first.")
    assert read_tree(draft).text == before


def test_what_somebody_locked_is_removed_only_by_themselves(guide_editor: Client, draft: EditionPage):
    page = IndicatorPage.objects.get(code="1.2.1", locale__language_code="en")
    own, text = person(Role.GUIDE_EDITOR), read_tree(draft).text
    page.locked, page.locked_by = True, own
    page.save()
    first = text.domains[0]
    shorter = replace(text, domains=(replace(first, parts=first.parts[:1]), *text.domains[1:]))
    for other in (None, person(Role.GUIDE_EDITOR)):
        with pytest.raises(MalformedEdition, match=r"1\.2\.1"):
            load_edition(shorter, user=other)
    assert load_edition(shorter, user=own).removed == 1


def test_a_file_that_was_not_compared_is_not_loaded(guide_editor: Client, draft: EditionPage):
    answer = guide_editor.post(address(draft, "guide_load_file"), {"digest": "0" * 64}, follow=True)
    assert messages_of(answer) == ["The file is no longer here. Choose it again."]


def test_a_released_edition_is_taken_and_not_loaded(guide_editor: Client, draft: EditionPage):
    content = take(guide_editor, draft)
    compared = send(guide_editor, draft, changed(content))
    release(draft)
    assert FROZEN in guide_editor.get(address(draft)).content.decode()
    assert take(guide_editor, draft) == content
    before = read_tree(draft).text
    again = guide_editor.post(address(draft), {"file": SimpleUploadedFile("2027.json", changed(content))}, follow=True)
    for answer in (again, load(guide_editor, draft, compared)):
        assert answer.redirect_chain == [(address(draft), 302)]
        assert messages_of(answer) == [FROZEN]
    assert read_tree(draft).text == before


def test_an_edition_that_is_released_meanwhile_is_not_loaded(
    guide_editor: Client, draft: EditionPage, monkeypatch: pytest.MonkeyPatch
):
    """The release is looked up after the pages are locked, in the transaction that loads."""
    compared = send(guide_editor, draft, changed(take(guide_editor, draft)))

    def release_and_lock(page: EditionPage) -> None:
        release(draft)
        with CaptureQueriesContext(connection) as queries:
            lock_edition(page)
        assert connection.savepoint_ids
        assert ("FOR UPDATE" in queries[0]["sql"]) is connection.features.has_select_for_update

    monkeypatch.setattr("portal.cms.edition_files.pages.lock_edition", release_and_lock)
    assert messages_of(load(guide_editor, draft, compared)) == [FROZEN]


def test_what_prevents_loading_is_listed_in_its_own_language(
    guide_editor: Client, draft: EditionPage, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_args: Any, **_options: Any) -> bytes:
        raise MalformedEdition(["One thing.", "Another."])

    compared = send(guide_editor, draft, changed(take(guide_editor, draft)))
    monkeypatch.setattr("portal.cms.edition_files.pages.load_edition", refuse)
    monkeypatch.setattr("portal.cms.edition_files.pages.FORMATS", {"json": (refuse, "application/json")})
    for answer in (load(guide_editor, draft, compared), guide_editor.get(address(draft, "guide_download", "json"))):
        assert answer.status_code == 422
        listed = answer.content.decode().partition('<ul class="guide-problems" lang="en">')[2].partition("</ul>")[0]
        assert re.findall("<li>(.*?)</li>", listed) == ["One thing.", "Another."]


def test_the_draft_is_printed_and_opened(guide_editor: Client, draft: EditionPage):
    page = guide_editor.get(address(draft)).content.decode()
    assert ("Print the draft" in page, "Open the PDF" in page) == (True, False)
    assert guide_editor.get(address(draft, "guide_draft_file")).url == address(draft)
    for _press in range(2):
        assert guide_editor.post(address(draft, "guide_print_draft")).url == address(draft)
    printing = GuidePrinting.objects.get(draft=draft)
    page = guide_editor.get(address(draft)).content.decode()
    assert ("It is being printed" in page, "Print the draft" in page) == (True, False)
    printing.pdf.save("guide/draft.pdf", ContentFile(b"%PDF"), save=False)
    printing.state = GuidePrinting.State.DONE
    printing.save()
    assert "Open the PDF" in guide_editor.get(address(draft)).content.decode()
    answer = guide_editor.get(address(draft, "guide_draft_file"))
    assert (b"".join(answer), answer["Content-Type"]) == (b"%PDF", "application/pdf")
    release(draft)
    for answer in (
        guide_editor.post(address(draft, "guide_print_draft")),
        guide_editor.get(address(draft, "guide_draft_file")),
    ):
        assert answer.status_code == 302
    assert "Print the draft" not in guide_editor.get(address(draft)).content.decode()


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.ASSESSOR])
def test_others_neither_take_nor_load(sign_in: Callable[..., Client], draft: EditionPage, role: Role):
    client = sign_in(Client(), person(role))
    for name, more in (("guide_files", []), ("guide_download", ["json"]), ("guide_load_file", [])):
        assert client.get(address(draft, name, *more)).status_code == 403
    assert client.get(address(draft, "guide_draft_file")).status_code == 403
    assert client.post(address(draft, "guide_print_draft")).status_code == 403
    assert client.post(address(draft), {}).status_code == 403
    assert client.post(address(draft, "guide_load_file"), {"digest": "0"}).status_code == 403


def test_the_number_of_queries_does_not_depend_on_the_number_of_indicators(
    guide_editor: Client, draft: EditionPage, django_assert_num_queries: Any
):
    sample = load_guide(SAMPLE).page
    send(guide_editor, draft, take(guide_editor, draft))
    with CaptureQueriesContext(connection) as small:
        send(guide_editor, draft, changed(take(guide_editor, draft)))
    with django_assert_num_queries(len(small)):
        send(guide_editor, sample, changed(take(guide_editor, sample)))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_within_reach_with_a_comparison_too(
    browser_page: Any, as_user: Callable[..., Any], axe: Callable[..., None], tmp_path: Path, width: int
):
    page = load_guide(SMALL_EDITION).page
    user = person(Role.GUIDE_EDITOR)
    user.language = "en"
    user.save()
    browser = as_user(browser_page, user)
    browser.set_viewport_size({"width": width, "height": 900})
    browser.goto(address(page))
    axe(browser)
    with browser.expect_download() as started:
        browser.get_by_role("link", name="JSON document").click()
    (tmp_path / "back.json").write_bytes(changed(Path(started.value.path()).read_bytes()))
    browser.set_input_files("input[type=file]", str(tmp_path / "back.json"))
    browser.get_by_role("button", name="Read the file").click()
    browser.get_by_role("heading", name="What would change").wait_for()
    axe(browser)
    assert browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    browser.get_by_role("button", name="Load into the pages").click()
    browser.get_by_text("The pages of edition small say what the file says.").wait_for()
