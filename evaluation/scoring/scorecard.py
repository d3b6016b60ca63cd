"""The result: one frozen scorecard, from the indicators up to the outcomes, each number with what it was made of."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from standards.framework import Condition

ENGINE = "2.2"
"""Raised whenever the same evidence may give another result."""


class LevelBasis(StrEnum):
    """Whose word an indicator's level is, or why it has none."""

    ASSESSOR = "assessor"
    FIGURES = "figures"
    HOTLINE = "hotline"
    CAPPED = "capped"
    """Somebody's word, lowered to what the figures show."""
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    UNSUPPORTED = "unsupported"
    """The hotline's word, which does not count without the words or the evidence that the Guide asks for with it."""
    NOT_SEEN = "not_seen"
    """The Guide asks for eyes on it, and the assessors could not look."""
    NOT_SCORED = "not_scored"
    """Shown only: the Guide gives no bands."""
    NOT_ASKED = "not_asked"
    """The Guide asks for it from a later day on."""


NOT_COUNTED = frozenset({LevelBasis.NOT_APPLICABLE, LevelBasis.NOT_SCORED, LevelBasis.NOT_ASKED})
"""What leaves the score, for better or worse."""
COUNTED_AS_WORST = frozenset({LevelBasis.MISSING, LevelBasis.UNSUPPORTED, LevelBasis.NOT_SEEN})
"""What stays in the score as the worst level, because nothing that counts was found."""


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator: what counts and why, and both words beside each other.

    `reached` of `most` are the points of its level and of the best one; `points` of `of` is what it brings into its
    standard by the rule's method. All but `most` are 0 where it leaves the score.
    """

    code: str
    obligation: str
    basis: LevelBasis
    level: int | None
    value: Fraction | None
    weight: int
    reached: int
    max_points: int
    points: int
    of: int
    self_level: int | None
    """What the hotline said, as a level."""
    self_value: Fraction | None
    self_not_applicable: bool
    seen_level: int | None
    """What an assessor saw, as a level."""
    disallowed: tuple[LevelBasis, ...] = ()
    """Whose “not applicable” does not count, as the Guide does not allow it here: `HOTLINE`, `ASSESSOR`, or both."""

    @property
    def counts(self) -> bool:
        return self.basis not in NOT_COUNTED

    @property
    def is_missing(self) -> bool:
        return self.basis in COUNTED_AS_WORST

    @property
    def differs(self) -> bool:
        """Seen otherwise: another level than the hotline gave, or only one of the two says that it does not apply.

        Whatever counts, lists, marks or explains what was seen otherwise asks here.
        """
        if None not in (self.self_level, self.seen_level):
            return self.self_level != self.seen_level
        if self.self_not_applicable:
            return self.seen_level is not None
        return self.self_level is not None and self.basis is LevelBasis.NOT_APPLICABLE

    @property
    def is_compared(self) -> bool:
        """Both have judged it, so that they can differ. Where neither thinks that it applies, there is no level."""
        return self.differs or None not in (self.self_level, self.seen_level)


@dataclass(frozen=True, slots=True)
class StandardScore:
    """The score of a standard as points of possible points; no score when nothing applies."""

    code: str
    points: int
    of: int
    indicators: tuple[IndicatorScore, ...]
    self_score: Fraction | None
    """The same from the hotline's own words alone."""
    passes: bool | None = None
    """By the rule's conditions for a standard; None where it has none, or nothing applies."""

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.points, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class DomainScore:
    code: str
    ratio: Fraction | None
    standards: tuple[StandardScore, ...]
    self_score: Fraction | None

    @property
    def indicators(self) -> tuple[IndicatorScore, ...]:
        return tuple(i for standard in self.standards for i in standard.indicators)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition held against the findings: `codes` are what stands in its way, or what it counted."""

    condition: Condition
    holds: bool
    codes: tuple[str, ...]
    found: Fraction | None = None
    """The ratio, where the condition asks for a percentage of one thing; else the number counted."""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    outcome: str
    months: int
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class Scorecard:
    """The whole result. `outcomes` are in the order tested; the proposal is the first that holds.

    `inputs` is the digest of the framework and the evidence that it was made from.
    """

    edition: str
    engine: str
    inputs: str
    overall: Fraction | None
    self_score: Fraction | None
    domains: tuple[DomainScore, ...]
    outcomes: tuple[OutcomeCheck, ...]

    @cached_property
    def indicators(self) -> dict[str, IndicatorScore]:
        return {i.code: i for domain in self.domains for standard in domain.standards for i in standard.indicators}

    @cached_property
    def standards(self) -> dict[str, StandardScore]:
        return {standard.code: standard for domain in self.domains for standard in domain.standards}

    @cached_property
    def proposal(self) -> OutcomeCheck:
        return next(outcome for outcome in self.outcomes if outcome.holds)

    @cached_property
    def counted(self) -> tuple[IndicatorScore, ...]:
        """The indicators that are in the score."""
        return tuple(i for i in self.indicators.values() if i.counts)

    @cached_property
    def missing(self) -> tuple[IndicatorScore, ...]:
        return tuple(i for i in self.counted if i.is_missing)

    @cached_property
    def excused(self) -> tuple[IndicatorScore, ...]:
        """What is not applicable."""
        return tuple(i for i in self.indicators.values() if i.basis is LevelBasis.NOT_APPLICABLE)

    @cached_property
    def differing(self) -> tuple[IndicatorScore, ...]:
        """What was seen otherwise than the hotline said."""
        return tuple(i for i in self.indicators.values() if i.differs)
