"""What the invented assessors can do on visits, and when they are away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from evaluation.models import Absence, AssessorProfile, User
from portal.demonstration.people import COLLEAGUE, LEAD
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Said:
    """What an assessor said: languages, codes of domains, and the rest as the form asks for it."""

    languages: tuple[str, ...]
    domains: tuple[str, ...]
    can_lead: bool = True
    most_visits: int = 7
    away: tuple[int, int] | None = None
    """The first and the last day that are not free, in days from today."""


SAID: Mapping[str, Said] = {
    LEAD: Said(("en", "lt", "pl"), ("D1", "D2", "D5")),
    COLLEAGUE: Said(("en", "el"), ("D3", "D4"), most_visits=5),
    "dimitar@assessors.example": Said(("en", "bg"), ("D6",), can_lead=False),
    "marta@assessors.example": Said(("en", "pl"), ("D2", "D6", "D7"), away=(14, 35)),
    "henrik@assessors.example": Said(("da", "sv", "en"), ("D1", "D4"), most_visits=8),
    "ines@assessors.example": Said(("pt", "es", "en"), ("D3", "D7")),
    "pavel@assessors.example": Said(("cs", "sk"), ("D5", "D8"), can_lead=False, most_visits=5),
}
"""By address. Saoirse has said nothing yet."""


def describe_assessors(people: Mapping[str, User], framework: Framework, today: date) -> None:
    """Save what the assessors said. Codes that the edition does not have are left out."""
    known = {domain.code: domain.permanent_key for domain in framework.domains}
    for address, said in SAID.items():
        AssessorProfile.objects.create(
            user=people[address],
            languages=list(said.languages),
            domains=[known[code] for code in said.domains if code in known],
            can_lead=said.can_lead,
            most_visits=said.most_visits,
        )
        if said.away:
            first, last = (today + timedelta(days=days) for days in said.away)
            Absence.objects.create(user=people[address], starts_on=first, ends_on=last)
