"""The data of an assignment problem: the visits and the assessors, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Seat(StrEnum):
    """A seat of a team. The second member need not be able to lead."""

    LEAD = "lead"
    SECOND = "second"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period of days, with both the first and the last."""

    first: date
    last: date

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Need:
    """The requirements of a visit. `languages` are those of the hotline, `concerns` permanent keys of domains.

    `key` is the country code of the hotline; there is one hotline per country.
    """

    key: str
    languages: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    days: Period | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """The skills and the availability of an assessor.

    `tied` are the keys of hotlines in which they have a stake or a role; `last_visited` are the keys of hotlines on
    whose last visit they were. `visits` is the number of their visits in this round, and `busy` the days of all their
    visits.
    """

    key: str
    country: str
    languages: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    can_lead: bool = True
    most_visits: int = 2
    visits: int = 0
    is_experienced: bool = False
    absences: tuple[Period, ...] = ()
    busy: tuple[Period, ...] = ()
    tied: frozenset[str] = frozenset()
    last_visited: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Team:
    """The keys of the assessors of a visit; None for an empty seat."""

    lead: str | None = None
    second: str | None = None

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(key for key in (self.lead, self.second) if key is not None)

    @property
    def is_full(self) -> bool:
        return self.lead is not None and self.second is not None

    def at(self, seat: Seat) -> str | None:
        return self.lead if seat is Seat.LEAD else self.second

    def with_seat(self, seat: Seat, key: str | None) -> "Team":
        return Team(key, self.second) if seat is Seat.LEAD else Team(self.lead, key)


@dataclass(frozen=True)
class Problem:
    """The visits that need a team, and the assessors. Both are sorted by key, so that the result is reproducible."""

    needs: tuple[Need, ...]
    assessors: tuple[Assessor, ...]

    @classmethod
    def of(cls, needs: Iterable[Need], assessors: Iterable[Assessor]) -> "Problem":
        return cls(
            tuple(sorted(needs, key=lambda need: need.key)),
            tuple(sorted(assessors, key=lambda assessor: assessor.key)),
        )

    @cached_property
    def need(self) -> Mapping[str, Need]:
        return {need.key: need for need in self.needs}

    @cached_property
    def assessor(self) -> Mapping[str, Assessor]:
        return {assessor.key: assessor for assessor in self.assessors}

    @cached_property
    def asks_for_speaker(self) -> dict[str, bool]:
        """The cache of `rules.needs_a_speaker`, by the key of the visit."""
        return {}


Teams = Mapping[str, Team]
"""The teams by the key of the visit."""


def visits_by_assessor(teams: Teams) -> dict[str, list[str]]:
    """Return the keys of each assessor's visits, in the order of the teams."""
    found: dict[str, list[str]] = {}
    for visit, team in teams.items():
        for key in team.members:
            found.setdefault(key, []).append(visit)
    return found
