"""Every entry that the files of an edition can have: its kind, its default, what it means, and an example.

The reader takes its kinds and defaults from here, and the reference page is written from here: neither can know an entry
that the other does not. The examples of all tables together are an edition that passes `check_edition`.
"""

from standards.editions.entries.domain import DOMAIN, STANDARD
from standards.editions.entries.edition import (
    AGGREGATION,
    CONDITION,
    OBLIGATION,
    OUTCOME,
    PROCEDURE_TABLE,
    SCALE,
    TESTS,
    TITLE_PAGE,
)
from standards.editions.entries.entry import ANY_NUMBER, NEEDED, Entry, Table
from standards.editions.entries.indicator import INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS

__all__ = [
    "AGGREGATION",
    "ANY_NUMBER",
    "CONDITION",
    "DOMAIN",
    "INDICATOR",
    "LEVEL_TEXTS",
    "NEEDED",
    "OBLIGATION",
    "OUTCOME",
    "PROCEDURE_TABLE",
    "RECOMMENDATION_TEXTS",
    "SCALE",
    "STANDARD",
    "TABLES",
    "TESTS",
    "TITLE_PAGE",
    "Entry",
    "Table",
]

TABLES = (
    *(TITLE_PAGE, SCALE, AGGREGATION, PROCEDURE_TABLE, OBLIGATION, OUTCOME, CONDITION),
    *(DOMAIN, STANDARD, INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS),
)
