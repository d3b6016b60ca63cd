"""The study visit: its days, its team, and the effects of its moves on the evaluation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from evaluation.assessment.judgements import create_blank_answers
from evaluation.guards.conditions import ties_of_team
from evaluation.guards.permissions import is_allowed
from evaluation.guards.reasons import Reason, no_right, wrong_state
from evaluation.models import Evaluation, Finding, Role, Step, TeamMember, User, Visit
from evaluation.workflow import Act, Refusal, act_of, perform, register_act
from evaluation.workflow.noted_days import note_days

ARRANGED_IN = (Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT)
"""The stages in which the dates and the team of a visit are set."""


def find_arrangement_reasons(evaluation: Evaluation, lead: User | None, members: Iterable[User]) -> list[Reason]:
    """Return reasons against the team: a tie to the hotline, no country, or no assessor's role."""
    team = [person for person in (lead, *members) if person]
    no_assessor = tuple(person.name for person in team if not person.has_role(Role.ASSESSOR))
    reasons = []
    if lead is None:
        reasons.append(Reason("no_lead"))
    reasons += ties_of_team(team, evaluation.hotline)
    if no_assessor:
        reasons.append(Reason("not_an_assessor", names=no_assessor))
    return reasons


def find_visit_conflicts(evaluation: Evaluation, team: Iterable[User], starts_on: date, ends_on: date) -> list[Reason]:
    """Return a reason for each team member's other visit on these days, with its hotline and first day."""
    seats = TeamMember.objects.filter(
        user__in=list(team), visit__starts_on__lte=ends_on, visit__ends_on__gte=starts_on
    ).exclude(visit__evaluation__state=Evaluation.State.EXCUSED)
    elsewhere = seats.exclude(visit__evaluation=evaluation).select_related("user", "visit__evaluation__hotline")
    return [
        Reason("member_elsewhere", names=(seat.user.name, seat.visit.evaluation.hotline.name), day=seat.visit.starts_on)
        for seat in elsewhere.order_by("visit__starts_on", "pk")
    ]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The days and the team of a visit: at least two people, or the reason why one goes alone."""

    plan: Visit
    """The fields of `Visit.ARRANGED`, on an unsaved visit."""
    lead: User
    members: tuple[User, ...]

    @property
    def team(self) -> tuple[User, ...]:
        return (self.lead, *self.members)


@transaction.atomic
def arrange_visit(
    evaluation: Evaluation,
    *,
    lead: User,
    members: Iterable[User] = (),
    by: User,
    **arranged: Any,
) -> Visit:
    """Set the team of the evaluation's visit, and the `Visit.ARRANGED` fields, until the visit has begun.

    The first call creates the visit, with a blank finding for every indicator, and then arranges it: before, there is
    no visit to be moved. Raises Refusal for a member with a tie, whoever calls; for past days or days on which a member
    is on another visit; and for a team of one without the reason `alone_because`. Every reason is checked before a
    visit is created, and again by `perform`, which may be called for an existing visit.
    """
    others = tuple(person for person in members if person != lead)
    plan = Visit(**arranged)
    plan.alone_because = "" if others else plan.alone_because.strip()
    wanted = Arrangement(plan, lead, others)
    evaluation = Evaluation.objects.select_for_update().select_related("hotline", "round").get(pk=evaluation.pk)
    visit: Visit | None = Visit.objects.select_for_update().filter(evaluation=evaluation).first()
    if reasons := _why_not_arrange(evaluation, visit, wanted, by=by):
        raise Refusal("arrange", reasons)
    if visit is None:
        visit = Visit.objects.create(evaluation=evaluation, starts_on=plan.starts_on, ends_on=plan.ends_on)
        create_blank_answers([evaluation], Finding)
    perform(visit, "arrange", by=by, wanted=wanted)
    return visit


def _why_not_arrange(
    evaluation: Evaluation, visit: Visit | None, wanted: Arrangement, *, by: User | None
) -> list[Reason]:
    """Return every reason why a visit cannot be arranged like this.

    Locks the team, so that two visits arranged at once do not both get somebody for the same day.
    """
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in wanted.team]).order_by("pk"))
    reasons = find_arrangement_reasons(evaluation, wanted.lead, wanted.members)
    if not is_allowed("visit.arrange", by, evaluation):
        reasons.append(no_right("visit.arrange", by, evaluation))
    if evaluation.state not in ARRANGED_IN:
        reasons.append(wrong_state(evaluation, *ARRANGED_IN))
    if visit and visit.state != Visit.State.PLANNED:
        reasons.append(Reason("visit_has_begun"))
    if wanted.plan.starts_on < evaluation.round.today and (visit is None or wanted.plan.starts_on != visit.starts_on):
        reasons.append(Reason("visit_in_the_past", day=wanted.plan.starts_on))
    reasons += find_visit_conflicts(evaluation, wanted.team, wanted.plan.starts_on, wanted.plan.ends_on)
    if not wanted.members and not wanted.plan.alone_because:
        reasons.append(Reason("one_person_team"))
    return reasons


def _lock_evaluation(visit: Visit, _by: User | None) -> None:
    Evaluation.objects.select_for_update().get(pk=visit.evaluation_id)


def _may_be_arranged(visit: Visit, *, by: User | None, note: str, wanted: Arrangement) -> list[Reason]:
    return _why_not_arrange(visit.evaluation, visit, wanted, by=by)


def _name_days_and_team(_visit: Visit, _note: str, *, wanted: Arrangement) -> str:
    names = ", ".join(person.name for person in wanted.team)
    plan = wanted.plan
    return note_days(plan.starts_on, plan.ends_on, f"{names}. {plan.alone_because}" if plan.alone_because else names)


def _set_days_and_team(visit: Visit, *, by: User | None, wanted: Arrangement) -> None:
    """Set the days, the mode and the team."""
    for name in Visit.ARRANGED:
        setattr(visit, name, getattr(wanted.plan, name))
    visit.team.all().delete()
    TeamMember.objects.bulk_create(
        TeamMember(visit=visit, user=user, is_lead=user == wanted.lead) for user in wanted.team
    )


register_act(
    Visit.kind,
    "arrange",
    act=Act(lock=_lock_evaluation, check=_may_be_arranged, note=_name_days_and_team, prepare=_set_days_and_team),
)


@act_of(Evaluation.kind, "reopen_findings")
def _reopen(evaluation: Evaluation, step: Step) -> None:
    """Reopen the visit of a report, so that the team can change a finding and sign off again."""
    perform(evaluation.visit, "reopen", by=step.words.by, caused_by=step)


@act_of(Evaluation.kind, "resume")
def _plan_again(evaluation: Evaluation, step: Step) -> None:
    """Plan the visit of a deferred evaluation again: its answers are open again."""
    perform(evaluation.visit, "plan_again", by=step.words.by, caused_by=step)


@act_of(Visit.kind, "sign_off")
def _begin_report(visit: Visit, step: Step) -> None:
    """Move the evaluation to its report."""
    perform(visit.evaluation, "begin_report", by=step.words.by, caused_by=step)
