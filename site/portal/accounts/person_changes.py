"""Changes of people's roles and countries: propose or make them, confirm or drop them, and the letters about it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from evaluation.models import Hotline, PersonChange, Role, User, normalise_email
from evaluation.people import change_person
from evaluation.workflow import Letters, MoveMade, register_letters
from portal.accounts import invitations
from portal.accounts.ties import country_name
from portal.letters.outbox import address_of, write_letter
from portal.letters.recipients import holders_of, people_of


def describe(change: PersonChange) -> str:
    """Return what changes, as a sentence in the active language."""
    words = {"name": change.name, "email": change.email, "role": change.role_and_hotline}
    if change.what == change.What.COUNTRY:
        words |= {"now": country_name(change.country), "before": country_name(change.former_country)}
        return _("%(name)s (%(email)s): the country is %(now)s, not %(before)s any more.") % words
    if change.gives_a_role:
        return _("%(name)s (%(email)s) gets the role “%(role)s”.") % words
    return _("%(name)s (%(email)s) has the role “%(role)s” no more.") % words


def invite(
    *,
    email: str,
    name: str,
    language: str,
    role: str,
    hotline: Hotline | None,
    by: User,
    country: str = "",
) -> PersonChange:
    """Invite somebody by letter; a known user gets the role at once, and a letter about it. Return the change.

    If a second person has to confirm it, it is only proposed. Raises Refusal if it is proposed already.
    """
    email = normalise_email(email)
    known = User.objects.filter(email=email).first()
    return change_person(
        PersonChange(
            what=PersonChange.What.GIVE_ROLE,
            user=known,
            email=email,
            name=known.name if known else name,
            language=known.language if known else language,
            role=role,
            hotline=hotline,
            country=country,
            proposed_by=by,
        )
    )


def _write_letters(made: MoveMade) -> None:
    """Write to all coordinators, the proposer and the person concerned, except the user who made the move.

    If somebody is to act for a hotline, its present coordinators learn of each step, too.

    Of a change that needs no second person only the person who gets a role learns.
    """
    change = made.thing
    is_made = change.state == change.State.CONFIRMED
    if change.gives_a_role and is_made:
        invitations.write_role_letter(change)
    if made.move == "make":
        return
    concerned: Iterable[User] = (*holders_of(Role.MCE_COORDINATOR), change.proposed_by)
    if change.gives_a_role and change.role == Role.COORDINATOR and change.hotline is not None:
        concerned = (*concerned, *people_of(change.hotline, Role.COORDINATOR))
    if is_made and change.user is not None:
        concerned = (*concerned, change.user)
    is_country = change.what == change.What.COUNTRY and made.move == "confirm"
    name = "country_changed" if is_country else f"person_change_{made.move}"
    values = {
        "name": change.name,
        "proposer": change.proposed_by.name,
        "by": made.by.name if made.by else "",
        "what": lambda _reader: describe(change),
        "before": lambda _reader: country_name(change.former_country),
        "now": lambda _reader: country_name(change.country),
        "page": _page_of,
    }
    for reader in dict.fromkeys(concerned):
        if reader != made.by:
            write_letter(name, values, to=reader)


def _page_of(reader: User) -> str:
    """Return the page where the reader sees the change."""
    return address_of(reverse("workspace:people" if reader.has_role(Role.MCE_COORDINATOR) else "workspace:account"))


for move in ("make", "propose", "confirm", "drop"):
    register_letters(PersonChange.kind, move, Letters(_write_letters))
