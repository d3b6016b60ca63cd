"""Letters about a consultation: it opened, its last day moved, it closed."""

from collections.abc import Container

from django.urls import reverse

from evaluation.consultation.moves import invited_people
from evaluation.models import Consultation, User
from portal.letters.outbox import address_of, write_letter
from portal.models import Letter


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
