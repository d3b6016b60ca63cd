"""Files left by aborted uploads are removed after a time, and no others."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Document
from portal.operations.leftovers import KEPT_FOR
from portal.operations.verification import file_fields, missing_files
from tests.bucket import Bucket, Memory
from tests.stage import Stage
from tests.uploads import PDF, pdf_with

pytestmark = [pytest.mark.usefixtures("empty"), pytest.mark.django_db, pytest.mark.everywhere]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("self_assessment")


def attach(stage: Stage, client: Any, content: bytes) -> int:
    address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.1"])
    return client.post(address, {"document": ContentFile(content, name="rota.pdf")}).status_code


def stored() -> set[str]:
    root = Path(storages["private"].location)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def age(*names: str, by: timedelta = KEPT_FOR + timedelta(hours=1)) -> None:
    for name in names:
        then = time.time() - by.total_seconds()
        os.utime(Path(storages["private"].location) / name, (then, then))


def remove() -> list[str]:
    """Remove leftover files. Return their names."""
    output = StringIO()
    call_command("leftovers", remove=True, stdout=output)
    return output.getvalue().splitlines()[:-1]


def test_the_file_of_an_upload_that_broke_off_goes_after_a_week(stage, client, sign_in, monkeypatch):
    sign_in(client, stage.coordinator)
    assert attach(stage, client, PDF) == 302
    (kept,) = stored()
    client.raise_request_exception = False

    def is_away(*_args: Any, **_names: Any) -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as patched:
        patched.setattr("evaluation.files.documents._link", is_away)
        assert attach(stage, client, pdf_with("/Lang(pl)")) == 503
    assert Document.objects.count() == 1
    (left,) = stored() - {kept}
    age(kept)
    age(left, by=KEPT_FOR - timedelta(hours=1))
    assert (remove(), stored()) == ([], {kept, left})
    age(left)
    assert remove() == [left]
    assert (stored(), remove()) == ({kept}, [])


def test_it_can_be_uploaded_again_meanwhile(stage, client, sign_in, monkeypatch):
    """The second file of the same content has another name, and only the first one is removed."""
    sign_in(client, stage.coordinator)
    storages["private"].save("evidence/00/a", ContentFile(b"another"))
    monkeypatch.setattr("evaluation.models.answers.judgements.evidence_path", lambda *_: "evidence/00/a")
    monkeypatch.setattr(Document._meta.get_field("file"), "upload_to", lambda *_: "evidence/00/a")
    assert attach(stage, client, PDF) == 302
    kept = Document.objects.get().file.name
    age("evidence/00/a", kept)
    remove()
    assert stored() == {kept}


def test_nothing_goes_until_somebody_says_so():
    """In a database that was restored without its last days, leftovers are the files of lost rows."""
    storages["private"].save("evidence/00/one", ContentFile(b"of a row that was lost"))
    age(*stored())
    before = stored()
    call_command("keep_dates", stdout=StringIO())
    output = StringIO()
    call_command("leftovers", stdout=output)
    assert (
        output.getvalue() == "evidence/00/one\n1 stored file that no row names found; with --remove they are removed.\n"
    )
    assert stored() == before


def test_what_the_cms_left_goes_too_and_what_somebody_else_put_there_stays():
    storages["default"].save("documents/half.pdf", ContentFile(PDF))
    storages["private"].save("notes/of-the-operator.txt", ContentFile(b"where the disk came from"))
    age(*stored())
    remove()
    assert stored() == {"notes/of-the-operator.txt"}


# --- Without a disk --------------------------------------------------------------------------------------------------


@pytest.fixture(params=[Bucket, Memory])
def bucket(request: Any, monkeypatch: Any) -> Any:
    """Let every field store its files in a storage without paths."""
    place = request.param()
    for _model, field in file_fields():
        monkeypatch.setattr(field, "storage", place)
    return place


LONG_AGO = KEPT_FOR + timedelta(hours=1)


def test_what_broke_off_in_a_bucket_goes_after_a_week_and_nothing_else(stage, client, sign_in, bucket):
    sign_in(client, stage.coordinator)
    assert attach(stage, client, PDF) == 302
    kept = Document.objects.get().file.name
    left = ["documents/half.pdf", "evidence/00/one", "evidence/00/deeper/two", "reports/three.pdf"]
    for name in [*left, "evidence/00/young", "notes/of-the-operator.txt"]:
        bucket.save(name, ContentFile(b"x"))
    for name in [kept, *left, "notes/of-the-operator.txt"]:
        bucket.change_time(name, timezone.now() - LONG_AGO)
    assert sorted(remove()) == sorted(left)
    there = [kept, "evidence/00/young", "notes/of-the-operator.txt", *left]
    assert [bucket.exists(name) for name in there] == [True] * 3 + [False] * 4
    assert list(missing_files()) == []
    served = client.get(reverse("workspace:document", args=[stage.evaluation.uid, Document.objects.get().uid]))
    assert (served.status_code, b"".join(served.streaming_content)) == (200, PDF)


def test_a_bucket_in_which_nothing_was_ever_stored_has_no_leftovers(bucket):
    assert remove() == []


def test_what_somebody_else_removes_meanwhile_is_no_error_and_a_bucket_that_does_not_answer_is(bucket, monkeypatch):
    bucket.save("evidence/00/one", ContentFile(b"x"))
    look = bucket.get_modified_time

    def removes_before(name: str) -> Any:
        bucket.delete(name)
        return look(name)

    with monkeypatch.context() as patched:
        patched.setattr(bucket, "get_modified_time", removes_before)
        assert remove() == []
    bucket.save("evidence/00/two", ContentFile(b"x"))
    refused = ClientError({"Error": {"Code": "503", "Message": "Slow down"}}, "HeadObject")
    monkeypatch.setattr(bucket, "get_modified_time", Mock(side_effect=refused))
    with pytest.raises(ClientError):
        remove()
    assert bucket.exists("evidence/00/two")


def test_a_report_in_a_bucket_is_read_from_there(client, sign_in, bucket):
    decided = Stage.minimal("decided")
    issue = decided.evaluation.decisions.get().issues.get()
    assert bucket.exists(issue.pdf.name)
    sign_in(client, decided.people.mce)
    served = client.get(reverse("workspace:report_pdf", args=[issue.uid]))
    assert (served.status_code, b"".join(served.streaming_content)) == (200, issue.pdf.open("rb").read())


@pytest.mark.once
def test_two_files_of_one_name_are_two_files_in_a_bucket_on_a_server():
    """By default django-storages would overwrite the first file, and both rows would refer to the second."""
    given = {
        "DJANGO_SETTINGS_MODULE": "portal.settings.production",
        "PRIVATE_BUCKET": "quality",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "quality.example.org",
        "BASE_URL": "https://quality.example.org",
        "EMAIL_URL": "smtp://mail.example.org",
    }
    read = "import django; from django.core.files.storage import storages; django.setup(); "
    read += "print([storages[name].file_overwrite for name in ('private', 'default')])"
    program = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'site'); {read}"]
    done = subprocess.run(program, check=False, cwd=ROOT, env={**os.environ, **given}, capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("[False, False]\n", 0), done.stderr
