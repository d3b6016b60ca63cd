"""A draft as a framework, without asking whether it could be released: a half-written edition can be looked at too."""

from collections.abc import Callable
from typing import Any, TypeVar

from standards.checking import CONDITION_FIELDS
from standards.framework import (
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
    Source,
    Standard,
    Test,
    read_bands,
)
from standards.gathering import Tree, Values
from standards.models import GuideIndicator

Found = TypeVar("Found")


def draft_framework(tree: Tree) -> Framework:
    """The framework of the pages as they are; what cannot be read is left out."""
    return Framework(
        code=tree.edition.code,
        rule=Rule(
            weights={o: getattr(tree.edition, f"weight_{o.value}") for o in Obligation},
            outcomes=tuple(
                Outcome(outcome["code"], outcome["months"] or 0, tuple(filter(None, map(_condition, conditions))))
                for outcome, conditions in tree.outcomes
            ),
        ),
        domains=tuple(
            Domain(
                domain.code,
                tuple(
                    Standard(
                        standard.code, tuple(filter(None, map(draft_indicator, tree.indicators.get(standard.pk, ()))))
                    )
                    for standard in tree.standards.get(domain.path, ())
                ),
            )
            for domain in tree.domains
        ),
    )


def draft_indicator(row: GuideIndicator) -> Indicator | None:
    """An indicator, or nothing while its kinds are not chosen yet."""
    try:
        obligation, measure, source = Obligation(row.obligation), Measure(row.measure), Source(row.source)
    except ValueError:
        return None
    numeric = measure is Measure.NUMERIC
    return Indicator(
        code=row.code,
        obligation=obligation,
        measure=measure,
        source=source,
        evidence_required=row.evidence_required,
        not_applicable=row.not_applicable,
        unit=row.unit if numeric else "",
        bands=_if_readable(read_bands, row.bands, ()) if numeric else (),
        formula=_if_readable(Formula, row.formula, None) if numeric and row.formula else None,
        minimum_base=_if_readable(MinimumBase.read, row.minimum_base, None) if numeric else None,
    )


def _if_readable(read: Callable[[str], Found], text: str, otherwise: Any) -> Found | Any:
    try:
        return read(text)
    except MalformedEdition:
        return otherwise


def _condition(values: Values) -> Condition | None:
    """A condition, or nothing while a part that its test needs is not filled in."""
    try:
        test = Test(values["test"])
    except ValueError:
        return None
    needed = {name: values[name] for name in CONDITION_FIELDS[test]}
    if any(value in (None, "") for value in needed.values()):
        return None
    if "obligation" in needed:
        needed["obligation"] = Obligation(needed["obligation"])
    return Condition(test, **needed)
