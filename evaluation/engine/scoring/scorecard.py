"""Define the scorecard: scores of indicators, standards and domains, overall score and outcomes. Immutable."""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from standards.framework import Bound, Condition

ENGINE = "2.2"
"""The version of the engine. Increase it whenever the same evidence may give another result."""


class LevelBasis(StrEnum):
    """The basis of the level of an indicator, or the reason why it has none."""

    ASSESSOR = "assessor"
    FIGURES = "figures"
    HOTLINE = "hotline"
    CAPPED = "capped"
    """A judgement, lowered to the level of the figures."""
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    UNSUPPORTED = "unsupported"
    """The hotline's answer does not count: it lacks the text or the evidence that the Guide requires."""
    NOT_SEEN = "not_seen"
    """It requires observation, and the assessors could not observe it."""
    NOT_SCORED = "not_scored"
    """Shown, not scored: the Guide defines no bands."""
    NOT_ASKED = "not_asked"
    """The Guide asks it only from a later day on."""
    NOT_ASKED_HERE = "not_asked_here"
    """The Guide asks it only of hotlines with a certain trait or answer, which this one does not have."""


NOT_ASKED = frozenset({LevelBasis.NOT_ASKED, LevelBasis.NOT_ASKED_HERE})
"""The bases of indicators that are not asked in the evaluation."""
NOT_COUNTED = frozenset({LevelBasis.NOT_APPLICABLE, LevelBasis.NOT_SCORED}) | NOT_ASKED
"""The bases of indicators that are not part of the score."""
COUNTED_AS_WORST = frozenset({LevelBasis.MISSING, LevelBasis.UNSUPPORTED, LevelBasis.NOT_SEEN})
"""The bases of indicators that count as the worst level."""


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """The score of one indicator, with the hotline's and the assessors' levels.

    `reached` and `max_points` are the points of its level and of the best one. `points` and `of` are its contribution
    to its standard by the rule's method, and the possible one. All but `max_points` are 0 if it is left out.
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
    """The level of the hotline's answer."""
    self_value: Fraction | None
    self_not_applicable: bool
    seen_level: int | None
    """The level of the assessors' finding."""
    disallowed: tuple[LevelBasis, ...] = ()
    """`HOTLINE`, `ASSESSOR` or both, if their “not applicable” does not count as the Guide does not allow it."""
    within: tuple[str, ...] | None = None
    """For a figure that is not published, the bounds of the rule that it is within, such as `>=90`; else None."""

    def is_within(self, bound: Bound | None) -> bool:
        """Whether the figure is within a bound of the rule. A missing figure is not."""
        if bound is None:
            return False
        if self.value is None:
            return str(bound) in (self.within or ())
        return bound.holds(self.value)

    @property
    def counts(self) -> bool:
        return self.basis not in NOT_COUNTED

    @property
    def is_asked(self) -> bool:
        return self.basis not in NOT_ASKED

    @property
    def is_missing(self) -> bool:
        return self.basis in COUNTED_AS_WORST

    @property
    def differs(self) -> bool:
        """Whether finding and answer have different levels, or one has a level and the other is “not applicable”."""
        if None not in (self.self_level, self.seen_level):
            return self.self_level != self.seen_level
        if self.self_not_applicable:
            return self.seen_level is not None
        return self.self_level is not None and self.basis is LevelBasis.NOT_APPLICABLE

    @property
    def is_compared(self) -> bool:
        """Whether both answer and finding have a level or differ, so that they can be compared."""
        return self.differs or None not in (self.self_level, self.seen_level)


@dataclass(frozen=True, slots=True)
class StandardScore:
    """The score of a standard, as `points` of the possible points `of`. It has no score if nothing applies."""

    code: str
    points: int
    of: int
    indicators: tuple[IndicatorScore, ...]
    self_score: Fraction | None
    """The score from the hotline's own levels alone."""
    passes: bool | None = None
    """Whether it meets the rule's conditions for a standard; None if there are none, or nothing applies."""

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
class GroupScore:
    """The score of a group of domains. It has no score if no domain has one."""

    code: str
    ratio: Fraction | None
    self_score: Fraction | None


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one condition. `codes` are the parts that do not meet it, or the missing indicators."""

    condition: Condition
    holds: bool
    codes: tuple[str, ...]
    found: Fraction | None = None
    """The ratio for a condition on a score or share, the figure for one on a figure, else the number counted."""
    parts: tuple["Check", ...] = ()
    """The checks of alternative conditions, of which some must hold."""
    withheld: tuple[str, ...] = ()
    """The indicators in the condition whose figures are not published, so that it cannot be recomputed."""


@dataclass(frozen=True, slots=True)
class OutcomeCheck:
    outcome: str
    months: int
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


@dataclass(frozen=True, slots=True)
class ResultCheck:
    """A further result, in addition to the proposal: its outcomes in the order tested."""

    code: str
    outcomes: tuple[OutcomeCheck, ...]


@dataclass(frozen=True)
class Scorecard:
    """The whole result. `outcomes` are in the order tested; the proposal is the first that holds.

    `results` are the further results of the edition, `groups` the scores of its groups of domains. `inputs` is the
    digest of the framework and the evidence.
    """

    edition: str
    engine: str
    inputs: str
    overall: Fraction | None
    self_score: Fraction | None
    domains: tuple[DomainScore, ...]
    outcomes: tuple[OutcomeCheck, ...]
    results: tuple[ResultCheck, ...] = ()
    groups: tuple[GroupScore, ...] = ()

    @cached_property
    def by_result(self) -> dict[str, "Scorecard"]:
        """For each further result, by code, the scorecard with that result's outcomes in place of those of the rule."""
        return {result.code: replace(self, outcomes=result.outcomes, results=()) for result in self.results}

    def for_outcome(self, outcome: str) -> "Scorecard":
        """Return the scorecard of the result that an outcome belongs to: of a further result, or this scorecard."""
        further = (own for own in self.by_result.values() if any(one.outcome == outcome for one in own.outcomes))
        return next(further, self)

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
        """The indicators that are not applicable."""
        return tuple(i for i in self.indicators.values() if i.basis is LevelBasis.NOT_APPLICABLE)

    @cached_property
    def differing(self) -> tuple[IndicatorScore, ...]:
        """The indicators whose finding and answer differ."""
        return tuple(i for i in self.indicators.values() if i.differs)
