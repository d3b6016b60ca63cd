"""The structure of a released edition: indicators, measures, rule. Pure: no database, no text.

A `Framework` is the structure alone. Texts are in a `Wording` per language, keyed by the paths of `text_paths`, so that
a translation can never change what counts.
"""

from standards.framework.canonical import canonical, digest
from standards.framework.field import Field, Text
from standards.framework.figures import (
    MOST_MONTHS,
    MOST_PERCENT,
    REPORT_ONLY,
    Band,
    Formula,
    MinimumBase,
    read_bands,
    write_bands,
)
from standards.framework.indicator import (
    ADVICE,
    INDICATOR_STRUCTURE,
    INDICATOR_TEXTS,
    Indicator,
    Measure,
    Source,
    Support,
    level_texts,
    texts_asked_for,
)
from standards.framework.permanent_key import LONGEST_KEY
from standards.framework.problem import MalformedEdition, ValidationProblem
from standards.framework.reader import (
    Wording,
    parse_framework,
    parse_wording,
    read_condition,
    read_framework,
)
from standards.framework.rule import (
    Aggregation,
    Condition,
    Method,
    Obligation,
    Outcome,
    Procedure,
    Rule,
    Test,
    write_condition,
)
from standards.framework.rule_validation import CONDITION_FIELDS, PASSING, SCOPE_FIELDS, SCOPED
from standards.framework.scale import LEVELS, Scale
from standards.framework.structure import Domain, Framework, Standard, write_framework
from standards.framework.validation import find_problems

__all__ = [
    "ADVICE",
    "CONDITION_FIELDS",
    "INDICATOR_STRUCTURE",
    "INDICATOR_TEXTS",
    "LEVELS",
    "LONGEST_KEY",
    "MOST_MONTHS",
    "MOST_PERCENT",
    "PASSING",
    "REPORT_ONLY",
    "SCOPED",
    "SCOPE_FIELDS",
    "Aggregation",
    "Band",
    "Condition",
    "Domain",
    "Field",
    "Formula",
    "Framework",
    "Indicator",
    "MalformedEdition",
    "Measure",
    "Method",
    "MinimumBase",
    "Obligation",
    "Outcome",
    "Procedure",
    "Rule",
    "Scale",
    "Source",
    "Standard",
    "Support",
    "Test",
    "Text",
    "ValidationProblem",
    "Wording",
    "canonical",
    "digest",
    "find_problems",
    "level_texts",
    "parse_framework",
    "parse_wording",
    "read_bands",
    "read_condition",
    "read_framework",
    "texts_asked_for",
    "write_bands",
    "write_condition",
    "write_framework",
]
