"""Random editions as plain fields: a consistent structure, and texts that spreadsheets and parsers damage."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from standards.drafts.fields import INDICATOR_FIELDS, SCALE_LEVELS, EditionText, Part, write_points
from standards.framework import (
    ADVICE,
    INDICATOR_STRUCTURE,
    Condition,
    Framework,
    Indicator,
    Outcome,
    level_texts,
    write_percentage,
)
from tests.standards.framework.test_structure import frameworks

DAMAGED = (
    *("=1+1", "+116000", "-5", "@SUM(A1)", "1.10", "007", "1e5", "3-4", "50 %", "TRUE", "#REF!", "'quoted", '"', '"""'),
    *("# no comment", "a = 1", "[[standards]]", "_x0041_", "_x000D_", "two\nlines", "tab\there", "\\", "ł đ é", "🙂"),
    *("a, b", "null", "{}", "https://example.org/?a=1&b=<c>", "’“”", "x" * 250),
)


def _is_readable(text: str) -> bool:
    return (
        bool(text)
        and text == text.strip()
        and all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Zl", "Zp") for c in text)
    )


texts = st.sampled_from(DAMAGED) | st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20
).map(str.strip).filter(_is_readable)
short_texts = texts.map(lambda text: text[:30].strip())


@st.composite
def editions(draw: st.DrawFn) -> EditionText:
    framework = draw(frameworks())
    rule, scale = framework.rule, framework.scale
    methods = {name: getattr(rule.aggregation, name) for name in ("standard", "domain", "group", "overall")}
    fields: dict[str, Any] = {
        "code": framework.code,
        "title": draw(short_texts),
        "introduction": draw(texts | st.just("")),
        "examined": draw(short_texts | st.just("")),
        "is_sample": draw(st.booleans()),
        "sample_notice": draw(texts),
        "scale_lowest": scale.lowest,
        "scale_highest": scale.highest,
        "scale_falling": scale.falling,
        "scale_points": write_points(scale.points),
        **dict.fromkeys(SCALE_LEVELS, ""),
        **{f"level_{level}": draw(short_texts) for level in scale.levels},
        **{f"{name}_method": str(method) for name, method in methods.items()},
        "of_groups": rule.aggregation.of_groups,
        "share_level": rule.aggregation.level,
        "excused_at_most": rule.excused_at_most,
        "redistributes": rule.redistributes,
        **{name: getattr(framework.procedure, name) for name in framework.procedure.__dataclass_fields__},
    }
    return EditionText(
        "en",
        fields,
        tuple(draw(_domains(framework))),
        tuple(
            Part(
                {
                    "code": obligation.code,
                    "name": draw(short_texts),
                    "weight": obligation.weight,
                    "wanted": obligation.wanted,
                    "excusable": obligation.excusable,
                }
            )
            for obligation in rule.obligations
        ),
        tuple(map(_condition, rule.passing)),
        tuple(
            Part(
                {
                    "code": outcome.code,
                    "name": draw(short_texts),
                    "months": outcome.months,
                    "result": result,
                    "becomes": outcome.becomes,
                },
                tuple(map(_condition, outcome.conditions)),
            )
            for result, outcome in _outcomes(framework)
        ),
        tuple(Part({"code": code, "name": draw(short_texts)}) for code in framework.traits),
        tuple(Part({"code": result.code, "name": draw(short_texts)}) for result in framework.results),
        tuple(
            Part(
                {
                    "code": group.code,
                    "name": draw(short_texts),
                    "domains": ", ".join(group.domains),
                    "weight": group.weight,
                }
            )
            for group in framework.groups
        ),
    )


def _outcomes(framework: Framework) -> Iterator[tuple[str, Outcome]]:
    """Yield every outcome with the code of its further result, empty for outcomes of the decision."""
    yield from (("", outcome) for outcome in framework.rule.outcomes)
    yield from ((result.code, outcome) for result in framework.results for outcome in result.outcomes)


def _condition(condition: Condition) -> Part:
    percent = "" if condition.percent is None else str(write_percentage(condition.percent))
    return Part(
        {
            "test": str(condition.test),
            "obligation": condition.obligation or "",
            "group": condition.group or "",
            "domain": condition.domain or "",
            "standard": condition.standard or "",
            "codes": ", ".join(condition.codes),
            "level": condition.level,
            "count": condition.count,
            "percent": percent,
            "strictly": condition.strictly,
            "figure": "" if condition.figure is None else str(condition.figure),
            "outcome": condition.outcome or "",
            "method": "" if condition.method is None else str(condition.method),
        },
        tuple(map(_condition, condition.conditions)),
    )


@st.composite
def _domains(draw: st.DrawFn, framework: Framework) -> list[Part]:
    def own(part: Any, *more: str) -> dict[str, Any]:
        key = draw(st.just(part.code) | st.just(f"former-{part.code}"))
        named = {name: draw(texts | st.just("")) for name in more}
        scored = {"weight": part.weight, "best": part.best or None, "excused_at_most": part.excused_at_most}
        return {"code": part.code, "key": key, "title": draw(short_texts), **scored, **named}

    return [
        Part(
            own(domain, "introduction") | {"short_title": draw(short_texts)},
            tuple(
                Part(
                    own(standard, "introduction") | {"basis": draw(st.sampled_from(["", "L1", "1.10, 1.2", "=A1, 3"]))},
                    tuple(draw(_indicators(indicator, framework)) for indicator in standard.indicators),
                )
                for standard in domain.standards
            ),
        )
        for domain in framework.domains
    ]


@st.composite
def _indicators(draw: st.DrawFn, indicator: Indicator, framework: Framework) -> Part:
    fields: dict[str, Any] = dict.fromkeys(INDICATOR_FIELDS, "")
    for field in INDICATOR_STRUCTURE:
        value = getattr(indicator, field.name)
        written = field.write(value) if value not in (None, ()) else {str: "", list: []}.get(field.kind)
        if field.name == "bands" and not indicator.has_figure:
            written = ""
        if field.name == "asked_from":
            written = value
        if field.name in ("minimum_months", "least_words"):
            written = value or None
        fields[field.name] = write_points(tuple(written)) if isinstance(written, list) else written
    if indicator.measure == "numeric" and not indicator.bands:
        fields["bands"] = "report_only"
    fields["key"] = draw(st.just(indicator.code) | st.just(f"former-{indicator.code}"))
    asked = (*level_texts(indicator.measure, framework.scale.levels), *ADVICE)
    fields |= {name: draw(texts) for name in ("wording", "guidance", "evidence")}
    fields |= {text.name: draw(short_texts) for text in asked}
    return Part(fields)
