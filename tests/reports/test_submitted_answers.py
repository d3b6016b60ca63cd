"""The answers of a submission as PDF: its text from the frozen copy, its tags and languages, and its printing.

`tests/reports/golden/submitted_answers.txt` is the text of a small submission with one of everything. Write it again
with `REWRITE_GOLDEN=1`.
"""

import os
import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pypdf import PdfReader

from evaluation.models import Submission
from evaluation.workflow import perform
from reports import printed_files
from reports.models import AnswersPrinting
from reports.numbering import printed_number
from reports.pdf import print_page
from reports.submitted_answers import mark_answers_failed, print_answers, request_answers, write_answers_page
from standards.framework import canonical, digest
from tests.factories import SIGNED
from tests.reports.test_pdf import structure
from tests.stage import Stage

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden" / "submitted_answers.txt"
COPY = {
    "format": "116000-submission",
    "version": 2,
    "number": 2,
    "hotline": "PT",
    "hotline_name": "Linha <Portugal>",
    "round": "2027",
    "edition": {"code": "small", "sha256": "e" * 64},
    "asked": ["1.1.1", "1.1.2", "1.2.1", "3.1.1", "3.2.2", "9.1.1"],
    "answers": {
        "1.1.1": {
            "version": 1,
            "level": 3,
            "evidence": [
                {"name": "rota.pdf", "sha256": "a" * 64, "size": 2048, "ends_on": "2027-12-31"},
                {"address": "https://rota.example/", "begins_on": "2026-01-01", "ends_on": "2027-01-01"},
            ],
        },
        "1.1.2": {"version": 3, "level": 2, "words": "Two people, by turns.\n\nAlso at night."},
        "3.2.2": {"version": 1, "value": "100"},
        "9.1.1": {"version": 1, "not_applicable": True, "words": "The police do it."},
        "9.1.2": {"version": 1, "level": 3, "words": "Not asked, and not printed."},
    },
    "figures": {
        "totals": {"A03": "1000", "A04": "880"},
        "partial": {"A05": {"months": ["2026-01"], "of": 12, "value": "40"}},
        "files": ["f" * 64],
    },
    "declaration": {
        "text": "It is complete.\n\nIts answers are true.",
        "language": "en",
        "signed_at": "2027-03-01T22:30:00+00:00",
        "signed_by": "b" * 64,
    },
}


def submission_of(stage: Stage, **changes: object) -> Submission:
    """Return a submission with the copy above, which is not stored."""
    payload = canonical({name: part for name, part in (COPY | changes).items() if part is not None})
    at = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)
    return Submission(evaluation=stage.evaluation, number=2, at=at, payload=payload, sha256=digest(payload))


def text_of(html: str) -> str:
    """Return the lines of a page, without its style and its drawings."""
    body = re.sub(r"<(style|svg|title)\b.*?</\1>", "", html, flags=re.DOTALL)
    blocks = re.sub(r"</?(p|h1|h2|h3|li|tr|div|section|td|th)\b[^>]*>", "\n", body)
    words = unescape(re.sub(r"<[^>]+>", " ", blocks)).replace("\xa0", " ")
    return "\n".join(filter(None, (" ".join(line.split()) for line in words.splitlines()))) + "\n"


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("self_assessment")


def test_its_text_is_this(stage: Stage) -> None:
    found = text_of(write_answers_page(submission_of(stage), "en"))
    if os.environ.get("REWRITE_GOLDEN"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


def test_it_needs_nothing_that_may_change_later(stage: Stage) -> None:
    before = write_answers_page(submission_of(stage), "en")
    stage.evaluation.answers.all().delete()
    stage.evaluation.hotline.recorded_name = "Another name"
    stage.coordinator.name = "Another person"
    assert write_answers_page(submission_of(stage), "en") == before
    assert stage.coordinator.name not in before


def test_what_is_in_another_language_is_marked(stage: Stage) -> None:
    html = write_answers_page(submission_of(stage), "fr")
    assert '<html lang="fr">' in html
    assert re.search(r'<div lang="en">\s*<p>It is complete\.</p>', html)
    assert re.search(r'<div lang="en">\s*<p>Two people, by turns\.</p>', html)
    assert '<span lang="en">1.1.2 wording (en)</span>' in html
    own = write_answers_page(submission_of(stage, declaration=COPY["declaration"] | {"language": "fr"}), "fr")
    assert re.search(r"<div\s*>\s*<p>It is complete\.</p>", own)


def test_a_copy_of_the_first_version_is_printed_too(stage: Stage) -> None:
    answers = {"1.1.1": {"version": 1, "level": 3, "evidence": [{"name": "rota.pdf", "sha256": "a" * 64}]}}
    html = write_answers_page(
        submission_of(stage, version=1, declaration=None, hotline_name=None, answers=answers), "en"
    )
    assert "Submitted before declarations were signed." in html
    assert stage.evaluation.hotline.name in html
    assert "rota.pdf" in html


def test_the_pdf_is_tagged_and_has_the_digest_on_each_page(stage: Stage) -> None:
    submission = submission_of(stage)
    pdf = print_page(write_answers_page(submission, "en"))
    reader = PdfReader(BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"].value) == ("en", True)
    assert reader.metadata is not None
    assert reader.metadata.title == "Linha <Portugal>: Self-assessment, submission 2"
    assert {"/H1", "/H2", "/H3", "/Table", "/L"} <= {element["/S"] for element in structure(pdf)}
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert all(printed_number(submission.sha256) in page for page in pages)
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, 1)][1:] == [True] * (len(pages) - 1)


# --- Printing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(stage: Stage) -> Submission:
    perform(stage.evaluation, "submit", by=stage.coordinator, signed=SIGNED)
    return stage.evaluation.submissions.get()


def test_it_is_printed_once_for_each_language_and_kept(stored: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[str] = []
    monkeypatch.setattr(printed_files, "print_page", lambda html: printed.append(html) or b"%PDF a stand-in")
    monkeypatch.setattr(printed_files, "count_pages", lambda _pdf: 7)
    printing = request_answers(stored, "en")
    assert printing.is_waiting
    assert request_answers(stored, "en") == printing, "a second person asks for nothing"
    print_answers.func(printing.pk)
    printing.refresh_from_db()
    assert (printing.state, printing.pages, len(printed)) == ("done", 7, 1)
    assert storages["private"].exists(printing.pdf.name)
    assert request_answers(stored, "en").is_running is False
    assert request_answers(stored, "fr") != printing
    assert AnswersPrinting.objects.count() == 2


def test_what_its_worker_gave_up_has_failed_and_is_not_tried_at_once(stored: Submission) -> None:
    printing = request_answers(stored, "en")
    mark_answers_failed(printing.pk)
    again = request_answers(stored, "en")
    assert (again.state, again.failure) == ("failed", "given_up")
