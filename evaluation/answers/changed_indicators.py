"""Find the earlier indicators that a current one continues, and what changed: by permanent key and by the mapping."""

from datetime import datetime
from functools import cached_property

from evaluation.models import Evaluation
from standards.editions.compared import of_release, read_mapping
from standards.editions.comparison import Change, EditionMapping, MappedPair, compare_indicators, is_question
from standards.models import Edition


class EditionChanges:
    """Compare two released editions, one indicator at a time, in their source languages.

    `on` is the time at which answers were carried over: of the later decisions on the mapping, only the confirmations
    up to `confirmed_until` count.
    """

    def __init__(
        self, before: Edition, now: Edition, *, on: datetime | None = None, confirmed_until: datetime | None = None
    ) -> None:
        self.before, self.now, self.on, self.confirmed_until = before, now, on, confirmed_until
        self._changes: dict[tuple[str, str], tuple[Change, ...]] = {}

    @cached_property
    def mapping(self) -> EditionMapping:
        return read_mapping(
            of_release(self.before), of_release(self.now), on=self.on, confirmed_until=self.confirmed_until
        )

    @property
    def is_same_edition(self) -> bool:
        return self.before == self.now

    def pairs(self, code: str) -> tuple[MappedPair, ...]:
        """Return the pairs of a current indicator with their standing; empty if both editions are the same."""
        return () if self.is_same_edition else self.mapping.of(code)

    def former(self, code: str) -> tuple[str, ...]:
        """Return the codes of the earlier indicators that a current one continues, whether or not answers are valid."""
        if self.is_same_edition:
            return (code,) if code in self.now.framework.indicators else ()
        return tuple(mapped.pair.before for mapped in self.pairs(code) if mapped.is_related)

    def sources(self, code: str) -> tuple[str, ...]:
        """Return the codes of the earlier indicators whose answers are valid for a current one."""
        if self.is_same_edition:
            return self.former(code)
        return tuple(mapped.pair.before for mapped in self.pairs(code) if mapped.holds)

    def find(self, former: str, code: str) -> tuple[Change, ...]:
        """Return the changes of the question: its texts, fields and scale. Recommendations are left out."""
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


def changes_since(evaluation: Evaluation, former: Evaluation) -> EditionChanges:
    """Return the changes of the Guide since the former evaluation, as decided when answers were carried over."""
    return EditionChanges(
        former.round.edition, evaluation.round.edition, on=evaluation.opened_at, confirmed_until=evaluation.carried_at
    )
