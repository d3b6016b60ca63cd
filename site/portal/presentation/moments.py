"""Formats moments with the abbreviation of their time zone."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def zoned(moment: datetime | None, name: str) -> str:
    """Format a moment by the format `name`, such as `TIME_FORMAT`, with its zone: `17:30 CET`. Empty for None."""
    if moment is None:
        return ""
    there = timezone.localtime(moment)
    return f"{date_format(there, name)} {there.tzname()}"


def saved_words(at: datetime | None) -> str:
    """Return when a text was saved: `Saved 17:30 CET`. Empty for None."""
    return _("Saved %(time)s") % {"time": zoned(at, "TIME_FORMAT")} if at else ""
