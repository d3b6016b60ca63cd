"""The decision rule of an edition: what weighs how much, how scores are made, and what each outcome asks for."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Obligation:
    """How much the Guide insists on an indicator: `essential`, `core`, or what else an edition calls it.

    `wanted` is the level it asks for: a recommendation is drafted where that is not reached. Without one, none is.
    """

    code: str
    weight: int = 1
    wanted: int | None = None
    excusable: bool = True
    """Whether its indicators may allow “not applicable”."""


class Method(StrEnum):
    """How the score of a standard, a domain or the whole is made."""

    WEIGHTED_MEAN = "weighted_mean"
    """Of all its indicators, each by the weight of its obligation."""
    MEAN = "mean"
    """Of its parts, each by its own weight: a standard of its indicators, a domain of its standards."""
    SUM = "sum"
    """The points of all its indicators, of those that could be had."""
    SHARE = "share"
    """How many of its indicators are at `level` or better."""
    LOWEST = "lowest"
    """The worst level among all its indicators."""


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The method of each tier. `level` is what `SHARE` counts from."""

    standard: Method = Method.WEIGHTED_MEAN
    domain: Method = Method.MEAN
    overall: Method = Method.MEAN
    level: int | None = None

    @property
    def methods(self) -> tuple[Method, ...]:
        return (self.standard, self.domain, self.overall)

    def of_choice(self, method: Method | None) -> Method:
        """How a choice of indicators is added up: by the method that is said, else as the whole is.

        A choice of indicators has no parts of its own, so where the whole is a mean of its parts, it is the mean of
        its indicators by their weight.
        """
        if method is not None:
            return method
        return Method.WEIGHTED_MEAN if self.overall is Method.MEAN else self.overall


class Test(StrEnum):
    """What a condition of an outcome looks at: the indicators of its scope, or the score of it."""

    __test__ = False  # not a test class, whatever pytest thinks

    INCOMPLETE = "incomplete"
    """Something is missing. An outcome that asks for this holds the decision up until it is there."""
    COMPLETE = "complete"
    """Nothing is missing."""
    EVERY = "every"
    """Each applicable indicator reaches `level`; one that is missing does not."""
    SHARE = "share"
    """At least `percent` of the applicable indicators reach `level`."""
    BELOW = "below"
    """At most `count` applicable indicators are below `level`; one that is missing is."""
    SCORE = "score"
    """The score reaches `percent`. No score reaches nothing."""
    DOMAINS = "domains"
    """Each domain that has a score reaches `percent`."""
    STANDARDS = "standards"
    """Each standard that has a score reaches `percent`."""
    FAILING = "failing"
    """At most `count` standards do not pass, by the conditions of `Rule.passing`."""
    REACHED = "reached"
    """The conditions of another `outcome` hold as well."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One sentence of a decision rule. Only the fields that its test reads are set.

    The scope is everything, narrowed by what is set of `obligation`, `domain`, `standard` and `codes` (indicators).
    """

    test: Test
    obligation: str | None = None
    level: int | None = None
    count: int | None = None
    percent: int | None = None
    domain: str | None = None
    standard: str | None = None
    codes: tuple[str, ...] = ()
    outcome: str | None = None
    method: Method | None = None
    """How the score of a choice of indicators is made; what was released without one has the rule's own."""

    @property
    def is_choice(self) -> bool:
        """It looks at some indicators of its domain, its standard or the whole, which have no score of their own."""
        return bool(self.obligation or self.codes)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result the panel may give; proposed when all its conditions hold. Valid for `months`; 0 means not at all."""

    code: str
    months: int
    conditions: tuple[Condition, ...] = ()

    @property
    def is_hold(self) -> bool:
        """It holds the decision up until something is there, and is no better or worse than another outcome."""
        return any(condition.test is Test.INCOMPLETE for condition in self.conditions)

    @property
    def accredits(self) -> bool:
        return self.months > 0


@dataclass(frozen=True)
class Rule:
    """How findings become a proposal: obligations, the most insistent first; methods; outcomes tested in this order.

    `excused_at_most` is the share of a standard, in per cent, that “not applicable” may take out of the score; what
    goes beyond stays in it as not reached. `passing` are the conditions by which each standard passes.
    """

    obligations: tuple[Obligation, ...]
    outcomes: tuple[Outcome, ...]
    aggregation: Aggregation = field(default_factory=Aggregation)
    excused_at_most: int = 100
    passing: tuple[Condition, ...] = ()

    @cached_property
    def obligation(self) -> dict[str, Obligation]:
        """The obligations by code."""
        return {obligation.code: obligation for obligation in self.obligations}

    @cached_property
    def foremost(self) -> Obligation:
        """What the edition insists on most."""
        return self.obligations[0]

    def outcome(self, code: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.code == code)

    @cached_property
    def ladder(self) -> tuple[Outcome, ...]:
        """The outcomes from the worst to the best, without those that only hold the decision up."""
        return tuple(outcome for outcome in reversed(self.outcomes) if not outcome.is_hold)

    def conditions(self) -> Iterator[Condition]:
        """Every condition that is written anywhere in the rule."""
        return (condition for _, condition in self.placed_conditions())

    def placed_conditions(self) -> Iterator[tuple[str, Condition]]:
        """The same with the place of each: `passing/NUMBER` or `outcome/CODE/NUMBER`, counted from 0."""
        for number, condition in enumerate(self.passing):
            yield f"passing/{number}", condition
        for outcome in self.outcomes:
            for number, condition in enumerate(outcome.conditions):
                yield f"outcome/{outcome.code}/{number}", condition


@dataclass(frozen=True, slots=True)
class Procedure:
    """The periods and numbers of the way to a decision and after it, by the edition."""

    response_days: int = 14
    """For the hotline's word on the draft report."""
    quorum: int = 3
    """Members who must vote."""
    departing: int = 2
    """Members who must vote for an outcome other than the one proposed."""
    appeal_days: int = 30
    """From the day the hotline is told."""
    deferral_months: int = 6
    """Within which what is missing must be handed in."""
    midterm_months: int = 18
    """From the decision to the check of the recommendations."""
    reminder_months: int = 9
    """Before the accreditation ends."""


def write_condition(condition: Condition) -> dict[str, Any]:
    """A condition with the fields that are set."""
    method = condition.method and condition.method.value
    data = asdict(condition) | {"test": condition.test.value, "codes": list(condition.codes), "method": method}
    return {key: value for key, value in data.items() if value not in (None, [])}
