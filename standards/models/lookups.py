"""A cache for lookups that many pages of one edition repeat."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("found", default=None)


@contextmanager
def cached_lookups() -> Iterator[None]:
    """Cache the results of `look_up` inside this context. Only for code that reads: writes do not update them."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def look_up(key: Hashable, ask: Callable[[], Found]) -> Found:
    """Return the result of `ask`, cached by `key` inside `cached_lookups`."""
    found = _found.get()
    if found is None:
        return ask()
    if key not in found:
        found[key] = ask()
    kept: Found = found[key]
    return kept
