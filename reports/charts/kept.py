"""Charts that are drawn once: the drawing is kept under the digest of everything that it shows.

The key is the data, with every text as it is written in its language, and the style: whatever changes has another key,
so a kept chart is never wrong. What nobody asks for any more is dropped by the cache.
"""

import json
import logging
import pickle
import zlib
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.core.cache import caches
from django.utils.safestring import SafeString, mark_safe

from reports.charts.style import tokens
from standards.framework import digest

CACHE = "charts"

log = logging.getLogger(__name__)


@cache
def style_version() -> str:
    """Another one with every change of what draws: the modules of this folder, the colours, and matplotlib."""
    modules = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]
    return digest(json.dumps([version("matplotlib"), tokens(), modules]))


@dataclass(frozen=True, slots=True)
class KeptChart:
    """All that is drawn, texts and numbers, in the fields of a subclass. Drawn when its `svg` is first asked for."""

    def draw(self) -> str:
        raise NotImplementedError

    @property
    def key(self) -> str:
        shown = [style_version(), type(self).__name__, asdict(self)]
        return digest(json.dumps(shown, default=str))  # a Decimal or a Fraction by its exact digits

    @property
    def svg(self) -> SafeString:
        """The chart as markup, in which every text and attribute is escaped."""
        return mark_safe(self.draw_once())  # noqa: S308 - escaped by the serializer

    def draw_once(self) -> str:
        """What is kept, drawn and kept if it is not. Where the cache cannot be read or written, it is drawn each time."""
        key = self.key
        drawn = _read(key)
        if drawn is None:
            drawn = self.draw()
            _keep(key, drawn)
        return drawn


def _read(key: str) -> str | None:
    try:
        drawn: str | None = caches[CACHE].get(key)
    except (OSError, EOFError, pickle.UnpicklingError, zlib.error) as failure:
        log.warning("A kept chart cannot be read: %r", failure)
        return None
    return drawn


def _keep(key: str, drawn: str) -> None:
    try:
        caches[CACHE].set(key, drawn)
    except OSError as failure:
        log.warning("A chart cannot be kept: %r", failure)
