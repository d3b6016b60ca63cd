"""Content that waits for a second request, such as a file that was read or evidence that was removed; for an hour."""

import re
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Model

from standards.framework import digest

HOUR = 60 * 60
_Content = TypeVar("_Content")
_TOKEN = re.compile("[0-9a-f]{64}")


def store_waiting(owner: Model, content: object) -> str:
    """Store content of a page or an evaluation for an hour, and return the token for `fetch_waiting`.

    `content` is a dataclass whose representation shows all that it contains, so that two contents never share a token.
    """
    token = digest(f"{type(content).__name__}:{content!r}")
    cache.set(_key(owner, token), content, HOUR)
    return token


def fetch_waiting(owner: Model, token: str, kind: type[_Content]) -> _Content | None:
    """Return the stored content of an owner, if it is of that kind. None if there is none, or for a malformed token."""
    content = cache.get(_key(owner, token)) if _TOKEN.fullmatch(token) else None
    return content if isinstance(content, kind) else None


def _key(owner: Model, token: str) -> str:
    return f"waiting_file:{owner._meta.label_lower}:{owner.pk}:{token}"
