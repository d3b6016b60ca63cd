"""The possible answers about ambiguous rows: names and values among the constants of a mapping. Pure."""

from evaluation.crm.mapping.column_mapping import LEFT_OUT

EMPTY_CELLS, ABOVE = "empty_cells", "above"
"""What an empty cell means in a column that says of which time or group a row is: the cell above, or leave the row out."""
REPEATED, ADD = "repeated", "add"
"""What becomes of numbers that stand several times for the same time."""
ALIKE, EACH, ONCE = "alike", "each", "once"
"""What becomes of rows about contacts or cases that are the same in every cell and have no key."""

ROW_ANSWERS = {EMPTY_CELLS: (ABOVE, LEFT_OUT), REPEATED: (ADD,), ALIKE: (EACH, ONCE)}
