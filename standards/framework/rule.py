"""The decision rule of an edition: weights, methods of scoring, and the conditions of each outcome."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property

from standards.framework.condition import Condition, Method, Test

TIERS = ("standard", "domain", "group", "overall")
"""The tiers that have a score by a method of `Aggregation`, from the smallest up."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """The obligation of an indicator: `essential`, `core`, or another class of the edition.

    With `weight` 0, its indicators do not count in weighted means and sums; conditions on levels still test them.
    `wanted` is the required level, below which a recommendation is drafted. Without it, none is drafted.
    """

    code: str
    weight: int = 1
    wanted: int | None = None
    excusable: bool = True
    """Whether its indicators may allow “not applicable”."""


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The method of each tier. `level` is the threshold of `SHARE`.

    The score of a group is the mean of its domains by their weight, or the lowest score among them. With `of_groups`,
    the parts of the whole are the groups instead of the domains.
    """

    standard: Method = Method.WEIGHTED_MEAN
    domain: Method = Method.MEAN
    overall: Method = Method.MEAN
    level: int | None = None
    group: Method = Method.MEAN
    of_groups: bool = False

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods of all tiers but groups, which combine indicators."""
        return (self.standard, self.domain, self.overall)

    def of_choice(self, method: Method | None) -> Method:
        """Return the method for a choice of indicators: the declared one, or else that of the whole.

        A choice of indicators has no parts. If the whole is a mean of its parts, the weighted mean of the indicators is
        used.
        """
        if method is not None:
            return method
        return Method.WEIGHTED_MEAN if self.overall is Method.MEAN else self.overall


@dataclass(frozen=True, slots=True)
class Outcome:
    """A possible outcome, which holds if all its conditions do. `months` is its validity; 0 means no accreditation.

    `becomes` is the outcome that replaces it when all conditions that the panel set are met, for the rest of its
    validity; empty: it stays.
    """

    code: str
    months: int
    conditions: tuple[Condition, ...] = ()
    becomes: str = ""

    @property
    def defers_decision(self) -> bool:
        """Whether it defers the decision until something is handed in. It then has no rank among the outcomes."""
        return any(condition.test is Test.INCOMPLETE for condition in self.conditions)

    @property
    def accredits(self) -> bool:
        return self.months > 0


@dataclass(frozen=True, slots=True)
class Result:
    """A further result from the same answers and scores: its outcomes in the order tested. No panel decides on it."""

    code: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Rule:
    """The decision rule: the obligations, highest first, the methods, and the outcomes in the order tested.

    `excused_at_most` is the share of a standard, in per cent, that “not applicable” may remove from the score; the
    excess counts as not reached. With `redistributes`, the points of indicators that are not applicable are distributed
    over the rest of their standard, in proportion. Each standard then keeps its share of a larger score, unless all of
    it is not applicable. `passing` are the conditions by which each standard passes.
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
    def highest_obligation(self) -> Obligation:
        """The highest obligation."""
        return self.obligations[0]

    def outcome(self, code: str) -> Outcome:
        return next(outcome for outcome in self.outcomes if outcome.code == code)

    @cached_property
    def ranked_outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes from the worst to the best, without those that only defer the decision."""
        return tuple(outcome for outcome in reversed(self.outcomes) if not outcome.defers_decision)

    @property
    def by_favour(self) -> tuple[str, ...]:
        """The codes of the outcomes from the most to the least favourable; a deferral comes before a refusal."""
        ranked = tuple(reversed(self.ranked_outcomes))
        deferring = (outcome for outcome in self.outcomes if outcome.defers_decision)
        ordered = (*(one for one in ranked if one.accredits), *deferring, *(one for one in ranked if not one.accredits))
        return tuple(outcome.code for outcome in ordered)

    def sets_conditions(self, code: str) -> bool:
        """Whether a decision for an outcome must have conditions: it accredits, but is not the best outcome."""
        outcome = self.outcome(code)
        return outcome.accredits and outcome != self.ranked_outcomes[-1]

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition of the rule, including alternatives."""
        return (condition for _, condition in self.placed_conditions())

    def placed_conditions(self) -> Iterator[tuple[str, Condition]]:
        """Yield every condition with its place: `passing/NUMBER` or `outcome/CODE/NUMBER`, counted from 0.

        The place of an alternative has a second number: `outcome/CODE/NUMBER/NUMBER`.
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
    """The periods, numbers and choices of an edition's procedure before and after a decision."""

    response_days: int = 14
    """The period for the hotline's response to the draft report."""
    quorum: int = 3
    """The number of panel members who must vote."""
    departing: int = 2
    """The number of panel members who must vote for an outcome other than the proposed one."""
    appeal_days: int = 30
    """The period for an appeal, from the day on which the hotline is notified."""
    deferral_months: int = 6
    """The period within which missing evidence must be handed in."""
    midterm_months: int = 18
    """The period from the decision to the check of the recommendations."""
    reminder_months: int = 9
    """The period from the reminder to the end of the accreditation."""
    publishes_refusals: bool = False
    """Whether the public sees that a hotline was examined and not accredited."""
    voting_days: int = 3
    """The period, from the day of the first vote, in which a decision waits for members who declared and can vote."""
    votes_again_on_ties: bool = False
    """Whether members vote once more if no outcome has more than half of the votes; else the less favourable one holds."""
    chair_breaks_ties: bool = False
    """Whether the vote of the chair then counts double. Without a chair whose vote counts, the other rules apply."""

    @property
    def written(self) -> dict[str, int | bool]:
        """The values that an edition stores. Later entries with their default are left out, so that digests stay."""
        return {
            name: value
            for name, value in asdict(self).items()
            if value is not False and (name, value) != ("voting_days", 3)
        }
