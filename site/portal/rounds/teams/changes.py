"""The teams and the days that MCE chose by hand, kept in the query string of the page; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from evaluation.visits.assignment import Assignment, Period, Problem, Seat, Team

_BETWEEN = "."
TEAM, DAYS = "team", "days"
"""The names of a team and of days in an address: `team=XA.LEAD.SECOND`, `days=XA.2026-05-04.2026-05-05`."""


@dataclass(frozen=True)
class Changes:
    """The chosen teams and the wanted days, each by the country of the hotline."""

    teams: Mapping[str, Team] = field(default_factory=dict)
    days: Mapping[str, Period] = field(default_factory=dict)

    @classmethod
    def read(cls, query: QueryDict) -> "Changes":
        """Read a query string. Values of another format are ignored."""
        teams, days = {}, {}
        for value in query.getlist(TEAM):
            parts = value.split(_BETWEEN)
            if len(parts) == 3 and all(parts):
                teams[parts[0]] = Team(parts[1], parts[2])
        for value in query.getlist(DAYS):
            country, _dot, period = value.partition(_BETWEEN)
            if found := _read_period(period):
                days[country] = found
        return cls(teams, days)

    def known(self, problem: Problem) -> "Changes":
        """Return the changes of visits that still need a team, without people who are not assessors."""
        teams = {
            country: team
            for country, team in self.teams.items()
            if country in problem.need and all(key in problem.assessor for key in team.members)
        }
        return Changes(teams, {country: days for country, days in self.days.items() if country in problem.need})

    def with_visit(self, country: str, team: Team | None, days: Period | None) -> "Changes":
        """Return the changes with another choice for one visit. None removes the chosen team or the days."""
        teams = {key: one for key, one in self.teams.items() if key != country} | ({country: team} if team else {})
        wanted = {key: one for key, one in self.days.items() if key != country} | ({country: days} if days else {})
        return Changes(teams, wanted)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the query string, in the order of the countries."""
        pairs = [
            (TEAM, _BETWEEN.join([country, *(team.at(seat) or "" for seat in Seat)]))
            for country, team in sorted(self.teams.items())
        ]
        pairs += [
            (DAYS, _BETWEEN.join([country, days.first.isoformat(), days.last.isoformat()]))
            for country, days in sorted(self.days.items())
        ]
        return pairs

    def write(self) -> str:
        """Return the query string with its question mark; empty without changes."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    def applied_to(self, assignment: Assignment) -> dict[str, Team]:
        """Return the teams of the assignment, replaced by the chosen ones."""
        return {**assignment.teams, **self.teams}


def _read_period(value: str) -> Period | None:
    first, _dot, last = value.partition(_BETWEEN)
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None
    return period if period.first <= period.last else None
