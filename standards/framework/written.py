"""A framework as plain data and back, checked whole; and its words by path."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from standards.framework.shape import (
    Condition,
    Domain,
    Formula,
    Framework,
    Indicator,
    MalformedEdition,
    Measure,
    MinimumBase,
    Obligation,
    Outcome,
    Rule,
    Scale,
    Source,
    Standard,
    Test,
    read_bands,
    write_bands,
)


def write_framework(framework: Framework) -> dict[str, Any]:
    """The framework as plain data, ready for `canonical`. `read_framework` is its inverse."""
    return {
        "code": framework.code,
        "scale": {"lowest": framework.scale.lowest, "highest": framework.scale.highest},
        "rule": {
            "weights": {obligation.value: weight for obligation, weight in framework.rule.weights.items()},
            "outcomes": [
                {
                    "code": outcome.code,
                    "months": outcome.months,
                    "conditions": [_write_condition(condition) for condition in outcome.conditions],
                }
                for outcome in framework.rule.outcomes
            ],
        },
        "domains": [
            {
                "code": domain.code,
                "standards": [
                    {"code": standard.code, "indicators": [_write_indicator(i) for i in standard.indicators]}
                    for standard in domain.standards
                ],
            }
            for domain in framework.domains
        ],
    }


def _write_condition(condition: Condition) -> dict[str, Any]:
    data = {
        "test": condition.test.value,
        "obligation": condition.obligation and condition.obligation.value,
        "level": condition.level,
        "count": condition.count,
        "percent": condition.percent,
    }
    return {key: value for key, value in data.items() if value is not None}


def _write_indicator(indicator: Indicator) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": indicator.code,
        "obligation": indicator.obligation.value,
        "measure": indicator.measure.value,
        "source": indicator.source.value,
        "evidence_required": indicator.evidence_required,
        "not_applicable": indicator.not_applicable,
    }
    if indicator.measure is Measure.NUMERIC:
        data["unit"] = indicator.unit
        data["bands"] = write_bands(indicator.bands)
        data["formula"] = indicator.formula.text if indicator.formula else ""
        data["minimum_base"] = str(indicator.minimum_base) if indicator.minimum_base else ""
    return data


def read_framework(data: Mapping[str, Any]) -> Framework:
    """Build a framework from plain data and check it. Raises MalformedEdition with every problem it finds."""
    try:
        framework = Framework(
            code=data["code"],
            scale=Scale(**data["scale"]),
            rule=Rule(
                weights={Obligation(key): value for key, value in data["rule"]["weights"].items()},
                outcomes=tuple(
                    Outcome(
                        code=outcome["code"],
                        months=outcome["months"],
                        conditions=tuple(_read_condition(condition) for condition in outcome["conditions"]),
                    )
                    for outcome in data["rule"]["outcomes"]
                ),
            ),
            domains=tuple(
                Domain(
                    code=domain["code"],
                    standards=tuple(
                        Standard(s["code"], tuple(_read_indicator(i) for i in s["indicators"]))
                        for s in domain["standards"]
                    ),
                )
                for domain in data["domains"]
            ),
        )
    except KeyError as missing:
        raise MalformedEdition([f"The entry {missing} is missing."]) from missing
    if problems := list(find_problems(framework)):
        raise MalformedEdition(problems)
    return framework


def _read_condition(data: Mapping[str, Any]) -> Condition:
    return Condition(
        test=Test(data["test"]),
        obligation=Obligation(data["obligation"]) if data.get("obligation") else None,
        level=data.get("level"),
        count=data.get("count"),
        percent=data.get("percent"),
    )


def _read_indicator(data: Mapping[str, Any]) -> Indicator:
    return Indicator(
        code=data["code"],
        obligation=Obligation(data["obligation"]),
        measure=Measure(data["measure"]),
        source=Source(data["source"]),
        evidence_required=data["evidence_required"],
        not_applicable=data["not_applicable"],
        unit=data.get("unit", ""),
        bands=read_bands(data.get("bands", "")),
        formula=Formula(data["formula"]) if data.get("formula") else None,
        minimum_base=MinimumBase.read(data.get("minimum_base", "")),
    )


def find_problems(framework: Framework) -> Iterator[str]:
    """What makes a framework unusable, each as a sentence that says where and how to mend it."""
    seen: set[str] = set()
    for domain in framework.domains:
        for code in (domain.code, *(c for s in domain.standards for c in (s.code, *(i.code for i in s.indicators)))):
            if not code:
                yield f"Something in {domain.code or 'a domain'} has no code. Give every standard and indicator one."
            elif code in seen:
                yield f"The code {code} stands twice. Each code may stand once in an edition."
            seen.add(code)
        if not domain.indicators:
            yield f"Domain {domain.code} has no indicator."
    if not framework.domains:
        yield "The edition has no domain."
    for indicator in framework.indicators.values():
        if indicator.obligation not in framework.rule.weights:
            yield f"{indicator.code} is {indicator.obligation.value}, for which the decision rule has no weight."
        for band in indicator.bands:
            if band.level not in framework.scale.levels:
                yield f"{indicator.code} has a band for level {band.level}, which the scale does not have."
        if indicator.not_applicable and indicator.obligation is Obligation.ESSENTIAL:
            yield f"{indicator.code} is essential and may not allow “not applicable”."
    if not framework.rule.outcomes:
        yield "The decision rule has no outcome."
    elif framework.rule.outcomes[-1].conditions:
        yield "The last outcome must have no condition: it is what is left when nothing else holds."


def parse_framework(structure: str) -> Framework:
    """The framework of an edition's canonical structure."""
    return read_framework(json.loads(structure))


class Wording(dict[str, str]):
    """The texts of an edition in one language, by path; `missing` names what a framework asks for and is not there."""

    def missing(self, framework: Framework) -> list[str]:
        return [path for path in framework.text_paths() if not self.get(path, "").strip()]


def parse_wording(texts: str) -> Wording:
    """The wording of one language from its canonical JSON."""
    return Wording(json.loads(texts))
