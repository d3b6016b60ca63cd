"""Plan the study visit: propose it with its team, arrange it at once, change its team; and acts of related moves."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from evaluation.answers.deadline.timing import give_time_to_complete
from evaluation.answers.judgements import create_blank_answers
from evaluation.models import EarlierVisit, Evaluation, Finding, Role, Step, TeamMember, User, Visit
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import ties_of_team
from evaluation.models.reasons import Reason
from evaluation.models.visits.visit import the_evaluation_awaits_its_visit, the_team_cannot_go_on
from evaluation.visits.dates import (
    Agreement,
    close_suggestions,
    find_days_reasons,
    find_visit_conflicts,
    lock_evaluation,
    lock_people,
    suggest_dates,
)
from evaluation.visits.interests import confirm_declared_team, declare_for_all
from evaluation.visits.limits import find_limit_reasons
from evaluation.visits.sheets.rows import sign_off_sheets
from evaluation.workflow import Act, Refusal, act_of, perform, register_act

# --- The team --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """The planned team of a visit: at least two users, or one with the reason why they go alone."""

    lead: User
    members: tuple[User, ...] = ()
    """The other members. If the lead is among them, the lead is counted once."""
    fields: Visit = field(default_factory=Visit)
    """The fields of `Visit.PROPOSED_FIELDS`, on an unsaved visit."""
    have_declared: bool = False
    """Whether all members have declared to MCE to have no stake: they get no letter that asks for it."""
    are_days_agreed: bool = False
    """Whether the days are agreed on in the same act: the hotline gets only the letter with them."""

    @property
    def team(self) -> tuple[User, ...]:
        return (self.lead, *(person for person in dict.fromkeys(self.members) if person != self.lead))

    @property
    def details(self) -> dict[str, Any]:
        """The values of the fields. `alone_because` is empty if there is a second member."""
        why = "" if len(self.team) > 1 else self.fields.alone_because.strip()
        return {name: getattr(self.fields, name) for name in Visit.PROPOSED_FIELDS} | {"alone_because": why}

    @property
    def as_note(self) -> str:
        names = ", ".join(person.name for person in self.team)
        if self.fields.only_codes:
            names = f"{names} ({', '.join(self.fields.only_codes)})"
        return f"{names}. {why}" if (why := self.details["alone_because"]) else names


def find_team_reasons(evaluation: Evaluation, lead: User | None, members: Iterable[User]) -> list[Reason]:
    """Return the reasons against a team: no lead, a tie to the hotline, an unknown country, or no role as assessor."""
    team = [person for person in (lead, *members) if person]
    no_assessor = tuple(person.name for person in team if not person.has_role(Role.ASSESSOR))
    reasons = []
    if lead is None:
        reasons.append(Reason("no_lead"))
    reasons += ties_of_team(team, evaluation.hotline)
    if no_assessor:
        reasons.append(Reason("not_an_assessor", names=no_assessor))
    return reasons


def _find_plan_reasons(evaluation: Evaluation, plan: TeamPlan, days: tuple[date, date] | None) -> list[Reason]:
    """Return every reason against the team on these days.

    Locks the members, so that visits arranged concurrently do not get one user for the same day.
    """
    lock_people(plan.team)
    reasons = find_team_reasons(evaluation, plan.team[0], plan.team[1:])
    if days:
        reasons += find_visit_conflicts(evaluation, plan.team, *days)
    if len(plan.team) == 1 and not plan.details["alone_because"]:
        reasons.append(Reason("one_person_team"))
    return [*reasons, *find_limit_reasons(evaluation, plan.fields.only_codes)]


def _may_have_team(visit: Visit, *, by: User | None, note: str, wanted: TeamPlan) -> list[Reason]:
    """Return the reasons against the team. After a visit has begun, also a reason if the current team can continue."""
    begun = the_team_cannot_go_on.reasons(visit) if visit.state in Visit.HELD else ()
    return [*begun, *_find_plan_reasons(visit.evaluation, wanted, visit.agreed_days)]


def _name_team(_visit: Visit, _note: str, *, wanted: TeamPlan) -> str:
    return wanted.as_note


def _set_team(visit: Visit, *, by: User | None, wanted: TeamPlan) -> None:
    """Set the team and the fields. Remaining members keep their declarations, unless the visit was cancelled."""
    for name, value in wanted.details.items():
        setattr(visit, name, value)
    is_new = visit.state == Visit.State.CANCELLED
    declared = {} if is_new else dict(visit.team.values_list("user", "declared_at"))
    if is_new:
        visit.starts_on = visit.ends_on = None
    visit.team.all().delete()
    TeamMember.objects.bulk_create(
        TeamMember(visit=visit, user=user, is_lead=user == wanted.lead, declared_at=declared.get(user.pk))
        for user in wanted.team
    )


def _confirm_changed_team(visit: Visit, step: Step, *, wanted: TeamPlan) -> None:
    """Confirm the team if all members have declared already."""
    confirm_declared_team(visit, step)


register_act(
    Visit.kind,
    "propose",
    act=Act(lock=lock_evaluation, check=_may_have_team, note=_name_team, prepare=_set_team),
)
register_act(
    Visit.kind,
    "change_team",
    act=Act(lock=lock_evaluation, check=_may_have_team, note=_name_team, prepare=_set_team, run=_confirm_changed_team),
)


# --- Proposing a visit, and arranging it at once ---------------------------------------------------------------------


@transaction.atomic
def propose_visit(
    evaluation: Evaluation,
    *,
    lead: User,
    members: Iterable[User] = (),
    by: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    words: str = "",
    have_declared: bool = False,
    **details: Any,
) -> Visit:
    """Propose the visit of an evaluation with its team. If days are given, suggest them to the hotline.

    `words` is the text of the suggestion; `details` are values of `Visit.PROPOSED_FIELDS`, such as `mode`. With
    `have_declared`, declarations of no stake are stored for all members. The first call creates the visit with a blank
    finding for every indicator; a cancelled visit is proposed again. Raises Refusal and writes nothing for a member
    with a tie, for any user; for days in the past or on which a member is on another visit; and for a team of one
    without `alone_because`.
    """
    visit = _propose(evaluation, TeamPlan(lead, tuple(members), Visit(**details), have_declared), by=by)
    if have_declared:
        declare_for_all(visit, by=by)
    if starts_on:
        suggest_dates(visit, [(starts_on, ends_on or starts_on)], by=by, words=words)
    return visit


def _propose(evaluation: Evaluation, plan: TeamPlan, *, by: User, days: tuple[date, date] | None = None) -> Visit:
    """Propose a visit. All reasons, including those against the days, are checked before the visit is created."""
    evaluation = Evaluation.objects.select_for_update().select_related("hotline", "round").get(pk=evaluation.pk)
    visit = Visit.objects.select_for_update().filter(evaluation=evaluation).first()
    if visit is None:
        visit = Visit(evaluation=evaluation)
        reasons = _find_plan_reasons(evaluation, plan, None)
        if not is_allowed("visit.arrange", by, evaluation):
            reasons.append(no_right("visit.arrange", by, evaluation))
        reasons += the_evaluation_awaits_its_visit.reasons(visit)
        if days:
            reasons += find_days_reasons(visit, *days, team=plan.team)
        if reasons:
            raise Refusal("propose", reasons)
        visit.save(force_insert=True)
        create_blank_answers([evaluation], Finding)
    perform(visit, "propose", by=by, wanted=plan)
    return visit


@transaction.atomic
def arrange_visit(
    evaluation: Evaluation,
    *,
    lead: User,
    members: Iterable[User] = (),
    by: User,
    starts_on: date,
    ends_on: date,
    agreed_with: str,
    have_declared: bool = True,
    **details: Any,
) -> Visit:
    """Propose a visit and agree on its days at once, as agreed by telephone. Each move writes its own step.

    `agreed_with` names who agreed on the days. With `have_declared`, declarations of no stake are stored for all
    members, which confirms the team. Raises Refusal as `propose_visit` does, and writes nothing then.
    """
    plan = TeamPlan(lead, tuple(members), Visit(**details), have_declared, are_days_agreed=True)
    visit = _propose(evaluation, plan, by=by, days=(starts_on, ends_on))
    perform(visit, "agree_dates", by=by, wanted=Agreement(starts_on, ends_on, agreed_with=agreed_with))
    if have_declared:
        declare_for_all(visit, by=by)
    return visit


@transaction.atomic
def change_team(visit: Visit, plan: TeamPlan, *, by: User) -> None:
    """Change the team of a visit, and store the declarations of its members if they have declared. Raises Refusal."""
    perform(visit, "change_team", by=by, wanted=plan)
    if plan.have_declared:
        declare_for_all(visit, by=by)


# --- Acts of other moves ---------------------------------------------------------------------------------------------


def _store_if_begun(visit: Visit, *, by: User | None) -> None:
    """Store a cancelled visit that has begun as an earlier visit: its team counts as having assessed the hotline."""
    if visit.has_begun:
        _store_earlier_visit(visit)


@act_of(Visit.kind, "cancel", lock=lock_evaluation, prepare=_store_if_begun)
def _close(visit: Visit, _step: Step) -> None:
    close_suggestions(visit)


@act_of(Evaluation.kind, "reopen_findings")
def _reopen(evaluation: Evaluation, step: Step) -> None:
    """Reopen the visit, so that the team can change a finding and sign off again."""
    perform(evaluation.visit, "reopen", by=step.words.by, caused_by=step)


@act_of(Evaluation.kind, "resume", prepare=give_time_to_complete)
@act_of(Evaluation.kind, "follow_up")
def _plan_again(evaluation: Evaluation, step: Step) -> None:
    """Plan the visit of a decided evaluation again. A visit cancelled at the end of a follow-up is proposed instead."""
    if evaluation.visit.state != Visit.State.CANCELLED:
        perform(evaluation.visit, "plan_again", by=step.words.by, caused_by=step)


def _reset_visit(visit: Visit, *, by: User | None) -> None:
    """Store the held visit, and reset declarations and recording: months may pass between the two visits.

    The observations are kept as a starting point for recording.
    """
    _store_earlier_visit(visit)
    visit.only_codes = []
    visit.team.update(declared_at=None, finished_at=None)


def _store_earlier_visit(visit: Visit) -> None:
    """Store the days and the team of a visit as an earlier visit, because the next one may have others."""
    team = [member.user_id for member in visit.team.all()]
    held = {name: getattr(visit, name) for name in ("starts_on", "ends_on", "mode", "only_codes")}
    lead = visit.lead.user if visit.lead else None
    EarlierVisit.objects.create(evaluation=visit.evaluation, lead=lead, **held).team.set(team)


register_act(Visit.kind, "plan_again", act=Act(prepare=_reset_visit))


@act_of(Visit.kind, "sign_off", lock=lock_evaluation)
def _begin_report(visit: Visit, step: Step) -> None:
    """Freeze the sheets and begin the report of the evaluation."""
    sign_off_sheets(visit, step.at)
    perform(visit.evaluation, "begin_report", by=step.words.by, caused_by=step)
