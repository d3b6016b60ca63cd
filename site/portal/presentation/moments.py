"""Moments as people read them: with the zone of the clock."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format


def zoned(moment: datetime | None, name: str) -> str:
    """A moment in the format `name`, such as `TIME_FORMAT`, with its zone: `17:30 CET`. Nothing for no moment."""
    if moment is None:
        return ""
    there = timezone.localtime(moment)
    return f"{date_format(there, name)} {there.tzname()}"
