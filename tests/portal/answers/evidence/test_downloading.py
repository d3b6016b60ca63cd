"""The ZIP of all evidence: its manifest, and its headers for browsers."""

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.models import Document, Evidence
from portal.answers.evidence.downloading import COLUMNS
from tests.factories import DocumentFactory, EvidenceFactory
from tests.stage import Stage

pytestmark = pytest.mark.django_db


def test_the_archive_has_a_manifest_that_no_spreadsheet_executes(client: Client, sign_in: Callable[..., Client]):
    stage = Stage("self_assessment")
    Evidence.objects.filter(evaluation=stage.evaluation).exclude(pk=stage.link.pk).delete()
    Document.objects.filter(pk=stage.document.pk).update(name="=1+1.pdf", content_type="application/pdf")
    EvidenceFactory(evaluation=stage.evaluation, code="1.2.1", address="https://example.org/")
    DocumentFactory(hotline=stage.hotline, name="not used.pdf")
    answer = sign_in(client, stage.people.mce).get(reverse("workspace:evidence_archive", args=[stage.evaluation.uid]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer)))
    file = f"{stage.link.code} =1+1.pdf"
    assert archive.namelist() == [file, "manifest.csv"]
    head, *rows = csv.reader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")))
    assert tuple(head) == COLUMNS
    assert [row[:5] for row in rows] == [
        [file, "whole", "'=1+1.pdf", str(stage.document.size), stage.document.digest],
        ["", "address", "https://example.org/", "", ""],
    ]
    assert [row[7] for row in rows] == [stage.link.code, "1.2.1"]
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-xa-round-of-the-scene.zip"'
