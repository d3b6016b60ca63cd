"""Resumable uploads: receive a file in parts, each at its offset, and check and attach the complete file.

The file becomes the evidence of an answer, or is used by `evaluation.recommendations.uploads` or `evaluation.visits.files`.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from evaluation.files.documents import attach_inspected, require_open
from evaluation.files.inspection import Upload, inspect_upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence, PartialUpload, UploadPart, User

LONGEST_PART = 512 * 1024
"""In bytes. Takes about half a minute at 20 kB a second."""
KEPT_FOR = timedelta(days=2)
MOST_AT_ONCE = 20
"""The number of unfinished uploads per user; one more deletes the one that was changed least recently."""
_DIGEST = re.compile("[0-9a-f]{64}")
_LATER = ("not_scanned", "not_recording")
"""Codes of Unacceptable after which the same file may be accepted later: its parts are kept."""


class InvalidPart(ValueError):
    """The request violates the upload protocol."""


class WrongOffset(Exception):
    """The offset of the part is not `received`, the number of bytes received so far."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin_upload(
    evaluation: Evaluation, code: str, *, name: str, size: int, digest: str, limit: int, by: User
) -> PartialUpload:
    """Return the upload of a file for an answer: a new one, an interrupted one, or one that is already attached.

    `size` and `limit` are in bytes. Raises InvalidPart; raises Unacceptable if the file is empty or too big, and after
    submission.
    """
    target = {"evaluation": evaluation, "code": code, "recommendation": None, "save_uid": None}
    require = partial(require_open, evaluation, name, code)
    return begin_upload_for(target, require, name=name, size=size, digest=digest, limit=limit, by=by)


def begin_upload_for(
    target: dict[str, Any],
    require: Callable[[], object],
    *,
    name: str,
    size: int,
    digest: str,
    limit: int,
    by: User,
) -> PartialUpload:
    """Return the new or existing upload of a file for a target, which is given as fields of PartialUpload.

    `require` locks the target, and raises Unacceptable if it accepts no file.
    """
    if not _DIGEST.fullmatch(digest):
        raise InvalidPart
    if size <= 0:
        raise Unacceptable("empty", name)
    if size > limit:
        raise Unacceptable("too_big", name)
    with transaction.atomic():
        require()
        upload, is_new = PartialUpload.objects.select_for_update().get_or_create(
            **target, by=by, digest=digest, defaults={"name": name[-200:], "size": size}
        )
        if upload.size != size:
            raise InvalidPart
        if is_new:
            unfinished = PartialUpload.objects.filter(by=by, link=None, proof=None, recorded=None).exclude(pk=upload.pk)
            delete_uploads(unfinished.order_by("-changed_at")[MOST_AT_ONCE - 1 :])
        elif upload.is_complete and not upload.is_taken and not upload.parts.exists():
            upload.received = 0  # the evidence or file that it became was removed since
            upload.save(update_fields=["received"])
    return upload


def add_part(upload: PartialUpload, content: bytes, *, offset: int) -> None:
    """Store the next bytes. Raises WrongOffset; raises InvalidPart if there are none or too many."""
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
    if not is_next:  # a concurrent request stored the same part
        part.file.delete(save=False)
        raise WrongOffset(received)


def finish_upload(upload: PartialUpload, *, limit: int) -> Evidence:
    """Check the complete file, attach it to its answer and return the link. See `finish_upload_with`."""
    require = partial(require_open, upload.evaluation, upload.name, upload.code)
    finished = finish_upload_with(upload, require, _attach, limit=limit)
    assert finished.link is not None
    return finished.link


def _attach(upload: PartialUpload, inspected: Upload) -> None:
    upload.link = attach_inspected(upload.evaluation, upload.code, inspected, by=upload.by, name=upload.name)


Take = Callable[[PartialUpload, Upload], object]
"""Creates the object for a checked file, and sets it on the locked upload."""


def finish_upload_with(
    upload: PartialUpload, require: Callable[[], object], take: Take, *, limit: int, longest_side: int = 0
) -> PartialUpload:
    """Check the complete file and call `take` with it, unless that was done before. Return the current upload.

    Raises Unacceptable; deletes the upload if its file can never be accepted.
    """
    if upload.is_taken:
        return upload
    try:
        inspected = inspect_upload(_read(upload), upload.name, limit=limit, longest_side=longest_side)
        with transaction.atomic():
            require()
            current = PartialUpload.objects.select_for_update().get(pk=upload.pk)
            if not current.is_taken:
                take(current, inspected)
                current.save(update_fields=["link", "proof", "recorded"])
                _delete_parts(current.parts.all())
            return current
    except Unacceptable as refused:
        finished = PartialUpload.objects.filter(pk=upload.pk).first()
        if finished is not None and finished.is_taken:  # a concurrent request finished it
            return finished
        if refused.code not in _LATER:
            delete_uploads([upload])
        raise


def _read(upload: PartialUpload) -> bytes:
    content = bytearray()
    with suppress(FileNotFoundError):  # rows without files, after a restored backup: the digest differs below
        for part in upload.parts.all():
            with part.file.open("rb") as file:
                content += file.read()
    if hashlib.sha256(content).hexdigest() != upload.digest:
        raise Unacceptable("broken", upload.name)
    return bytes(content)


def expire_uploads() -> int:
    """Delete uploads that were not changed for `KEPT_FOR`. Return their number."""
    return delete_uploads(PartialUpload.objects.filter(changed_at__lt=timezone.now() - KEPT_FOR))


@transaction.atomic
def delete_uploads(uploads: Iterable[PartialUpload]) -> int:
    """Delete uploads with their parts. Return their number."""
    keys = [upload.pk for upload in uploads]
    _delete_parts(UploadPart.objects.filter(upload__in=keys))
    PartialUpload.objects.filter(pk__in=keys).delete()
    return len(keys)


def _delete_parts(parts: Iterable[UploadPart]) -> None:
    """Delete the rows, and their files after the transaction is committed."""
    parts = list(parts)
    UploadPart.objects.filter(pk__in=[part.pk for part in parts]).delete()

    def delete_files() -> None:
        for part in parts:
            part.file.delete(save=False)

    transaction.on_commit(delete_files)
