"""The declarations of every entry of edition files: its kind, its default, its meaning, and an example.

Both the reader and the generated reference page use them, so that they always have the same entries. The examples of
all tables together form an edition that passes `check_edition`.
"""

from standards.editions.entries.domain import DOMAIN, STANDARD
from standards.editions.entries.edition import (
    AGGREGATION,
    CONDITION,
    GROUP,
    OBLIGATION,
    OUTCOME,
    PROCEDURE_TABLE,
    RESULT,
    SCALE,
    TESTS,
    TITLE_PAGE,
    TRAIT,
)
from standards.editions.entries.entry import ANY_NUMBER, NEEDED, Entry, Table
from standards.editions.entries.indicator import INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS

__all__ = [
    "AGGREGATION",
    "ANY_NUMBER",
    "CONDITION",
    "DOMAIN",
    "GROUP",
    "INDICATOR",
    "LEVEL_TEXTS",
    "NEEDED",
    "OBLIGATION",
    "OUTCOME",
    "PROCEDURE_TABLE",
    "RECOMMENDATION_TEXTS",
    "RESULT",
    "SCALE",
    "STANDARD",
    "TABLES",
    "TESTS",
    "TITLE_PAGE",
    "TRAIT",
    "Entry",
    "Table",
    "table_within",
]

TABLES = (
    *(TITLE_PAGE, SCALE, AGGREGATION, PROCEDURE_TABLE, OBLIGATION, OUTCOME, RESULT, TRAIT, GROUP, CONDITION),
    *(DOMAIN, STANDARD, INDICATOR, LEVEL_TEXTS, RECOMMENDATION_TEXTS),
)

_INNER = {
    TITLE_PAGE.begins: {
        "scale": SCALE,
        "aggregation": AGGREGATION,
        "passing": CONDITION,
        "procedure": PROCEDURE_TABLE,
        "obligations": OBLIGATION,
        "outcomes": OUTCOME,
        "traits": TRAIT,
        "groups": GROUP,
        "results": RESULT,
    },
    OUTCOME.begins: {"conditions": CONDITION},
    CONDITION.begins: {"conditions": CONDITION},
    DOMAIN.begins: {"standards": STANDARD},
    STANDARD.begins: {"indicators": INDICATOR},
    INDICATOR.begins: {"levels": LEVEL_TEXTS, "recommendation": RECOMMENDATION_TEXTS},
}


def table_within(table: Table, entry: Entry) -> Table | None:
    """Return the table that an entry contains, alone or as a list. None for a plain value."""
    return _INNER.get(table.begins, {}).get(entry.name)
