"""What a comparison consists of: the changes of an edition, of its domains, standards and indicators. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from standards.editions.comparison.content import EditionContent, Part
from standards.editions.comparison.words import Piece, compare_words


class Kind(StrEnum):
    """What kind of change it is."""

    ADDED = "added"
    REMOVED = "removed"
    REWORDED = "reworded"
    MOVED = "moved"
    """To another group, domain or standard, to another place among its siblings, or to another code."""
    REWEIGHED = "reweighed"
    """Another obligation, weight or points."""
    JUDGED = "judged"
    """Otherwise answered, shown or measured: its kind, scale, bands, evidence or figure."""
    RULE = "rule"
    """The rule or the procedure of the edition."""


class Place(StrEnum):
    """The names of the changes of a part's place."""

    CODE = "code"
    PARENT = "parent"
    GROUP = "group"
    """The group of a domain, where both editions have groups; the values are their codes."""
    ORDER = "order"
    SPLIT = "split"
    """An indicator of the former edition that is several of the present one; the values are their codes."""
    MERGED = "merged"
    """Several indicators of the former edition that are one of the present one; the values are their codes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `name` is that of a field, of a text below its part (`level/2`), or a `Place`.

    `is_text`: `before` and `now` are texts, and `words` is their difference.
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
        """As it is now, or as it was."""
        found = self.now or self.before
        assert found is not None  # it is in one of the editions
        return found

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(change.kind for change in self.changes)

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many parts have a change of each kind, itself and those below it."""
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
        """Return the part with its changes of one kind, or of every kind, and without unchanged parts."""
        parts = tuple(part.only(kind) for part in self.parts if part.is_changed and (not kind or part.counts[kind]))
        changes = tuple(change for change in self.changes if kind in (None, change.kind))
        return replace(self, changes=changes, parts=parts)


@dataclass(frozen=True)
class Comparison:
    """The differences of two editions. `changes` are those of the edition itself: its texts, its scale, its rule."""

    before: EditionContent
    now: EditionContent
    changes: tuple[Change, ...]
    domains: tuple[PartChanges, ...]
    same: int = 0
    """The number of indicators without a change."""

    @cached_property
    def counts(self) -> Counter[Kind]:
        """How many parts have a change of each kind; the edition itself is one of them."""
        own = Counter(frozenset(change.kind for change in self.changes))
        return sum((domain.counts for domain in self.domains), own)

    @property
    def is_empty(self) -> bool:
        return not self.counts

    def only(self, kind: Kind | None) -> "Comparison":
        """Return the comparison with the changes of one kind, or of every kind, and without unchanged parts."""
        domains = tuple(part.only(kind) for part in self.domains if part.is_changed and (not kind or part.counts[kind]))
        changes = tuple(change for change in self.changes if kind in (None, change.kind))
        return replace(self, changes=changes, domains=domains)

    @cached_property
    def indicators(self) -> dict[str, PartChanges]:
        """The indicators of the present edition, by code."""
        found = (part for domain in self.domains for part in domain)
        return {part.now.code: part for part in found if part.now and part.now.kind == "indicator"}
