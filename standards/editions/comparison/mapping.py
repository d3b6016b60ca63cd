"""Which earlier answers remain valid: pairs of indicators, decisions on them, and obstacles. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from standards.editions.comparison.content import EditionContent
from standards.editions.comparison.pairs import Basis, Pair, is_same_kind, is_same_scale, propose_pairs
from standards.framework import Measure, digest


class Standing(StrEnum):
    """The state of a pair, by which answers to the former indicator remain valid for the present one."""

    UNCHANGED = "unchanged"
    """Both have the same question and the same key. The pair holds without a decision."""
    OPEN = "open"
    """There is no decision yet."""
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    OUTDATED = "outdated"
    """It was confirmed or rejected, and one of the questions has changed since."""


class Obstacle(StrEnum):
    """The reason why answers cannot be carried over, whatever the decision."""

    KIND = "kind"
    """The indicators are answered in different ways, or by numbers of different units."""
    SCALE = "scale"
    """The scales of the editions differ."""
    ASKED_ANEW = "asked_anew"
    """The editors marked the indicator as asked anew, in this edition or in one between the two."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision on a pair, by permanent keys. `questions` is the digest of both questions at that time."""

    before_key: str
    now_key: str
    is_confirmed: bool
    questions: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MappedPair:
    """A pair with its standing."""

    pair: Pair
    standing: Standing
    obstacle: Obstacle | None
    decision: Decision | None = None

    @property
    def holds(self) -> bool:
        """Whether answers to the former indicator are carried over to the present one."""
        return self.standing in (Standing.UNCHANGED, Standing.CONFIRMED) and self.obstacle is None

    @property
    def is_related(self) -> bool:
        """Whether a comparison treats the indicators as one: not rejected, and confirmed if similar by wording only."""
        if self.standing is Standing.REJECTED:
            return False
        return self.pair.basis is not Basis.WORDING or self.standing is Standing.CONFIRMED

    @property
    def needs_decision(self) -> bool:
        return self.standing in (Standing.OPEN, Standing.OUTDATED) and self.obstacle is None


class EditionMapping:
    """The pairs of indicators of two editions.

    `decisions` are the latest of each pair. `asked_anew` are the keys of indicators that an edition between them asks
    anew.
    """

    def __init__(
        self,
        before: EditionContent,
        now: EditionContent,
        decisions: Iterable[Decision] = (),
        asked_anew: Collection[str] = (),
        proposals: tuple[Pair, ...] | None = None,
    ) -> None:
        self.before, self.now = before, now
        self.decisions = {(decision.before_key, decision.now_key): decision for decision in decisions}
        self.asked_anew = frozenset(asked_anew)
        self.proposals = propose_pairs(before, now) if proposals is None else proposals
        self._found: dict[Pair, MappedPair] = {}

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every proposed pair and every pair with a decision, in the order of the present edition."""
        found: dict[str, dict[str, Pair]] = defaultdict(dict)
        for pair in self.proposals:
            found[pair.now][pair.before] = pair
        for before_key, now_key in self.decisions:
            former, present = self.before.framework.by_key.get(before_key), self.now.framework.by_key.get(now_key)
            if former and present:
                pair = Pair(former.code, present.code, Basis.HAND)
                found[present.code].setdefault(former.code, pair)
        return tuple(pair for code in self.now.framework.indicators for pair in found[code].values())

    @cached_property
    def mapped(self) -> tuple[MappedPair, ...]:
        return tuple(map(self._map, self.pairs))

    @cached_property
    def _by_now(self) -> Mapping[str, tuple[Pair, ...]]:
        found: dict[str, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            found[pair.now].append(pair)
        return {code: tuple(pairs) for code, pairs in found.items()}

    def of(self, code: str) -> tuple[MappedPair, ...]:
        """Return the pairs of a present indicator."""
        return tuple(map(self._map, self._by_now.get(code, ())))

    def sources(self, code: str) -> tuple[str, ...]:
        """Return the codes of the former indicators whose answers are valid for a present one."""
        return tuple(mapped.pair.before for mapped in self.of(code) if mapped.holds)

    def related(self) -> Iterator[Pair]:
        """Yield the pairs by which the editions are compared."""
        return (mapped.pair for mapped in self.mapped if mapped.is_related)

    @cached_property
    def unpaired_before(self) -> tuple[str, ...]:
        """The codes of the former indicators that no present one continues."""
        continued = {pair.before for pair in self.related()}
        return tuple(code for code in self.before.framework.indicators if code not in continued)

    @cached_property
    def unpaired_now(self) -> tuple[str, ...]:
        """The codes of the present indicators that continue no former one."""
        continuing = {pair.now for pair in self.related()}
        return tuple(code for code in self.now.framework.indicators if code not in continuing)

    def questions(self, pair: Pair) -> str:
        """Return the digest of both questions, with which a decision is stored."""
        return digest(self.before.question_digest(pair.before) + self.now.question_digest(pair.now))

    def asks_the_same(self, pair: Pair) -> bool:
        """Whether both questions have equal texts and are answered in the same way."""
        return self.before.question_digest(pair.before) == self.now.question_digest(pair.now)

    def _map(self, pair: Pair) -> MappedPair:
        if pair not in self._found:
            former, present = self.before.framework.indicators[pair.before], self.now.framework.indicators[pair.now]
            decision = self.decisions.get((former.permanent_key, present.permanent_key))
            self._found[pair] = MappedPair(pair, self._standing(pair, decision), self._obstacle(pair), decision)
        return self._found[pair]

    def _standing(self, pair: Pair, decision: Decision | None) -> Standing:
        """Return the standing of a pair. A rejected pair that is not proposed stays rejected if a question changes."""
        is_rejected = decision is not None and not decision.is_confirmed
        if pair.basis is Basis.KEY and self.asks_the_same(pair) and not is_rejected:
            return Standing.UNCHANGED
        if decision is None:
            return Standing.OPEN
        if decision.questions != self.questions(pair) and not (is_rejected and pair.basis is Basis.HAND):
            return Standing.OUTDATED
        return Standing.REJECTED if is_rejected else Standing.CONFIRMED

    def _obstacle(self, pair: Pair) -> Obstacle | None:
        former, present = self.before.framework.indicators[pair.before], self.now.framework.indicators[pair.now]
        if not is_same_kind(former, present):
            return Obstacle.KIND
        if present.measure is not Measure.NUMERIC and not is_same_scale(
            self.before.framework.scale, self.now.framework.scale
        ):
            return Obstacle.SCALE
        if present.asked_anew or present.permanent_key in self.asked_anew:
            return Obstacle.ASKED_ANEW
        return None
