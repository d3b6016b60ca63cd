"""A file received in parts: interrupted, repeated, out of order, checked when complete, expired."""

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from evaluation.answers.evidence import uploads
from evaluation.answers.evidence.uploads import (
    KEPT_FOR,
    MOST_AT_ONCE,
    InvalidPart,
    WrongOffset,
    add_part,
    begin_upload,
    expire_uploads,
    finish_upload,
)
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Evaluation, Evidence, PartialUpload, UploadPart, User
from portal.operations.verification import missing_files
from tests.bystander import files_of_bystander, new
from tests.evaluation.workflow.racing import at_once
from tests.factories import evaluation_of, person
from tests.stage import Stage
from tests.uploads import PDF, pdf_with, picture

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = 100_000


def begin(evaluation: Evaluation, by: User, content: bytes = PDF, **more: Any) -> PartialUpload:
    details = {"name": "rota.pdf", "size": len(content), "digest": hashlib.sha256(content).hexdigest()} | more
    return begin_upload(evaluation, "1.1.1", limit=LIMIT, by=by, **details)


def send(upload: PartialUpload, content: bytes = PDF, part: int = 100) -> None:
    """Send the remaining parts of an upload."""
    while upload.received < upload.size:
        add_part(upload, content[upload.received : upload.received + part], offset=upload.received)


def fresh(upload: PartialUpload) -> PartialUpload:
    return PartialUpload.objects.select_related("evaluation").get(pk=upload.pk)


def stored(folder: str = "uploads") -> list[Path]:
    found = [path for path in (Path(storages["private"].location) / folder).rglob("*") if path.is_file()]
    theirs = {path.name for path in files_of_bystander().rglob("*")}
    return [path for path in found if path.name not in theirs]


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluation_of()


@pytest.fixture
def by() -> User:
    return person()


def test_the_parts_become_the_file_and_nothing_else_is_left_of_them(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by)
    send(upload)
    assert len(stored()) == len(PDF) // 100 + 1
    link = finish_upload(upload, limit=LIMIT)
    assert (link.document.name, link.document.digest, link.added_by) == ("rota.pdf", upload.digest, by)
    with link.document.file.open() as file:
        assert file.read() == PDF
    assert (stored(), UploadPart.objects.count()) == ([], 0)


def test_the_same_file_goes_on_where_it_stopped_and_that_of_another_person_does_not(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by)
    add_part(upload, PDF[:100], offset=0)
    assert begin(evaluation, by, name="renamed.pdf") == upload
    assert begin(evaluation, by).received == 100
    assert begin(evaluation, person()).received == 0


@pytest.mark.parametrize("offset", [0, 50, 200])
def test_a_part_at_another_offset_is_not_taken_and_the_right_one_is_said(evaluation: Evaluation, by: User, offset: int):
    upload = begin(evaluation, by)
    add_part(upload, PDF[:100], offset=0)
    with pytest.raises(WrongOffset) as wrong:
        add_part(fresh(upload), b"more", offset=offset)
    assert (wrong.value.received, len(stored())) == (100, 1)


def test_a_part_that_comes_twice_at_once_is_stored_once(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by)
    results = at_once(*(partial(add_part, fresh(upload), PDF[:100], offset=0) for _ in range(2)))
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "WrongOffset"], results
    assert (fresh(upload).received, UploadPart.objects.count(), len(stored())) == (100, 1, 1)


def test_a_file_that_is_finished_twice_at_once_is_attached_once(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by)
    send(upload)
    first, second = at_once(*(partial(finish_upload, fresh(upload), limit=LIMIT) for _ in range(2)))
    assert first == second == new(Evidence).get()
    assert finish_upload(fresh(upload), limit=LIMIT) == first
    assert begin(evaluation, by).link == first


def test_what_was_removed_since_is_sent_again(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by)
    send(upload)
    finish_upload(upload, limit=LIMIT).delete()
    again = begin(evaluation, by)
    assert (again.pk, again.received) == (upload.pk, 0)
    send(again)
    assert finish_upload(again, limit=LIMIT) == new(Evidence).get()


def test_a_picture_that_is_stored_otherwise_than_it_was_sent_is_not_sent_twice(evaluation: Evaluation, by: User):
    upload = begin(evaluation, by, picture("JPEG"), name="photo.jpg")
    send(upload, picture("JPEG"))
    link = finish_upload(upload, limit=LIMIT)
    assert begin(evaluation, by, picture("JPEG")).link == link


@pytest.mark.parametrize("content", [b"", b"x" * (len(PDF) + 1)])
def test_nothing_and_more_than_was_announced_is_no_part(evaluation: Evaluation, by: User, content: bytes):
    upload = begin(evaluation, by)
    with pytest.raises(InvalidPart):
        add_part(upload, content, offset=0)
    assert stored() == []


def test_a_part_has_a_longest_size(evaluation: Evaluation, by: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LONGEST_PART", 10)
    with pytest.raises(InvalidPart):
        add_part(begin(evaluation, by), PDF[:11], offset=0)


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (-1, "empty"), (LIMIT + 1, "too_big")])
def test_a_size_that_is_not_taken_is_refused_before_a_byte_is_sent(
    evaluation: Evaluation, by: User, size: int, code: str
):
    with pytest.raises(Unacceptable) as refused:
        begin(evaluation, by, size=size)
    assert (refused.value.code, PartialUpload.objects.count()) == (code, 0)


def test_the_same_digest_with_another_size_is_no_file(evaluation: Evaluation, by: User):
    begin(evaluation, by)
    for details in ({"size": 5}, {"digest": "x"}):
        with pytest.raises(InvalidPart):
            begin(evaluation, by, **details)


@pytest.mark.parametrize(
    ("content", "digest", "code"),
    [
        (b"MZ" + bytes(60), None, "wrong_kind"),
        (PDF, "0" * 64, "broken"),
        (pdf_with("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), None, "active"),
    ],
)
def test_a_complete_file_is_checked_and_nothing_of_a_refused_one_stays(
    evaluation: Evaluation, by: User, content: bytes, digest: str | None, code: str
):
    upload = begin(evaluation, by, content, **({"digest": digest} if digest else {}))
    send(upload, content)
    with pytest.raises(Unacceptable) as refused:
        finish_upload(upload, limit=LIMIT)
    assert (refused.value.code, refused.value.name) == (code, "rota.pdf")
    assert (stored(), stored("evidence"), PartialUpload.objects.count()) == ([], [], 0)


def test_an_infected_file_is_refused_by_name_and_one_that_could_not_be_scanned_waits(
    evaluation: Evaluation, by: User, monkeypatch: pytest.MonkeyPatch
):
    upload = begin(evaluation, by)
    send(upload)
    monkeypatch.setattr("evaluation.files.scanning.refusal", lambda _content: "not_scanned")
    with pytest.raises(Unacceptable):
        finish_upload(upload, limit=LIMIT)
    assert begin(evaluation, by).is_complete
    monkeypatch.setattr("evaluation.files.scanning.refusal", lambda _content: "infected")
    with pytest.raises(Unacceptable) as refused:
        finish_upload(fresh(upload), limit=LIMIT)
    assert (refused.value.code, refused.value.name) == ("infected", "rota.pdf")
    assert (PartialUpload.objects.count(), stored(), new(Document).count()) == (0, [], 0)


def test_a_part_that_a_restored_backup_lacks_is_no_fault_of_the_installation_and_is_sent_again(
    evaluation: Evaluation, by: User
):
    upload = begin(evaluation, by)
    send(upload)
    assert list(missing_files()) == []
    stored()[0].unlink()
    assert list(missing_files()) == []
    with pytest.raises(Unacceptable) as refused:
        finish_upload(upload, limit=LIMIT)
    assert refused.value.code == "broken"
    assert begin(evaluation, by).received == 0


def test_a_file_that_is_complete_after_the_submission_is_not_attached():
    stage = Stage.minimal("self_assessment")
    upload = begin(stage.evaluation, stage.coordinator)
    send(upload)
    before = new(Evidence).count()
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state=Evaluation.State.DESK_REVIEW)
    with pytest.raises(Unacceptable) as refused:
        finish_upload(upload, limit=LIMIT)
    assert (refused.value.code, new(Evidence).count()) == ("not_open", before)
    with pytest.raises(Unacceptable):
        begin(stage.evaluation, stage.coordinator, pdf_with("/Lang(pl)"))


def test_what_nobody_finishes_goes_with_the_calendar(evaluation: Evaluation, by: User):
    old, young = begin(evaluation, by), begin(evaluation, person())
    for upload in (old, young):
        add_part(upload, PDF[:100], offset=0)
    PartialUpload.objects.filter(pk=old.pk).update(changed_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    call_command("keep_dates")
    assert (list(PartialUpload.objects.all()), len(stored())) == ([young], 1)
    assert expire_uploads() == 0


def test_one_person_has_a_number_of_unfinished_uploads_and_the_oldest_goes(evaluation: Evaluation, by: User):
    first = begin(evaluation, by)
    add_part(first, PDF[:100], offset=0)
    begin(evaluation, person())
    for number in range(MOST_AT_ONCE):
        begin(evaluation, by, PDF + bytes([number]))
    assert PartialUpload.objects.filter(by=by).count() == MOST_AT_ONCE
    assert not PartialUpload.objects.filter(pk=first.pk).exists()
    assert stored() == []
