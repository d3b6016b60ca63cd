"""Convert the scorecard to plain data for the canonical form, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from evaluation.engine.scoring.evidence import read_number, write_number
from evaluation.engine.scoring.scorecard import (
    Check,
    DomainScore,
    GroupScore,
    IndicatorScore,
    LevelBasis,
    OutcomeCheck,
    ResultCheck,
    Scorecard,
    StandardScore,
)
from standards.framework import read_condition, write_condition

_INDICATOR = tuple(field.name for field in fields(IndicatorScore) if field.name != "within")
_NUMBERS = ("value", "self_value")


def write_scorecard(card: Scorecard) -> dict[str, Any]:
    """Return the scorecard as plain data. `read_scorecard` is its inverse."""
    return {
        "edition": card.edition,
        "engine": card.engine,
        "inputs": card.inputs,
        "overall": write_number(card.overall),
        "self_score": write_number(card.self_score),
        "domains": [_write_domain(domain) for domain in card.domains],
        "outcomes": _write_outcomes(card.outcomes),
        **(
            {"results": [{"code": one.code, "outcomes": _write_outcomes(one.outcomes)} for one in card.results]}
            if card.results
            else {}
        ),
        **({"groups": [_write_group(group) for group in card.groups]} if card.groups else {}),
    }


def _write_group(group: GroupScore) -> dict[str, Any]:
    return {
        "code": group.code,
        "ratio": write_number(group.ratio),
        "self_score": write_number(group.self_score),
    }


def _write_outcomes(outcomes: tuple[OutcomeCheck, ...]) -> list[dict[str, Any]]:
    return [
        {
            "outcome": outcome.outcome,
            "months": outcome.months,
            "checks": [_write_check(check) for check in outcome.checks],
        }
        for outcome in outcomes
    ]


def _write_domain(domain: DomainScore) -> dict[str, Any]:
    return {
        "code": domain.code,
        "ratio": write_number(domain.ratio),
        "self_score": write_number(domain.self_score),
        "standards": [
            {
                "code": standard.code,
                "points": standard.points,
                "of": standard.of,
                "self_score": write_number(standard.self_score),
                "passes": standard.passes,
                "indicators": [_write_indicator(indicator) for indicator in standard.indicators],
            }
            for standard in domain.standards
        ],
    }


def _write_indicator(indicator: IndicatorScore) -> dict[str, Any]:
    data = {name: getattr(indicator, name) for name in _INDICATOR}
    return (
        data
        | {"basis": indicator.basis.value, "disallowed": [who.value for who in indicator.disallowed]}
        | {name: write_number(data[name]) for name in _NUMBERS}
        | ({} if indicator.within is None else {"within": list(indicator.within)})
    )


def _write_check(check: Check) -> dict[str, Any]:
    return {
        "condition": write_condition(check.condition),
        "holds": check.holds,
        "codes": list(check.codes),
        "found": write_number(check.found),
        **({"parts": [_write_check(part) for part in check.parts]} if check.parts else {}),
        **({"withheld": list(check.withheld)} if check.withheld else {}),
    }


def read_scorecard(data: Mapping[str, Any]) -> Scorecard:
    """Return the scorecard of plain data; the inverse of `write_scorecard`."""
    return Scorecard(
        edition=data["edition"],
        engine=data["engine"],
        inputs=data["inputs"],
        overall=read_number(data["overall"]),
        self_score=read_number(data["self_score"]),
        domains=tuple(_read_domain(domain) for domain in data["domains"]),
        outcomes=_read_outcomes(data["outcomes"]),
        results=tuple(ResultCheck(one["code"], _read_outcomes(one["outcomes"])) for one in data.get("results", ())),
        groups=tuple(
            GroupScore(one["code"], read_number(one["ratio"]), read_number(one["self_score"]))
            for one in data.get("groups", ())
        ),
    )


def _read_outcomes(outcomes: Iterable[Mapping[str, Any]]) -> tuple[OutcomeCheck, ...]:
    return tuple(
        OutcomeCheck(
            outcome=outcome["outcome"],
            months=outcome["months"],
            checks=tuple(_read_check(check) for check in outcome["checks"]),
        )
        for outcome in outcomes
    )


def _read_domain(data: Mapping[str, Any]) -> DomainScore:
    return DomainScore(
        code=data["code"],
        ratio=read_number(data["ratio"]),
        self_score=read_number(data["self_score"]),
        standards=tuple(
            StandardScore(
                code=standard["code"],
                points=standard["points"],
                of=standard["of"],
                self_score=read_number(standard["self_score"]),
                passes=standard["passes"],
                indicators=tuple(_read_indicator(indicator) for indicator in standard["indicators"]),
            )
            for standard in data["standards"]
        ),
    )


def _read_indicator(data: Mapping[str, Any]) -> IndicatorScore:
    return IndicatorScore(
        **{name: data[name] for name in _INDICATOR}
        | {"basis": LevelBasis(data["basis"]), "disallowed": tuple(LevelBasis(who) for who in data["disallowed"])}
        | {name: read_number(data[name]) for name in _NUMBERS}
        | {"within": tuple(data["within"]) if "within" in data else None}
    )


def _read_check(data: Mapping[str, Any]) -> Check:
    return Check(
        condition=read_condition(data["condition"]),
        holds=data["holds"],
        codes=tuple(data["codes"]),
        found=read_number(data["found"]),
        parts=tuple(_read_check(part) for part in data.get("parts", ())),
        withheld=tuple(data.get("withheld", ())),
    )
