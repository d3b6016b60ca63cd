"""Remove evidence from an answer, and restore it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from evaluation.files.documents import detach, note_change, require_open
from evaluation.files.kinds import Unacceptable
from evaluation.models import Evaluation, Evidence, EvidenceChange, User


@dataclass(frozen=True, slots=True)
class RemovedEvidence:
    """A removed link with the values that restore it. `removed_by` is the key of the user."""

    removed_by: int
    uid: UUID
    code: str
    name: str
    document_id: int | None
    address: str
    begins_on: date | None
    ends_on: date | None
    added_by_id: int
    added_at: datetime


def remove_evidence(link: Evidence, *, by: User) -> RemovedEvidence:
    """Remove the link and return the values that restore it. Raises Unacceptable after submission."""
    removed = RemovedEvidence(
        removed_by=by.pk,
        uid=link.uid,
        code=link.code,
        name=link.name,
        document_id=link.document_id,
        address=link.address,
        begins_on=link.begins_on,
        ends_on=link.ends_on,
        added_by_id=link.added_by_id,
        added_at=link.added_at,
    )
    detach(link, by=by)
    return removed


@transaction.atomic
def put_back(evaluation: Evaluation, removed: RemovedEvidence) -> None:
    """Restore a removed link with its user and time. Its days in force are those of the same evidence at other answers.

    Without such answers, the days are those of the removed link. Raises Unacceptable after submission, and if the
    answer has the same document or address again.
    """
    require_open(evaluation, removed.name, removed.code)
    same = Evidence.objects.filter(evaluation=evaluation, document=removed.document_id, address=removed.address)
    if same.filter(code=removed.code).exists():
        raise Unacceptable("already_there", removed.name)
    now = same.first() or removed
    link = Evidence.objects.create(
        uid=removed.uid,
        evaluation=evaluation,
        code=removed.code,
        document_id=removed.document_id,
        address=removed.address,
        begins_on=now.begins_on,
        ends_on=now.ends_on,
        added_by_id=removed.added_by_id,
    )
    link.added_at = removed.added_at
    link.save(update_fields=["added_at"])
    note_change(link, EvidenceChange.What.PUT_BACK, by_id=removed.removed_by)
