"""Lithuanian: a space between thousands."""

DATE_FORMAT = "Y \\m. E j \\d."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y \\m. E j \\d., H:i"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
