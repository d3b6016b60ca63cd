"""Define the input of the engine: the hotline's answers, the assessors' findings and the figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer or a finding on one indicator: a level, a measured value, or not applicable; else it is missing."""

    level: int | None = None
    value: Fraction | None = None
    not_applicable: bool = False
    has_words: bool = False
    has_evidence: bool = False
    """Whether a document or an address is attached."""
    not_seen: bool = False
    """For a finding only: whether the assessors could not observe the indicator."""

    @property
    def is_given(self) -> bool:
        return self.not_applicable or self.level is not None or self.value is not None


@dataclass(frozen=True, slots=True)
class Partial:
    """An item's total over part of the period: `value` is the total over `months`, each like `2026-03`, in order.

    `of` is the number of months of the whole period.
    """

    months: tuple[str, ...]
    of: int
    value: Fraction


@dataclass(frozen=True, slots=True)
class Evidence:
    """The input of the engine: `answers` and `findings` by indicator, and `figures`, totals by item of the dictionary.

    `partial` has items that were recorded for part of the period only; it is empty if no indicator accepts them.
    `traits` are the traits of the hotline: some indicators are asked only of hotlines with a trait.
    `withheld` has, by indicator, the levels of figures that are not published because their counts are too small;
    `within` has the bounds of the rule that such a figure is within. `on` is the day that determines which indicators
    are in force; without it, all are.
    """

    answers: Mapping[str, Judgement] = field(default_factory=dict)
    findings: Mapping[str, Judgement] = field(default_factory=dict)
    figures: Mapping[str, Fraction | None] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    on: date | None = None
    partial: Mapping[str, Partial] = field(default_factory=dict)
    traits: tuple[str, ...] = ()
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def write_number(number: Fraction | None) -> str | None:
    """Return a fraction as exact text: `1/3`, `12`."""
    return None if number is None else str(number)


def read_number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def write_evidence(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as plain data for the canonical form. Missing values are left out."""
    return {
        "on": evidence.on and evidence.on.isoformat(),
        "answers": _write_judgements(evidence.answers),
        "findings": _write_judgements(evidence.findings),
        "figures": {item: write_number(value) for item, value in evidence.figures.items() if value is not None},
        **({"traits": sorted(evidence.traits)} if evidence.traits else {}),
        **({"withheld": dict(evidence.withheld)} if evidence.withheld else {}),
        **({"within": {code: list(bounds) for code, bounds in evidence.within.items()}} if evidence.within else {}),
        **({"partial": write_partial(evidence.partial)} if evidence.partial else {}),
    }


def read_evidence(data: Mapping[str, Any]) -> Evidence:
    """Return the evidence of plain data; the inverse of `write_evidence`."""
    return Evidence(
        answers=_read_judgements(data["answers"]),
        findings=_read_judgements(data["findings"]),
        figures={item: read_number(value) for item, value in data["figures"].items()},
        withheld=data.get("withheld", {}),
        within={code: tuple(bounds) for code, bounds in data.get("within", {}).items()},
        partial=read_partial(data.get("partial", {})),
        traits=tuple(data.get("traits", ())),
        on=date.fromisoformat(data["on"]) if data.get("on") else None,
    )


def write_partial(partial: Mapping[str, Partial]) -> dict[str, Any]:
    """Return totals of part of the period as plain data."""
    return {
        item: {"months": list(part.months), "of": part.of, "value": write_number(part.value)}
        for item, part in partial.items()
    }


def read_partial(data: Mapping[str, Any]) -> dict[str, Partial]:
    """Return totals of part of the period from plain data; the inverse of `write_partial`."""
    return {item: Partial(tuple(part["months"]), part["of"], Fraction(part["value"])) for item, part in data.items()}


def _write_judgements(judgements: Mapping[str, Judgement]) -> dict[str, Any]:
    return {
        code: _write_judgement(judgement)
        for code, judgement in judgements.items()
        if judgement.is_given or judgement.not_seen
    }


def _write_judgement(judgement: Judgement) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if judgement.level is not None:
        data["level"] = judgement.level
    if judgement.value is not None:
        data["value"] = write_number(judgement.value)
    for name in ("not_applicable", "has_words", "has_evidence", "not_seen"):
        if getattr(judgement, name):
            data[name] = True
    return data


def _read_judgements(data: Mapping[str, Any]) -> dict[str, Judgement]:
    return {code: Judgement(**entry | {"value": read_number(entry.get("value"))}) for code, entry in data.items()}
