"""The whole Guide as PDF: tagged, with title, language and links; printed once and stored."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import IntegrityError, OperationalError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pypdf import PdfReader

from evaluation.models import Role
from reports import guide, printed_files
from reports.guide import (
    make_guide,
    mark_guide_failed,
    print_guide,
    request_draft,
    request_guide,
    write_draft,
    write_guide,
)
from reports.models import FAILED_FOR, GuidePrinting
from reports.pdf import PrintingFailed, print_page
from reports.texts.declaration import text_of
from reports.texts.writing import save_text
from standards.editions.release import publish_wording, release
from standards.models import Edition, EditionPage, EditionWording
from tests.factories import person
from tests.reports.test_pdf import structure
from tests.standards.conftest import translate_all

pytestmark = pytest.mark.django_db

PDF = b"%PDF a stand-in"


@pytest.fixture
def loaded(db: None) -> EditionPage:
    """Return the pages of the small edition: a scene."""
    return EditionPage.objects.get(locale__language_code="en")


@pytest.fixture
def french(db: None) -> EditionPage:
    """Return the same pages in French: a scene."""
    return EditionPage.objects.get(locale__language_code="fr")


@pytest.fixture
def released(loaded: EditionPage) -> Edition:
    return release(loaded)


@pytest.fixture
def in_french(french: EditionPage, released: Edition) -> EditionWording:
    translate_all(french)
    return publish_wording(released, "fr")


@pytest.fixture
def wording(released: Edition) -> EditionWording:
    return released.wordings.get()


@pytest.fixture
def printed_pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of printed pages. A substitute for the printing process prints them at once."""
    pages: list[str] = []

    def stand_in(html: str) -> bytes:
        pages.append(html)
        return PDF

    monkeypatch.setattr(printed_files, "print_page", stand_in)
    monkeypatch.setattr(printed_files, "count_pages", lambda pdf: 7)
    return pages


def kept_files() -> list[str]:
    storage = storages["private"]
    return storage.listdir("guide")[1] if storage.exists("guide") else []


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# --- The document ---------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_and_linked_and_says_its_language_and_title(in_french: EditionWording) -> None:
    pdf = print_page(write_guide(in_french))
    reader = PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF's true, which is no bool
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "fr: A small edition"
    kinds = [element["/S"] for element in structure(pdf)]
    framework = in_french.edition.framework
    assert kinds.count("/H1") == 1 + 1 + 1 + len(framework.domains)  # cover, contents, rule, domains
    assert kinds.count("/H3") >= len(framework.indicators)
    assert [e.get("/Alt") for e in structure(pdf) if e["/S"] == "/Figure" and not e.get("/Alt")] == []
    assert kinds.count("/Link") >= len(framework.domains) + len(framework.standards)
    titles = [entry.title for entry in _outlines(reader.outline)]
    assert {"fr: Access", "fr: Open day and night"} <= set(titles)
    text = flat(" ".join(page.extract_text() for page in reader.pages))
    for sentence in ("fr: Open day and night", "fr: Every day of the year.", "fr: Rota", "fr: This text is invented."):
        assert sentence in text
    assert print_page(write_guide(in_french)) == pdf


def test_a_draft_says_on_each_page_and_in_its_metadata_that_it_is_one(loaded: EditionPage) -> None:
    html = write_draft(loaded)
    reader = PdfReader(BytesIO(print_page(html)))
    marks = [re.findall(r"\bDRAFT\b|\bDraft\b", page.extract_text()) for page in reader.pages]
    assert len(marks) > 4
    assert all(marks), "on each page, the cover too"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.keywords) == ("Draft: A small edition", "Draft")
    assert reader.metadata.subject == "Draft of edition small, not released"
    text = flat(" ".join(page.extract_text() for page in reader.pages))
    assert "This edition is not released." in text
    assert "sha256" not in text


def test_a_released_edition_is_marked_nowhere_as_a_draft(wording: EditionWording) -> None:
    html = write_guide(wording)
    assert ("data-draft=" in html, "not released" in html, '<meta name="keywords"' in html) == (False, False, False)


def test_a_draft_is_printed_as_it_reads_when_it_is_asked_for(loaded: EditionPage, printed_pages: list[str]) -> None:
    printing = request_draft(loaded)
    assert printing.is_waiting
    assert request_draft(loaded) == printing, "a second press asks for nothing"
    print_guide.func(printing.pk)
    printing.refresh_from_db()
    assert (printing.state, kept_files()) == ("done", [f"draft-{loaded.code}.pdf"])
    loaded.title = "A small edition, changed"
    loaded.save_revision()
    asked_again = request_draft(loaded)
    assert (asked_again.is_waiting, asked_again.pdf) == (True, printing.pdf), "what was printed stays meanwhile"
    print_guide.func(printing.pk)
    assert ["A small edition, changed" in page for page in printed_pages] == [False, True]


@pytest.mark.everywhere
def test_a_printing_is_of_a_wording_or_of_a_draft(loaded: EditionPage) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GuidePrinting.objects.create()
    GuidePrinting.objects.create(draft=loaded)


def _outlines(entries: list[Any]) -> Iterator[Any]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _outlines(entry)
        else:
            yield entry


def test_every_text_of_the_edition_is_on_the_page_and_every_link_leads_somewhere(wording: EditionWording) -> None:
    page = write_guide(wording)
    texts, framework = wording.edition.texts("en"), wording.edition.framework
    for path in framework.text_paths():
        if not path.endswith("short_title") and path != "examined":
            assert str(texts[path]) in page, path
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert {f"s{code}" for code in framework.standards} | {domain.code for domain in framework.domains} <= targets
    assert targets <= set(re.findall(r'id="([^"]+)"', page))
    assert wording.edition.sha256[:4] in page


def test_the_cover_has_the_motto_that_mce_chose(wording: EditionWording, in_french: EditionWording) -> None:
    save_text(text_of("report.motto"), "en", ["One number."], seen=0, by=person(Role.GUIDE_EDITOR))
    assert re.search(r"<span\s*>One number\.</span>", write_guide(wording))
    assert re.search(r'<span[^>]* lang="en"\s*>One number\.</span>', write_guide(in_french))


def test_the_day_of_the_release_is_that_of_the_site(wording: EditionWording, monkeypatch: pytest.MonkeyPatch) -> None:
    # In Brussels the new year has begun. A released edition is frozen, so that only the row in memory is changed.
    monkeypatch.setattr(wording.edition, "released_at", datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    assert re.search(r"Released</th>\s*<td>1 January 2027</td>", write_guide(wording))


# --- Printed once and stored -----------------------------------------------------------------------------------------


def test_the_first_reader_waits_for_the_worker_and_the_next_ones_read(
    client: Client, wording: EditionWording, printed_pages: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as queued:
        page = client.get("/en/guide/small/pdf/")
        assert client.get("/en/guide/small/pdf/").status_code == 200
    assert len(queued) == 1
    assert "It is being printed" in page.content.decode()
    assert client.get("/en/guide/small/whole.pdf").url == "/en/guide/small/pdf/"
    queued[0]()
    assert client.get("/en/guide/small/pdf/").url == "/en/guide/small/whole.pdf"
    response = client.get("/en/guide/small/whole.pdf")
    assert b"".join(response.streaming_content) == PDF
    assert (response["Content-Type"], response.status_code) == ("application/pdf", 200)
    assert "practical-guide-small-en.pdf" in response["Content-Disposition"]
    assert "7 pages" in client.get("/en/guide/small/").content.decode()
    assert len(printed_pages) == 1


def test_a_script_that_asks_gets_the_progress_and_then_a_link_to_the_file(
    client: Client, wording: EditionWording, printed_pages: list[str]
) -> None:
    asked = {"headers": {"HX-Request": "true"}}
    part = client.get("/en/guide/small/pdf/", **asked).content.decode()
    assert "<html" not in part
    assert 'data-hx-get="/en/guide/small/pdf/"' in part
    make_guide(GuidePrinting.objects.get())
    part = client.get("/en/guide/small/pdf/", **asked).content.decode()
    assert "hx-get" not in part  # a browser that saves the file stays on the page, which must not ask again and again
    assert '<a href="/en/guide/small/whole.pdf">' in part
    assert "7 pages" in part


def test_readers_of_a_language_that_is_not_published_get_the_source(
    client: Client, wording: EditionWording, printed_pages: list[str]
) -> None:
    make_guide(GuidePrinting.objects.create(wording=wording))
    assert client.get("/pl/guide/small/pdf/").url == "/en/guide/small/whole.pdf"
    assert client.get("/pl/guide/small/whole.pdf").url == "/pl/guide/small/pdf/"
    assert GuidePrinting.objects.count() == 1


def test_what_is_not_released_has_no_pdf(client: Client) -> None:
    assert client.get("/en/guide/small/pdf/").status_code == 404
    assert client.get("/en/guide/small/whole.pdf").status_code == 404


def test_the_same_page_is_not_printed_again_and_another_replaces_it(
    wording: EditionWording, printed_pages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printing = GuidePrinting.objects.create(wording=wording)
    assert make_guide(printing) is True
    assert make_guide(printing) is False
    first = kept_files()
    monkeypatch.setattr(guide, "PUBLISHER", "Somebody else")
    assert make_guide(printing) is True
    assert (len(printed_pages), len(kept_files())) == (2, 2)
    assert Path(printing.pdf.name).name not in first
    with printing.pdf.open("rb") as kept:
        assert kept.read() == PDF


def test_a_second_printing_at_once_keeps_the_file_that_its_row_names(
    wording: EditionWording, printed_pages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_guide(GuidePrinting.objects.create(wording=wording))
    monkeypatch.setattr(guide, "PUBLISHER", "Somebody else")
    one, other = (GuidePrinting.objects.select_related("wording__edition").get() for _time in range(2))
    assert (make_guide(one), make_guide(other)) == (True, True)
    with GuidePrinting.objects.get().pdf.open("rb") as kept:
        assert kept.read() == PDF


def test_a_file_that_is_lost_is_printed_again(wording: EditionWording, printed_pages: list[str]) -> None:
    printing = GuidePrinting.objects.create(wording=wording)
    make_guide(printing)
    storages["private"].delete(printing.pdf.name)
    assert make_guide(printing) is True
    with printing.pdf.open("rb") as kept:
        assert kept.read() == PDF


# --- Failures -------------------------------------------------------------------------------------------------------


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(_html: str) -> bytes:
        raise error

    monkeypatch.setattr(printed_files, "print_page", fail)


def test_a_failure_is_told_and_not_tried_again_at_once(
    client: Client,
    wording: EditionWording,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    printed_pages: list[str],
) -> None:
    fails(monkeypatch, PrintingFailed("no_pango"))
    with django_capture_on_commit_callbacks(execute=True):
        client.get("/en/guide/small/pdf/")
    with django_capture_on_commit_callbacks() as queued:
        page = flat(client.get("/en/guide/small/pdf/").content.decode())
    again_at = timezone.localtime(GuidePrinting.objects.get().changed_at + FAILED_FOR)
    assert "The PDF could not be printed." in page
    assert f"again from {date_format(again_at, 'TIME_FORMAT')} {again_at.tzname()} on." in page
    assert queued == []
    GuidePrinting.objects.update(changed_at=timezone.now() - FAILED_FOR - timedelta(minutes=1))
    with django_capture_on_commit_callbacks() as queued:
        assert "It is being printed" in client.get("/en/guide/small/pdf/").content.decode()
    assert len(queued) == 1


def test_a_worker_that_vanished_is_replaced(wording: EditionWording, django_capture_on_commit_callbacks: Any) -> None:
    GuidePrinting.objects.create(wording=wording, state="setting")
    for age, tasks in ((timedelta(minutes=11), 0), (timedelta(minutes=13), 1)):
        GuidePrinting.objects.update(changed_at=timezone.now() - age)
        with django_capture_on_commit_callbacks() as queued:
            request_guide(wording)
        assert len(queued) == tasks


def test_a_failed_database_is_left_to_the_worker_and_anything_else_is_a_crash(
    wording: EditionWording, monkeypatch: pytest.MonkeyPatch
) -> None:
    printing = GuidePrinting.objects.create(wording=wording)
    fails(monkeypatch, OperationalError())
    with pytest.raises(OperationalError):
        print_guide.call(printing.pk)
    assert GuidePrinting.objects.get().is_running
    fails(monkeypatch, ValueError())
    with pytest.raises(ValueError):  # noqa: PT011 - our own, without words
        print_guide.call(printing.pk)
    assert (GuidePrinting.objects.get().state, GuidePrinting.objects.get().failure) == ("failed", "crashed")


def test_a_task_that_is_given_up_is_a_failure(wording: EditionWording) -> None:
    printing = GuidePrinting.objects.create(wording=wording)
    mark_guide_failed(printing.pk)
    assert GuidePrinting.objects.get().failure == "given_up"


# --- The command ----------------------------------------------------------------------------------------------------


def test_the_command_prints_what_is_missing(in_french: EditionWording, printed_pages: list[str]) -> None:
    def run_command(**options: str) -> list[str]:
        out = StringIO()
        call_command("print_guide", stdout=out, **options)
        return out.getvalue().splitlines()

    assert run_command(language="fr")[:1] == [f"Edition small (fr): printed, 7 pages, {len(PDF)} bytes"]
    assert run_command()[:2] == [
        f"Edition small (en): printed, 7 pages, {len(PDF)} bytes",
        f"Edition small (fr): as before, 7 pages, {len(PDF)} bytes",
    ]
    with pytest.raises(CommandError, match="No such edition"):
        run_command(edition="none")


def test_the_command_says_what_failed(wording: EditionWording, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fails(monkeypatch, PrintingFailed("no_pango"))
    with pytest.raises(CommandError, match=r"small \(en\) was not printed \(no_pango\)"):
        call_command("print_guide")
    assert GuidePrinting.objects.get().failure == "no_pango"
