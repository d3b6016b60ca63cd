"""The units that the system knows: what it computes in them and by what name it shows them. Any other is a word of the edition's own."""

PERCENT = "percent"
SECONDS, MINUTES, HOURS, DAYS = TIME = ("seconds", "minutes", "hours", "days")
