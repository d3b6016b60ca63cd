"""Letters about a consultation: it opened, its last day moved, it closed. A release of its edition ends it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.consultation.moves import invited_people
from evaluation.models import Consultation, User
from evaluation.models.people.permissions import is_allowed
from evaluation.workflow import MoveMade, perform
from portal.letters.declaration import PAGE, Letter, declare_letters
from portal.letters.outbox import Values, address_of
from standards.editions.release import edition_released
from standards.models import Edition


def _values(made: MoveMade) -> Values:
    consultation = made.thing
    return {
        "name": consultation.name,
        "code": consultation.edition_code,
        "date": consultation.closes_on,
        "zone": consultation.clock,
        "page": address_of(reverse("workspace:consultation", args=[consultation.uid])),
    }


@dataclass(frozen=True, slots=True)
class _Before:
    """The last day and the invited users before a move."""

    closes_on: date
    people: list[User]


def _read_before(consultation: Consultation) -> _Before:
    return _Before(consultation.closes_on, invited_people(consultation))


def _invited(made: MoveMade) -> list[User]:
    return invited_people(made.thing)


def _newly_invited(made: MoveMade) -> list[User]:
    """Return those whom the move invited; everybody if it opened the consultation."""
    before = made.before.people if made.before else []
    return [person for person in _invited(made) if person not in before]


def _invited_before(made: MoveMade) -> list[User]:
    return [person for person in _invited(made) if person in made.before.people]


def _has_moved(made: MoveMade) -> bool:
    return bool(made.thing.closes_on != made.before.closes_on)


declare_letters(
    "consultations",
    Letter(
        name="consultation_open",
        moves=("open", "extend"),
        to=_newly_invited,
        subject=_("What do you say to the draft of the Guide, edition %(code)s?"),
        body=(
            _(
                "Missing Children Europe asks you about the draft of edition %(code)s of the Guide: %(name)s. "
                "Comment on each indicator that concerns you, and say how urgently it must change. You can do so "
                "until %(date)s, 23:59 (time zone %(zone)s)."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="consultation_extend",
        moves=("extend",),
        to=_invited_before,
        when=_has_moved,
        subject=_("%(name)s: the last day has moved"),
        body=(
            _(
                "You can now comment on the draft of edition %(code)s of the Guide until %(date)s, 23:59 (time zone "
                "%(zone)s). What you have written is there."
            ),
            PAGE,
        ),
    ),
    Letter(
        name="consultation_close",
        moves=("close",),
        to=_invited,
        subject=_("%(name)s is closed"),
        body=(
            _(
                "The consultation on the draft of edition %(code)s of the Guide is closed. You can now read all "
                "comments, with who wrote them, and what Missing Children Europe answers."
            ),
            PAGE,
        ),
    ),
    machine=Consultation,
    values=_values,
    read_before={"extend": _read_before},
)


@receiver(edition_released, sender=Edition, dispatch_uid="end consultations on a released edition")
def end_consultations(edition: Edition, user: User | None, **_sent: Any) -> None:
    """End the consultations on the draft of an edition that is released: the open ones with their letters."""
    by = user if user and is_allowed("consultation.run", user) else None
    ended = Consultation.objects.ended_by_release(edition.code)
    for consultation in ended.select_for_update(of=("self",)).order_by("pk"):
        if consultation.is_open:
            perform(consultation, "close", by=by)
        else:
            note = gettext("Edition %(code)s was released before the consultation opened.") % {"code": edition.code}
            perform(consultation, "discard", by=by, note=note)
