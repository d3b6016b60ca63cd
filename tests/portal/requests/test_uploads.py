"""Uploads of figures: encrypted as they arrive, never unencrypted on disk, deleted unless released."""

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.figures.intake import spool
from evaluation.files.kinds import Unacceptable
from evaluation.models import Hotline, Role, StatisticsImport
from tests.bystander import new
from tests.conftest import open_session
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, person
from tests.stage import Stage

pytestmark = pytest.mark.django_db

LARGE = 6 * 1024 * 1024
"""More than Django would hold in memory."""


@pytest.fixture
def hotline() -> Hotline:
    return HotlineFactory(country="XA")


@pytest.fixture
def page(hotline) -> str:
    return reverse("workspace:hotline_figures", args=[hotline.country])


@pytest.fixture(autouse=True)
def plain_folder(settings, tmp_path, monkeypatch) -> Path:
    """Return the folder of unencrypted temporary files. If one is created, a marker file remains."""
    place = tmp_path / "plain"
    place.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(place)
    made = place / "made"

    def noting(original):
        def make(*args, **kwargs):
            made.touch()
            return original(*args, **kwargs)

        return make

    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", noting(tempfile.NamedTemporaryFile))
    monkeypatch.setattr("portal.requests.uploads.tempfile.TemporaryFile", noting(tempfile.TemporaryFile))
    return place


def large() -> SimpleUploadedFile:
    return SimpleUploadedFile("large.csv", Sheet().content + b"\n" * LARGE)


def signed_in(user, **more) -> Client:
    return open_session(Client(**more), user)


def test_a_large_file_is_read_without_a_plain_copy(hotline, page, plain_folder):
    client = signed_in(person(Role.COORDINATOR, hotline=hotline))
    answer = client.post(page, {"file": large()})
    statistics = new(StatisticsImport).get()
    assert answer.headers["Location"] == reverse("workspace:statistics", args=[statistics.uid])
    assert (statistics.file_name, statistics.hotline) == ("116000-XA 2025 aggregate", hotline)
    assert list(plain_folder.iterdir()) == []


def test_a_file_beyond_the_limit_leaves_nothing(hotline, page, settings, plain_folder):
    settings.STATISTICS_MAX_BYTES = LARGE // 2
    client = signed_in(person(Role.COORDINATOR, hotline=hotline))
    answer = client.post(page, {"file": large()})
    assert answer.status_code == 422
    assert "The file is bigger than" in answer.content.decode()
    assert list(spool.root().iterdir()) == []
    assert list(plain_folder.iterdir()) == []


def test_a_stranger_s_file_leaves_nothing(hotline, page, plain_folder):
    client = signed_in(person(Role.COORDINATOR, hotline=HotlineFactory(country="XB")))
    assert client.post(page, {"file": large()}).status_code == 404
    assert list(spool.root().iterdir()) == []
    assert list(plain_folder.iterdir()) == []


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_forged_or_late_request_leaves_nothing(hotline, page, plain_folder, is_signed_in):
    client = Client(enforce_csrf_checks=True)
    if is_signed_in:
        open_session(client, person(Role.COORDINATOR, hotline=hotline))
    assert client.post(page, {"file": large()}).status_code == 403
    assert new(StatisticsImport).count() == 0
    assert list(spool.root().iterdir()) == []
    assert list(plain_folder.iterdir()) == []


def test_only_the_first_file_of_a_form_is_taken(hotline, page, plain_folder, django_capture_on_commit_callbacks):
    client = signed_in(person(Role.COORDINATOR, hotline=hotline))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"file": SimpleUploadedFile("first.csv", Sheet().content), "more": large()})
    assert new(StatisticsImport).get().file_name == "first.csv"
    assert list(spool.root().iterdir()) == []
    assert list(plain_folder.iterdir()) == []


def test_a_plain_copy_would_be_seen(plain_folder, settings):
    """A large file of another form creates one, if so much may be sent."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * LARGE
    client = Client()
    client.post(reverse("set_language"), {"language": "en", "file": large()})
    assert [path.name for path in plain_folder.iterdir()] == ["made"]


def test_large_evidence_waits_in_a_file_without_a_name(client, sign_in, settings, tmp_path):
    """If the process is killed during the upload, no unencrypted copy remains."""
    place = tmp_path / "large"
    place.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(place)
    stage = Stage.minimal("self_assessment")
    sign_in(client, stage.coordinator)
    seen = []

    def look(content, name, *, limit, kinds=()):
        seen.append((len(content), list(place.iterdir())))
        raise Unacceptable("wrong_kind", name)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("evaluation.files.documents.inspect_upload", look)
        address = reverse("workspace:add_evidence", args=[stage.evaluation.uid, "1.1.1"])
        client.post(address, {"document": SimpleUploadedFile("rota.pdf", b"\n" * LARGE)})
    assert seen == [(LARGE, [])]
