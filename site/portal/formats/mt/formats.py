"""Maltese, for which Django has no formats."""

DATE_FORMAT = "j \\t\\a’ F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j \\t\\a’ F Y, H:i"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "d/m/Y H:i"
FIRST_DAY_OF_WEEK = 0
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
