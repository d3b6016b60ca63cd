"""Store uploaded documents privately, once per content and hotline, and link evidence to answers."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Case, QuerySet, When

from evaluation.files.inspection import Upload, inspect_upload
from evaluation.files.kinds import ACCEPTED, Unacceptable
from evaluation.models import Document, Evaluation, Evidence, EvidenceChange, Hotline, User


def save_document(hotline: Hotline, upload: Upload, *, by: User) -> Document:
    """Return the document with this content, stored once per hotline. Call it in the transaction that refers to it."""
    Hotline.objects.select_for_update(no_key=True).get(pk=hotline.pk)  # for concurrent uploads of the same file
    digest = hashlib.sha256(upload.content).hexdigest()
    document = Document.objects.filter(hotline=hotline, digest=digest).first()
    if document is None:
        document = Document(
            hotline=hotline,
            digest=digest,
            name=upload.name,
            content_type=ACCEPTED[upload.kind],
            size=len(upload.content),
            uploaded_by=by,
        )
        document.file.save(digest, ContentFile(upload.content), save=False)
        document.save(force_insert=True)
    return document


def attach_document(evaluation: Evaluation, code: str, *, content: bytes, name: str, limit: int, by: User) -> Evidence:
    """Inspect and store a file of at most `limit` bytes, and link it to the answer. Raises Unacceptable."""
    return attach_inspected(evaluation, code, inspect_upload(content, name, limit=limit), by=by, name=name)


@transaction.atomic
def attach_inspected(evaluation: Evaluation, code: str, upload: Upload, *, by: User, name: str = "") -> Evidence:
    """Store an inspected file and link it to the answer. Raises Unacceptable with `name`, or else the upload's name."""
    name = name or upload.name
    require_open(evaluation, name, code)
    return _link(evaluation, code, by, name, document=save_document(evaluation.hotline, upload, by=by))


def attach_address(evaluation: Evaluation, code: str, *, address: str, by: User) -> Evidence:
    """Link the answer to a web address. Raises Unacceptable."""
    with transaction.atomic():
        require_open(evaluation, address, code)
        return _link(evaluation, code, by, address, address=address)


def attach_addresses(evaluation: Evaluation, addresses: Iterable[tuple[str, str]], *, by: User) -> None:
    """Link answers to web addresses, given as pairs of code and new address. A constant number of queries.

    Raises Unacceptable.
    """
    links = [Evidence(evaluation=evaluation, code=code, address=address, added_by=by) for code, address in addresses]
    if not links:
        return
    with transaction.atomic():
        require_open(evaluation, links[0].address, *{link.code for link in links})
        known = {one.address: one for one in _known(evaluation).filter(address__in={one.address for one in links})}
        for link in links:
            if before := known.get(link.address):
                link.begins_on, link.ends_on = before.begins_on, before.ends_on
        Evidence.objects.bulk_create(links)


def _known(evaluation: Evaluation) -> QuerySet[Evidence]:
    """Return all evidence of the hotline, that of the evaluation last. The days in force are copied from the last."""
    is_own = Case(When(evaluation=evaluation, then=1), default=0)
    return Evidence.objects.filter(evaluation__hotline=evaluation.hotline_id).order_by(is_own, "evaluation", "pk")


def require_open(evaluation: Evaluation, name: str, *codes: str) -> Evaluation:
    """Raise Unacceptable after submission, and if one of these answers is fixed because others are sent back.

    Locks the evaluation as its submission does, so that nothing is attached later, and returns it.
    """
    locked = Evaluation.objects.select_for_update().only("state", "fixed_codes").get(pk=evaluation.pk)
    if not locked.is_open:
        raise Unacceptable("not_open", name)
    if not all(map(locked.is_answer_open, codes)):
        raise Unacceptable("not_sent_back", name)
    return locked


def _link(evaluation: Evaluation, code: str, by: User, name: str, **what: Any) -> Evidence:
    link, is_new = link_once(evaluation, code, by=by, **what)
    if not is_new:
        raise Unacceptable("already_there", name)
    return link


def link_once(
    evaluation: Evaluation, code: str, *, document: Document | None = None, address: str = "", by: User
) -> tuple[Evidence, bool]:
    """Return the link of an answer to a document or address, and whether it is new. Copies the days in force.

    Call it after `require_open`, in the same transaction.
    """
    known = _known(evaluation).filter(document=document, address=address).last()
    in_force = {"begins_on": known.begins_on, "ends_on": known.ends_on} if known else {}
    return Evidence.objects.get_or_create(
        evaluation=evaluation, code=code, document=document, address=address, defaults={"added_by": by, **in_force}
    )


@transaction.atomic
def detach(link: Evidence, *, by: User) -> None:
    """Delete the link, and note that `by` removed it. The document is kept. Raises Unacceptable."""
    require_open(link.evaluation, link.name, link.code)
    note_change(link, EvidenceChange.What.REMOVED, by_id=by.pk)
    link.delete()


def note_change(link: Evidence, what: EvidenceChange.What, *, by_id: int) -> None:
    """Write into the history of an answer that evidence was removed or put back."""
    EvidenceChange.objects.create(
        evaluation=link.evaluation,
        code=link.code,
        link=link.uid,
        name=link.name,
        what=what,
        added_by_id=link.added_by_id,
        added_at=link.added_at,
        by_id=by_id,
    )
