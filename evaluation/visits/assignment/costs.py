"""The soft constraints of an assignment, as integer costs. A lower sum is better.

The costs weigh the soft constraints against each other. An empty seat costs more than the soft constraints of a team.
"""

from collections.abc import Mapping
from enum import StrEnum

from evaluation.visits.assignment.problem import Assessor, Need, Problem, Seat, Team, Teams, visits_by_assessor
from evaluation.visits.assignment.rules import speaks


class Cost(StrEnum):
    """A soft constraint that is not met."""

    EMPTY = "empty"
    LANGUAGE = "language"
    CONCERN = "concern"
    NO_EXPERIENCE = "no_experience"
    NO_LEARNER = "no_learner"
    NEW_LEAD = "new_lead"
    LOAD = "load"


COSTS: Mapping[Cost, int] = {
    Cost.EMPTY: 1000,
    Cost.LANGUAGE: 4,
    Cost.CONCERN: 2,
    Cost.NO_EXPERIENCE: 6,
    Cost.NO_LEARNER: 1,
    Cost.NEW_LEAD: 2,
    Cost.LOAD: 3,
}
"""In this order: an empty seat; a member who speaks no language of the hotline; a domain of concern that no member has;
a team without an experienced member; a team of two experienced members; a lead without experience; and the second visit
of an assessor in the round, where the third costs twice as much, and so on."""


def cost_of_seat(assessor: Assessor, need: Need, seat: Seat) -> int:
    """Return the cost of one member that does not depend on the other member."""
    language = 0 if speaks(assessor, need) else COSTS[Cost.LANGUAGE]
    return language + (COSTS[Cost.NEW_LEAD] if seat is Seat.LEAD and not assessor.is_experienced else 0)


def cost_of_team(problem: Problem, need: Need, team: Team) -> dict[Cost, int]:
    """Return the costs of a team by soft constraint, without those that are 0."""
    people = [problem.assessor[key] for key in team.members]
    empty, experienced = 2 - len(people), sum(one.is_experienced for one in people)
    known = frozenset[str]().union(*(one.domains for one in people))
    amounts = {
        Cost.EMPTY: empty,
        Cost.LANGUAGE: sum(not speaks(one, need) for one in people),
        Cost.CONCERN: len(need.concerns - known),
        Cost.NO_EXPERIENCE: int(not experienced and not empty),
        Cost.NO_LEARNER: int(experienced == 2),
        Cost.NEW_LEAD: int(team.lead is not None and not problem.assessor[team.lead].is_experienced),
    }
    return {cost: COSTS[cost] * amount for cost, amount in amounts.items() if amount}


def cost_of_load(visits: int) -> int:
    """Return the cost of the load of an assessor with this number of visits in the round: 0, 0, 3, 9, 18."""
    return COSTS[Cost.LOAD] * visits * (visits - 1) // 2


def cost_of_another_visit(visits: int) -> int:
    """Return the cost of another visit for an assessor with this number of visits."""
    return COSTS[Cost.LOAD] * visits


def cost_of_teams(problem: Problem, teams: Teams) -> dict[Cost, int]:
    """Return the costs of all teams by soft constraint. Visits that are already arranged cost nothing."""
    total: dict[Cost, int] = {}
    for key, team in teams.items():
        for cost, amount in cost_of_team(problem, problem.need[key], team).items():
            total[cost] = total.get(cost, 0) + amount
    load = 0
    for key, visits in visits_by_assessor(teams).items():
        before = problem.assessor[key].visits
        load += cost_of_load(before + len(visits)) - cost_of_load(before)
    return total | ({Cost.LOAD: load} if load else {})
