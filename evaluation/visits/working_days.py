"""Find weekends and public holidays on the days of a visit, in the countries of the hotline and of the team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A non-working day: a weekend, or a named holiday in a country."""

    day: date
    holiday: str = ""
    country: str = ""


def find_free_days(first: date, last: date, countries: Iterable[str], *, language: str) -> list[FreeDay]:
    """Return the weekends and the public holidays of these countries from the first to the last day, by date.

    Names of holidays are in `language` if available, else in the country's default language. An unknown country code
    has no holidays. Regional holidays are left out, because the region of a hotline is not known.
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
    """Return the names of a country's public holidays in a year, by date; empty for an unknown country."""
    from holidays import country_holidays, list_localized_countries, list_supported_countries  # noqa: PLC0415 - takes a second to load, and few pages need it

    if country not in list_supported_countries():
        return {}
    localized = list_localized_countries().get(country, [])
    code = next((one for one in localized if one.partition("_")[0] == language), None)
    return dict(country_holidays(country, years=year, language=code))
