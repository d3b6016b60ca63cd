"""The batch that a device sends in one request, and the record of its unsent items for the sign-off."""

from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from evaluation.models import RecordingDevice, User, Visit
from portal.requests.signed_in import SignedInRequest

MOST_ITEMS = 100
"""The most items of one request. A device sends more in several."""
LONGEST_TEXT = 100_000
Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
Version = Annotated[int, Field(ge=0, lt=10**9)]


class Batch(BaseModel):
    """The items that a device sends in one request, and how many unsent ones it has.

    The items are validated one by one, so that an invalid one does not stop the others.
    """

    device: UUID
    name: Annotated[str, StringConstraints(max_length=60)] = ""
    owner: UUID
    unsent: Annotated[int, Field(ge=0, lt=10**6)]
    items: Annotated[list[dict[str, Any]], Field(max_length=MOST_ITEMS)] = []


Sent = TypeVar("Sent", bound=Batch)


def read_batch(request: SignedInRequest, kind: type[Sent]) -> Sent | JsonResponse:
    """Return the batch of a device, or the response that refuses invalid data or another user's batch."""
    try:
        batch = kind.model_validate_json(request.body)
    except ValidationError:
        return JsonResponse({"problem": describe_unknown()}, status=400)
    if batch.owner != request.user.uid:
        return JsonResponse({"problem": _("This device keeps what somebody else recorded.")}, status=409)
    return batch


def describe_unknown() -> str:
    return _("This is not what the recording view sends.")


def note_device(visit: Visit, batch: Batch, waiting: int, *, by: User) -> None:
    """Store how many items still wait on the device after this batch."""
    RecordingDevice.objects.update_or_create(
        visit=visit,
        by=by,
        uid=batch.device,
        defaults={"name": batch.name.replace("\x00", ""), "unsent": max(waiting, 0), "seen_at": timezone.now()},
    )
