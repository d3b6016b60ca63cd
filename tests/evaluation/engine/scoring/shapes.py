"""Short constructors of frameworks and findings for tests of the engine."""

from typing import Any

from evaluation.engine.scoring import Judgement
from standards.framework import (
    Domain,
    Formula,
    Framework,
    Indicator,
    Measure,
    MinimumBase,
    Rule,
    Scale,
    Source,
    Standard,
    read_bands,
)
from tests.small_edition import CORE, DEVELOPMENTAL, ESSENTIAL, OBLIGATIONS, RULE

__all__ = ["CORE", "DEVELOPMENTAL", "ESSENTIAL", "OBLIGATIONS", "RULE"]
EXCUSED = Judgement(not_applicable=True)
BANDS = ">=90:3;>=80:2;>=60:1"


def asked(code: str, obligation: str = CORE, measure: Measure = Measure.SCALE, **other: Any) -> Indicator:
    return Indicator(code, obligation, measure, **other)


def counted(code: str, formula: str = "A04/A03", bands: str = BANDS, **other: Any) -> Indicator:
    """Return an indicator filled by statistics."""
    return Indicator(
        code,
        other.pop("obligation", CORE),
        Measure.NUMERIC,
        Source.STATISTICS,
        unit=other.pop("unit", "percent"),
        bands=read_bands(bands),
        formula=Formula(formula),
        minimum_base=MinimumBase.read(other.pop("minimum_base", "")),
        **other,
    )


def framework_of(*domains: list[list[Indicator]], rule: Rule = RULE, scale: Scale | None = None) -> Framework:
    """Return a framework of domains D1, D2, …; each a list of standards 1.1, 1.2, …; each a list of indicators."""
    return Framework(
        "T0",
        tuple(
            Domain(f"D{d}", tuple(Standard(f"{d}.{s}", tuple(standard)) for s, standard in enumerate(standards, 1)))
            for d, standards in enumerate(domains, 1)
        ),
        rule,
        scale or Scale(),
    )


def row_of(count: int, obligation: str = CORE, start: int = 1, domain: int = 1) -> list[Indicator]:
    """Return `count` equal indicators of a standard."""
    return [asked(f"{domain}.1.{number}", obligation) for number in range(start, start + count)]


def levels(**found: int | Judgement) -> dict[str, Judgement]:
    """Return judgements by code, written with underscores: `levels(i1_1_1=3)`."""
    return {
        name[1:].replace("_", "."): what if isinstance(what, Judgement) else Judgement(level=what)
        for name, what in found.items()
    }


def in_turn(indicators: list[Indicator], *found: int) -> dict[str, Judgement]:
    """Return the levels of the indicators, in order."""
    return {i.code: Judgement(level=level) for i, level in zip(indicators, found, strict=True)}
