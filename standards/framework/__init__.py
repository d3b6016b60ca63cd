"""The pure shape of a released edition: what is asked, how it is measured, what it takes. No database, no text.

A `Framework` is the structure alone. Words live in a `Wording` per language, keyed by the paths of `text_paths`,
so that a translation can never change what counts.
"""

from standards.framework.canonical import canonical, digest
from standards.framework.shape import (
    REPORT_ONLY,
    Band,
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
    Scale,
    Source,
    Standard,
    Test,
    read_bands,
    write_bands,
)
from standards.framework.written import (
    Wording,
    find_problems,
    parse_framework,
    parse_wording,
    read_framework,
    write_framework,
)

__all__ = [
    "REPORT_ONLY",
    "Band",
    "Condition",
    "Domain",
    "Formula",
    "Framework",
    "Indicator",
    "MalformedEdition",
    "Measure",
    "MinimumBase",
    "Obligation",
    "Outcome",
    "Rule",
    "Scale",
    "Source",
    "Standard",
    "Test",
    "Wording",
    "canonical",
    "digest",
    "find_problems",
    "parse_framework",
    "parse_wording",
    "read_bands",
    "read_framework",
    "write_bands",
    "write_framework",
]
