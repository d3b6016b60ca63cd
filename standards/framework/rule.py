"""The decision rule of an edition: weights, methods of scoring, and the conditions of each outcome."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Obligation:
    """The obligation of an indicator: `essential`, `core`, or another class of the edition.

    `wanted` is its required level: a recommendation is drafted below it. Without one, none is.
    """

    code: str
    weight: int = 1
    wanted: int | None = None
    excusable: bool = True
    """Whether its indicators may allow “not applicable”."""


class Method(StrEnum):
    """The method of the score of a standard, a domain or the whole."""

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
    """The method of each tier. `level` is the threshold of `SHARE`."""

    standard: Method = Method.WEIGHTED_MEAN
    domain: Method = Method.MEAN
    overall: Method = Method.MEAN
    level: int | None = None

    @property
    def methods(self) -> tuple[Method, ...]:
        return (self.standard, self.domain, self.overall)

    def of_choice(self, method: Method | None) -> Method:
        """Return the method for a choice of indicators: the declared one, else that of the whole.

        A choice of indicators has no parts, so if the whole is a mean of its parts, the mean of its indicators by
        weight is used.
        """
        if method is not None:
            return method
        return Method.WEIGHTED_MEAN if self.overall is Method.MEAN else self.overall


class Test(StrEnum):
    """The test of a condition, on the indicators of its scope or on their score."""

    __test__ = False  # no test class of pytest

    INCOMPLETE = "incomplete"
    """Something is missing. An outcome with this condition defers the decision until it is handed in."""
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
    """One condition of a decision rule. Only the fields that its test reads are set.

    The scope is everything, narrowed by `obligation`, `domain`, `standard` and `codes` (indicators) if set.
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
    """The method of the score of a choice of indicators; editions released without one use the rule's own."""

    @property
    def is_choice(self) -> bool:
        """Whether its scope is a choice of indicators, which has no score of its own."""
        return bool(self.obligation or self.codes)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A possible result; proposed if all its conditions hold. Valid for `months`; 0 means no accreditation."""

    code: str
    months: int
    conditions: tuple[Condition, ...] = ()

    @property
    def is_hold(self) -> bool:
        """Whether it defers the decision until something is handed in, and is neither better nor worse than others."""
        return any(condition.test is Test.INCOMPLETE for condition in self.conditions)

    @property
    def accredits(self) -> bool:
        return self.months > 0


@dataclass(frozen=True)
class Rule:
    """The decision rule: obligations, highest first; methods; outcomes tested in this order.

    `excused_at_most` is the share of a standard, in per cent, that “not applicable” may remove from the score; the
    excess stays as not reached. `passing` are the conditions by which each standard passes.
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
        """The highest obligation."""
        return self.obligations[0]

    def outcome(self, code: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.code == code)

    @cached_property
    def ladder(self) -> tuple[Outcome, ...]:
        """The outcomes from the worst to the best, without those that only defer the decision."""
        return tuple(outcome for outcome in reversed(self.outcomes) if not outcome.is_hold)

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition of the rule."""
        return (condition for _, condition in self.placed_conditions())

    def placed_conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield every condition with its place: `passing/NUMBER` or `outcome/CODE/NUMBER`, counted from 0."""
        for number, condition in enumerate(self.passing):
            yield f"passing/{number}", condition
        for outcome in self.outcomes:
            for number, condition in enumerate(outcome.conditions):
                yield f"outcome/{outcome.code}/{number}", condition


@dataclass(frozen=True, slots=True)
class Procedure:
    """The periods and numbers of the procedure before and after a decision, by the edition."""

    response_days: int = 14
    """For the hotline's response to the draft report."""
    quorum: int = 3
    """Members who must vote."""
    departing: int = 2
    """Members who must vote for an outcome other than the one proposed."""
    appeal_days: int = 30
    """From the day the hotline is notified."""
    deferral_months: int = 6
    """Within which what is missing must be handed in."""
    midterm_months: int = 18
    """From the decision to the check of the recommendations."""
    reminder_months: int = 9
    """Before the accreditation ends."""


def write_condition(condition: Condition) -> dict[str, Any]:
    """Return a condition as plain data, with the fields that are set."""
    method = condition.method and condition.method.value
    data = asdict(condition) | {"test": condition.test.value, "codes": list(condition.codes), "method": method}
    return {key: value for key, value in data.items() if value not in (None, [])}
