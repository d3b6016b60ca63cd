"""Taking a document in: by its content and not its name, once for each content, kept privately."""

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO

import filetype
from django.core.files.base import ContentFile
from django.db import transaction

from evaluation.models import Document, Evaluation, Evidence, Hotline, User

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
    """The document is not taken. `code`: `empty`, `too_big`, `wrong_kind`, `not_open` or `already_there`.

    For what is shown for a recommendation also `not_under_way`, `shown_already` or `submitted`.
    """

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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked into and may be kept."""

    content: bytes
    name: str
    kind: str


def look_into(content: bytes, name: str, *, limit: int) -> Upload:
    """Raise Unacceptable unless the file has at most `limit` bytes and is of a kind on the list."""
    if not content:
        raise Unacceptable("empty", name)
    if len(content) > limit:
        raise Unacceptable("too_big", name)
    return Upload(content, name, read_kind(content, name))


def keep(hotline: Hotline, upload: Upload, *, by: User) -> Document:
    """The document with this content: kept once a hotline. Called in the transaction of what points to it."""
    Hotline.objects.select_for_update(no_key=True).get(pk=hotline.pk)  # two at once bring the same file
    digest = hashlib.sha256(upload.content).hexdigest()
    document = Document.objects.filter(hotline=hotline, digest=digest).first()
    if document is None:
        document = Document(
            hotline=hotline,
            digest=digest,
            name=upload.name[-200:],
            content_type=ACCEPTED[upload.kind],
            size=len(upload.content),
            uploaded_by=by,
        )
        document.file.save(digest, ContentFile(upload.content), save=False)
        document.save(force_insert=True)
    return document


def attach_document(evaluation: Evaluation, code: str, *, content: bytes, name: str, limit: int, by: User) -> Evidence:
    """Keep a file of at most `limit` bytes and link it to the answer. The same content is kept once a hotline."""
    upload = look_into(content, name, limit=limit)
    with transaction.atomic():
        _require_open(evaluation, name)
        return _link(evaluation, code, by, name, document=keep(evaluation.hotline, upload, by=by))


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
