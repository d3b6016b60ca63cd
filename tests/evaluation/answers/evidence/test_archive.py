"""The documents of an evaluation as one ZIP: portable names, complete content, a correct manifest."""

import hashlib
import io
import zipfile

import pytest

from evaluation.answers.evidence.archive import Content, Entry, names_of, stream_archive
from evaluation.answers.evidence.listing import ListedEvidence, list_evidence
from evaluation.models import Document, Evaluation, Evidence
from tests.factories import DocumentFactory, EvidenceFactory, evaluation_of

pytestmark = pytest.mark.django_db

PDF_TYPE = "application/pdf"


def listed_item(name: str, *codes: str) -> ListedEvidence:
    links = [Evidence(code=code) for code in codes or ("1.1.1",)]
    return ListedEvidence(Document(name=name, content_type=PDF_TYPE), links=links)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Protokół.pdf", "1.1.1 Protokół.pdf"),
        ("../../etc/passwd", "1.1.1 passwd.pdf"),
        ("C:\\Windows\\system.ini.pdf", "1.1.1 system.ini.pdf"),
        ('a<b>c:d"e|f?g*h.pdf', "1.1.1 a_b_c_d_e_f_g_h.pdf"),
        ("CON.pdf", "1.1.1 CON.pdf"),
        ("rota.exe", "1.1.1 rota.pdf"),
        ("rota. . .pdf", "1.1.1 rota.pdf"),
        ("line\nbreak.pdf", "1.1.1 linebreak.pdf"),
        ("x" * 190 + ".pdf", "1.1.1 " + "x" * 120 + ".pdf"),
        ("e\u0301tude.pdf", "1.1.1 \u00e9tude.pdf"),
    ],
)
def test_a_name_can_be_written_everywhere_and_is_no_path(name: str, file: str):
    assert names_of([listed_item(name)]) == [file]


def test_no_two_names_differ_by_capitals_only_and_an_address_has_none():
    same = [
        listed_item("Rota.pdf"),
        listed_item("rota.pdf", "1.1.1", "1.1.2"),
        listed_item("ROTA.pdf"),
        listed_item("rota.pdf", "1.1.2"),
    ]
    assert names_of([*same, ListedEvidence(None, "https://example.org/", [Evidence(code="1.1.1")])]) == [
        "1.1.1 Rota.pdf",
        "1.1.1 rota (2).pdf",
        "1.1.1 ROTA (3).pdf",
        "1.1.2 rota.pdf",
        "",
    ]


def written(evaluation: Evaluation) -> tuple[zipfile.ZipFile, list[Entry]]:
    seen_entries: list[Entry] = []

    def manifest(entries: list[Entry]) -> bytes:
        seen_entries.extend(entries)
        return b"the manifest"

    content = b"".join(stream_archive(list_evidence(evaluation), manifest))
    return zipfile.ZipFile(io.BytesIO(content)), seen_entries


def attached(evaluation: Evaluation, code: str, content: bytes, **more: object) -> Document:
    document = DocumentFactory(
        hotline=evaluation.hotline, content=content, content_type=PDF_TYPE, name=f"{code}.pdf", **more
    )
    EvidenceFactory(evaluation=evaluation, code=code, document=document)
    return document


def test_every_document_is_in_it_whole_with_the_digest_of_what_was_written():
    evaluation, large = evaluation_of(), bytes(range(256)) * 3000
    attached(evaluation, "1.1.1", b"small")
    attached(evaluation, "1.1.2", large, digest=hashlib.sha256(large).hexdigest())
    EvidenceFactory(evaluation=evaluation, code="1.2.1", address="https://example.org/")
    archive, entries = written(evaluation)
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        "1.1.1 1.1.1.pdf": b"small",
        "1.1.2 1.1.2.pdf": large,
        "manifest.csv": b"the manifest",
    }
    assert [(one.file, one.content, one.size) for one in entries] == [
        ("1.1.1 1.1.1.pdf", Content.WHOLE, 5),
        ("1.1.2 1.1.2.pdf", Content.WHOLE, len(large)),
        ("", Content.ADDRESS, 0),
    ]
    assert entries[1].sha256 == hashlib.sha256(large).hexdigest()


def test_what_the_storage_lost_or_changed_is_said_and_the_rest_is_there():
    evaluation = evaluation_of()
    lost, changed = attached(evaluation, "1.1.1", b"lost"), attached(evaluation, "1.1.2", b"before")
    attached(evaluation, "1.2.1", b"there")
    lost.file.storage.delete(lost.file.name)
    Document.objects.filter(pk=changed.pk).update(digest="0" * 64)
    archive, entries = written(evaluation)
    assert len(archive.namelist()) == 3
    assert [(one.content, bool(one.sha256)) for one in entries] == [
        (Content.MISSING, False),
        (Content.CHANGED, True),
        (Content.WHOLE, True),
    ]


def test_it_is_sent_in_blocks():
    evaluation = evaluation_of()
    for code in ("1.1.1", "1.1.2"):
        attached(evaluation, code, bytes(1024 * 1024) + code.encode())
    assert max(len(block) for block in stream_archive(list_evidence(evaluation), lambda _entries: b"")) < 300_000


def test_an_evaluation_without_evidence_has_an_archive_with_its_manifest_alone():
    archive, entries = written(evaluation_of())
    assert (archive.namelist(), entries) == (["manifest.csv"], [])
