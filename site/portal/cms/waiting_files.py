"""Files that were read and wait for a second request to write them: kept for an hour under a digest of all they hold."""

import re
from typing import TypeVar

from django.core.cache import cache

from standards.framework import digest
from standards.models import EditionPage

HOUR = 60 * 60
_Content = TypeVar("_Content")
_TOKEN = re.compile("[0-9a-f]{64}")


def keep(page: EditionPage, content: object) -> str:
    """Keep what was read from a file, and return the token for `take`.

    `content` is a dataclass whose representation shows all that it holds. Two contents never share a token.
    """
    token = digest(f"{type(content).__name__}:{content!r}")
    cache.set(_key(page, token), content, HOUR)
    return token


def take(page: EditionPage, token: str, kind: type[_Content]) -> _Content | None:
    """Return the content of that kind kept for a page; None if there is none, or the token is not written like one."""
    content = cache.get(_key(page, token)) if _TOKEN.fullmatch(token) else None
    return content if isinstance(content, kind) else None


def _key(page: EditionPage, token: str) -> str:
    return f"waiting_file:{page.pk}:{token}"
