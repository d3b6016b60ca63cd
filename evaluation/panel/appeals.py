"""Appeals: lodged by the hotline with grounds, heard and ruled on by members who took no part in the decision."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.models import (
    Appeal,
    AppealDeclaration,
    AppealVote,
    Correction,
    Decision,
    Declaration,
    EarlierVisit,
    Evaluation,
    Membership,
    Role,
    Ruling,
    Stake,
    Step,
    TeamMember,
    User,
    Vote,
    Withdrawal,
)
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import cache_ties, clear_cached_ties, stakes_of
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.panel.decisions import Verdict, name_tie, validate_verdict, write_decision
from evaluation.queries import independent_of
from evaluation.workflow import Act, Refusal, find_reasons, perform, register_act

# --- The hotline -----------------------------------------------------------------------------------------------------


def unwritten_appeal(contested: Decision | Withdrawal, *, by: User, grounds: str = "") -> Appeal:
    """Return an unsaved appeal against a decision or a withdrawal."""
    withdrawal = contested if isinstance(contested, Withdrawal) else None
    decision = contested.accreditation.decision if isinstance(contested, Withdrawal) else contested
    return Appeal(
        evaluation=decision.evaluation, decision=decision, withdrawal=withdrawal, grounds=grounds.strip(), lodged_by=by
    )


def find_appeal_reasons(contested: Decision | Withdrawal, *, by: User) -> list[Reason]:
    """Return the reasons why `by` cannot contest a decision or a withdrawal, without checking the grounds."""
    unwritten = unwritten_appeal(contested, by=by)
    return [reason for reason in find_reasons(unwritten, "lodge", by) if reason.code != "no_grounds"]


def lodge(contested: Decision | Withdrawal, grounds: str, *, by: User) -> Appeal:
    """Create and lodge an appeal against a decision or a withdrawal, in one transaction. Return the appeal.

    Raises Refusal, for instance if it is too late or it was contested before.
    """
    try:
        with transaction.atomic():
            appeal = unwritten_appeal(contested, by=by, grounds=grounds)
            appeal.evaluation = Evaluation.objects.select_for_update().get(pk=appeal.evaluation_id)
            if reasons := find_reasons(appeal, "lodge", by):
                raise Refusal("lodge", reasons)
            appeal.save()
            perform(appeal, "lodge", by=by)
    except IntegrityError as twice:
        raise Refusal("lodge", [Reason("already_appealed")]) from twice
    return appeal


def _lock_evaluation(appeal: Appeal, _by: User | None) -> None:
    Evaluation.objects.select_for_update().get(pk=appeal.evaluation_id)


def _grounds_of(appeal: Appeal, _note: str) -> str:
    """Return the grounds. The step seals them, so that a later change is detected."""
    return appeal.grounds


register_act(Appeal.kind, "lodge", act=Act(lock=_lock_evaluation, note=_grounds_of))


# --- Members ---------------------------------------------------------------------------------------------------------


def to_be_heard_by(user: User) -> QuerySet[Appeal]:
    """Return the open appeals on which a member has the right `appeal.declare`, in one query."""
    if not user.has_role(Role.PANEL_MEMBER):
        nothing: QuerySet[Appeal] = Appeal.objects.none()
        return nothing
    here = {"evaluation": OuterRef("evaluation")}
    assessed = (
        TeamMember.objects.filter(user=user, visit__evaluation=OuterRef("evaluation")),
        EarlierVisit.objects.filter(team=user, **here),
    )
    decided: tuple[QuerySet[Any], ...] = (
        Declaration.objects.before_the_decision().filter(user=user, **here),
        Vote.objects.filter(user=user, scorecard__evaluation=OuterRef("evaluation")),
        Decision.objects.filter(decided_by=user, **here),
        Correction.objects.filter(proposed_by=user, **here),
        AppealVote.objects.filter(
            user=user, appeal__evaluation=OuterRef("evaluation"), appeal__withdrawal=None
        ).exclude(appeal=OuterRef("pk")),
    )
    untied: QuerySet[Appeal] = Appeal.objects.filter(
        independent_of(user, "evaluation__hotline"), state=Appeal.State.LODGED
    )
    for part in assessed:
        untied = untied.exclude(Exists(part))
    for of_decision in decided:
        untied = untied.exclude(Q(Exists(of_decision), withdrawal=None))
    untied = untied.exclude(Q(withdrawal__proposed_by=user) | Q(withdrawal__confirmed_by=user))
    return untied.select_related(
        "evaluation__hotline", "evaluation__round__edition", "withdrawal__accreditation"
    ).order_by("lodged_at", "pk")


@dataclass(frozen=True, slots=True)
class Hearers:
    """The members who may hear an appeal, by name, and how many of them must vote."""

    members: tuple[User, ...]
    need: int

    @property
    def are_too_few(self) -> bool:
        return len(self.members) < self.need


def find_hearers(evaluation: Evaluation, appeal: Appeal | None = None, *, without: User | None = None) -> Hearers:
    """Return who may hear `appeal`, or one against a decision on the evaluation that was lodged now.

    `without` is a member who is about to take part in the decision.
    """
    heard = appeal or Appeal(evaluation=evaluation, decision=evaluation.current_decision)
    seated = Membership.objects.today().filter(role=Role.PANEL_MEMBER).values("user")
    others = User.objects.filter(pk__in=seated, is_active=True).exclude(pk__in=heard.took_part)
    for assessed in (
        TeamMember.objects.filter(user=OuterRef("pk"), visit__evaluation=evaluation),
        EarlierVisit.objects.filter(team=OuterRef("pk"), evaluation=evaluation),
    ):
        others = others.exclude(Exists(assessed))
    listed = list(others.order_by("name", "pk"))
    cache_ties(listed, [evaluation.hotline])
    members = (one for one in listed if one != without and not stakes_of(one, evaluation.hotline))
    return Hearers(tuple(members), evaluation.framework.procedure.quorum)


def find_declaration(appeal: Appeal, user: User) -> AppealDeclaration | None:
    """Return the member's last declaration, or None."""
    return appeal.declarations.filter(user=user).last()


def _lock(appeal: Appeal, by: User) -> Appeal:
    """Lock the evaluation, then the appeal, so that no vote is cast during a ruling. Also clears the cached ties."""
    clear_cached_ties(by)
    Evaluation.objects.select_for_update().get(pk=appeal.evaluation_id)
    locked: Appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    return locked


def find_hearing_reasons(appeal: Appeal, by: User) -> list[Reason]:
    """Return the reasons why a user cannot hear this appeal. Superusers are not exempt."""
    if not is_allowed("appeal.declare", by, appeal):
        return [no_right("appeal.declare", by, appeal)]
    return [] if appeal.is_open else [wrong_state(appeal, Appeal.State.LODGED)]


@transaction.atomic
def declare(appeal: Appeal, *, by: User, stake: str | None = None) -> AppealDeclaration:
    """Store a member's declaration of no tie to the hotline, or of the tie `stake`, which excludes them permanently.

    Raises Refusal.
    """
    locked = _lock(appeal, by)
    reasons = find_hearing_reasons(locked, by)
    if stake is not None and not stake.strip():
        reasons.append(Reason("no_words"))
    if not reasons and stake is None and not by.country:
        reasons.append(Reason("own_country_unknown"))
    if reasons:
        raise Refusal("declare", reasons)
    if stake is not None:
        Stake.objects.create(user=by, hotline=locked.evaluation.hotline, reason=stake.strip()[:300])
    clear_cached_ties(by)
    return AppealDeclaration.objects.create(
        appeal=locked, user=by, has_stake=stake is not None, reason=(stake or "").strip()[:300]
    )


def _has_declared(appeal: Appeal, by: User) -> bool:
    declaration = find_declaration(appeal, by)
    return declaration is not None and not declaration.has_stake


@transaction.atomic
def vote(appeal: Appeal, outcome: str, words: str, *, by: User) -> AppealVote:
    """Store a vote for one of `Appeal.choices`. A vote for the contested outcome is to dismiss it. The newest counts.

    Raises Refusal.
    """
    locked = _lock(appeal, by)
    reasons = find_hearing_reasons(locked, by)
    if not reasons:
        if not _has_declared(locked, by):
            reasons.append(Reason("not_declared"))
        if outcome not in locked.choices:
            reasons.append(Reason("no_such_outcome"))
        if not words.strip():
            reasons.append(Reason("no_words"))
    if reasons:
        raise Refusal("vote", reasons)
    return AppealVote.objects.create(appeal=locked, user=by, outcome=outcome, words=words.strip())


# --- The ruling ------------------------------------------------------------------------------------------------------


def find_ruling_reasons(appeal: Appeal, by: User) -> list[Reason]:
    """Return the reasons why a member cannot record a ruling, without checking its text."""
    reasons = find_hearing_reasons(appeal, by)
    if reasons:
        return reasons
    if not _has_declared(appeal, by):
        reasons.append(Reason("not_declared"))
    if not appeal.votes.filter(user=by).exists():
        reasons.append(Reason("not_voted"))
    tally, quorum = appeal.tally, appeal.evaluation.framework.procedure.quorum
    if tally.cast < quorum:
        reasons.append(Reason("too_few_hear_it", have=tally.cast, need=quorum))
    if tally.cast and tally.winner is None:
        reasons.append(Reason("no_majority", have=max(tally.counts.values()), need=tally.cast // 2 + 1))
    return reasons


def find_verdict_reasons(appeal: Appeal, verdict: Verdict, *, by: User, on: date) -> list[Reason]:
    """Return the reasons why a member cannot record this ruling; empty if it would be recorded now."""
    reasons = find_ruling_reasons(appeal, by)
    if not reasons and appeal.tally.winner != verdict.outcome:
        reasons.append(Reason("not_what_was_voted"))
    return [*reasons, *_validate_verdict(appeal, verdict, on=on)]


@transaction.atomic
def rule(appeal: Appeal, verdict: Verdict, *, by: User, on: date) -> Ruling:
    """Record the ruling that the majority voted for: another outcome, or the contested one.

    Returns the ruling. Raises Refusal without a quorum, a majority or reasons, and
    for members who took part in the contested decision. The reasons are collected here so that all are shown at once:
    `perform` checks the verdict only if its conditions are met.
    """
    locked = _lock(appeal, by)
    if reasons := find_verdict_reasons(locked, verdict, by=by, on=on):
        raise Refusal("rule", reasons)
    name = "uphold" if verdict.outcome != locked.contested else "dismiss"
    perform(appeal, name, by=by, verdict=verdict, on=on)
    return Ruling.objects.get(appeal=appeal)


def _lock_for_ruling(appeal: Appeal, by: User | None) -> None:
    if by is not None:
        _lock(appeal, by)


def _may_rule(appeal: Appeal, *, by: User, note: str, verdict: Verdict, on: date) -> list[Reason]:
    return find_verdict_reasons(appeal, verdict, by=by, on=on)


def _reasons_of(_appeal: Appeal, _note: str, *, verdict: Verdict, on: date) -> str:
    return verdict.reasons.strip()


def _write_ruling(appeal: Appeal, *, by: User, verdict: Verdict, on: date) -> None:
    """Create the ruling and, for another outcome than that of a contested decision, a decision that replaces it."""
    contested, decision = appeal.decision, None
    is_upheld = verdict.outcome != appeal.contested
    verdict = name_tie(verdict, appeal.tally, appeal.evaluation)
    if is_upheld and appeal.withdrawal_id is None:
        decision = write_decision(
            *(appeal.evaluation, contested.scorecard, verdict),
            kind=Decision.Kind.APPEAL,
            by=by,
            on=on,
            replaces=contested,
        )
    Ruling.objects.create(
        appeal=appeal,
        decision=decision,
        reinstates=is_upheld and decision is None,
        reasons=verdict.reasons.strip(),
        by=by,
    )


RULES = Act(lock=_lock_for_ruling, check=_may_rule, note=_reasons_of, prepare=_write_ruling, meets=("no_ruling",))
"""The act of every ruling. If the verdict does not match the move, the reason `no_ruling` remains."""


def _replace_decision(appeal: Appeal, step: Step, *, verdict: Verdict, on: date) -> None:
    """Replace the contested decision by the decision of the ruling, or restore the withdrawn accreditation."""
    if appeal.withdrawal is None:
        perform(appeal.evaluation, "decide_on_appeal", by=step.words.by, note=appeal.ruling.reasons, caused_by=step)
        return
    accreditation = appeal.withdrawal.accreditation
    withdrawn = Step.objects.filter(kind=accreditation.kind, uid=accreditation.uid, move="withdraw").latest("seq")
    running = type(accreditation).objects.filter(hotline=accreditation.hotline_id, state__in=accreditation.RUNNING)
    name = "restore" if withdrawn.source == accreditation.State.VALID else "restore_suspended"
    if running.exists():
        name = "restore_replaced"
    perform(accreditation, name, by=step.words.by, note=appeal.ruling.reasons, caused_by=step)


register_act(Appeal.kind, "dismiss", act=RULES)
register_act(Appeal.kind, "uphold", act=replace(RULES, run=_replace_decision))


def _validate_verdict(appeal: Appeal, verdict: Verdict, *, on: date) -> list[Reason]:
    """Return the problems of a verdict on an appeal. If the decision is upheld, only the reasons are checked."""
    if appeal.withdrawal_id is not None:
        reasons = [] if verdict.reasons.strip() else [Reason("no_reasons")]
        return reasons if verdict.outcome in appeal.choices else [Reason("no_such_outcome"), *reasons]
    if verdict.outcome != appeal.contested:
        contested, kind = appeal.decision, Decision.Kind.APPEAL
        return validate_verdict(appeal.evaluation, contested.scorecard, verdict, on, kind=kind, replaces=contested)
    return [] if verdict.reasons.strip() else [Reason("no_reasons")]
