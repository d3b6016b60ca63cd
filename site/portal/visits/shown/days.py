"""The days of a visit as text, and sentences about weekends and public holidays among them."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.models import EarlierVisit, Hotline, Visit
from evaluation.visits.working_days import FreeDay, find_free_days


def describe_days(visit: Visit | EarlierVisit) -> str:
    """Return the days of a visit, agreed on or given up."""
    if visit.starts_on is None or visit.ends_on is None:
        return ""
    days = {"first": date_format(visit.starts_on), "last": date_format(visit.ends_on)}
    return days["first"] if visit.starts_on == visit.ends_on else _("%(first)s to %(last)s") % days


def countries_of(visit: Visit) -> dict[str, str]:
    """Return the names of the countries of the hotline and of the team, by code. One query; the team is read.

    A country without a hotline has no name here, and is left out.
    """
    codes = [visit.evaluation.hotline.country, *(person.country for person in visit.assessors)]
    return Hotline.objects.filter(country__in=codes).names()


def describe_free_days(first: date, last: date, countries: Mapping[str, str]) -> list[str]:
    """Return a sentence for each of the days on which people in these countries, by code, do not work."""
    language = (get_language() or "en").partition("-")[0]
    free = find_free_days(first, last, countries, language=language)
    return [_describe(day, list(group), countries) for day, group in groupby(free, key=lambda one: one.day)]


def _describe(day: date, free: Iterable[FreeDay], countries: Mapping[str, str]) -> str:
    holidays = [f"{one.holiday} ({countries[one.country]})" for one in free if one.holiday]
    names = {"weekday": date_format(day, "l"), "day": date_format(day), "holidays": ", ".join(holidays)}
    if holidays:
        return _("%(weekday)s, %(day)s is a public holiday: %(holidays)s") % names
    return _("%(weekday)s, %(day)s is a weekend") % names
