"""Build a framework from a draft without validating it, so that an incomplete edition can be previewed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from standards.drafts.conditions import draft_conditions
from standards.drafts.fields import PROCEDURE, EditionText, Values, read_codes, read_points, read_value
from standards.framework import (
    INDICATOR_STRUCTURE,
    TIERS,
    Aggregation,
    Domain,
    Framework,
    Group,
    Indicator,
    MalformedEdition,
    Method,
    Obligation,
    Outcome,
    Procedure,
    Result,
    Rule,
    Scale,
    Standard,
)

Found = TypeVar("Found")


def draft_framework(text: EditionText) -> Framework:
    """Return the framework of a draft, without unreadable values and parts."""
    own = text.fields
    return Framework(
        code=text.code,
        scale=_scale(own),
        rule=Rule(
            obligations=tuple(_obligation(part.fields) for part in text.obligations),
            outcomes=_outcomes(text, ""),
            aggregation=_aggregation(own),
            excused_at_most=_number(own["excused_at_most"], 100),
            passing=draft_conditions(text.passing),
            redistributes=bool(own["redistributes"]),
        ),
        procedure=Procedure(**{name: own[name] for name in PROCEDURE if own[name] is not None}),
        traits=tuple(part.code for part in text.traits),
        results=tuple(Result(part.code, _outcomes(text, part.code)) for part in text.results),
        groups=tuple(
            Group(part.code, read_codes(part.fields["domains"]), _number(part.fields["weight"], 1))
            for part in text.groups
        ),
        domains=tuple(
            Domain(
                domain.code,
                tuple(
                    Standard(
                        standard.code,
                        tuple(filter(None, (draft_indicator(part.fields) for part in standard.parts))),
                        **_score_fields(standard.fields),
                    )
                    for standard in domain.parts
                ),
                **_score_fields(domain.fields),
            )
            for domain in text.domains
        ),
    )


def _outcomes(text: EditionText, result: str) -> tuple[Outcome, ...]:
    """Return the outcomes of a further result, by its code. An empty code returns those of the decision."""
    return tuple(
        Outcome(part.code, part.fields["months"] or 0, draft_conditions(part.parts), part.fields["becomes"])
        for part in text.outcomes
        if part.fields["result"] == result
    )


def _score_fields(values: Values) -> dict[str, Any]:
    """Return the fields that domains and standards have in common."""
    return {
        "weight": _number(values["weight"], 1),
        "key": values["key"],
        "best": _number(values["best"], 0),
        "excused_at_most": values["excused_at_most"],
    }


def _number(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _scale(own: Values) -> Scale:
    return Scale(
        _number(own["scale_lowest"], 0),
        _number(own["scale_highest"], 3),
        own["scale_falling"],
        _if_readable(read_points, own["scale_points"], ()),
    )


def _aggregation(own: Values) -> Aggregation:
    methods = {}
    for tier in TIERS:
        if own[f"{tier}_method"] in tuple(Method):
            methods[tier] = Method(own[f"{tier}_method"])
    return Aggregation(**methods, level=own["share_level"], of_groups=bool(own["of_groups"]))


def _obligation(values: Values) -> Obligation:
    return Obligation(values["code"], _number(values["weight"], 1), values["wanted"], values["excusable"])


_DETAILS_OF_FIGURE = {
    field.name: field.default for field in INDICATOR_STRUCTURE if field.of_figure and field.name != "bands"
}
"""The defaults of the fields that are dropped without a figure. Bands are kept, so that the contradiction is found."""


def draft_indicator(values: Values) -> Indicator | None:
    """Return an indicator, or None while its measure or source is not chosen."""
    found = {}
    for field in INDICATOR_STRUCTURE:
        try:
            found[field.name] = read_value(field, values[field.name])
        except MalformedEdition:
            found[field.name] = field.default
        except ValueError:
            return None
    indicator = Indicator(**found)
    return indicator if indicator.has_figure else replace(indicator, **_DETAILS_OF_FIGURE)


def _if_readable(read: Callable[[str], Found], text: str, otherwise: Any) -> Found | Any:
    try:
        return read(text)
    except MalformedEdition:
        return otherwise
