"""Receives a file in parts: begun or gone on with, each part at its offset, checked and attached when complete."""

import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from evaluation.files.documents import attach_inspected, require_open
from evaluation.files.inspection import Upload, inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence, PartialUpload, UploadPart, User

LONGEST_PART = 512 * 1024
"""Half a minute on a line of 20 kB a second."""
KEPT_FOR = timedelta(days=2)
MOST_AT_ONCE = 20
"""Unfinished uploads of one person; with one more, the one that waited longest goes."""
_DIGEST = re.compile("[0-9a-f]{64}")
_LATER = ("not_scanned",)
"""Refusals after which the same file may be accepted: its parts stay."""


class InvalidPart(ValueError):
    """The request is not one of this protocol."""


class WrongOffset(Exception):
    """The part does not begin where the upload stands, which is `received`."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin_upload(
    evaluation: Evaluation, code: str, *, name: str, size: int, digest: str, limit: int, by: User
) -> PartialUpload:
    """Return the upload of this file: a new one, the one that was interrupted, or one that is attached already.

    Raises InvalidPart, and Unacceptable for a file that is empty or too big, and after submission.
    """
    if not _DIGEST.fullmatch(digest):
        raise InvalidPart
    if size <= 0:
        raise Unacceptable("empty", name)
    if size > limit:
        raise Unacceptable("too_big", name)
    with transaction.atomic():
        require_open(evaluation, name, code)
        upload, is_new = PartialUpload.objects.select_for_update().get_or_create(
            evaluation=evaluation, code=code, by=by, digest=digest, defaults={"name": name[-200:], "size": size}
        )
        if upload.size != size:
            raise InvalidPart
        if is_new:
            unfinished = PartialUpload.objects.filter(by=by, link=None).exclude(pk=upload.pk)
            delete_uploads(unfinished.order_by("-changed_at")[MOST_AT_ONCE - 1 :])
        elif upload.is_complete and upload.link is None and not upload.parts.exists():
            upload.received = 0  # what it became was removed since
            upload.save(update_fields=["received"])
    return upload


def add_part(upload: PartialUpload, content: bytes, *, offset: int) -> None:
    """Store the next bytes. Raises WrongOffset, and InvalidPart for too many."""
    if offset != upload.received:
        raise WrongOffset(upload.received)
    if not content or len(content) > LONGEST_PART or offset + len(content) > upload.size:
        raise InvalidPart
    part = UploadPart(upload=upload, offset=offset)
    part.file.save(str(offset), ContentFile(content), save=False)  # before the lock
    with transaction.atomic():
        received = PartialUpload.objects.select_for_update().values_list("received", flat=True).get(pk=upload.pk)
        is_next = received == offset
        if is_next:
            part.save(force_insert=True)
            upload.received, upload.changed_at = offset + len(content), timezone.now()
            upload.save(update_fields=["received", "changed_at"])
    if not is_next:  # the same part came twice at once
        part.file.delete(save=False)
        raise WrongOffset(received)


def finish_upload(upload: PartialUpload, *, limit: int) -> Evidence:
    """Check the complete file and attach it; return the link, the same one if it is asked for again.

    Raises Unacceptable. A file that will never be accepted is deleted.
    """
    if upload.link is not None:
        return upload.link
    try:
        inspected = inspect_upload(_read(upload), upload.name, limit=limit)
        return _attach(upload, inspected)
    except Unacceptable as refused:
        finished = PartialUpload.objects.filter(pk=upload.pk).exclude(link=None).first()
        if finished is not None and finished.link is not None:  # by the same request, which came twice
            return finished.link
        if refused.code not in _LATER:
            delete_uploads([upload])
        raise


@transaction.atomic
def _attach(upload: PartialUpload, inspected: Upload) -> Evidence:
    evaluation = upload.evaluation
    require_open(evaluation, upload.name, upload.code)
    current = PartialUpload.objects.select_for_update().get(pk=upload.pk)
    if current.link is None:
        current.link = attach_inspected(evaluation, upload.code, inspected, by=upload.by, name=upload.name)
        current.save(update_fields=["link"])
        _delete_parts(current.parts.all())
    return current.link


def _read(upload: PartialUpload) -> bytes:
    content = bytearray()
    with suppress(FileNotFoundError):  # a backup was restored, which has rows without files: the digest differs
        for part in upload.parts.all():
            with part.file.open("rb") as file:
                content += file.read()
    if hashlib.sha256(content).hexdigest() != upload.digest:
        raise Unacceptable("broken", upload.name)
    return bytes(content)


def expire_uploads() -> int:
    """Delete uploads to which nothing was added for a while; return how many."""
    return delete_uploads(PartialUpload.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR))


@transaction.atomic
def delete_uploads(uploads: Iterable[PartialUpload]) -> int:
    """Delete uploads with their parts; return how many."""
    keys = [upload.pk for upload in uploads]
    _delete_parts(UploadPart.objects.filter(upload__in=keys))
    PartialUpload.objects.filter(pk__in=keys).delete()
    return len(keys)


def _delete_parts(parts: Iterable[UploadPart]) -> None:
    """Delete the rows, and their files once that is committed."""
    parts = list(parts)
    UploadPart.objects.filter(pk__in=[part.pk for part in parts]).delete()

    def delete_files() -> None:
        for part in parts:
            part.file.delete(save=False)

    transaction.on_commit(delete_files)
