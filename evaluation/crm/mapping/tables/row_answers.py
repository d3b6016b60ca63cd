"""Define the answers about ambiguous rows: names and values among the constants of a mapping. Pure."""

from evaluation.crm.mapping.column_mapping import LEFT_OUT

EMPTY_CELLS, ABOVE = "empty_cells", "above"
"""The meaning of an empty cell in a column of periods or groups: the value above, or that the row is left out."""
REPEATED, ADD = "repeated", "add"
"""The treatment of numbers that occur several times for the same time."""
ALIKE, EACH, ONCE = "alike", "each", "once"
"""The treatment of rows of contacts or cases that are equal in every cell and have no key."""

ROW_ANSWERS = {EMPTY_CELLS: (ABOVE, LEFT_OUT), REPEATED: (ADD,), ALIKE: (EACH, ONCE)}
