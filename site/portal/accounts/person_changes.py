"""Changes of people's roles and countries: propose or make them, confirm or drop them, and the letters about it."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from evaluation.models import Hotline, PersonChange, Role, Step, User, normalise_email
from evaluation.roles import change_person
from evaluation.workflow import perform
from portal.accounts import invitations
from portal.accounts.ties import country_name
from portal.letters import outbox


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
    return make_or_propose(
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


def make_or_propose(change: PersonChange) -> PersonChange:
    """Make a change, or propose it if a second person has to confirm it, and write the letters. Raises Refusal."""
    return change_person(change, notify=lambda step: write_letters(step, change))


@transaction.atomic
def move(change: PersonChange, name: str, *, by: User | None) -> Step:
    """Confirm or drop a change, and write the letters. `by` is None for the operator of the server. Raises Refusal."""
    step = perform(change, name, by=by)
    write_letters(step, change)
    return step


def write_letters(step: Step, change: PersonChange) -> None:
    """Write to all coordinators, the proposer and the person concerned, except the author of the step.

    If somebody is to act for a hotline, its present coordinators learn of each step, too.

    Of a change that needs no second person only the person who gets a role learns.
    """
    by, is_made = step.words.by, change.state == change.State.CONFIRMED
    if change.gives_a_role and is_made:
        invitations.write_role_letter(change)
    if step.move == "make":
        return
    concerned: Iterable[User] = (*outbox.holders_of(Role.MCE_COORDINATOR), change.proposed_by)
    if change.gives_a_role and change.role == Role.COORDINATOR and change.hotline is not None:
        concerned = (*concerned, *outbox.people_of(change.hotline, Role.COORDINATOR))
    if is_made and change.user is not None:
        concerned = (*concerned, change.user)
    for reader in dict.fromkeys(concerned):
        if reader != by:
            outbox.write_letter(to=reader, template=_template(step, change), context=_words(change, by, reader))


def _template(step: Step, change: PersonChange) -> str:
    is_country = change.what == change.What.COUNTRY and step.move == "confirm"
    return "accounts/letters/country_changed" if is_country else f"accounts/letters/person_change_{step.move}"


def _words(change: PersonChange, by: User | None, reader: User) -> dict[str, Any]:
    """Return the context of a letter. What changes is written in the language of the letter."""
    is_mce = reader.has_role(Role.MCE_COORDINATOR)
    page = reverse("workspace:people") if is_mce else reverse("workspace:account")
    return {
        "change": change,
        "person": change,
        "by": by,
        "what": lazy(describe, str)(change),
        "before": lazy(country_name, str)(change.former_country),
        "now": lazy(country_name, str)(change.country),
        "page": outbox.address_of(page),
    }
