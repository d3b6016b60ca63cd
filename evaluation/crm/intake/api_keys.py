"""API keys of hotlines' case systems: shown once, stored as digest, ended by a person or an expiry date.

A key works only while the person who created it still has the right to create it.
"""

import hashlib
import secrets
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils import timezone

from evaluation.guards.permissions import is_allowed
from evaluation.models import Hotline, SystemKey, User

PREFIX = "mce116_"
"""Makes a leaked key recognizable."""
LONGEST = timedelta(days=365)
NOTED_EVERY = timedelta(minutes=1)
"""The precision of the last use, so that a busy system does not cause a write at each request."""


def make_key(hotline: Hotline, name: str, expires_on: date, *, by: User) -> tuple[SystemKey, str]:
    """Return a new key and its token, which is not stored. Raises PermissionDenied."""
    _demand_right(by, hotline)
    if not timezone.localdate() <= expires_on <= timezone.localdate() + LONGEST:
        raise ValueError("A key is valid for a year at most.")
    token = PREFIX + secrets.token_urlsafe(32)
    key = SystemKey.objects.create(
        hotline=hotline, name=name, token_digest=_digest(token), made_by=by, expires_on=expires_on
    )
    return key, token


def find_key(token: str) -> SystemKey | None:
    """Return the working key of this token and record its use, or None."""
    now = timezone.now()
    key = _not_ended().filter(token_digest=_digest(token)).first()
    if key is None or not has_its_maker(key):
        return None
    if key.used_at is None or key.used_at < now - NOTED_EVERY:
        key.used_at = now
        key.save(update_fields=["used_at"])
    return key


def is_working(key: SystemKey) -> bool:
    """Whether a key still works: it may have ended while a file was being processed."""
    found = _not_ended().filter(pk=key.pk).first()
    return found is not None and has_its_maker(found)


def has_its_maker(key: SystemKey) -> bool:
    """Whether the key's creator is active and still has a role that may create keys for this hotline."""
    return is_allowed("statistics.connect", key.made_by, key.hotline)


def end_keys_without_maker(made_by: User | None = None) -> list[SystemKey]:
    """End the keys, of one person or of all, whose creator left or lost the role.

    Return the keys ended by this call.
    """
    found = _not_ended() if made_by is None else _not_ended().filter(made_by=made_by)
    return [key for key in found if not has_its_maker(key) and _end(key)]


def _not_ended() -> QuerySet[SystemKey]:
    keys = SystemKey.objects.select_related("hotline", "made_by")
    return keys.filter(ended_at=None, expires_on__gte=timezone.localdate())


def _end(key: SystemKey) -> bool:
    """End a key. Return whether this call ended it."""
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
