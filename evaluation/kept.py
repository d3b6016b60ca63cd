"""Keeps what was computed in the cache that all processes share, under the version of what it was computed from.

Nothing is ever taken out by name: a new version has a new key, so what is read is right the moment it changes, and
right as well where the cache was emptied or does not answer.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import Error

from standards.framework import canonical, digest

SECONDS = 24 * 60 * 60
"""After a day there is a newer one."""

Kept = TypeVar("Kept")

log = logging.getLogger(__name__)


def keep(name: str, version: Any, compute: Callable[[], Kept]) -> Kept:
    """What is kept under this name for this version, computed and kept if it is not.

    `version` holds everything that the result depends on, as JSON can write it. What is kept must not be changed.
    """
    return keep_each(name, [digest(canonical(version))], lambda _one: {_one[0]: compute()}).popitem()[1]


def keep_each(
    name: str, versions: Iterable[str], compute: Callable[[list[str]], Mapping[str, Kept]]
) -> dict[str, Kept]:
    """The same for many versions, asked for at once: `compute` gets those that are not kept."""
    keys = {f"{name}-{version[:40]}": version for version in versions}
    try:
        kept = {keys[key]: value for key, (value,) in cache.get_many(keys).items()}
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return dict(compute(list(keys.values())))
    if missing := {key: version for key, version in keys.items() if version not in kept}:
        computed = compute(list(missing.values()))
        try:
            cache.set_many({key: (computed[version],) for key, version in missing.items()}, SECONDS)
        except (Error, OSError) as failure:
            log.warning("The cache keeps nothing: %s", failure)
        kept |= computed
    return kept
