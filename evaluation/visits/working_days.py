"""Weekends and public holidays on the days of a visit, in the countries of the hotline and of the team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day on which people do not work: a weekend, or the holiday of that name in a country."""

    day: date
    holiday: str = ""
    country: str = ""


def find_free_days(first: date, last: date, countries: Iterable[str], *, language: str) -> list[FreeDay]:
    """Return the weekends and the public holidays of these countries from the first to the last day, in their order.

    The name of a holiday is in the language if the country has it in that language, else in the country's own. A code
    of no country that is known has no holidays. Holidays of a part of a country are left out: nobody says in which
    part a hotline is.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found = [FreeDay(day) for day in days if day.weekday() >= SATURDAY]
    for country in dict.fromkeys(countries):
        found += [
            FreeDay(day, name, country) for day in days if (name := _holidays_of(country, day.year, language).get(day))
        ]
    return sorted(found, key=lambda free: free.day)


@lru_cache(maxsize=200)
def _holidays_of(country: str, year: int, language: str) -> dict[date, str]:
    """Return the public holidays of a country in a year; none of an unknown one."""
    from holidays import country_holidays, list_localized_countries, list_supported_countries  # noqa: PLC0415 - it takes a second to load, and few pages need it

    if country not in list_supported_countries():
        return {}
    localized = list_localized_countries().get(country, [])
    code = next((one for one in localized if one.partition("_")[0] == language), None)
    return dict(country_holidays(country, years=year, language=code))
