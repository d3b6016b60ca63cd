"""Charts that are drawn once: the SVG is cached under the digest of everything that determines it.

The key covers the data, every text in its language, and the code and colours that draw it, so that a cached chart is
never out of date. Unused charts expire.
"""

import json
import logging
import pickle
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

from reports.charts.style import tokens
from standards.framework import digest

CACHE = "charts"

Drawn = TypeVar("Drawn", str, bytes)

log = logging.getLogger(__name__)


@cache
def style_version() -> str:
    """Return a digest of the drawing code: the modules of this package, the colours, and the version of matplotlib."""
    modules = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return digest(json.dumps([version("matplotlib"), tokens(), modules]))


@dataclass(frozen=True, slots=True)
class CachedChart:
    """The base class of charts. A subclass has all texts and numbers as fields. `svg` draws the chart on first use."""

    def draw(self) -> str:
        raise NotImplementedError

    @property
    def key(self) -> str:
        shown = [style_version(), type(self).__name__, asdict(self)]
        return digest(json.dumps(shown, default=str))  # `str` is exact for Decimal and Fraction

    @property
    def svg(self) -> SafeString:
        """The SVG, in which every text and attribute is escaped."""
        return mark_safe(self.draw_once())  # noqa: S308 - escaped by the serializer

    def draw_once(self) -> str:
        """Return the cached SVG, or draw and cache it. If the cache cannot be read or written, draw it each time."""
        return draw_or_read(self.key, self.draw)


def draw_or_read(key: str, draw: Callable[[], Drawn]) -> Drawn:
    """Return the drawing that is cached under the key, or draw and cache it."""
    drawn: Drawn | None = _read(key)
    if drawn is None:
        drawn = draw()
        _write(key, drawn)
    return drawn


def _read(key: str) -> Any:
    try:
        drawn = caches[CACHE].get(key)
    except (OSError, EOFError, pickle.UnpicklingError, zlib.error) as failure:
        log.warning("A cached chart cannot be read: %r", failure)
        return None
    return drawn


def _write(key: str, drawn: str | bytes) -> None:
    try:
        caches[CACHE].set(key, drawn)
    except OSError as failure:
        log.warning("A chart cannot be cached: %r", failure)
