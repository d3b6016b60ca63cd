"""Files that are missing, stores that cannot be written: what people see, what Today and /healthz say."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from evaluation.models import Evidence
from portal.operations import stores
from portal.operations.models import MissingFile
from tests.stage import Stage
from tests.uploads import PDF

pytestmark = pytest.mark.django_db

SENTENCE = "This file cannot be read at present"


@pytest.fixture
def stage() -> Stage:
    return Stage("published")


@pytest.fixture(autouse=True)
def unprobed() -> None:
    stores._probed.clear()


def gone(file: Any) -> bytes:
    """Delete a stored file behind the site's back; return what it held."""
    path = Path(file.path)
    content = path.read_bytes()
    path.unlink()
    return content


def addresses_of(stage: Stage) -> dict[str, tuple[Any, Any, Any]]:
    """Return files with the addresses that lead to them, and who reads them."""
    return {
        "evidence": (
            stage.document.file,
            reverse("workspace:document", args=[stage.evaluation.uid, stage.document.uid]),
            stage.coordinator,
        ),
        "report": (stage.issue.pdf, reverse("workspace:report_pdf", args=[stage.issue.uid]), stage.people.mce),
        "paper": (stage.paper.pdf, reverse("pages:paper", args=["XA", stage.paper.uid]), None),
    }


@pytest.mark.parametrize("kind", ["evidence", "report", "paper"])
def test_a_missing_file_is_a_sentence_and_waits_on_mces_today_until_it_is_back(
    stage: Stage, kind: str, sign_in: Callable[..., Client]
):
    file, address, reader = addresses_of(stage)[kind]
    content = gone(file)
    client = sign_in(Client(), reader) if reader else Client()
    for _twice in range(2):
        page = client.get(address)
        assert (page.status_code, SENTENCE in page.content.decode()) == (404, True)
        assert "Nothing is lost" not in page.content.decode()
    assert MissingFile.objects.get().name == file.name
    today = sign_in(Client(), stage.people.mce).get(reverse("workspace:home")).content.decode()
    assert file.name in today
    assert address in today
    Path(file.path).write_bytes(content)
    assert file.name not in sign_in(Client(), stage.people.mce).get(reverse("workspace:home")).content.decode()
    assert MissingFile.objects.exists()
    call_command("keep_dates")
    assert not MissingFile.objects.exists()
    assert b"".join(client.get(address)) == content


def test_a_file_that_may_not_be_read_is_as_one_that_is_missing(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    _file, address, _reader = addresses_of(stage)["paper"]

    def refuse(*_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileSystemStorage, "_open", refuse)
    page = Client().get(address)
    assert (page.status_code, SENTENCE in page.content.decode()) == (404, True)


def test_another_page_that_does_not_exist_is_no_file():
    page = Client().get("/en/nothing/")
    assert (page.status_code, SENTENCE in page.content.decode()) == (404, False)


# --- Stores that refuse ----------------------------------------------------------------------------------------------


def make_unwritable(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let no storage on disk write; return the names that it was asked for."""
    asked: list[str] = []

    def refuse(_storage: Any, name: str, _content: Any) -> str:
        asked.append(name)
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(FileSystemStorage, "_save", refuse)
    return asked


def test_an_upload_into_a_store_that_refuses_is_said_and_the_words_come_back(
    client: Client, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
):
    stage = Stage.minimal("self_assessment")
    make_unwritable(monkeypatch)
    sign_in(client, stage.coordinator)
    client.raise_request_exception = False
    count = Evidence.objects.count()
    address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.2"])
    sent = {"document": SimpleUploadedFile("rota.pdf", PDF), "address": "", "words": "Typed before the disk refused."}
    page = client.post(address, sent, headers={"Origin": "http://testserver"})
    assert (page.status_code, page["Retry-After"], Evidence.objects.count()) == (503, "5", count)
    assert "Typed before the disk refused." in page.content.decode()
    sent["document"] = SimpleUploadedFile("rota.pdf", PDF)
    heard = client.post(address, sent, headers={"HX-Request": "true"})
    assert (heard.status_code, heard.content.decode()[:10]) == (503, "Not saved:")


def test_a_store_that_cannot_be_written_is_named_and_asked_again_after_some_seconds(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    unwritable = make_unwritable(monkeypatch)
    for _monitor in range(3):
        health = client.get("/healthz")
        assert health.status_code == 503
        named = [health.json()[name] for name in ("store_private", "store_cms", "store_spool", "store_var", "disk")]
        assert named == ["failing", "failing", "ok", "ok", "ok"]
    assert len(unwritable) == 2
    monkeypatch.undo()
    monkeypatch.setattr(stores, "PROBED_FOR", stores.PROBED_FOR * 0)
    assert client.get("/healthz").json()["store_private"] == "ok"
    assert storages["private"].listdir("probe")[1] == []


def test_folders_that_are_gone_are_named(client: Client, settings: Any, tmp_path: Path):
    (tmp_path / "file").touch()
    settings.VAR_DIR = settings.STATISTICS_SPOOL_ROOT = tmp_path / "file" / "below"
    health = client.get("/healthz")
    assert health.status_code == 503
    assert [health.json()[name] for name in ("disk", "store_spool", "store_var")] == ["failing"] * 3
