"""Frameworks and findings of the engine's tests, as short as the rules they are about."""

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from evaluation.scoring import Evidence, Judgement
from standards.framework import (
    Domain,
    Formula,
    Framework,
    Indicator,
    Measure,
    MinimumBase,
    Obligation,
    Rule,
    Scale,
    Source,
    Standard,
    read_bands,
)
from tests.small_edition import RULE

ESSENTIAL, CORE, DEVELOPMENTAL = Obligation.ESSENTIAL, Obligation.CORE, Obligation.DEVELOPMENTAL
EXCUSED = Judgement(not_applicable=True)
BANDS = ">=90:3;>=80:2;>=60:1"


def asked(code: str, obligation: Obligation = CORE, measure: Measure = Measure.SCALE, **other: Any) -> Indicator:
    return Indicator(code, obligation, measure, **other)


def counted(code: str, formula: str = "A04/A03", bands: str = BANDS, **other: Any) -> Indicator:
    """A statistic: filled by figures, nobody types it."""
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
    """Domains D1, D2, …; each a list of standards 1.1, 1.2, …; each a list of indicators."""
    return Framework(
        "T0",
        tuple(
            Domain(f"D{d}", tuple(Standard(f"{d}.{s}", tuple(standard)) for s, standard in enumerate(standards, 1)))
            for d, standards in enumerate(domains, 1)
        ),
        rule,
        scale or Scale(),
    )


def row_of(count: int, obligation: Obligation = CORE, start: int = 1, domain: int = 1) -> list[Indicator]:
    """So many alike indicators in a standard."""
    return [asked(f"{domain}.1.{number}", obligation) for number in range(start, start + count)]


def levels(**found: int | Judgement) -> dict[str, Judgement]:
    """Judgements by code, written with underscores: `levels(i1_1_1=3)`."""
    return {
        name[1:].replace("_", "."): what if isinstance(what, Judgement) else Judgement(level=what)
        for name, what in found.items()
    }


def in_turn(indicators: list[Indicator], *found: int) -> dict[str, Judgement]:
    """The levels of the indicators, in their order."""
    return {i.code: Judgement(level=level) for i, level in zip(indicators, found, strict=True)}


# --- Any framework, anything found -------------------------------------------------------------------------------

ITEMS = ("A03", "A04", "A05")
numbers = st.fractions(0, 200, max_denominator=30)


@st.composite
def indicators(draw: st.DrawFn, code: str) -> Indicator:
    obligation = draw(st.sampled_from(Obligation))
    excusable = obligation is not ESSENTIAL and draw(st.booleans())
    kind = draw(st.sampled_from(["scale", "yes_no", "typed", "counted", "shown"]))
    if kind == "counted":
        formula = draw(st.sampled_from(["A04", "A04/A03", "A04/(A03-A05)", "A04/(A03+A05)"]))
        base = draw(st.sampled_from(["", "A03>=20"]))
        return counted(code, formula, obligation=obligation, not_applicable=excusable, minimum_base=base)
    measure = {"scale": Measure.SCALE, "yes_no": Measure.YES_NO}.get(kind, Measure.NUMERIC)
    bands = read_bands(BANDS) if kind == "typed" else ()
    return Indicator(code, obligation, measure, not_applicable=excusable, bands=bands)


@st.composite
def frameworks(draw: st.DrawFn) -> Framework:
    return framework_of(
        *(
            [
                [draw(indicators(f"{d}.{s}.{i}")) for i in range(1, draw(st.integers(1, 3)) + 1)]
                for s in range(1, draw(st.integers(1, 2)) + 1)
            ]
            for d in range(1, draw(st.integers(1, 3)) + 1)
        )
    )


@st.composite
def judgements(draw: st.DrawFn, indicator: Indicator) -> Judgement:
    """Something that fits the indicator, or nothing."""
    if draw(st.booleans()):
        return Judgement()
    if indicator.not_applicable and draw(st.booleans()):
        return EXCUSED
    if indicator.measure is Measure.NUMERIC:
        return Judgement(value=draw(numbers))
    allowed = (0, 3) if indicator.measure is Measure.YES_NO else (0, 1, 2, 3)
    return Judgement(level=draw(st.sampled_from(allowed)))


@st.composite
def evidence_for(draw: st.DrawFn, framework: Framework) -> Evidence:
    every = framework.indicators.values()
    return Evidence(
        answers={i.code: draw(judgements(i)) for i in every},
        findings={i.code: draw(judgements(i)) for i in every},
        figures={item: draw(st.none() | numbers) for item in ITEMS},
    )


@st.composite
def examined(draw: st.DrawFn) -> tuple[Framework, Evidence]:
    framework = draw(frameworks())
    return framework, draw(evidence_for(framework))


def better(indicator: Indicator, judgement: Judgement) -> Judgement | None:
    """The next better judgement of the indicator, or None when there is none to compare with."""
    if judgement.value is not None:
        return Judgement(value=judgement.value + Fraction(10))
    if judgement.level is None or judgement.level == 3:
        return None
    return Judgement(level=3 if indicator.measure is Measure.YES_NO else judgement.level + 1)
