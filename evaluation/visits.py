"""Arranging a visit and walking it to its end."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from evaluation.conditions import Reason
from evaluation.judgements import lay_out
from evaluation.models import Evaluation, Finding, Role, Step, TeamMember, User, Visit
from evaluation.rules import is_allowed, stakes_of
from evaluation.workflow import Refusal, move


def find_obstacles(evaluation: Evaluation, lead: User | None, members: Iterable[User]) -> list[Reason]:
    """Who may not go: people with a stake in the hotline, and people who are no assessors."""
    team = [person for person in (lead, *members) if person]
    tied = tuple(person.name for person in team if stakes_of(person, evaluation.hotline))
    no_assessor = tuple(person.name for person in team if not person.has_role(Role.ASSESSOR))
    reasons = []
    if lead is None:
        reasons.append(Reason("no_lead"))
    if tied:
        reasons.append(Reason("team_has_a_stake", names=tied))
    if no_assessor:
        reasons.append(Reason("not_an_assessor", names=no_assessor))
    return reasons


@transaction.atomic
def arrange_visit(
    evaluation: Evaluation,
    *,
    starts_on: date,
    ends_on: date,
    mode: str,
    lead: User,
    members: Iterable[User] = (),
    by: User,
) -> Visit:
    """Set the dates and the team of the evaluation's visit, as long as it has not begun.

    Raises Refusal for somebody with a stake, whoever asks.
    """
    evaluation = Evaluation.objects.select_for_update().select_related("hotline").get(pk=evaluation.pk)
    members = [person for person in members if person != lead]
    reasons = find_obstacles(evaluation, lead, members)
    if not is_allowed("visit.arrange", by, evaluation):
        reasons.append(Reason("not_permitted"))
    visit = Visit.objects.select_for_update().filter(evaluation=evaluation).first()
    if evaluation.state not in (Evaluation.State.DESK_REVIEW, Evaluation.State.STUDY_VISIT):
        reasons.append(Reason("wrong_state"))
    if visit and visit.state != Visit.State.PLANNED:
        reasons.append(Reason("visit_has_begun"))
    if reasons:
        raise Refusal("arrange", reasons)
    if visit is None:
        visit = Visit(evaluation=evaluation)
        lay_out([evaluation], Finding)
    visit.mode, visit.starts_on, visit.ends_on = mode, starts_on, ends_on
    visit.save()
    visit.team.all().delete()
    TeamMember.objects.bulk_create(
        [TeamMember(visit=visit, user=lead, is_lead=True), *(TeamMember(visit=visit, user=user) for user in members)]
    )
    return visit


@transaction.atomic
def reopen_findings(evaluation: Evaluation, *, by: User, note: str) -> Step:
    """Open the findings of a report again, so that the team can change one and sign off once more."""
    step = move(evaluation, "reopen_findings", by=by, note=note)
    move(evaluation.visit, "reopen", by=by)
    return step


@transaction.atomic
def resume(evaluation: Evaluation, *, by: User, note: str) -> Step:
    """Take a deferred evaluation up again: its answers are open, and its visit is planned anew."""
    step = move(evaluation, "resume", by=by, note=note)
    move(evaluation.visit, "plan_again", by=by)
    return step


@transaction.atomic
def sign_off(visit: Visit, *, by: User, note: str = "") -> Step:
    """Sign the findings off; the evaluation goes on to its report by itself."""
    step = move(visit, "sign_off", by=by, note=note)
    move(visit.evaluation, "begin_report", by=by)
    return step
