"""A condition of a decision rule: its test, its scope, and the values that the test compares with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from standards.framework.figures import Bound
from standards.framework.units import Percentage, read_percentage, write_percentage


class Method(StrEnum):
    """The method of the score of a standard, a domain, a group or the whole."""

    WEIGHTED_MEAN = "weighted_mean"
    """The mean of all its indicators, each by the weight of its obligation."""
    MEAN = "mean"
    """The mean of its parts, each by its own weight: of a standard its indicators, of a domain its standards."""
    SUM = "sum"
    """The points of all its indicators, as a share of the possible points."""
    SHARE = "share"
    """The share of its indicators that are at `level` or better."""
    LOWEST = "lowest"
    """The worst level among all its indicators; of a group, the lowest score among its domains."""


class Test(StrEnum):
    """The test of a condition, on the indicators of its scope or on their score."""

    __test__ = False  # pytest must not collect it

    INCOMPLETE = "incomplete"
    """Something is missing. An outcome with this condition defers the decision until it is handed in."""
    COMPLETE = "complete"
    """Nothing is missing."""
    EVERY = "every"
    """Each applicable indicator reaches `level`. A missing one does not."""
    SHARE = "share"
    """At least `percent` of the applicable indicators reach `level`."""
    AT_LEAST = "at_least"
    """At least `count` applicable indicators reach `level`."""
    BELOW = "below"
    """At most `count` applicable indicators are below `level`. A missing one is below it."""
    SCORE = "score"
    """The score reaches `percent`. It does not hold without a score."""
    DOMAINS = "domains"
    """Each domain that has a score reaches `percent`, or at least `count` domains do."""
    GROUPS = "groups"
    """Each group of domains that has a score reaches `percent`, or at least `count` groups do."""
    STANDARDS = "standards"
    """Each standard that has a score reaches `percent`, or at least `count` standards do."""
    FAILING = "failing"
    """At most `count` standards do not pass, by the conditions of `Rule.passing`."""
    FIGURE = "figure"
    """The figure of each indicator of `codes` is within `figure`; a missing one is not. They are shown, not scored."""
    REACHED = "reached"
    """The conditions of another `outcome` hold as well."""
    ANY = "any"
    """At least `count` of `conditions` hold, by default one."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a decision rule. Only the fields that its test reads are set.

    The scope is everything, narrowed by `obligation`, `group`, `domain`, `standard` and `codes` (indicators) if set.
    """

    test: Test
    obligation: str | None = None
    level: int | None = None
    count: int | None = None
    percent: Percentage | None = None
    domain: str | None = None
    standard: str | None = None
    codes: tuple[str, ...] = ()
    outcome: str | None = None
    method: Method | None = None
    """The method of the score of a choice of indicators. Older editions may lack it and use that of the rule."""
    strictly: bool = False
    """Whether the score must exceed `percent`."""
    figure: Bound | None = None
    conditions: tuple["Condition", ...] = ()
    group: str | None = None

    @property
    def is_choice(self) -> bool:
        """Whether its scope is a choice of indicators, which is not a standard, a domain or a group."""
        return bool(self.obligation or self.codes)

    @property
    def ratio(self) -> Fraction:
        """`percent` as a ratio."""
        return Fraction(self.percent or 0) / 100

    @property
    def alternatives_needed(self) -> int:
        """The number of `conditions` that must hold."""
        return 1 if self.count is None else self.count

    def is_reached_by(self, ratio: Fraction | None) -> bool:
        """Whether a ratio reaches `percent`, or exceeds it if `strictly`, compared exactly."""
        return ratio is not None and (ratio > self.ratio if self.strictly else ratio >= self.ratio)

    def flat(self) -> Iterator["Condition"]:
        """Yield the condition, then its alternatives."""
        yield self
        for alternative in self.conditions:
            yield from alternative.flat()


CONDITION_FIELDS: dict[Test, tuple[str, ...]] = {
    Test.INCOMPLETE: (),
    Test.COMPLETE: (),
    Test.EVERY: ("level",),
    Test.SHARE: ("level", "percent"),
    Test.AT_LEAST: ("level", "count"),
    Test.BELOW: ("level", "count"),
    Test.SCORE: ("percent",),
    Test.DOMAINS: ("percent",),
    Test.GROUPS: ("percent",),
    Test.STANDARDS: ("percent",),
    Test.FAILING: ("count",),
    Test.FIGURE: ("codes", "figure"),
    Test.REACHED: ("outcome",),
    Test.ANY: ("conditions",),
}
"""The fields that each test requires."""
OPTIONAL_FIELDS: dict[Test, tuple[str, ...]] = {
    Test.SHARE: ("strictly",),
    Test.SCORE: ("strictly", "method"),
    Test.DOMAINS: ("count", "strictly"),
    Test.GROUPS: ("count", "strictly"),
    Test.STANDARDS: ("count", "strictly"),
    Test.ANY: ("count",),
}
"""The further fields that a test may have."""
VALUE_FIELDS = ("level", "count", "percent", "strictly", "figure", "outcome", "conditions")
"""The fields that only the tests that read them may have."""

SCOPE_FIELDS = ("obligation", "group", "domain", "standard", "codes")
SCOPED = (Test.INCOMPLETE, Test.COMPLETE, Test.EVERY, Test.SHARE, Test.AT_LEAST, Test.BELOW, Test.SCORE)
"""The tests that may have a scope."""
PASSING = (Test.COMPLETE, Test.EVERY, Test.SHARE, Test.AT_LEAST, Test.BELOW, Test.SCORE)
"""The tests by which a standard can pass."""


def allowed_fields(test: Test) -> tuple[str, ...]:
    """Return the fields that a test requires or may have."""
    return (*CONDITION_FIELDS[test], *OPTIONAL_FIELDS.get(test, ()))


def write_condition(condition: Condition) -> dict[str, Any]:
    """Return a condition as plain data, with the fields that are set."""
    data = {
        "test": condition.test.value,
        "obligation": condition.obligation,
        "level": condition.level,
        "count": condition.count,
        "percent": None if condition.percent is None else write_percentage(condition.percent),
        "group": condition.group,
        "domain": condition.domain,
        "standard": condition.standard,
        "codes": list(condition.codes),
        "outcome": condition.outcome,
        "method": condition.method and condition.method.value,
        "strictly": condition.strictly or None,
        "figure": condition.figure and str(condition.figure),
        "conditions": [write_condition(alternative) for alternative in condition.conditions],
    }
    return {key: value for key, value in data.items() if value not in (None, [])}


def read_condition(data: Mapping[str, Any]) -> Condition:
    """Return the condition from plain data. It is the inverse of `write_condition`.

    Raises KeyError without a test, ValueError for an unknown one, MalformedEdition for an unreadable value.
    """
    percent = data.get("percent")
    return Condition(
        test=Test(data["test"]),
        obligation=data.get("obligation"),
        level=data.get("level"),
        count=data.get("count"),
        percent=None if percent is None else read_percentage(str(percent)),
        group=data.get("group"),
        domain=data.get("domain"),
        standard=data.get("standard"),
        codes=tuple(data.get("codes", ())),
        outcome=data.get("outcome"),
        method=Method(data["method"]) if data.get("method") else None,
        strictly=data.get("strictly", False),
        figure=Bound.read(data.get("figure", "")),
        conditions=tuple(read_condition(alternative) for alternative in data.get("conditions", ())),
    )
