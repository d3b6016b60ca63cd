"""The visits of a round and their teams as rows of the table, with reasons and alternatives."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.models import Evaluation, User
from evaluation.visits.assessors import is_described
from evaluation.visits.assignment import (
    Alternative,
    Period,
    Rule,
    Seat,
    Team,
    explain_seat,
    find_alternatives,
    find_exclusions,
    speaks,
    visits_by_assessor,
)
from portal.rounds.teams.problem import PROPOSABLE, RoundProblem
from portal.rounds.teams.sentences import SHORT_RULES, describe_seat, list_domains, list_languages

FEW = 3
"""The most alternatives that are named at a seat."""


@dataclass(frozen=True, slots=True)
class ShownSeat:
    """A seat: its holder with the reasons, or the reasons why it is empty; and the alternatives with their cost."""

    person: User | None
    reasons: Sequence[str]
    others: Sequence[tuple[User, int]]
    out: Sequence[tuple[str, int]]
    """Of an empty seat: each reason, and how many assessors it excludes."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A visit that needs a team."""

    evaluation: Evaluation
    languages: str
    concerns: Sequence[str]
    days: Period | None
    seats: Sequence[ShownSeat]
    is_chosen: bool
    """Whether the team was chosen by hand."""
    is_proposable: bool
    says: Sequence[str]

    @property
    def country(self) -> str:
        return self.evaluation.hotline.country


@dataclass(frozen=True, slots=True)
class LoadRow:
    """An assessor: the arranged visits of this round, those planned on the page, and the most they do."""

    person: User
    arranged: int
    planned: int
    most: int
    has_profile: bool

    @property
    def total(self) -> int:
        return self.arranged + self.planned


def show_rows(
    of: RoundProblem, teams: Mapping[str, Team], shown: Sequence[Evaluation], chosen: Collection[str]
) -> list[TeamRow]:
    """Return the rows of some visits. No query."""
    rows = []
    for evaluation in shown:
        country = evaluation.hotline.country
        need = of.problem.need[country]
        says = []
        able = [one for one in of.problem.assessors if not find_exclusions(one, need, Seat.SECOND)]
        if able and not any(speaks(one, need) for one in able):
            says.append(_("Nobody who could go speaks a language of this hotline."))
        rows.append(
            TeamRow(
                evaluation=evaluation,
                languages=list_languages(need.languages),
                concerns=list_domains(need.concerns, of),
                days=need.days,
                seats=[_show_seat(of, teams, country, seat) for seat in Seat],
                is_chosen=country in chosen,
                is_proposable=evaluation.state in PROPOSABLE,
                says=says,
            )
        )
    return rows


def _show_seat(of: RoundProblem, teams: Mapping[str, Team], country: str, seat: Seat) -> ShownSeat:
    alternatives = find_alternatives(of.problem, teams, country, seat)
    explained = explain_seat(of.problem, teams, country, seat)
    key = teams[country].at(seat)
    return ShownSeat(
        person=of.people[key] if key else None,
        reasons=describe_seat(explained, of) if explained else (),
        others=[(of.people[one.assessor], one.cost) for one in alternatives if not one.breaks][:FEW],
        out=() if key else count_reasons(alternatives),
    )


def count_reasons(alternatives: Sequence[Alternative]) -> list[tuple[str, int]]:
    """Return the reasons that exclude assessors, each with the number whose first reason it is, most first."""
    counts: dict[Rule, int] = {}
    for one in alternatives:
        if one.breaks:
            rule = one.breaks[0].rule
            counts[rule] = counts.get(rule, 0) + 1
    return [
        (str(SHORT_RULES[rule]), count) for rule, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    ]


def show_loads(of: RoundProblem, teams: Mapping[str, Team]) -> list[LoadRow]:
    """Return the assessors by their visits, most first, then by name."""
    planned = visits_by_assessor(teams)
    rows = [
        LoadRow(
            person=person,
            arranged=of.problem.assessor[key].visits,
            planned=len(planned.get(key, ())),
            most=of.problem.assessor[key].most_visits,
            has_profile=is_described(person),
        )
        for key, person in of.people.items()
    ]
    return sorted(rows, key=lambda row: -row.total)
