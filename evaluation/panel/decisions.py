"""The panel's decisions: members declare, vote and comment, and one of them records the decision."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.models import (
    Comment,
    Decision,
    Declaration,
    Evaluation,
    Recommendation,
    Requirement,
    Scorecard,
    Stake,
    Step,
    User,
    Vote,
)
from evaluation.models.ballot import Tally
from evaluation.models.evaluation import every_remark_is_answered
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import clear_cached_ties
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.panel.departures import OWN_WORDS_TO_DEPART, count_own_words
from evaluation.panel.fulfilments import begin_fulfilments, give_due_days
from evaluation.workflow import LACKS_RIGHT, Refusal, act_of, find_reasons, perform
from standards.framework import Framework


@dataclass(frozen=True, slots=True)
class Demand:
    """A requirement of an accreditation: its text, its deadline, and the code of an indicator, if any."""

    text: str
    due_on: date | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The content of a decision: the code of an outcome, the reasons and the requirements."""

    outcome: str
    reasons: str
    requirements: tuple[Demand, ...] = ()


# --- Members ---------------------------------------------------------------------------------------------------------


def find_declaration(evaluation: Evaluation, user: User) -> Declaration | None:
    """Return the member's last declaration, or None."""
    return evaluation.declarations.filter(user=user).last()


def _lock(evaluation: Evaluation, by: User) -> Evaluation:
    """Lock the evaluation, so that no vote is cast during a decision. Also clears the cached ties."""
    clear_cached_ties(by)
    locked: Evaluation = Evaluation.objects.select_for_update().select_related("hotline").get(pk=evaluation.pk)
    return locked


def _find_participation_reasons(
    evaluation: Evaluation, by: User, states: tuple[str, ...] = (Evaluation.State.DECISION,)
) -> list[Reason]:
    """Return the reasons why a user cannot take part in this decision now."""
    if not is_allowed("evaluation.declare", by, evaluation):
        return [no_right("evaluation.declare", by, evaluation)]
    return [] if evaluation.state in states else [wrong_state(evaluation, *states)]


@transaction.atomic
def declare(evaluation: Evaluation, *, by: User, stake: str | None = None) -> Declaration:
    """Store a member's declaration of no tie to the hotline, or of the tie `stake`, which excludes them permanently.

    Before the decision it is required for voting; afterwards it lets another member read the decision. Raises Refusal.
    """
    locked = _lock(evaluation, by)
    states = Evaluation.DECISION_AND_LATER if find_declaration(locked, by) is None else (Evaluation.State.DECISION,)
    reasons = _find_participation_reasons(locked, by, states)
    if stake is not None and not stake.strip():
        reasons.append(Reason("no_words"))
    if not reasons and stake is None and not by.country:
        reasons.append(Reason("own_country_unknown"))
    if reasons:
        raise Refusal("declare", reasons)
    if stake is not None:
        Stake.objects.create(user=by, hotline=locked.hotline, reason=stake.strip()[:300])
    clear_cached_ties(by)
    return Declaration.objects.create(
        evaluation=locked, user=by, has_stake=stake is not None, reason=(stake or "").strip()[:300]
    )


def _find_statement_reasons(evaluation: Evaluation, scorecard: Scorecard, words: str, by: User) -> list[Reason]:
    reasons = _find_participation_reasons(evaluation, by)
    if reasons:
        return reasons
    declaration = find_declaration(evaluation, by)
    if declaration is None or declaration.has_stake:
        reasons.append(Reason("not_declared"))
    if scorecard != evaluation.latest_scorecard:
        reasons.append(Reason("scored_again"))
    reasons += every_remark_is_answered.reasons(evaluation)
    if not words.strip():
        reasons.append(Reason("no_words"))
    return reasons


@transaction.atomic
def vote(scorecard: Scorecard, outcome: str, words: str, *, by: User) -> Vote:
    """Store a vote for an outcome on the scorecard that the member has read. The newest vote counts. Raises Refusal."""
    evaluation = _lock(scorecard.evaluation, by)
    reasons = _find_statement_reasons(evaluation, scorecard, words, by)
    if outcome not in {found.code for found in evaluation.framework.rule.outcomes}:
        reasons.append(Reason("no_such_outcome"))
    if not reasons and scorecard.second_vote_from and scorecard.current_votes.filter(user=by).exists():
        reasons.append(Reason("second_vote_is_final"))
    if reasons:
        raise Refusal("vote", reasons)
    return Vote.objects.create(scorecard=scorecard, user=by, outcome=outcome, words=words.strip())


@transaction.atomic
def comment(scorecard: Scorecard, words: str, *, by: User) -> Comment:
    """Store a comment for the other members, without a vote. Raises Refusal."""
    evaluation = _lock(scorecard.evaluation, by)
    if reasons := _find_statement_reasons(evaluation, scorecard, words, by):
        raise Refusal("comment", reasons)
    return Comment.objects.create(scorecard=scorecard, user=by, words=words.strip())


# --- The decision ----------------------------------------------------------------------------------------------------


def validate_verdict(
    evaluation: Evaluation,
    scorecard: Scorecard,
    verdict: Verdict,
    on: date,
    *,
    kind: str = "",
    replaces: Decision | None = None,
) -> list[Reason]:
    """Return the problems of a verdict on a scorecard. The author is not checked.

    `kind` and `replaces` are those of the decision; without them, it is the next decision by vote.
    """
    framework = evaluation.framework
    if verdict.outcome not in {outcome.code for outcome in framework.rule.outcomes}:
        return [Reason("no_such_outcome")]
    reasons = _validate_reasons(evaluation, scorecard, verdict)
    if not framework.rule.sets_conditions(verdict.outcome):
        return [*reasons, *([Reason("requirements_not_asked")] if verdict.requirements else [])]
    if not verdict.requirements:
        reasons.append(Reason("no_requirements"))
    drafted = draft_decision(evaluation, verdict.outcome, on, kind=kind, replaces=replaces)
    return [*reasons, *dict.fromkeys(_validate_requirements(framework, verdict, drafted))]


def _validate_reasons(evaluation: Evaluation, scorecard: Scorecard, verdict: Verdict) -> list[Reason]:
    """Return problems if reasons are missing, or for another outcome than the proposed one only repeat the rule."""
    if not verdict.reasons.strip():
        return [Reason("no_reasons")]
    if verdict.outcome == scorecard.proposal:
        return []
    have = count_own_words(evaluation, verdict.reasons)
    return [] if have >= OWN_WORDS_TO_DEPART else [Reason("thin_reasons", have=have, need=OWN_WORDS_TO_DEPART)]


@dataclass(frozen=True, slots=True)
class DayRange:
    """The first and the last possible due day of the conditions of a decision; `kept` are further possible days."""

    first: date
    last: date
    kept: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last or day in self.kept


def days_for_requirements(decision: Decision) -> DayRange:
    """Return the possible due days of the conditions of a drafted decision that accredits.

    None is due before the time to appeal is over, nor after the accreditation ends. If it ends earlier, its last day
    is the only one. A correction may also keep the days of the corrected decision.
    """
    last = terms_of_decision(decision).valid_until
    assert last is not None  # the outcome accredits
    kept: frozenset[date] = frozenset()
    if decision.kind == Decision.Kind.CORRECTION and decision.replaces is not None:
        kept = frozenset(decision.replaces.requirements.filter(due_on__lte=last).values_list("due_on", flat=True))
    return DayRange(min(decision.last_day_to_appeal + timedelta(days=1), last), last, kept)


def _validate_requirements(framework: Framework, verdict: Verdict, drafted: Decision) -> Iterator[Reason]:
    days = days_for_requirements(drafted)
    for demand in verdict.requirements:
        if not demand.text.strip():
            yield Reason("requirement_without_words")
        # A vote on an accreditation that is over is refused by `_find_validity_reasons`; a correction of one is possible.
        is_over = drafted.kind != Decision.Kind.CORRECTION and days.last < drafted.decided_on
        if demand.due_on is None or (demand.due_on not in days and not is_over):
            yield Reason("requirement_without_day", day=days.first, last=days.last)
        if demand.code and demand.code not in framework.indicators:
            yield Reason("requirement_without_indicator")


@dataclass(frozen=True, slots=True)
class Terms:
    """The dates of a decision: its last day of validity, or the deadline of a deferral."""

    valid_until: date | None
    hand_in_by: date | None


def terms_of(framework: Framework, outcome: str, on: date, counts_from: date | None = None) -> Terms:
    """Return the terms of an outcome decided on the day `on`. Its validity counts from `counts_from`, if given."""
    found, begins = framework.rule.outcome(outcome), counts_from or on
    return Terms(
        valid_until=begins + relativedelta(months=found.months) if found.accredits else None,
        hand_in_by=on + relativedelta(months=framework.procedure.deferral_months) if found.defers_decision else None,
    )


def terms_of_decision(decision: Decision) -> Terms:
    """Return the terms of a decision, saved or not.

    A follow-up visit never prolongs an accreditation: the validity counts from the decision that it reviews. If it
    would have ended already, it counts from the day of this decision, but not beyond the last day of the accreditation.
    A correction keeps the days of the corrected decision, and met conditions those of the decision that set them.
    """
    framework, on = decision.evaluation.framework, decision.corrected.decided_on
    terms = terms_of(framework, decision.outcome, decision.decided_on, decision.counts_from)
    if decision.kind in Decision.KEEPS_DAYS and decision.replaces is not None:
        return Terms(decision.replaces.valid_until, decision.replaces.hand_in_by)
    followed = decision.followed_up
    if followed is None or terms.valid_until is None or terms.valid_until > on:
        return terms
    assert followed.valid_until is not None  # it granted the accreditation
    counted_anew = terms_of(framework, decision.outcome, on).valid_until
    assert counted_anew is not None  # the outcome accredits
    return replace(terms, valid_until=min(counted_anew, followed.valid_until))


def draft_decision(
    evaluation: Evaluation, outcome: str, on: date, *, kind: str = "", replaces: Decision | None = None
) -> Decision:
    """Return an unsaved decision without reasons, by default one by vote as the panel would make it now."""
    replaced = replaces or evaluation.current_decision
    return Decision(
        evaluation=evaluation,
        outcome=outcome,
        kind=kind or _kind_of_next(evaluation),
        replaces=replaced,
        decided_on=on,
    )


def _kind_of_next(evaluation: Evaluation) -> str:
    """Return the kind of the next decision by vote."""
    if evaluation.is_reconsidered:
        return Decision.Kind.UNMET if evaluation.has_unmet_condition else Decision.Kind.RESCORED
    return Decision.Kind.FIRST if evaluation.followed_up is None else Decision.Kind.FOLLOW_UP


def _find_validity_reasons(decision: Decision) -> Iterator[Reason]:
    """Yield a reason if a decision after a follow-up visit would renew an accreditation that has ended."""
    last = terms_of_decision(decision).valid_until
    if decision.followed_up is not None and last is not None and last < decision.decided_on:
        yield Reason("accreditation_is_over", day=last)


@transaction.atomic
def write_decision(
    evaluation: Evaluation,
    scorecard: Scorecard,
    verdict: Verdict,
    *,
    kind: str,
    by: User,
    on: date,
    replaces: Decision | None = None,
) -> Decision:
    """Create a decision with its requirements and their fulfilments. Raises Refusal for an incomplete verdict.

    A correction takes over what became of the conditions that it keeps.
    """
    if problems := validate_verdict(evaluation, scorecard, verdict, on, kind=kind, replaces=replaces):
        raise Refusal("decide", problems)
    decision = Decision(
        evaluation=evaluation,
        scorecard=scorecard,
        kind=kind,
        replaces=replaces,
        outcome=verdict.outcome,
        reasons=verdict.reasons.strip(),
        departs=verdict.outcome != scorecard.proposal,
        decided_by=by,
        decided_on=on,
    )
    terms = terms_of_decision(decision)
    decision.valid_until, decision.hand_in_by = terms.valid_until, terms.hand_in_by
    decision.save(force_insert=True)
    for demand in verdict.requirements:
        if demand.due_on is not None:  # `validate_verdict` requires it
            Requirement.objects.create(
                decision=decision, text=demand.text.strip(), due_on=demand.due_on, code=demand.code
            )
    begin_fulfilments(decision)
    return decision


def find_decision_reasons(evaluation: Evaluation, by: User) -> list[Reason]:
    """Return the reasons why a member cannot record a decision, without checking its text."""
    reasons = list(find_reasons(evaluation, "decide", by))
    if any(reason.code in ("wrong_state", *LACKS_RIGHT, "not_declared") for reason in reasons):
        return reasons
    return [*reasons, *_find_recorder_reasons(evaluation, by)]


def _find_recorder_reasons(evaluation: Evaluation, by: User | None) -> Iterator[Reason]:
    """Yield a reason if the member who records the decision has not voted."""
    scorecard = evaluation.latest_scorecard
    if scorecard is None or not scorecard.current_votes.filter(user=by).exists():
        yield Reason("not_voted")


def find_verdict_reasons(evaluation: Evaluation, verdict: Verdict, *, by: User, on: date) -> list[Reason]:
    """Return the reasons why a member cannot record this verdict; empty if it would be recorded now."""
    return find_decision_reasons(evaluation, by) or _validate_voted_verdict(evaluation, verdict, on)


def scorecard_to_decide_on(evaluation: Evaluation) -> Scorecard:
    """Return `shown_scorecard`, which every evaluation before the panel has."""
    scorecard = evaluation.shown_scorecard
    assert scorecard is not None
    return scorecard


def _validate_voted_verdict(evaluation: Evaluation, verdict: Verdict, on: date) -> list[Reason]:
    """Return the problems of a verdict, including an outcome other than the one voted for."""
    problems = validate_verdict(evaluation, scorecard_to_decide_on(evaluation), verdict, on)
    if Reason("no_such_outcome") in problems:
        return problems
    if verdict.outcome != evaluation.tally.winner:
        return [Reason("not_what_was_voted")]
    return [*problems, *_find_validity_reasons(draft_decision(evaluation, verdict.outcome, on))]


def describe_tie(tally: Tally) -> str:
    """Return the sentence that says how a tie was broken, in the active language; empty if there is none."""
    if tally.winner is None or not tally.is_tie:
        return ""
    if tally.casting:
        return _("No outcome had more than half of the votes. The vote of the panel’s chair counted double.")
    return _("No outcome had more than half of the votes. The less favourable one holds, as the edition says.")


def name_tie(verdict: Verdict, tally: Tally, evaluation: Evaluation) -> Verdict:
    """Return the verdict whose reasons end with how a tie was broken, in the source language of the edition."""
    with translation.override(evaluation.round.edition.source_language):
        words = describe_tie(tally)
    return replace(verdict, reasons=f"{verdict.reasons.strip()}\n\n{words}") if words else verdict


@transaction.atomic
def decide(evaluation: Evaluation, verdict: Verdict, *, by: User, on: date) -> Decision:
    """Record the decision that the majority voted for, and return it.

    Raises Refusal without a quorum, a majority or written reasons, for another outcome than the one voted for, and for
    users who have not voted, have a stake or were on the visit's team. The reasons are collected here so that all are
    shown at once: `perform` checks vote and verdict only if its conditions are met.
    """
    if reasons := find_verdict_reasons(_lock(evaluation, by), verdict, by=by, on=on):
        raise Refusal("decide", reasons)
    perform(evaluation, "decide", by=by, verdict=verdict, on=on)
    return Decision.objects.filter(evaluation=evaluation)[0]


def _clear_cached_ties(_evaluation: Evaluation, by: User | None) -> None:
    if by is not None:
        clear_cached_ties(by)


def _may_decide(evaluation: Evaluation, *, by: User | None, note: str, verdict: Verdict, on: date) -> list[Reason]:
    return [*_find_recorder_reasons(evaluation, by)] or _validate_voted_verdict(evaluation, verdict, on)


def _reasons_of(_evaluation: Evaluation, _note: str, *, verdict: Verdict, on: date) -> str:
    return verdict.reasons.strip()


def _write_voted_decision(evaluation: Evaluation, *, by: User, verdict: Verdict, on: date) -> None:
    """Create the decision, on the scorecard of `scorecard_to_decide_on`."""
    drafted = draft_decision(evaluation, verdict.outcome, on)
    scorecard = scorecard_to_decide_on(evaluation)
    verdict = name_tie(verdict, evaluation.tally, evaluation)
    write_decision(evaluation, scorecard, verdict, kind=drafted.kind, by=by, on=on, replaces=drafted.replaces)


@act_of(
    Evaluation.kind,
    "decide",
    lock=_clear_cached_ties,
    check=_may_decide,
    note=_reasons_of,
    prepare=_write_voted_decision,
    meets=("no_decision",),
)
def _issue_recommendations(evaluation: Evaluation, step: Step, *, verdict: Verdict, on: date) -> None:
    """Issue the recommendations that were drafted and not dropped. Conditions on the same indicators give their days."""
    for recommendation in evaluation.recommendations.filter(is_dropped=False, state=Recommendation.State.DRAFTED):
        perform(recommendation, "issue", by=step.words.by, caused_by=step)
    decision = evaluation.current_decision
    assert decision is not None  # it is written before the move
    give_due_days(decision)
