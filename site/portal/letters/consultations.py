"""Letters about a consultation: it opened, its last day moved, it closed. A release of its edition ends it."""

from collections.abc import Container
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.consultation.moves import invited_people
from evaluation.guards.permissions import is_allowed
from evaluation.models import Consultation, User
from evaluation.workflow import perform
from portal.letters.outbox import address_of, write_letter
from portal.models import Letter
from standards.editions.release import edition_released
from standards.models import Edition


def write_consultation_letters(
    move: str, consultation: Consultation, *, by: User | None, but: Container[int] = ()
) -> list[Letter]:
    """Write to every invited user, except `by` and those whose primary keys are in `but`.

    `move` is open, extend or close. Call in the transaction of the move.
    """
    page = address_of(reverse("workspace:consultation", args=[consultation.uid]))
    return [
        write_letter(
            to=person,
            template=f"accounts/letters/consultation_{move}",
            context={"consultation": consultation, "page": page},
        )
        for person in invited_people(consultation)
        if not (by and person.pk == by.pk) and person.pk not in but
    ]


@receiver(edition_released, sender=Edition, dispatch_uid="end consultations on a released edition")
def end_consultations(edition: Edition, user: User | None, **_sent: Any) -> None:
    """End the consultations on the draft of an edition that is released: the open ones with their letters."""
    by = user if user and is_allowed("consultation.run", user) else None
    ended = Consultation.objects.ended_by_release(edition.code)
    for consultation in ended.select_for_update(of=("self",)).order_by("pk"):
        if consultation.is_open:
            perform(consultation, "close", by=by)
            write_consultation_letters("close", consultation, by=by)
        else:
            note = _("Edition %(code)s was released before the consultation opened.") % {"code": edition.code}
            perform(consultation, "discard", by=by, note=note)
