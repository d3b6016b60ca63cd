"""Roles and countries of users: what a change of a person makes. A membership is never deleted."""

from django.db import transaction
from django.utils import timezone

from evaluation.models import Hotline, Invitation, Membership, PersonChange, Stake, Step, User
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, act_of, perform


def give_role(user: User, role: str, hotline: Hotline | None) -> Membership:
    """Give a role from today on, and return the membership. A current membership is returned unchanged."""
    present = user.memberships.today().filter(role=role, hotline=hotline).first()
    if present:
        return present
    operation = hotline.operation_today if hotline else None
    membership, _created = Membership.objects.get_or_create(
        user=user,
        role=role,
        hotline=hotline,
        since=timezone.localdate(),
        ended_at=None,
        defaults={"operator": operation.operator if operation else None},
    )
    return membership


def end_role(membership: Membership) -> None:
    """End a role now. Its last day is today, also if it began today."""
    membership.until, membership.ended_at = timezone.localdate(), timezone.now()
    membership.save(update_fields=["until", "ended_at"])


@transaction.atomic
def change_person(change: PersonChange) -> PersonChange:
    """Make a change at once, or propose it if it needs a second person. Raises Refusal."""
    move = "propose" if change.needs_a_second_person else "make"
    same = {"what": change.what, "email": change.email, "role": change.role}
    if PersonChange.objects.filter(**same, state=PersonChange.State.PROPOSED).exists():
        raise Refusal(move, [Reason("change_is_proposed")])
    change.save(force_insert=True)
    perform(change, move, by=change.proposed_by)
    return change


def country_change(person: User, country: str, *, was_mistaken: bool, by: User) -> PersonChange:
    """Return the unsaved change of a person's country."""
    return PersonChange(
        what=PersonChange.What.COUNTRY,
        user=person,
        email=person.email,
        name=person.name,
        country=country,
        former_country=person.country,
        was_mistaken=was_mistaken,
        proposed_by=by,
    )


def end_of_role(membership: Membership, *, by: User) -> PersonChange:
    """Return the unsaved change that ends a role."""
    return PersonChange(
        what=PersonChange.What.END_ROLE,
        user=membership.user,
        email=membership.user.email,
        name=membership.user.name,
        role=membership.role,
        hotline=membership.hotline,
        membership=membership,
        proposed_by=by,
    )


@act_of(PersonChange.kind, "make", "confirm")
def _make_change(change: PersonChange, _step: Step) -> None:
    """Give the role, or invite the person who has no account yet; end the role; or set the country."""
    if change.membership is not None:
        end_role(change.membership)
    elif change.what == change.What.COUNTRY:
        _set_country(change)
    elif (known := User.objects.filter(email=change.email).first()) is not None:
        if change.country and not known.country:
            known.country = change.country
            known.save(update_fields=["country"])
        give_role(known, change.role, change.hotline)
    else:
        _invite(change)


def _set_country(change: PersonChange) -> None:
    """Set the country. The hotlines of a former country become declared ties, unless it was a mistake."""
    person = change.user
    assert person is not None  # a change of a country is about a user
    person.country = change.country
    person.save(update_fields=["country"])
    if change.was_mistaken:
        return
    for hotline in Hotline.objects.filter(country=change.former_country):
        reason = f"{change.former_country}, {timezone.localdate().isoformat()}"
        Stake.objects.get_or_create(user=person, hotline=hotline, defaults={"reason": reason})


def _invite(change: PersonChange) -> None:
    same = {"email": change.email, "role": change.role, "hotline": change.hotline}
    invitation = Invitation.objects.filter(**same, accepted_at=None).first() or Invitation(**same)
    invitation.name, invitation.language, invitation.country = change.name, change.language, change.country
    invitation.invited_by, invitation.invited_at = change.proposed_by, timezone.now()
    invitation.save()
