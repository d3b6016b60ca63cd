"""What waits for a second request: a file that was read, evidence that was removed. Kept for an hour under its digest."""

import re
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Model

from standards.framework import digest

HOUR = 60 * 60
_Content = TypeVar("_Content")
_TOKEN = re.compile("[0-9a-f]{64}")


def keep(owner: Model, content: object) -> str:
    """Keep what was read or removed for a page or an evaluation, and return the token for `take`.

    `content` is a dataclass whose representation shows all that it holds. Two contents never share a token.
    """
    token = digest(f"{type(content).__name__}:{content!r}")
    cache.set(_key(owner, token), content, HOUR)
    return token


def take(owner: Model, token: str, kind: type[_Content]) -> _Content | None:
    """Return the content of that kind kept for its owner; None if there is none, or the token is not written like one."""
    content = cache.get(_key(owner, token)) if _TOKEN.fullmatch(token) else None
    return content if isinstance(content, kind) else None


def _key(owner: Model, token: str) -> str:
    return f"waiting_file:{owner._meta.label_lower}:{owner.pk}:{token}"
