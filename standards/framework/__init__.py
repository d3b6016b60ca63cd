"""The structure of a released edition: indicators, measures, rule. Pure: no database, no text.

A `Framework` is the structure alone. Texts are in a `Wording` per language, keyed by the paths of `text_paths`, so that
a translation can never change what counts.
"""

from standards.framework.asking import Asking
from standards.framework.canonical import LONGEST_KEY, canonical, digest
from standards.framework.condition import (
    CONDITION_FIELDS,
    OPTIONAL_FIELDS,
    PASSING,
    SCOPE_FIELDS,
    SCOPED,
    Condition,
    Method,
    Test,
    allowed_fields,
    read_condition,
    write_condition,
)
from standards.framework.field import Field, Text
from standards.framework.figures import (
    MOST_MONTHS,
    MOST_PERCENT,
    REPORT_ONLY,
    Band,
    Bound,
    Formula,
    MinimumBase,
    read_bands,
    write_bands,
)
from standards.framework.indicator import (
    ADVICE,
    INDICATOR_STRUCTURE,
    INDICATOR_TEXTS,
    MOST_WORDS,
    Indicator,
    Measure,
    Source,
    Support,
    level_texts,
    texts_asked_for,
)
from standards.framework.problem import MalformedEdition, ValidationProblem
from standards.framework.reader import (
    Wording,
    parse_framework,
    parse_wording,
    read_framework,
)
from standards.framework.rule import TIERS, Aggregation, Obligation, Outcome, Procedure, Result, Rule
from standards.framework.scale import LEVELS, MOST_POINTS, Scale
from standards.framework.structure import Domain, Framework, Group, Standard, write_framework
from standards.framework.units import Percentage, read_percentage, write_percentage
from standards.framework.validation.edition import find_bands_off_scale, find_problems

__all__ = [
    "ADVICE",
    "CONDITION_FIELDS",
    "INDICATOR_STRUCTURE",
    "INDICATOR_TEXTS",
    "LEVELS",
    "LONGEST_KEY",
    "MOST_MONTHS",
    "MOST_PERCENT",
    "MOST_POINTS",
    "MOST_WORDS",
    "OPTIONAL_FIELDS",
    "PASSING",
    "REPORT_ONLY",
    "SCOPED",
    "SCOPE_FIELDS",
    "TIERS",
    "Aggregation",
    "Asking",
    "Band",
    "Bound",
    "Condition",
    "Domain",
    "Field",
    "Formula",
    "Framework",
    "Group",
    "Indicator",
    "MalformedEdition",
    "Measure",
    "Method",
    "MinimumBase",
    "Obligation",
    "Outcome",
    "Percentage",
    "Procedure",
    "Result",
    "Rule",
    "Scale",
    "Source",
    "Standard",
    "Support",
    "Test",
    "Text",
    "ValidationProblem",
    "Wording",
    "allowed_fields",
    "canonical",
    "digest",
    "find_bands_off_scale",
    "find_problems",
    "level_texts",
    "parse_framework",
    "parse_wording",
    "read_bands",
    "read_condition",
    "read_framework",
    "read_percentage",
    "texts_asked_for",
    "write_bands",
    "write_condition",
    "write_framework",
    "write_percentage",
]
