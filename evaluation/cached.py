"""Cache computed values in the shared cache, each with the version of its sources.

A value is used only for the version from which it was computed, so that it is never stale. It is recomputed if the
cache was emptied or does not respond.
"""

import logging
import pickle
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import Error

from evaluation.versions import Source, changed_since, marks_of
from standards.framework import canonical, digest

TIMEOUT_SECONDS = 24 * 60 * 60
"""A value is computed again after a day."""
PARTS_TIMEOUT_SECONDS = 30 * TIMEOUT_SECONDS
"""The timeout of values that are updated under one name. It is long, because they are valid on days without changes."""

Value = TypeVar("Value")
Key = TypeVar("Key")
Sums = Mapping[Any, int | Fraction]
"""Sums by the kind of count, without zeros."""

log = logging.getLogger(__name__)


_is_paused: ContextVar[bool] = ContextVar("caching_is_paused", default=False)


@contextmanager
def nothing_cached() -> Iterator[None]:
    """Cache no value in the block, whose transaction may be undone: its version would be that of another change later."""
    token = _is_paused.set(True)
    try:
        yield
    finally:
        _is_paused.reset(token)


def get_or_compute(name: str, version: Any, compute: Callable[[], Value]) -> Value:
    """Return the value cached under this name for this version, or compute and cache it.

    `version` contains everything on which the result depends, and is JSON-serializable. The value must not be modified.
    """
    return get_or_compute_each(name, [digest(canonical(version))], lambda _one: {_one[0]: compute()}).popitem()[1]


def find_cached(name: str, version: Any) -> Any:
    """Return the value cached under this name for this version, as `get_or_compute` does; None without one."""
    (found,) = _read(_key(name, digest(canonical(version)))) or (None,)
    return found


def recompute(name: str, version: Any, compute: Callable[[], Value]) -> Value:
    """Compute a value whatever is cached under this name for this version, and cache it in its place."""
    value = compute()
    try:
        cache.set(_key(name, digest(canonical(version))), (value,), TIMEOUT_SECONDS)
    except (Error, OSError) as failure:
        log.warning("The cache keeps nothing: %s", failure)
    return value


def get_or_compute_each(
    name: str, versions: Iterable[str], compute: Callable[[list[str]], Mapping[str, Value]]
) -> dict[str, Value]:
    """Return the values of many versions, with one cache request. `compute` is called with the versions not cached."""
    keys = {_key(name, version): version for version in versions}
    try:
        cached = {keys[key]: value for key, (value,) in cache.get_many(keys).items()}
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return dict(compute(list(keys.values())))
    if missing := {key: version for key, version in keys.items() if version not in cached}:
        computed = compute(list(missing.values()))
        try:
            if not _is_paused.get():
                cache.set_many({key: (computed[version],) for key, version in missing.items()}, TIMEOUT_SECONDS)
        except (Error, OSError) as failure:
            log.warning("The cache keeps nothing: %s", failure)
        cached |= computed
    return cached


def _key(name: str, version: str) -> str:
    return f"{name}-{version[:40]}"


def get_or_compute_parts(
    name: str, versions: Mapping[Key, Any], compute: Callable[[list[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    """Return parts that are cached in one entry. `compute` is called with the parts whose version changed.

    Parts that are not requested stay cached, because users may see different parts.
    """
    cached: dict[Key, tuple[Any, Value]] = _read(name) or {}
    found = {key: cached[key] for key, version in versions.items() if key in cached and cached[key][0] == version}
    if changed := [key for key in versions if key not in found]:
        computed = compute(changed)
        found |= {key: (versions[key], computed[key]) for key in changed}
        _write(name, cached | found)
    return {key: found[key][1] for key in versions}


def update_parts(
    name: str,
    version: Any,
    sources: Sequence[Source[Key]],
    compute: Callable[[set[Key] | None], dict[Key, Value]],
) -> dict[Key, Value]:
    """Return the cached parts, and recompute those that the sources report as changed; all for a new version.

    `compute` is called with the keys of these parts, or None for all; a part that it leaves out is removed. The marks
    are read before the computation, so that the next call detects changes in between.
    """
    now = marks_of(sources)
    kept_version, marks, parts = _read(name) or (None, [], {})
    if kept_version == version and marks == now:
        return parts
    changed = changed_since(sources, marks, now) if kept_version == version else None
    if changed is None:
        parts = compute(None)
    else:
        recomputed = compute(changed) if changed else {}
        parts = {key: part for key, part in parts.items() if key not in changed} | recomputed
    _write(name, (version, now, parts))
    return parts


def update_sums(
    name: str, version: Any, sources: Sequence[Source[Key]], compute: Callable[[set[Key] | None], Mapping[Key, Sums]]
) -> Sums:
    """Return the sums over all parts. Only changed parts are subtracted and added again, which is exact for integers.

    Like `update_parts`, but the summands of each part are cached compressed, and unpacked only to subtract them.
    """
    now = marks_of(sources)
    sums: Counter[Any]
    packed: dict[Key, bytes]
    kept_version, marks, sums, packed = _read(name) or (None, [], Counter(), {})
    if kept_version == version and marks == now:
        return sums
    changed = changed_since(sources, marks, now) if kept_version == version else None
    if changed is None:
        sums, packed = Counter(), {}
    for key in (changed or set()) & packed.keys():
        _add(sums, unpack(packed.pop(key)), -1)
    for key, part in (compute(changed) if changed != set() else {}).items():
        _add(sums, part, 1)
        packed[key] = pack(part)
    _write(name, (version, now, sums, packed))
    return sums


def add_parts(parts: Iterable[Sums]) -> Sums:
    """Return the sums over all parts."""
    sums: Counter[Hashable] = Counter()
    for part in parts:
        _add(sums, part, 1)
    return sums


def _add(sums: Counter[Hashable], part: Sums, times: int) -> None:
    for key, amount in part.items():
        if total := sums[key] + times * amount:
            sums[key] = total  # type: ignore[assignment] # a Fraction if a mean is added
        else:
            sums.pop(key, None)


def pack(part: Any) -> bytes:
    """Return a part as compressed bytes, so that many parts are cached together and unpacked only when needed."""
    return zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))  # noqa: S301 - from the cache, which uses pickle as well


def _read(name: str) -> Any:
    try:
        return cache.get(name)
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return None


def _write(name: str, what: Any) -> None:
    if _is_paused.get():
        return
    try:
        cache.set(name, what, PARTS_TIMEOUT_SECONDS)
    except (Error, OSError) as failure:
        log.warning("The cache keeps nothing: %s", failure)
