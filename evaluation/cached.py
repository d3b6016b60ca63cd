"""Cache computed values in the shared cache, each under the version of its sources.

Each value is stored with the version that it was computed from, so that it is never stale, and is recomputed if the
cache was emptied or does not respond.
"""

import logging
import pickle
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import Error

from evaluation.versions import Source, changed_since, marks_of
from standards.framework import canonical, digest

TIMEOUT_SECONDS = 24 * 60 * 60
"""A newer value is computed after a day."""
PARTS_TIMEOUT_SECONDS = 30 * TIMEOUT_SECONDS
"""Of values that are updated under one name: they outlive days without changes."""

Value = TypeVar("Value")
Key = TypeVar("Key")
Sums = Mapping[Any, int | Fraction]
"""Counts by what is counted, without zeros."""

log = logging.getLogger(__name__)


def get_or_compute(name: str, version: Any, compute: Callable[[], Value]) -> Value:
    """Return the value cached under this name for this version, or compute and cache it.

    `version` has everything that the result depends on, JSON-serializable. The cached value must not be changed.
    """
    return get_or_compute_each(name, [digest(canonical(version))], lambda _one: {_one[0]: compute()}).popitem()[1]


def get_or_compute_each(
    name: str, versions: Iterable[str], compute: Callable[[list[str]], Mapping[str, Value]]
) -> dict[str, Value]:
    """Return the values of many versions with one request: `compute` gets the versions that are not cached."""
    keys = {f"{name}-{version[:40]}": version for version in versions}
    try:
        cached = {keys[key]: value for key, (value,) in cache.get_many(keys).items()}
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return dict(compute(list(keys.values())))
    if missing := {key: version for key, version in keys.items() if version not in cached}:
        computed = compute(list(missing.values()))
        try:
            cache.set_many({key: (computed[version],) for key, version in missing.items()}, TIMEOUT_SECONDS)
        except (Error, OSError) as failure:
            log.warning("The cache keeps nothing: %s", failure)
        cached |= computed
    return cached


def get_or_compute_parts(
    name: str, versions: Mapping[Key, Any], compute: Callable[[list[Key]], Mapping[Key, Value]]
) -> dict[Key, Value]:
    """Return parts cached in one entry: `compute` gets the parts whose version changed.

    Parts that are not requested stay cached: not everybody may see all of them.
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
    """Return the cached parts, recomputing those that the sources report as changed; all for a new version.

    `compute` gets the keys of those parts, or None for all; a part that it leaves out is removed. The marks are read
    before anything is computed: changes in between are found by the next call.
    """
    now = marks_of(sources)
    kept_version, marks, parts = _read(name) or (None, [], {})
    if kept_version == version and marks == now:
        return parts
    changed = changed_since(sources, marks, now) if kept_version == version else None
    if changed is None:
        parts = compute(None)
    else:
        afresh = compute(changed) if changed else {}
        parts = {key: part for key, part in parts.items() if key not in changed} | afresh
    _write(name, (version, now, parts))
    return parts


def update_sums(
    name: str, version: Any, sources: Sequence[Source[Key]], compute: Callable[[set[Key] | None], Mapping[Key, Sums]]
) -> Sums:
    """Return the sums over all parts; only changed parts are subtracted and added anew: exact for whole numbers.

    Like `update_parts`, but the summands of each part are cached packed, and unpacked only to subtract them.
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
            sums[key] = total  # type: ignore[assignment] # a fraction where a mean is added
        else:
            sums.pop(key, None)


def pack(part: Any) -> bytes:
    """Return a part as one string, so that many parts are cached together and unpacked only when needed."""
    return zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Any:
    return pickle.loads(zlib.decompress(packed))  # noqa: S301 - from the cache, which is read in the same way


def _read(name: str) -> Any:
    try:
        return cache.get(name)
    except (Error, OSError) as failure:
        log.warning("The cache does not answer: %s", failure)
        return None


def _write(name: str, what: Any) -> None:
    try:
        cache.set(name, what, PARTS_TIMEOUT_SECONDS)
    except (Error, OSError) as failure:
        log.warning("The cache keeps nothing: %s", failure)
