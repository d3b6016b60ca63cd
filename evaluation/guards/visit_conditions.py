"""The conditions of planning a study visit."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.conditions import ties_of_team
from evaluation.guards.reasons import Condition, Reason, wrong_state
from evaluation.guards.roles import Role

if TYPE_CHECKING:
    from evaluation.models import Visit


@Condition
def the_evaluation_awaits_its_visit(visit: "Visit") -> Iterator[Reason]:
    """The evaluation is in the stage desk review or study visit."""
    states = visit.evaluation.State
    awaiting = (states.DESK_REVIEW, states.STUDY_VISIT)
    if visit.evaluation.state not in awaiting:
        yield wrong_state(visit.evaluation, *awaiting)


@Condition
def the_visit_is_about_something(visit: "Visit") -> Iterator[Reason]:
    """The visit is not limited, or at least one of the indicators to which it is limited is still asked."""
    if visit.only_codes and not visit.evaluation.examined:
        yield Reason("limited_to_nothing", codes=tuple(visit.only_codes))


@Condition
def every_member_has_declared(visit: "Visit") -> Iterator[Reason]:
    """Every member of the team has declared to have no stake in the hotline."""
    if waiting := tuple(member.user.name for member in visit.team.all() if member.declared_at is None):
        yield Reason("interests_not_declared", names=waiting)


@Condition
def the_team_cannot_go_on(visit: "Visit") -> Iterator[Reason]:
    """A member of the team has a tie to the hotline, an unknown country, or no role as assessor any more."""
    team = visit.assessors
    is_tied = any(ties_of_team(team, visit.evaluation.hotline))  # first: it reads the roles of all of them at once
    if not is_tied and all(person.has_role(Role.ASSESSOR) for person in team):
        yield Reason("team_can_go_on")
