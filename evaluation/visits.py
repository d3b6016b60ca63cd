"""Arranging a visit and walking it to its end."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from evaluation.assessment.judgements import create_blank_answers
from evaluation.guards.conditions import Reason, no_right, ties_of_team, wrong_state
from evaluation.guards.permissions import is_allowed
from evaluation.models import Evaluation, Finding, Role, Step, TeamMember, User, Visit
from evaluation.workflow import Refusal, act_of, perform

ARRANGED_IN = (Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT)
"""The stages in which the dates and the team of a visit are set."""


def find_arrangement_reasons(evaluation: Evaluation, lead: User | None, members: Iterable[User]) -> list[Reason]:
    """Who may not go: people with a tie to the hotline or without a country, and people who are no assessors."""
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
    """Who of the team is on another visit on one of the days: a reason each, with the hotline and its first day."""
    seats = TeamMember.objects.filter(
        user__in=list(team), visit__starts_on__lte=ends_on, visit__ends_on__gte=starts_on
    ).exclude(visit__evaluation__state=Evaluation.State.EXCUSED)
    elsewhere = seats.exclude(visit__evaluation=evaluation).select_related("user", "visit__evaluation__hotline")
    return [
        Reason("member_elsewhere", names=(seat.user.name, seat.visit.evaluation.hotline.name), day=seat.visit.starts_on)
        for seat in elsewhere.order_by("visit__starts_on", "pk")
    ]


@transaction.atomic
def arrange_visit(
    evaluation: Evaluation,
    *,
    starts_on: date,
    ends_on: date,
    mode: str,
    lead: User,
    members: Iterable[User] = (),
    alone_because: str = "",
    by: User,
) -> Visit:
    """Set the dates and the team of the evaluation's visit, as long as it has not begun. The step says both.

    Raises Refusal for somebody with a tie, whoever asks; for days that are over or on which a member is elsewhere; and
    for a team of one without the reason `alone_because`.
    """
    evaluation = Evaluation.objects.select_for_update().select_related("hotline", "round").get(pk=evaluation.pk)
    members = [person for person in members if person != lead]
    team = [lead, *members]
    # Two visits arranged at once do not both take somebody for the same day.
    list(User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in team]).order_by("pk"))
    reasons = find_arrangement_reasons(evaluation, lead, members)
    if not is_allowed("visit.arrange", by, evaluation):
        reasons.append(no_right("visit.arrange", by, evaluation))
    visit = Visit.objects.select_for_update().filter(evaluation=evaluation).first()
    if evaluation.state not in ARRANGED_IN:
        reasons.append(wrong_state(evaluation, *ARRANGED_IN))
    if visit and visit.state != Visit.State.PLANNED:
        reasons.append(Reason("visit_has_begun"))
    if starts_on < evaluation.round.today and (visit is None or starts_on != visit.starts_on):
        reasons.append(Reason("visit_in_the_past", day=starts_on))
    reasons += find_visit_conflicts(evaluation, team, starts_on, ends_on)
    if not members and not alone_because.strip():
        reasons.append(Reason("one_person_team"))
    if reasons:
        raise Refusal("arrange", reasons)
    if visit is None:
        visit = Visit(evaluation=evaluation)
        create_blank_answers([evaluation], Finding)
    visit.mode, visit.starts_on, visit.ends_on = mode, starts_on, ends_on
    visit.alone_because = "" if members else alone_because.strip()
    visit.save()
    visit.team.all().delete()
    TeamMember.objects.bulk_create(
        [TeamMember(visit=visit, user=lead, is_lead=True), *(TeamMember(visit=visit, user=user) for user in members)]
    )
    names = ", ".join(person.name for person in team)
    days = f"{starts_on.isoformat()} > {ends_on.isoformat()}: {names}"
    perform(visit, "arrange", by=by, note=f"{days}. {visit.alone_because}" if visit.alone_because else days)
    return visit


@act_of(Evaluation.kind, "reopen_findings")
def _reopen(evaluation: Evaluation, step: Step) -> None:
    """Open the visit of a report again, so that the team can change a finding and sign off once more."""
    perform(evaluation.visit, "reopen", by=step.words.by)


@act_of(Evaluation.kind, "resume")
def _plan_again(evaluation: Evaluation, step: Step) -> None:
    """Plan the visit of a deferred evaluation anew: its answers are open again."""
    perform(evaluation.visit, "plan_again", by=step.words.by)


@act_of(Visit.kind, "sign_off")
def _begin_report(visit: Visit, step: Step) -> None:
    """Let the evaluation go on to its report."""
    perform(visit.evaluation, "begin_report", by=step.words.by)
