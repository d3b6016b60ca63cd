"""The secret address with which a person's calendar reads their visits: created, found and ended.

An address is shown once; only the digest of its token is stored.
"""

import hashlib
import secrets

from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluation.models import CalendarSubscription, Role, User, Visit
from evaluation.models.people.roles import HOTLINE_ROLES
from evaluation.queries import visible_to


def make_subscription(user: User) -> str:
    """Create the address of a user in place of a former one, and return its token."""
    token = secrets.token_urlsafe(32)
    CalendarSubscription.objects.update_or_create(
        user=user, defaults={"token_digest": _digest(token), "made_at": timezone.now()}
    )
    return token


def end_subscription(user: User) -> None:
    CalendarSubscription.objects.filter(user=user).delete()


def find_subscriber(token: str) -> User | None:
    """Return the active user whose address has this token, or None. One query."""
    found = CalendarSubscription.objects.filter(token_digest=_digest(token), user__is_active=True)
    subscription = found.select_related("user").first()
    return subscription.user if subscription else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def visits_in_calendar(user: User) -> QuerySet[Visit]:
    """Return the visits with days that are the user's: of their teams now, of their hotlines, or all for MCE."""
    visits = Visit.objects.filter(evaluation__in=visible_to(user), starts_on__isnull=False)
    if user.has_role(Role.MCE_COORDINATOR):
        return visits
    return visits.filter(Q(team__user=user) | Q(evaluation__hotline__in=user.hotlines_as(*HOTLINE_ROLES))).distinct()
