"""The support that answers need at single levels, in the editor's form: its choices and its sentences."""

from collections.abc import Callable, Mapping

from standards.drafts.fields import Values, read_value
from standards.drafts.part_checks import translate_problem
from standards.framework import INDICATOR_STRUCTURE, Indicator, MalformedEdition, Measure
from standards.framework.indicator import read_supports
from standards.presentation.rule_sentences import describe_supports

SUPPORT_FIELDS = ("counts_with", "counts_at", "least_words")


def split_supports(text: str) -> dict[str, str] | None:
    """Return the support by level or `na`, in the order typed; None if the text cannot be read."""
    try:
        supports = read_supports(text)
    except MalformedEdition:
        return None
    return {level: support for level, _, support in (str(one).partition(":") for one in supports)}


def join_supports(chosen: Mapping[str, str]) -> str:
    """Return the text form of the chosen supports by level, without levels for which none is chosen."""
    return ";".join(f"{level}:{support}" for level, support in chosen.items() if support)


def describe_typed_supports(values: Values, name_level: Callable[[int], str]) -> tuple[str, ...]:
    """Return the sentences that describe the typed fields, or their problems. `name_level` formats a level."""
    read = {}
    for field in INDICATOR_STRUCTURE:
        if field.name in SUPPORT_FIELDS:
            try:
                read[field.name] = read_value(field, values[field.name])
            except MalformedEdition as unreadable:
                return tuple(map(translate_problem, unreadable.problems))
            except ValueError:
                read[field.name] = field.default
    return tuple(describe_supports(Indicator("", "", Measure.SCALE, **read), name_level))
