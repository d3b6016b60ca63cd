"""Italian: the day without a nought before it."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
