"""The decision rule of an edition: weights, methods of scoring, and the conditions of each outcome."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from standards.framework.condition import Condition, Method, Test

TIERS = ("standard", "domain", "group", "overall")
"""What has a score by a method of `Aggregation`, from the smallest up."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """The obligation of an indicator: `essential`, `core`, or another class of the edition.

    `weight` 0 takes its indicators out of scores by weight and out of sums; conditions on levels still ask for them.
    `wanted` is its required level: a recommendation is drafted below it. Without one, none is.
    """

    code: str
    weight: int = 1
    wanted: int | None = None
    excusable: bool = True
    """Whether its indicators may allow “not applicable”."""


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The method of each tier. `level` is the threshold of `SHARE`.

    A group is the mean of its domains by their weight, or stands where the lowest of them stands. With `of_groups`, the
    parts of the whole are the groups in place of the domains.
    """

    standard: Method = Method.WEIGHTED_MEAN
    domain: Method = Method.MEAN
    overall: Method = Method.MEAN
    level: int | None = None
    group: Method = Method.MEAN
    of_groups: bool = False

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods by which indicators are taken together."""
        return (self.standard, self.domain, self.overall)

    def of_choice(self, method: Method | None) -> Method:
        """Return the method for a choice of indicators: the declared one, else that of the whole.

        A choice of indicators has no parts, so if the whole is a mean of its parts, the mean of its indicators by
        weight is used.
        """
        if method is not None:
            return method
        return Method.WEIGHTED_MEAN if self.overall is Method.MEAN else self.overall


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


@dataclass(frozen=True, slots=True)
class Result:
    """A further result from the same answers and scores: its outcomes in the order tested. The panel decides on none."""

    code: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Rule:
    """The decision rule: obligations, highest first; methods; outcomes tested in this order.

    `excused_at_most` is the share of a standard, in per cent, that “not applicable” may remove from the score; the
    excess stays as not reached. With `redistributes`, the points of what is not applicable go to the rest of its standard,
    in proportion, so that each standard keeps its share of a larger score; only a whole standard leaves it. `passing` are
    the conditions by which each standard passes.
    """

    obligations: tuple[Obligation, ...]
    outcomes: tuple[Outcome, ...]
    aggregation: Aggregation = field(default_factory=Aggregation)
    excused_at_most: int = 100
    passing: tuple[Condition, ...] = ()
    redistributes: bool = False

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
        """Yield every condition of the rule, alternatives too."""
        return (condition for _, condition in self.placed_conditions())

    def placed_conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield every condition with its place: `passing/NUMBER` or `outcome/CODE/NUMBER`, counted from 0.

        An alternative has its number in addition: `outcome/CODE/NUMBER/NUMBER`.
        """
        yield from _place(self.passing, "passing")
        for outcome in self.outcomes:
            yield from _place(outcome.conditions, f"outcome/{outcome.code}")


def _place(conditions: tuple[Condition, ...], where: str) -> Iterator[tuple[str, Condition]]:
    for number, condition in enumerate(conditions):
        yield f"{where}/{number}", condition
        yield from _place(condition.conditions, f"{where}/{number}")


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
