"""Italian: the day without a leading zero; the first day of a month is “1º”, as in French."""

DATE_FORMAT = "jS F Y"
DATETIME_FORMAT = "jS F Y, H:i"
MONTH_DAY_FORMAT = "jS F"
