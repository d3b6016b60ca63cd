"""The interests of a visit's team: every member declares to have no stake in the hotline, or leaves the team."""

from collections.abc import Iterable, Sequence

from evaluation.models import Stake, Step, User, Visit
from evaluation.models.evaluation import the_team_is_independent
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import every_member_has_declared, the_evaluation_awaits_its_visit
from evaluation.workflow import Act, perform, register_act

LONGEST_STAKE: int = Stake._meta.get_field("reason").max_length or 0


def declare_interests(visit: Visit, members: Iterable[User], *, by: User) -> Step:
    """Store that these members declared to have no stake. MCE may store it for others. Raises Refusal."""
    return perform(visit, "declare", by=by, members=tuple(members))


def declare_for_all(visit: Visit, *, by: User) -> None:
    """Store a declaration for every member without one. Raises Refusal."""
    waiting = [member.user for member in visit.team.filter(declared_at=None).select_related("user")]
    if waiting:
        declare_interests(visit, waiting, by=by)


def step_aside(visit: Visit, stake: str, *, by: User) -> Step:
    """Declare the tie of a team member to the hotline. It is stored as a stake, for every visit. Raises Refusal."""
    return perform(visit, "step_aside", by=by, stake=stake)


def confirm_declared_team(visit: Visit, step: Step) -> None:
    """Confirm the team as part of `step`, if the days are agreed and every condition of `confirm_team` holds."""
    conditions = (the_evaluation_awaits_its_visit, every_member_has_declared, the_team_is_independent)
    if visit.state == Visit.State.DATES_AGREED and not any(one.reasons(visit) for one in conditions):
        perform(visit, "confirm_team", by=None, caused_by=step)


def _may_declare(visit: Visit, *, by: User | None, note: str, members: Sequence[User]) -> list[Reason]:
    team = {member.user_id for member in visit.team.all()}
    if not members or not {person.pk for person in members} <= team:
        return [Reason("not_on_the_team", names=tuple(person.name for person in members if person.pk not in team))]
    if any(person != by for person in members) and not is_allowed("visit.arrange", by, visit):
        return [no_right("visit.arrange", by, visit)]
    unknown = tuple(person.name for person in members if not person.country)
    return [Reason("country_unknown", names=unknown)] if unknown else []


def _name_members(_visit: Visit, _note: str, *, members: Sequence[User]) -> str:
    return ", ".join(person.name for person in members)


def _write_declarations(visit: Visit, step: Step, *, members: Sequence[User]) -> None:
    """Store when each of these members declared. Confirm the team if no declaration is missing."""
    undeclared = visit.team.filter(user__in=list(members), declared_at=None)
    undeclared.update(declared_at=step.at)
    confirm_declared_team(visit, step)


def _has_words(_visit: Visit, *, by: User | None, note: str, stake: str) -> list[Reason]:
    return [] if stake.strip() else [Reason("no_words")]


def _note_nothing(_visit: Visit, _note: str, *, stake: str) -> str:
    """Return an empty note: the hotline can read the log, so the tie is stored in the stake only."""
    return ""


def _write_stake(visit: Visit, step: Step, *, stake: str) -> None:
    by = step.words.by
    assert by is not None
    Stake.objects.get_or_create(
        user=by, hotline=visit.evaluation.hotline, defaults={"reason": stake.strip()[:LONGEST_STAKE]}
    )


register_act(Visit.kind, "declare", act=Act(check=_may_declare, note=_name_members, run=_write_declarations))
register_act(Visit.kind, "step_aside", act=Act(check=_has_words, note=_note_nothing, run=_write_stake))
