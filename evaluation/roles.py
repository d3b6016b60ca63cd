"""Give and end the roles of users. A membership is never deleted."""

from django.utils import timezone

from evaluation.models import Hotline, Membership, User


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
