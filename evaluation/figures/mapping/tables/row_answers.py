"""Define the answers about ambiguous rows: names and values among the constants of a mapping. Pure."""

import hashlib

from evaluation.figures.mapping.column_mapping import LEFT_OUT, ColumnMapping

EMPTY_CELLS, ABOVE = "empty_cells", "above"
"""The meaning of an empty cell in a column of periods or groups: the value above, or that the row is left out."""
REPEATED, ADD = "repeated", "add"
"""The treatment of numbers that occur several times for the same time."""
ALIKE, EACH, ONCE = "alike", "each", "once"
"""The treatment of rows of contacts or cases that are equal in every cell and have no key."""
SAME_CASE, CHILDREN = "same_case", "children"
"""The treatment of rows with the key of an earlier row, without a column of the child: further children of the case."""
DOUBTS, RIGHT = "doubts", "right"
"""What is odd in the numbers beside each other: a user says that they are right."""

OF_PERIOD = "period"
"""The constant of a month that is that of the whole file."""

ROW_ANSWERS = {
    EMPTY_CELLS: (ABOVE, LEFT_OUT),
    REPEATED: (ADD,),
    ALIKE: (EACH, ONCE),
    SAME_CASE: (CHILDREN,),
    DOUBTS: (RIGHT,),
}


def answer_for(mapping: ColumnMapping, about: str, basis: str) -> str:
    """Return the answer about rows; an empty string if there is none, or if it was given for another `basis`."""
    said = mapping.evidence_of("rows", about)
    return mapping.constants.get(about, "") if said in (None, basis) else ""


def basis_of(*facts: object) -> str:
    """Return a digest of the facts that an answer about rows is given for."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
