"""The parts of a comparison: the changes of an edition, of its domains, standards and indicators. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from standards.editions.comparison.content import EditionContent, Part
from standards.editions.comparison.words import Piece, compare_words


class Kind(StrEnum):
    """The kind of a change."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    """It has another group, domain or standard, another place among its siblings, or another code."""
    REWEIGHED = "reweighed"
    """It has another obligation, weight, cap or points."""
    JUDGED = "judged"
    """It is answered or judged in another way: another measure, scale, bands, evidence or figure."""
    RULE = "rule"
    """The rule or the procedure of the edition is another."""


class Place(StrEnum):
    """The names of the changes of kind `MOVED`."""

    CODE = "code"
    PARENT = "parent"
    GROUP = "group"
    """The domain has another group, and both editions have groups. The values are the codes of the groups."""
    ORDER = "order"
    SPLIT = "split"
    """The indicator of the former edition has become several ones. The values are their codes."""
    MERGED = "merged"
    """Several indicators of the former edition have become one. The values are their codes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `name` is that of a field, the path of a text below its part (`level/2`), or a `Place`.

    With `is_text`, `before` and `now` are texts, and `words` is their difference.
    """

    kind: Kind
    name: str
    before: Any = ""
    now: Any = ""
    is_text: bool = False

    @property
    def words(self) -> tuple[Piece, ...]:
        return compare_words(self.before, self.now)


@dataclass(frozen=True)
class PartChanges:
    """A domain, a standard or an indicator in both editions, or in one of them, with its changes and its parts."""

    before: Part | None
    now: Part | None
    changes: tuple[Change, ...]
    parts: tuple["PartChanges", ...] = ()

    @property
    def part(self) -> Part:
        """The present part, or the former one if it was removed."""
        found = self.now or self.before
        assert found is not None  # it is in one of the editions
        return found

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(change.kind for change in self.changes)

    @cached_property
    def counts(self) -> Counter[Kind]:
        """The number of parts with a change of each kind, among itself and the parts below it."""
        return sum((part.counts for part in self.parts), Counter(self.kinds))

    @property
    def is_changed(self) -> bool:
        """Whether it or a part below it has a change."""
        return bool(self.counts)

    def __iter__(self) -> Iterator["PartChanges"]:
        """Yield the part itself and every part below it."""
        yield self
        for part in self.parts:
            yield from part

    def only(self, kind: Kind | None) -> "PartChanges":
        """Return the part with its changes of one kind, for None of every kind, without unchanged parts below it."""
        parts = tuple(part.only(kind) for part in self.parts if part.is_changed and (not kind or part.counts[kind]))
        changes = tuple(change for change in self.changes if kind in (None, change.kind))
        return replace(self, changes=changes, parts=parts)


@dataclass(frozen=True)
class Comparison:
    """The differences between two editions. `changes` are those of the edition itself: its texts, scale and rule."""

    before: EditionContent
    now: EditionContent
    changes: tuple[Change, ...]
    domains: tuple[PartChanges, ...]
    same: int = 0
    """The number of indicators without a change."""

    @cached_property
    def counts(self) -> Counter[Kind]:
        """The number of parts with a change of each kind, including the edition itself."""
        own = Counter(frozenset(change.kind for change in self.changes))
        return sum((domain.counts for domain in self.domains), own)

    @property
    def is_empty(self) -> bool:
        return not self.counts

    def only(self, kind: Kind | None) -> "Comparison":
        """Return the comparison with the changes of one kind, for None of every kind, and without unchanged parts."""
        domains = tuple(part.only(kind) for part in self.domains if part.is_changed and (not kind or part.counts[kind]))
        changes = tuple(change for change in self.changes if kind in (None, change.kind))
        return replace(self, changes=changes, domains=domains)

    @cached_property
    def indicators(self) -> dict[str, PartChanges]:
        """The indicators of the present edition, by code."""
        found = (part for domain in self.domains for part in domain)
        return {part.now.code: part for part in found if part.now and part.now.kind == "indicator"}
