"""European English: the day before the month, twenty-four hours."""
