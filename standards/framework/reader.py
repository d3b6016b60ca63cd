"""Read a framework, and the texts of an edition, from plain data."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from standards.framework.condition import Method, read_condition
from standards.framework.indicator import read_indicator
from standards.framework.problem import MalformedEdition
from standards.framework.rule import TIERS, Aggregation, Obligation, Outcome, Procedure, Result, Rule
from standards.framework.scale import Scale
from standards.framework.structure import Domain, Framework, Group, Standard
from standards.framework.validation.edition import find_problems


def read_framework(data: Mapping[str, Any]) -> Framework:
    """Return a validated framework from plain data. Raises MalformedEdition with every problem."""
    try:
        framework = Framework(
            code=data["code"],
            scale=_read_scale(data["scale"]),
            rule=_read_rule(data["rule"]),
            procedure=Procedure(**data.get("procedure", {})),
            traits=tuple(data.get("traits", ())),
            results=tuple(Result(one["code"], _read_outcomes(one["outcomes"])) for one in data.get("results", ())),
            groups=tuple(
                Group(one["code"], tuple(one["domains"]), one.get("weight", 1)) for one in data.get("groups", ())
            ),
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
                            s.get("best", 0),
                            s.get("excused_at_most"),
                        )
                        for s in domain["standards"]
                    ),
                    key=domain.get("key", ""),
                    best=domain.get("best", 0),
                    excused_at_most=domain.get("excused_at_most"),
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
    methods = {tier: Method(aggregation[tier]) for tier in TIERS if tier in aggregation}
    return Rule(
        obligations=tuple(Obligation(**obligation) for obligation in data["obligations"]),
        aggregation=Aggregation(
            **methods, level=aggregation.get("level"), of_groups=aggregation.get("of_groups", False)
        ),
        excused_at_most=data.get("excused_at_most", 100),
        redistributes=data.get("redistributes", False),
        passing=tuple(read_condition(condition) for condition in data.get("passing", ())),
        outcomes=_read_outcomes(data["outcomes"]),
    )


def _read_outcomes(outcomes: Iterable[Mapping[str, Any]]) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            code=outcome["code"],
            months=outcome["months"],
            conditions=tuple(read_condition(condition) for condition in outcome["conditions"]),
            becomes=outcome.get("becomes", ""),
        )
        for outcome in outcomes
    )


def parse_framework(structure: str) -> Framework:
    """Return the framework of an edition's canonical structure."""
    return read_framework(json.loads(structure))


class Wording(dict[str, str]):
    """The texts of an edition in one language, by path."""

    def missing(self, framework: Framework) -> list[str]:
        """Return the paths of the required texts that are empty."""
        return [path for path in framework.text_paths() if not self.get(path, "").strip()]


def parse_wording(texts: str) -> Wording:
    """Return the wording of one language from its canonical JSON."""
    return Wording(json.loads(texts))
