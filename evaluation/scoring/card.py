"""The scorecard: every number with the terms it came from, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any

from evaluation.scoring.evidence import read_number, write_number
from standards.framework import Condition, Obligation, Test

ENGINE = "1.0"
"""Raised whenever the same evidence may give another result."""


class Why(StrEnum):
    """Whose word an indicator's level is, or why it has none."""

    ASSESSOR = "assessor"
    FIGURES = "figures"
    HOTLINE = "hotline"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"
    NOT_SCORED = "not_scored"
    """Shown only: the Guide gives no bands."""


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator: what counts and why, and both words beside each other.

    `points` of `of` are level times weight of highest level times weight; `of` is 0 where it leaves the score.
    """

    code: str
    obligation: Obligation
    why: Why
    level: int | None
    value: Fraction | None
    weight: int
    points: int
    of: int
    self_level: int | None
    """What the hotline said, as a level."""
    self_value: Fraction | None
    self_not_applicable: bool
    seen_level: int | None
    """What an assessor saw, as a level."""

    @property
    def differs(self) -> bool:
        """Hotline and assessor both gave a level, and not the same one."""
        return None not in (self.self_level, self.seen_level) and self.self_level != self.seen_level


@dataclass(frozen=True, slots=True)
class StandardScore:
    """Weighted mean of its indicators, as points of possible points; no score when nothing applies."""

    code: str
    points: int
    of: int
    indicators: tuple[IndicatorScore, ...]
    said: Fraction | None
    """The same from the hotline's own words alone."""

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.points, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class DomainScore:
    """Mean of the standards that have a score."""

    code: str
    ratio: Fraction | None
    standards: tuple[StandardScore, ...]
    said: Fraction | None


@dataclass(frozen=True, slots=True)
class Check:
    """One condition held against the findings: `codes` are the indicators or domains that fail or are counted."""

    condition: Condition
    holds: bool
    codes: tuple[str, ...]
    found: Fraction | None = None
    """The overall ratio, where the condition is about it; else the number counted."""


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
    """The whole result. `outcomes` are in the order tested; the proposal is the first that holds."""

    edition: str
    engine: str
    overall: Fraction | None
    said: Fraction | None
    domains: tuple[DomainScore, ...]
    outcomes: tuple[OutcomeCheck, ...]

    @cached_property
    def indicators(self) -> dict[str, IndicatorScore]:
        return {i.code: i for domain in self.domains for standard in domain.standards for i in standard.indicators}

    @cached_property
    def proposal(self) -> OutcomeCheck:
        return next(outcome for outcome in self.outcomes if outcome.holds)

    def of_obligation(self, obligation: Obligation) -> list[IndicatorScore]:
        """The scored indicators of an obligation, whether applicable or not."""
        return [i for i in self.indicators.values() if i.obligation is obligation and i.why is not Why.NOT_SCORED]


# --- Plain data --------------------------------------------------------------------------------------------------


def write_scorecard(card: Scorecard) -> dict[str, Any]:
    """The scorecard as plain data for the canonical form. `read_scorecard` is its inverse."""
    return {
        "edition": card.edition,
        "engine": card.engine,
        "overall": write_number(card.overall),
        "said": write_number(card.said),
        "domains": [
            {
                "code": domain.code,
                "ratio": write_number(domain.ratio),
                "said": write_number(domain.said),
                "standards": [
                    {
                        "code": standard.code,
                        "points": standard.points,
                        "of": standard.of,
                        "said": write_number(standard.said),
                        "indicators": [_write_indicator(indicator) for indicator in standard.indicators],
                    }
                    for standard in domain.standards
                ],
            }
            for domain in card.domains
        ],
        "outcomes": [
            {
                "outcome": outcome.outcome,
                "months": outcome.months,
                "checks": [_write_check(check) for check in outcome.checks],
            }
            for outcome in card.outcomes
        ],
    }


def _write_indicator(i: IndicatorScore) -> dict[str, Any]:
    return {
        "code": i.code,
        "obligation": i.obligation.value,
        "why": i.why.value,
        "level": i.level,
        "value": write_number(i.value),
        "weight": i.weight,
        "points": i.points,
        "of": i.of,
        "self_level": i.self_level,
        "self_value": write_number(i.self_value),
        "self_not_applicable": i.self_not_applicable,
        "seen_level": i.seen_level,
    }


def _write_check(check: Check) -> dict[str, Any]:
    condition = check.condition
    return {
        "test": condition.test.value,
        "obligation": condition.obligation and condition.obligation.value,
        "level": condition.level,
        "count": condition.count,
        "percent": condition.percent,
        "holds": check.holds,
        "codes": list(check.codes),
        "found": write_number(check.found),
    }


def read_scorecard(data: Mapping[str, Any]) -> Scorecard:
    return Scorecard(
        edition=data["edition"],
        engine=data["engine"],
        overall=read_number(data["overall"]),
        said=read_number(data["said"]),
        domains=tuple(
            DomainScore(
                code=domain["code"],
                ratio=read_number(domain["ratio"]),
                said=read_number(domain["said"]),
                standards=tuple(
                    StandardScore(
                        code=standard["code"],
                        points=standard["points"],
                        of=standard["of"],
                        said=read_number(standard["said"]),
                        indicators=tuple(_read_indicator(indicator) for indicator in standard["indicators"]),
                    )
                    for standard in domain["standards"]
                ),
            )
            for domain in data["domains"]
        ),
        outcomes=tuple(
            OutcomeCheck(
                outcome=outcome["outcome"],
                months=outcome["months"],
                checks=tuple(_read_check(check) for check in outcome["checks"]),
            )
            for outcome in data["outcomes"]
        ),
    )


def _read_indicator(data: Mapping[str, Any]) -> IndicatorScore:
    return IndicatorScore(
        code=data["code"],
        obligation=Obligation(data["obligation"]),
        why=Why(data["why"]),
        level=data["level"],
        value=read_number(data["value"]),
        weight=data["weight"],
        points=data["points"],
        of=data["of"],
        self_level=data["self_level"],
        self_value=read_number(data["self_value"]),
        self_not_applicable=data["self_not_applicable"],
        seen_level=data["seen_level"],
    )


def _read_check(data: Mapping[str, Any]) -> Check:
    return Check(
        condition=Condition(
            test=Test(data["test"]),
            obligation=Obligation(data["obligation"]) if data["obligation"] else None,
            level=data["level"],
            count=data["count"],
            percent=data["percent"],
        ),
        holds=data["holds"],
        codes=tuple(data["codes"]),
        found=read_number(data["found"]),
    )
