"""The profiles of the invented assessors, and their absences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.models import Absence, AssessorProfile, User
from portal.demonstration.people import COLLEAGUE, LEAD
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Profile:
    """What an assessor stated: languages, codes of domains, and the other fields of the form."""

    languages: tuple[str, ...]
    domains: tuple[str, ...]
    can_lead: bool = True
    most_visits: int = 7
    away: tuple[int, int] | None = None
    """The first and the last day of an absence, in days from today."""


PROFILES: Mapping[str, Profile] = {
    LEAD: Profile(("en", "lt", "pl"), ("D1", "D2", "D5")),
    COLLEAGUE: Profile(("en", "el"), ("D3", "D4"), most_visits=5),
    "dimitar@assessors.example": Profile(("en", "bg"), ("D6",), can_lead=False),
    "marta@assessors.example": Profile(("en", "pl"), ("D2", "D6", "D7"), away=(14, 35)),
    "henrik@assessors.example": Profile(("da", "sv", "en"), ("D1", "D4"), most_visits=8),
    "ines@assessors.example": Profile(("pt", "es", "en"), ("D3", "D7")),
    "pavel@assessors.example": Profile(("cs", "sk"), ("D5", "D8"), can_lead=False, most_visits=5),
}
"""By address. Saoirse has not filled in her profile."""


def describe_assessors(people: Mapping[str, User], framework: Framework, today: date) -> None:
    """Save the profiles. Codes of domains that the edition does not have are left out."""
    known = {domain.code: domain.permanent_key for domain in framework.domains}
    for address, stated in PROFILES.items():
        AssessorProfile.objects.create(
            user=people[address],
            languages=list(stated.languages),
            domains=[known[code] for code in stated.domains if code in known],
            can_lead=stated.can_lead,
            most_visits=stated.most_visits,
        )
        if stated.away:
            first, last = (today + timedelta(days=days) for days in stated.away)
            Absence.objects.create(user=people[address], starts_on=first, ends_on=last)
