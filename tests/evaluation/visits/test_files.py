"""Photos and documents of an observation: stored once, without metadata, deleted for good, closed with recording."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.storage import storages
from PIL import Image

from evaluation.answers.evidence.uploads import InvalidPart, add_part
from evaluation.files.inspection import inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Document, Evaluation, PartialUpload, RecordedFile, User, Visit
from evaluation.visits import files
from evaluation.visits.files import attach_file, begin_file, describe_file, discard_file, finish_file, remove_file
from evaluation.workflow import perform
from tests.evaluation.workflow.racing import at_once
from tests.factories import finish_recording
from tests.stage import Stage
from tests.uploads import PDF, picture

pytestmark = pytest.mark.django_db

LIMIT = 1_000_000
CODE = "9.1.2"


@pytest.fixture
def stage() -> Stage:
    return Stage.minimal("study_visit", visit_state="under_way", has_findings=False)


def attach(stage: Stage, by: User, content: bytes = PDF, uid: UUID | None = None, words: str = "Rota.") -> RecordedFile:
    upload = inspect_upload(content, "plan.pdf", limit=LIMIT)
    return attach_file(stage.visit, CODE, upload, save_uid=uid or uuid4(), words=words, by=by)


def send(stage: Stage, content: bytes, *, uid: UUID, by: User, name: str = "plan.jpg", **details: Any) -> PartialUpload:
    """Send a file in two parts, continuing where it stopped."""
    given = {"words": "Wall plan.", "size": len(content), "digest": hashlib.sha256(content).hexdigest()} | details
    upload = begin_file(stage.visit, CODE, save_uid=uid, name=name, limit=LIMIT, by=by, **given)
    half = len(content) // 2
    for start, end in ((0, half), (half, len(content))):
        if upload.received == start:
            add_part(upload, content[start:end], offset=start)
    return upload


def refused(act: Any, *args: Any, **options: Any) -> str:
    with pytest.raises(Unacceptable) as caught:
        act(*args, **options)
    return caught.value.code


@pytest.mark.everywhere
def test_a_file_is_stored_once_however_often_it_is_sent(stage: Stage):
    lead, other = stage.people.lead, stage.people.assessor
    uid = uuid4()
    first = attach(stage, lead, uid=uid)
    assert attach(stage, lead, uid=uid, words="Again.") == first
    assert attach(stage, other, uid=uid) != first, "the uid of another device means nothing"
    stored = RecordedFile.objects.get(by=lead)
    assert (stored.code, stored.words, stored.size, stored.content_type) == (CODE, "Rota.", len(PDF), "application/pdf")
    assert stored.digest == hashlib.sha256(PDF).hexdigest()
    assert stored.file.read() == PDF
    stored.file.close()
    assert not Document.objects.filter(digest=stored.digest).exists(), "it is none of the hotline's documents"


def test_nothing_of_a_photo_but_its_pixels_is_stored(stage: Stage):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of telephones"
    exif.get_ifd(0x8825)[1] = "N"
    words = (b"Maker", b"Exif", b"GPS", b"Ana Horvat", b"profile", b"xpacket", b"ICC_PROFILE")
    more: dict[str, Any] = {"exif": exif, "icc_profile": b"profile of a camera", "xmp": b"<?xpacket Ana Horvat?>"}
    for form, kept_as in (("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG")):
        taken = picture(form, (30, 10), **more)
        assert any(word in taken for word in words)
        upload = send(stage, taken, uid=uuid4(), by=stage.people.lead)
        finished = finish_file(stage.visit, upload, limit=LIMIT)
        assert finished.recorded is not None
        with finished.recorded.file.open() as file:
            kept = file.read()
        assert [word for word in words if word in kept] == []
        with Image.open(BytesIO(kept)) as shown:
            assert (shown.size, shown.format, shown.info.get("exif")) == ((10, 30), kept_as, None)


def test_what_was_attached_before_the_findings_were_signed_off_stays_on_a_further_visit():
    stage = Stage.minimal("study_visit", visit_state="under_way")
    by = stage.people.lead
    file = attach(stage, by)
    perform(finish_recording(stage.visit), "sign_off", by=by)
    Visit.objects.update(state=Visit.State.UNDER_WAY)
    stage.visit.team.update(finished_at=None)
    file = RecordedFile.objects.get()
    assert refused(remove_file, file) == refused(describe_file, file, "Another.") == "signed_off"
    describe_file(file, file.words)
    later = attach(stage, by)
    describe_file(later, "Another.")
    remove_file(later)
    assert RecordedFile.objects.get() == file


def test_a_photo_is_made_smaller_and_a_transparent_drawing_stays_one():
    large = inspect_upload(picture("JPEG", (400, 100)), "a.jpg", limit=LIMIT, longest_side=200)
    with Image.open(BytesIO(large.content)) as shown:
        assert shown.size == (200, 50)
    for mode in ("P", "1", "RGBA", "LA"):
        drawn = inspect_upload(picture("PNG", (400, 100), mode), "a.png", limit=LIMIT, longest_side=200)
        with Image.open(BytesIO(drawn.content)) as shown:
            assert (shown.size, shown.format) == ((200, 50), "PNG")
    clear = inspect_upload(picture("WEBP", mode="RGBA"), "a.webp", limit=LIMIT)
    assert (clear.kind, clear.name) == ("png", "a.png")


def test_a_picture_of_a_telephone_in_heic_has_a_refusal_of_its_own():
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(300)
    assert refused(inspect_upload, heic, "IMG_1.HEIC", limit=LIMIT) == "heic"
    assert refused(inspect_upload, heic, "IMG_1.HEIC", limit=LIMIT, kinds=("png", "jpg")) == "heic"
    assert refused(inspect_upload, heic, "book.xlsx", limit=LIMIT, kinds=("xlsx",)) == "wrong_kind"


@pytest.mark.parametrize("state", Visit.State)
def test_files_are_attached_only_while_one_records(state: str):
    stage = Stage.minimal("study_visit", visit_state=state)
    if state == "under_way":
        assert attach(stage, stage.people.lead).pk
        assert refused(attach, stage, stage.people.mce) == "not_recording"
    else:
        assert refused(attach, stage, stage.people.lead) == "not_recording"


def test_nothing_is_attached_for_an_excused_hotline(stage: Stage):
    Evaluation.objects.filter(pk=stage.evaluation.pk).update(state="excused")
    assert refused(attach, stage, stage.people.lead) == "not_recording"


def test_who_has_finished_changes_nothing_until_they_take_it_back(stage: Stage):
    file = attach(stage, stage.people.lead)
    perform(stage.visit, "finish_recording", by=stage.people.lead)
    for act in (lambda: remove_file(file), lambda: describe_file(file, "Otherwise."), lambda: attach(stage, file.by)):
        assert refused(act) == "not_recording"
    describe_file(file, file.words)  # without effect
    perform(stage.visit, "go_on_recording", by=stage.people.lead)
    describe_file(file, "Otherwise.")
    assert RecordedFile.objects.get().words == "Otherwise."


def test_a_file_that_is_removed_is_deleted_for_good(stage: Stage, django_capture_on_commit_callbacks: Any):
    file = attach(stage, stage.people.lead)
    name = file.file.name
    assert storages["private"].exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        remove_file(file)
    assert not storages["private"].exists(name)
    assert not RecordedFile.objects.exists()


def test_one_person_attaches_so_many_files_at_most(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(files, "MOST_FILES", 1)
    attach(stage, stage.people.lead)
    assert refused(attach, stage, stage.people.lead) == "too_many"
    attach(stage, stage.people.assessor)


# --- In parts --------------------------------------------------------------------------------------------------------


@pytest.mark.everywhere
def test_a_file_that_broke_off_goes_on_where_it_stopped_and_is_there_once(stage: Stage):
    by, uid, content = stage.people.lead, uuid4(), picture("JPEG", (40, 30))
    details = {"digest": hashlib.sha256(content).hexdigest(), "size": len(content)}
    begun = begin_file(stage.visit, CODE, save_uid=uid, words="", name="a.jpg", limit=LIMIT, by=by, **details)
    add_part(begun, content[:100], offset=0)
    again = begin_file(stage.visit, CODE, save_uid=uid, words="Plan.", name="a.jpg", limit=LIMIT, by=by, **details)
    assert (again.pk, again.received, again.words) == (begun.pk, 100, "Plan.")
    add_part(again, content[100:], offset=100)
    for _ in range(2):
        finished = finish_file(stage.visit, PartialUpload.objects.get(pk=begun.pk), limit=LIMIT)
    assert finished.recorded == RecordedFile.objects.get()
    assert (finished.recorded.words, finished.recorded.save_uid, finished.parts.count()) == ("Plan.", uid, 0)


def test_the_same_content_twice_is_two_files_and_a_uid_has_one(stage: Stage):
    by, content = stage.people.lead, picture("JPEG")
    uid = uuid4()
    for one in (uid, uuid4()):
        finish_file(stage.visit, send(stage, content, uid=one, by=by), limit=LIMIT)
    assert RecordedFile.objects.count() == 2
    with pytest.raises(InvalidPart):
        send(stage, PDF, uid=uid, by=by)


def test_a_file_that_comes_too_late_keeps_its_parts_until_its_author_records_again(stage: Stage):
    by, content, uid = stage.people.lead, picture("JPEG"), uuid4()
    upload = send(stage, content, uid=uid, by=by)
    perform(stage.visit, "finish_recording", by=by)
    assert refused(finish_file, stage.visit, upload, limit=LIMIT) == "not_recording"
    assert refused(send, stage, content, uid=uid, by=by) == "not_recording"
    perform(stage.visit, "go_on_recording", by=by)
    assert finish_file(stage.visit, send(stage, content, uid=uid, by=by), limit=LIMIT).recorded


def test_a_file_that_was_removed_on_a_page_is_not_sent_again_by_a_device_that_did_not_hear_that_it_is_there(
    stage: Stage,
):
    by, content, uid = stage.people.lead, picture("JPEG"), uuid4()
    finished = finish_file(stage.visit, send(stage, content, uid=uid, by=by), limit=LIMIT)
    assert finished.recorded is not None
    remove_file(finished.recorded)
    assert refused(send, stage, content, uid=uid, by=by) == "removed"
    finish_file(stage.visit, send(stage, content, uid=uuid4(), by=by), limit=LIMIT)  # chosen again
    assert RecordedFile.objects.count() == 1


def test_a_file_that_is_given_up_leaves_nothing_sent_in_whole_or_in_part(stage: Stage):
    by, whole, part = stage.people.lead, uuid4(), uuid4()
    finish_file(stage.visit, send(stage, picture("JPEG"), uid=whole, by=by), limit=LIMIT)
    send(stage, PDF, uid=part, by=by)
    for uid in (whole, part, uuid4()):
        discard_file(stage.visit, uid, by=by)
    assert (RecordedFile.objects.count(), PartialUpload.objects.count()) == (0, 0)
    finish_file(stage.visit, send(stage, PDF, uid=part, by=by), limit=LIMIT)
    finish_recording(stage.visit)
    assert refused(discard_file, stage.visit, part, by=by) == "not_recording"


@pytest.mark.django_db(transaction=True)
def test_the_same_file_sent_twice_at_once_is_attached_once(stage: Stage):
    by, uid = stage.people.lead, uuid4()
    upload = inspect_upload(PDF, "plan.pdf", limit=LIMIT)
    found = at_once(*[lambda: attach_file(stage.visit, CODE, upload, save_uid=uid, words="", by=by)] * 2)
    assert len({one.pk for one in found}) == 1
    assert RecordedFile.objects.count() == 1
