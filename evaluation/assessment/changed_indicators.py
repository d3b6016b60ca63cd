"""The earlier indicators that a present one continues, and what changed since: by permanent key and by the mapping."""

from datetime import datetime
from functools import cached_property

from standards.editions.compared import of_release, read_mapping
from standards.editions.comparison import Change, EditionMapping, MappedPair, compare_indicators, is_question
from standards.models import Edition


class EditionChanges:
    """Compares two released editions, one indicator at a time, in their source languages.

    `on` is when the answers were carried: what is decided later changes nothing that was.
    """

    def __init__(self, before: Edition, now: Edition, *, on: datetime | None = None) -> None:
        self.before, self.now, self.on = before, now, on
        self._changes: dict[tuple[str, str], tuple[Change, ...]] = {}

    @cached_property
    def mapping(self) -> EditionMapping:
        return read_mapping(of_release(self.before), of_release(self.now), on=self.on)

    @property
    def is_same_edition(self) -> bool:
        return self.before == self.now

    def pairs(self, code: str) -> tuple[MappedPair, ...]:
        """Return the pairs of a present indicator, with their standing; of one edition, there are none to decide."""
        return () if self.is_same_edition else self.mapping.of(code)

    def former(self, code: str) -> tuple[str, ...]:
        """Return the earlier indicators that a present one continues, whether or not answers are carried."""
        if self.is_same_edition:
            return (code,) if code in self.now.framework.indicators else ()
        return tuple(mapped.pair.before for mapped in self.pairs(code) if mapped.is_related)

    def sources(self, code: str) -> tuple[str, ...]:
        """Return the earlier indicators whose answers are valid for a present one."""
        if self.is_same_edition:
            return self.former(code)
        return tuple(mapped.pair.before for mapped in self.pairs(code) if mapped.holds)

    def find(self, former: str, code: str) -> tuple[Change, ...]:
        """Return what changed of the question: its texts, its fields, its scale. Recommendations are no part of it."""
        if self.is_same_edition:
            return ()
        if (former, code) not in self._changes:
            before, now = self.mapping.before, self.mapping.now
            self._changes[former, code] = tuple(
                change
                for change in compare_indicators(before, former, now, code)
                if is_question(change.name) and change.name not in ("obligation", "points", "asked_from", "asked_if")
            )
        return self._changes[former, code]
