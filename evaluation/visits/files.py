"""Photos and documents of an observation: attached, described and removed by their author during recording."""

import hashlib
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, QuerySet

from evaluation.answers.evidence.uploads import InvalidPart, begin_upload_for, delete_uploads, finish_upload_with
from evaluation.files.inspection import Upload
from evaluation.files.kinds import ACCEPTED, Unacceptable
from evaluation.models import Evaluation, PartialUpload, RecordedFile, Step, User, Visit
from evaluation.visits.recording import is_recording

LONGEST_SIDE = 2560
"""In pixels. A sheet of paper stays readable, and a photo has about a tenth of its original size."""
MOST_FILES = 300
"""The number of files per user and visit."""


def own_files(visit: Visit, by: User) -> QuerySet[RecordedFile]:
    """Return the files that `by` attached, in the order of the model."""
    return visit.files.filter(by=by)


def require_recording(visit: Visit, by: User, name: str, code: str = "") -> None:
    """Raise Unacceptable unless `by` still records, and the visit is about the indicator `code` if it is given.

    Locks the visit as its moves do, so that nothing is attached or removed after recording. Call it in a transaction.
    """
    locked = Visit.objects.select_for_update(of=("self",)).select_related("evaluation").get(pk=visit.pk)
    if not is_recording(locked, by) or locked.evaluation.state == Evaluation.State.EXCUSED:
        raise Unacceptable("not_recording", name)
    if code and not locked.is_about(code):
        raise Unacceptable("not_examined", name)


@transaction.atomic
def attach_file(visit: Visit, code: str, upload: Upload, *, save_uid: UUID, words: str, by: User) -> RecordedFile:
    """Store an inspected file with the observation of `by`. A repeated `save_uid` returns the stored file.

    Raises Unacceptable.
    """
    if stored := own_files(visit, by).filter(save_uid=save_uid).first():
        return stored
    require_recording(visit, by, upload.name, code)
    own = own_files(visit, by)
    if stored := own.filter(save_uid=save_uid).first():  # by a concurrent duplicate of the request
        return stored
    if own.count() >= MOST_FILES:
        raise Unacceptable("too_many", upload.name)
    attached = RecordedFile(
        visit=visit,
        by=by,
        code=code,
        save_uid=save_uid,
        name=upload.name,
        words=words[: RecordedFile.LONGEST_WORDS],
        content_type=ACCEPTED[upload.kind],
        size=len(upload.content),
        digest=hashlib.sha256(upload.content).hexdigest(),
    )
    attached.file.save(str(attached.uid), ContentFile(upload.content), save=False)
    attached.save(force_insert=True)
    return attached


def signed_off_at(visit: Visit) -> datetime | None:
    """Return when the findings were last signed off. Files attached before cannot be changed. One query."""
    signed = Step.objects.filter(kind=Visit.kind, uid=visit.uid, move="sign_off").order_by("-seq")
    return signed.values_list("at", flat=True).first()


def _require_open(file: RecordedFile) -> None:
    require_recording(file.visit, file.by, file.name)
    signed_at = signed_off_at(file.visit)
    if signed_at is not None and file.at <= signed_at:
        raise Unacceptable("signed_off", file.name)


@transaction.atomic
def describe_file(file: RecordedFile, words: str) -> None:
    """Set the description of a file. Raises Unacceptable."""
    if words != file.words:
        _require_open(file)
        file.words = words[: RecordedFile.LONGEST_WORDS]
        file.save(update_fields=["words"])


@transaction.atomic
def remove_file(file: RecordedFile) -> None:
    """Delete a file permanently. Raises Unacceptable."""
    _require_open(file)
    content = file.file
    file.delete()
    transaction.on_commit(lambda: content.delete(save=False))


# --- Uploading in parts ----------------------------------------------------------------------------------------------


def begin_file(
    visit: Visit, code: str, *, save_uid: UUID, words: str, name: str, size: int, digest: str, limit: int, by: User
) -> PartialUpload:
    """Return the upload of this file: a new one, or an interrupted one.

    Raises InvalidPart, also for another file with this `save_uid`. Raises Unacceptable, also if the file was attached
    and then removed: a device that does not know of the removal would send it again.
    """
    evaluation = visit.evaluation
    uploads = PartialUpload.objects.filter(evaluation=evaluation, by=by, save_uid=save_uid)

    def require() -> None:
        require_recording(visit, by, name, code)
        if uploads.exclude(code=code, digest=digest).exists():
            raise InvalidPart
        if uploads.filter(received=F("size"), recorded=None, parts=None).exists():  # removed on a page
            raise Unacceptable("removed", name)

    target = {"evaluation": evaluation, "code": code, "recommendation": None, "save_uid": save_uid}
    upload = begin_upload_for(target, require, name=name, size=size, digest=digest, limit=limit, by=by)
    if upload.words != words:
        upload.words = words
        upload.save(update_fields=["words"])
    return upload


def finish_file(visit: Visit, upload: PartialUpload, *, limit: int) -> PartialUpload:
    """Check the complete file and attach it. See `finish_upload_with`."""
    require = partial(require_recording, visit, upload.by, upload.name, upload.code)

    def take(taken: PartialUpload, inspected: Upload) -> None:
        assert taken.save_uid is not None  # set by begin_file
        taken.recorded = attach_file(
            visit, taken.code, inspected, save_uid=taken.save_uid, words=taken.words, by=taken.by
        )

    return finish_upload_with(upload, require, take, limit=limit, longest_side=LONGEST_SIDE)


def discard_file(visit: Visit, save_uid: UUID, *, by: User) -> None:
    """Delete a file and its unfinished upload, if any. Raises Unacceptable if the stored file cannot be removed."""
    if stored := own_files(visit, by).filter(save_uid=save_uid).first():
        remove_file(stored)
    delete_uploads(PartialUpload.objects.filter(evaluation=visit.evaluation, by=by, save_uid=save_uid))
