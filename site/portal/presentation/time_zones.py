"""The time zones offered to people and rounds."""

import zoneinfo
from functools import cache

NEIGHBOURS = frozenset({"Asia/Nicosia", "Asia/Tbilisi", "Asia/Yerevan", "UTC"})
"""Zones of hotlines, and of the servers, that are not named after Europe."""


@cache
def installed() -> frozenset[str]:
    """Return every zone of this machine. Cached, as reading hundreds of files takes a quarter of a second."""
    return frozenset(zoneinfo.available_timezones())


def of_rounds() -> list[str]:
    return sorted(name for name in installed() if name.startswith("Europe/"))


def of_people(present: str) -> list[str]:
    """Return the zones around Europe, and `present`, the current one of a user or a hotline."""
    names = {name for name in installed() if name.startswith(("Europe/", "Atlantic/"))}
    return sorted(names | NEIGHBOURS | {present})
