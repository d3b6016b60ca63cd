"""Create, find and end the API keys of hotlines' case systems.

A key is shown once and stored as a digest. It ends when a user ends it or on its expiry date, and works only while the
user who created it still has the right to create it.
"""

import hashlib
import secrets
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from evaluation.models import Hotline, SystemKey, User
from evaluation.models.people.permissions import is_allowed

PREFIX = "mce116_"
"""The prefix of every token, which makes a leaked one recognizable."""
LONGEST = timedelta(days=365)
"""The longest validity of a key."""
NOTED_EVERY = timedelta(minutes=1)
"""The precision of the time of last use: not every request causes a write."""


def make_key(hotline: Hotline, name: str, expires_on: date, *, by: User) -> tuple[SystemKey, str]:
    """Create a key; return it with its token, which is not stored.

    Raises PermissionDenied, and ValueError if `expires_on` is past or more than a year ahead.
    """
    _demand_right(by, hotline)
    if not timezone.localdate() <= expires_on <= timezone.localdate() + LONGEST:
        raise ValueError("A key is valid for a year at most.")
    token = PREFIX + secrets.token_urlsafe(32)
    key = SystemKey.objects.create(
        hotline=hotline, name=name, token_digest=_digest(token), made_by=by, expires_on=expires_on
    )
    return key, token


def find_key(token: str) -> SystemKey | None:
    """Return the working key of this token and record its use; None if there is none."""
    now = timezone.now()
    key = _not_ended().filter(token_digest=_digest(token)).first()
    if key is None or not creator_may_connect(key):
        return None
    if key.used_at is None or key.used_at < now - NOTED_EVERY:
        key.used_at = now
        key.save(update_fields=["used_at"])
    return key


def is_working(key: SystemKey) -> bool:
    """Whether a key still works: it may have ended while a file was being processed."""
    found = _not_ended().filter(pk=key.pk).first()
    return found is not None and creator_may_connect(found)


def creator_may_connect(key: SystemKey) -> bool:
    """Whether the user who created the key still has the right to create keys for its hotline."""
    return is_allowed("statistics.connect", key.made_by, key.hotline)


def end_keys_of_former_creators(made_by: User | None = None) -> list[SystemKey]:
    """End the keys, of one creator or of all, whose creator has lost the right; return those that this call ended."""
    found = _not_ended() if made_by is None else _not_ended().filter(made_by=made_by)
    return [key for key in found if not creator_may_connect(key) and _end(key)]


def _not_ended() -> QuerySet[SystemKey]:
    keys = SystemKey.objects.select_related("hotline", "made_by")
    return keys.filter(ended_at=None, expires_on__gte=timezone.localdate())


def _end(key: SystemKey) -> bool:
    """End a key; return whether this call ended it."""
    return SystemKey.objects.filter(pk=key.pk, ended_at=None).update(ended_at=timezone.now()) == 1


def end_key(key: SystemKey, *, by: User) -> None:
    """End a key at once and permanently. Raises PermissionDenied."""
    _demand_right(by, key.hotline)
    _end(key)


def _demand_right(by: User, hotline: Hotline) -> None:
    if not is_allowed("statistics.connect", by, hotline):
        raise PermissionDenied


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
