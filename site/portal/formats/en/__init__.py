"""English as Europe writes it: the day before the month, twenty-four hours."""
