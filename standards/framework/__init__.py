"""The structure of a released edition: indicators, measures, rule. Pure: no database, no text.

A `Framework` is the structure alone. Words live in a `Wording` per language, keyed by the paths of `text_paths`,
so that a translation can never change what counts.
"""

from standards.framework.canonical import canonical, digest
from standards.framework.indicator import (
    MOST_MONTHS,
    REPORT_ONLY,
    Band,
    Formula,
    Indicator,
    MalformedEdition,
    Measure,
    MinimumBase,
    Scale,
    Source,
    Support,
    read_bands,
    write_bands,
)
from standards.framework.problem import ValidationProblem
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
from standards.framework.structure import Domain, Framework, Standard, write_framework
from standards.framework.validation import find_problems

__all__ = [
    "CONDITION_FIELDS",
    "MOST_MONTHS",
    "PASSING",
    "REPORT_ONLY",
    "SCOPED",
    "SCOPE_FIELDS",
    "Aggregation",
    "Band",
    "Condition",
    "Domain",
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
    "ValidationProblem",
    "Wording",
    "canonical",
    "digest",
    "find_problems",
    "parse_framework",
    "parse_wording",
    "read_bands",
    "read_condition",
    "read_framework",
    "write_bands",
    "write_condition",
    "write_framework",
]
