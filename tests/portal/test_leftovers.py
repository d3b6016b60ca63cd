"""What an upload that broke off leaves on the disk goes in time, and nothing else does."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse

from evaluation.models import Document
from portal.operations.leftovers import KEPT_FOR
from tests.evaluation.stages import Stage, stage
from tests.uploads import PDF, pdf_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage("self_assessment")


def attach(here: Stage, client: Any, content: bytes) -> int:
    address = reverse("workspace:add_evidence", args=[here.evaluation.uid, "1.1.1"])
    return client.post(address, {"document": ContentFile(content, name="rota.pdf")}).status_code


def stored() -> set[str]:
    root = Path(storages["private"].location)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def age(*names: str, by: timedelta = KEPT_FOR + timedelta(hours=1)) -> None:
    for name in names:
        then = time.time() - by.total_seconds()
        os.utime(Path(storages["private"].location) / name, (then, then))


def remove() -> list[str]:
    """Remove what is left over; its names."""
    said = StringIO()
    call_command("leftovers", remove=True, stdout=said)
    return said.getvalue().splitlines()[:-1]


def test_the_file_of_an_upload_that_broke_off_goes_after_a_week(here, client, sign_in, monkeypatch):
    sign_in(client, here.coordinator)
    assert attach(here, client, PDF) == 302
    (kept,) = stored()
    client.raise_request_exception = False

    def is_away(*_args: Any, **_names: Any) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("evaluation.documents._link", is_away)
        assert attach(here, client, pdf_with("/Lang(pl)")) == 503
    assert Document.objects.count() == 1
    (left,) = stored() - {kept}
    age(kept)
    age(left, by=KEPT_FOR - timedelta(hours=1))
    assert (remove(), stored()) == ([], {kept, left})
    age(left)
    assert remove() == [left]
    assert (stored(), remove()) == ({kept}, [])


def test_it_can_be_uploaded_again_meanwhile(here, client, sign_in, monkeypatch):
    """The second file of the same content has another name; only the first one goes."""
    sign_in(client, here.coordinator)
    storages["private"].save("evidence/00/a", ContentFile(b"another"))
    monkeypatch.setattr("evaluation.models.judgements.evidence_path", lambda *_: "evidence/00/a")
    monkeypatch.setattr(Document._meta.get_field("file"), "upload_to", lambda *_: "evidence/00/a")
    assert attach(here, client, PDF) == 302
    kept = Document.objects.get().file.name
    age("evidence/00/a", kept)
    remove()
    assert stored() == {kept}


def test_nothing_goes_until_somebody_says_so():
    """Beside a database that was restored without its last days they are the files of rows that were lost."""
    storages["private"].save("evidence/00/one", ContentFile(b"of a row that was lost"))
    age(*stored())
    before = stored()
    call_command("keep_dates", stdout=StringIO())
    said = StringIO()
    call_command("leftovers", stdout=said)
    assert (
        said.getvalue() == "evidence/00/one\n1 stored file that no row names found; with --remove they are removed.\n"
    )
    assert stored() == before


def test_what_the_cms_left_goes_too_and_what_somebody_else_put_there_stays():
    storages["default"].save("documents/half.pdf", ContentFile(PDF))
    storages["private"].save("notes/of-the-operator.txt", ContentFile(b"where the disk came from"))
    age(*stored())
    remove()
    assert stored() == {"notes/of-the-operator.txt"}
