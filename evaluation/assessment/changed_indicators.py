"""The differences of an indicator between two editions, and whether an earlier answer is still valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from standards.framework import INDICATOR_STRUCTURE, INDICATOR_TEXTS, Framework, Measure
from standards.models import Edition, Texts

REWORDED = tuple(text.path for text in INDICATOR_TEXTS if not text.is_meaning)
"""Texts that may be reworded without changing the meaning of the indicator. All others define it."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changed part of an indicator: a text, a field, or the scale.

    `path` is that of a text, and empty otherwise. `reopens`: an earlier answer is no longer valid.
    """

    part: str
    path: str
    reopens: bool


class EditionChanges:
    """Compares two editions, one indicator at a time, in their source languages."""

    def __init__(self, before: Edition, now: Edition) -> None:
        self.before, self.now = before, now
        self._found: dict[str, tuple[Change, ...]] = {}

    def find(self, code: str) -> tuple[Change, ...]:
        """Return the changes of an indicator that is in both editions; empty otherwise."""
        if code not in self._found:
            self._found[code] = tuple(self._changes(code)) if self._both_have(code) and self.before != self.now else ()
        return self._found[code]

    def asks_the_same(self, code: str) -> bool:
        """Whether an answer means the same in both editions: how it is answered, counted and scored."""
        return self._both_have(code) and not any(change.reopens for change in self.find(code))

    def _both_have(self, code: str) -> bool:
        return code in self.before.framework.indicators and code in self.now.framework.indicators

    def _changes(self, code: str) -> Iterator[Change]:
        before, now = self.before.framework, self.now.framework
        if code in self._ticked:
            yield Change("asked_anew", "", reopens=True)
        if before.scale != now.scale:
            yield Change("scale", "", reopens=True)
        yield from (Change(name, "", reopens=True) for name in changed_fields(before, now, code))
        former, present = self._texts
        for part, path in self._paths(code):
            if str(former[path]).split() != str(present[path]).split():
                yield Change(part, path, reopens=part not in REWORDED)

    def _paths(self, code: str) -> Iterator[tuple[str, str]]:
        """Yield the texts that define what an indicator asks, as pairs of part and path."""
        start = f"indicator/{code}/"
        own = [path.removeprefix(start) for path in self._known_paths if path.startswith(start)]
        yield from ((part, f"{start}{part}") for part in own if not part.startswith("recommendation/"))
        if any(framework.indicators[code].measure is Measure.SCALE for framework in self._frameworks):
            yield from (("scale", path) for path in self._known_paths if path.startswith("level/"))

    @property
    def _frameworks(self) -> tuple[Framework, Framework]:
        return self.before.framework, self.now.framework

    @cached_property
    def _known_paths(self) -> list[str]:
        return list(dict.fromkeys(path for framework in self._frameworks for path in framework.text_paths()))

    @cached_property
    def _texts(self) -> tuple[Texts, Texts]:
        return self.before.texts(self.before.source_language), self.now.texts(self.now.source_language)

    @cached_property
    def _ticked(self) -> set[str]:
        """Return the indicators that an edition after the former one marks as asked anew."""
        later = Edition.objects.filter(released_at__gt=self.before.released_at, released_at__lt=self.now.released_at)
        editions = [self.now, *later.exclude(pk=self.now.pk)]
        return {
            code for edition in editions for code, found in edition.framework.indicators.items() if found.asked_anew
        }


def changed_fields(before: Framework, now: Framework, code: str) -> list[str]:
    """Return the fields of an indicator that define its meaning and differ."""
    former, present = before.indicators[code], now.indicators[code]
    names = (field.name for field in INDICATOR_STRUCTURE if field.is_meaning)
    return [name for name in names if getattr(former, name) != getattr(present, name)]
