"""Taking a document in: by its content and not its name, once for each content, kept privately."""

import hashlib
import zipfile
from io import BytesIO

import filetype
from django.core.files.base import ContentFile
from django.db import transaction

from evaluation.models import Document, Evaluation, Evidence, User

ACCEPTED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""By the extension that the content itself shows. No HTML, no SVG, no archive: nothing that a browser would run."""

_UNPACKED_AT_MOST = 300 * 1024 * 1024


class Unacceptable(ValueError):
    """The document is not taken. `code`: `empty`, `too_big`, `wrong_kind`, `not_open` or `already_there`."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__(code)
        self.code, self.name = code, name


def read_kind(content: bytes, name: str) -> str:
    """The extension that the content shows. Raises Unacceptable for anything that is not on the list."""
    kind = filetype.guess(content)
    if kind is None or kind.extension not in ACCEPTED:
        raise Unacceptable("wrong_kind", name)
    if kind.extension in ("docx", "xlsx", "odt", "ods"):
        _refuse_bombs_and_macros(content, name)
    return kind.extension


def _refuse_bombs_and_macros(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as broken:
        raise Unacceptable("wrong_kind", name) from broken
    if sum(member.file_size for member in members) > _UNPACKED_AT_MOST:
        raise Unacceptable("too_big", name)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise Unacceptable("wrong_kind", name)


def attach_document(evaluation: Evaluation, code: str, *, content: bytes, name: str, limit: int, by: User) -> Evidence:
    """Keep a file of at most `limit` bytes and link it to the answer. The same content is kept once a hotline."""
    if not content:
        raise Unacceptable("empty", name)
    if len(content) > limit:
        raise Unacceptable("too_big", name)
    kind = read_kind(content, name)
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        _require_open(evaluation, name)
        document = Document.objects.filter(hotline=evaluation.hotline, digest=digest).first()
        if document is None:
            document = Document(
                hotline=evaluation.hotline,
                digest=digest,
                name=name[-200:],
                content_type=ACCEPTED[kind],
                size=len(content),
                uploaded_by=by,
            )
            document.file.save(digest, ContentFile(content), save=False)
            document.save(force_insert=True)
        return _link(evaluation, code, by, name, document=document)


def attach_address(evaluation: Evaluation, code: str, *, address: str, by: User) -> Evidence:
    """Link the answer to an address on the web."""
    with transaction.atomic():
        _require_open(evaluation, address)
        return _link(evaluation, code, by, address, address=address)


def _require_open(evaluation: Evaluation, name: str) -> None:
    """Under the lock that a submit takes too, so that nothing is attached to a submitted answer."""
    locked = Evaluation.objects.select_for_update().only("state").get(pk=evaluation.pk)
    if locked.state != Evaluation.State.SELF_ASSESSMENT:
        raise Unacceptable("not_open", name)


def _link(evaluation: Evaluation, code: str, by: User, name: str, **what) -> Evidence:
    link, is_new = Evidence.objects.get_or_create(
        evaluation=evaluation, code=code, **({"document": None, "address": ""} | what), defaults={"added_by": by}
    )
    if not is_new:
        raise Unacceptable("already_there", name)
    return link


@transaction.atomic
def detach(link: Evidence) -> None:
    """Take the link away; the document stays with the hotline."""
    _require_open(link.evaluation, str(link.document or link.address))
    link.delete()
