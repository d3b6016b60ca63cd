"""The names of the time zones that people and rounds are offered."""

import zoneinfo
from functools import cache

NEIGHBOURS = frozenset({"Asia/Nicosia", "Asia/Tbilisi", "Asia/Yerevan", "UTC"})
"""Zones of hotlines, and of the servers, that are not named after Europe."""


@cache
def installed() -> frozenset[str]:
    """Every zone this machine knows. They are read from hundreds of files, which takes a quarter of a second."""
    return frozenset(zoneinfo.available_timezones())


def of_rounds() -> list[str]:
    return sorted(name for name in installed() if name.startswith("Europe/"))


def of_people(present: str) -> list[str]:
    """The zones around Europe, and the one somebody has already."""
    names = {name for name in installed() if name.startswith(("Europe/", "Atlantic/"))}
    return sorted(names | NEIGHBOURS | {present})
