"""Reads a framework from plain data, and its texts by path."""

import json
from collections.abc import Mapping
from typing import Any

from standards.framework.indicator import read_indicator
from standards.framework.problem import MalformedEdition
from standards.framework.rule import Aggregation, Condition, Method, Obligation, Outcome, Procedure, Rule, Test
from standards.framework.scale import Scale
from standards.framework.structure import Domain, Framework, Standard
from standards.framework.validation import find_problems


def read_framework(data: Mapping[str, Any]) -> Framework:
    """Return a validated framework from plain data. Raises MalformedEdition with every problem."""
    try:
        framework = Framework(
            code=data["code"],
            scale=_read_scale(data["scale"]),
            rule=_read_rule(data["rule"]),
            procedure=Procedure(**data.get("procedure", {})),
            domains=tuple(
                Domain(
                    code=domain["code"],
                    weight=domain.get("weight", 1),
                    standards=tuple(
                        Standard(
                            s["code"],
                            tuple(read_indicator(i) for i in s["indicators"]),
                            s.get("weight", 1),
                            s.get("key", ""),
                        )
                        for s in domain["standards"]
                    ),
                    key=domain.get("key", ""),
                )
                for domain in data["domains"]
            ),
        )
    except KeyError as missing:
        raise MalformedEdition([f"The entry {missing} is missing."]) from missing
    if problems := list(find_problems(framework)):
        raise MalformedEdition(problems)
    return framework


def _read_scale(data: Mapping[str, Any]) -> Scale:
    return Scale(data["lowest"], data["highest"], data.get("falling", False), tuple(data.get("points", ())))


def _read_rule(data: Mapping[str, Any]) -> Rule:
    aggregation = data.get("aggregation", {})
    methods = {tier: Method(aggregation[tier]) for tier in ("standard", "domain", "overall") if tier in aggregation}
    return Rule(
        obligations=tuple(Obligation(**obligation) for obligation in data["obligations"]),
        aggregation=Aggregation(**methods, level=aggregation.get("level")),
        excused_at_most=data.get("excused_at_most", 100),
        passing=tuple(read_condition(condition) for condition in data.get("passing", ())),
        outcomes=tuple(
            Outcome(
                code=outcome["code"],
                months=outcome["months"],
                conditions=tuple(read_condition(condition) for condition in outcome["conditions"]),
            )
            for outcome in data["outcomes"]
        ),
    )


def read_condition(data: Mapping[str, Any]) -> Condition:
    """Return a condition; the inverse of `write_condition`.

    Raises KeyError without a test, ValueError for an unknown one.
    """
    return Condition(
        test=Test(data["test"]),
        obligation=data.get("obligation"),
        level=data.get("level"),
        count=data.get("count"),
        percent=data.get("percent"),
        domain=data.get("domain"),
        standard=data.get("standard"),
        codes=tuple(data.get("codes", ())),
        outcome=data.get("outcome"),
        method=Method(data["method"]) if data.get("method") else None,
    )


def parse_framework(structure: str) -> Framework:
    """Return the framework of an edition's canonical structure."""
    return read_framework(json.loads(structure))


class Wording(dict[str, str]):
    """The texts of an edition in one language, by path; `missing` are the required paths without a text."""

    def missing(self, framework: Framework) -> list[str]:
        return [path for path in framework.text_paths() if not self.get(path, "").strip()]


def parse_wording(texts: str) -> Wording:
    """Return the wording of one language from its canonical JSON."""
    return Wording(json.loads(texts))
