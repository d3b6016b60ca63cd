"""The units known to the system, with their computation and names. Others are names of the edition's own."""

PERCENT = "percent"
SECONDS, MINUTES, HOURS, DAYS = TIME = ("seconds", "minutes", "hours", "days")
