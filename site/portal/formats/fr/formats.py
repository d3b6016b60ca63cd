"""French: the first day of a month is “1er”, by the format character S that `portal.apps` extends."""

DATE_FORMAT = "jS F Y"
DATETIME_FORMAT = "jS F Y H:i"
MONTH_DAY_FORMAT = "jS F"
