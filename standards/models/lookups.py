"""Looks up once in a request what many pages of one edition ask."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Found = TypeVar("Found")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("found", default=None)


@contextmanager
def lookups_kept() -> Iterator[None]:
    """Keep what is looked up inside. Only for code that reads: what it writes would not be seen."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def look_up(key: Hashable, ask: Callable[[], Found]) -> Found:
    """Return what `ask` returns, or what it returned before for the same key inside `lookups_kept`."""
    found = _found.get()
    if found is None:
        return ask()
    if key not in found:
        found[key] = ask()
    kept: Found = found[key]
    return kept
