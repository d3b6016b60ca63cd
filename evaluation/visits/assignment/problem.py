"""What is known of the visits and of the assessors, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Seat(StrEnum):
    """A seat of a team. The second member is never asked to be able to lead."""

    LEAD = "lead"
    SECOND = "second"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Need:
    """What a visit needs. `languages` are those of the hotline, `concerns` the permanent keys of domains.

    `key` is the code of the hotline's country, which is one for each hotline.
    """

    key: str
    languages: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    days: Period | None = None


@dataclass(frozen=True, slots=True)
class Assessor:
    """What an assessor can do, and what keeps them away.

    `tied` are the keys of hotlines with a stake or a role there, `last_visited` of those whose last visit they were on.
    `visits` are the visits of this round that they are on already, and `busy` the days of all their visits.
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
    """The keys of the assessors of a visit; None for a seat that nobody can take."""

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
    """The visits that need a team, and the assessors, each in the order of their keys: the result depends on no other."""

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
"""By the key of the visit."""


def visits_by_assessor(teams: Teams) -> dict[str, list[str]]:
    """Return the keys of each assessor's visits, in the order of the teams."""
    found: dict[str, list[str]] = {}
    for visit, team in teams.items():
        for key in team.members:
            found.setdefault(key, []).append(visit)
    return found
