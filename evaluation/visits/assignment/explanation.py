"""Explain why an assessor is on a team, and list the alternatives with their costs and broken rules."""

from dataclasses import dataclass
from functools import partial

from evaluation.visits.assignment.costs import cost_of_another_visit, cost_of_team
from evaluation.visits.assignment.problem import Problem, Seat, Teams, visits_by_assessor
from evaluation.visits.assignment.rules import Break, breaks_of_team, find_exclusions, other_visits


@dataclass(frozen=True, slots=True)
class SeatExplanation:
    """The reasons for the assessor in a seat. `visits` is their number of visits in the round, this one included."""

    languages: frozenset[str]
    concerns: frozenset[str]
    is_experienced: bool
    visits: int
    most_visits: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another assessor for a seat: the rules that this would break, and the increase of the costs."""

    assessor: str
    breaks: tuple[Break, ...]
    cost: int


def explain_seat(problem: Problem, teams: Teams, visit: str, seat: Seat) -> SeatExplanation | None:
    """Return the reasons for the assessor in a seat; None if the seat is empty."""
    key = teams[visit].at(seat)
    if key is None:
        return None
    need, assessor = problem.need[visit], problem.assessor[key]
    return SeatExplanation(
        languages=need.languages & assessor.languages,
        concerns=need.concerns & assessor.domains,
        is_experienced=assessor.is_experienced,
        visits=assessor.visits + sum(key in team.members for team in teams.values()),
        most_visits=assessor.most_visits,
    )


def find_alternatives(problem: Problem, teams: Teams, visit: str, seat: Seat) -> list[Alternative]:
    """Return all other assessors for a seat, with all other seats unchanged: by cost, those who break rules last."""
    need, team = problem.need[visit], teams[visit]
    others = partial(other_visits, visits_by_assessor(teams), visit)
    present, partner = team.at(seat), team.with_seat(seat, None).members
    before = sum(cost_of_team(problem, need, team).values())

    def load(key: str | None) -> int:
        return 0 if key is None else cost_of_another_visit(problem.assessor[key].visits + len(others(key)))

    found = []
    for one in problem.assessors:
        if one.key == present or one.key in partner:
            continue
        wanted = team.with_seat(seat, one.key)
        breaks = tuple(Break(rule, visit, seat, one.key) for rule in find_exclusions(one, need, seat))
        breaks = breaks or tuple(breaks_of_team(problem, need, wanted, others))
        cost = sum(cost_of_team(problem, need, wanted).values()) + load(one.key) - before - load(present)
        found.append(Alternative(one.key, breaks, cost))
    return sorted(found, key=lambda one: (bool(one.breaks), one.cost, one.assessor))
