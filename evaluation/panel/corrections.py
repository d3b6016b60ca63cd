"""Corrections of a decision: one member proposes, a second one confirms, and a new decision replaces the former one.

A correction is for slips: a name, a day, a sum, a misread figure. It keeps the outcome, its last day and the number of
its conditions. Another outcome takes a new decision by vote, or a ruling on an appeal.
"""

from collections.abc import Iterator
from datetime import date

from django.db import IntegrityError, transaction

from evaluation.judging import evidence as judging
from evaluation.models import Correction, Decision, Evaluation, Scorecard, Step, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import clear_cached_ties
from evaluation.models.reasons import Reason
from evaluation.panel.decisions import Demand, Verdict, scorecard_to_decide_on, validate_verdict, write_decision
from evaluation.workflow import Act, Refusal, act_of, find_reasons, perform, register_act


def _lock(evaluation: Evaluation, by: User) -> Evaluation:
    clear_cached_ties(by)
    locked: Evaluation = Evaluation.objects.select_for_update().select_related("hotline").get(pk=evaluation.pk)
    return locked


def find_proposal_reasons(evaluation: Evaluation, *, by: User) -> list[Reason]:
    """Return the reasons why a member cannot propose a correction, without checking its text."""
    unwritten = Correction(evaluation=evaluation, decision=evaluation.decisions.first(), proposed_by=by)
    reasons = list(find_reasons(unwritten, "propose", by))
    if evaluation.corrections.filter(state=Correction.State.PROPOSED).exists():
        reasons.append(Reason("correction_is_open"))
    if not reasons and evaluation.rescored is not None:
        reasons.append(Reason("rescored_otherwise"))
    return reasons


def _find_outcome_reasons(evaluation: Evaluation, verdict: Verdict) -> Iterator[Reason]:
    """Yield a reason if a correction would change more than slips of the decision."""
    decision = evaluation.current_decision
    assert decision is not None  # checked by `the_decision_can_be_corrected`
    if evaluation.rescored is not None:
        yield Reason("rescored_otherwise")
    if verdict.outcome != decision.outcome:
        yield Reason("correction_keeps_outcome")
    elif len(verdict.requirements) != (need := decision.requirements.count()):
        yield Reason("correction_keeps_conditions", have=len(verdict.requirements), need=need)


def propose(evaluation: Evaluation, verdict: Verdict, *, by: User, on: date) -> Correction:
    """Create and propose a correction of the newest decision, in one transaction. Return the correction.

    Raises Refusal if it is incomplete or not possible.
    """
    try:
        with transaction.atomic():
            locked = _lock(evaluation, by)
            if reasons := find_proposal_reasons(locked, by=by):
                raise Refusal("propose", reasons)
            scorecard = scorecard_to_decide_on(locked)
            if problems := _validate(locked, scorecard, verdict, on):
                raise Refusal("propose", problems)
            correction: Correction = Correction.objects.create(
                evaluation=locked,
                decision=locked.decisions.all()[0],
                scorecard=scorecard,
                outcome=verdict.outcome,
                reasons=verdict.reasons.strip(),
                requirements=[
                    {"text": demand.text.strip(), "due_on": demand.due_on.isoformat(), "code": demand.code}
                    for demand in verdict.requirements
                    if demand.due_on is not None  # `validate_verdict` requires it
                ],
                proposed_by=by,
            )
            perform(correction, "propose", by=by)
    except IntegrityError as twice:
        raise Refusal("propose", [Reason("correction_is_open")]) from twice
    return correction


def _lock_evaluation(correction: Correction, by: User | None) -> None:
    if by is not None:
        _lock(correction.evaluation, by)


def _reasons_of(correction: Correction, _note: str) -> str:
    return correction.reasons


register_act(Correction.kind, "propose", act=Act(lock=_lock_evaluation, note=_reasons_of))


def verdict_of(correction: Correction) -> Verdict:
    """Return the verdict of a correction."""
    return Verdict(
        correction.outcome,
        correction.reasons,
        tuple(
            Demand(stored["text"], date.fromisoformat(stored["due_on"]), stored["code"])
            for stored in correction.requirements
        ),
    )


def find_confirmation_reasons(correction: Correction, *, by: User) -> list[Reason]:
    """Return the reasons why a member cannot confirm a correction."""
    return [*find_reasons(correction, "confirm", by), *_is_own(correction, by)]


def _is_own(correction: Correction, by: User | None) -> list[Reason]:
    """Return a reason if no two members stand behind the correction: its proposer must have the right still."""
    if by is None or by.pk == correction.proposed_by_id:
        return [Reason("needs_another_member")]
    has_right = is_allowed("evaluation.decide", correction.proposed_by, correction.evaluation)
    return [] if has_right else [Reason("proposer_has_no_right", names=(correction.proposed_by.name,))]


def _may_be_written(correction: Correction, *, by: User | None, note: str, on: date) -> list[Reason]:
    return _is_own(correction, by) or _validate(correction.evaluation, correction.scorecard, verdict_of(correction), on)


def _validate(evaluation: Evaluation, scorecard: Scorecard, verdict: Verdict, on: date) -> list[Reason]:
    """Return the problems of the verdict of a correction of the newest decision.

    With another outcome nothing else is checked: the possible days of conditions are those of the decision's outcome.
    """
    reasons = list(_find_outcome_reasons(evaluation, verdict))
    if Reason("correction_keeps_outcome") in reasons:
        return reasons
    newest = evaluation.current_decision
    kind = Decision.Kind.CORRECTION
    return [*reasons, *validate_verdict(evaluation, scorecard, verdict, on, kind=kind, replaces=newest)]


@act_of(Correction.kind, "confirm", lock=_lock_evaluation, check=_may_be_written)
def _write_corrected(correction: Correction, step: Step, *, on: date) -> None:
    """Create the proposed decision, on the scorecard of the proposal, with the date `on`."""
    by = step.words.by
    assert by is not None  # checked by _is_own
    write_decision(
        *(correction.evaluation, correction.scorecard, verdict_of(correction)),
        kind=Decision.Kind.CORRECTION,
        by=by,
        on=on,
        replaces=correction.decision,
    )
    perform(correction.evaluation, "correct", by=by, note=correction.reasons, caused_by=step)


def score_again(evaluation: Evaluation, *, by: User) -> Scorecard:
    """Score a decided evaluation again, with the current figures and the other inputs of the decision.

    Corrected figures count once Missing Children Europe includes them: see `evaluation.answers.pinned_figures`.

    The current decision keeps its own scorecard. Raises Refusal if inputs and engine are those of the newest scorecard.
    """
    reasons = [
        reason
        for reason in find_proposal_reasons(evaluation, by=by)
        if reason.code not in ("correction_is_open", "rescored_otherwise")
    ]
    if reasons:
        raise Refusal("score_again", reasons)
    decision = evaluation.current_decision
    assert decision is not None  # checked by find_proposal_reasons
    written = judging.score_with_current_figures(evaluation, decision.scorecard)
    with transaction.atomic():
        locked = _lock(evaluation, by)
        if not is_allowed("evaluation.decide", by, locked):
            raise Refusal("score_again", [no_right("evaluation.decide", by, locked)])
        latest = scorecard_to_decide_on(locked)
        if (latest.input_digest, latest.engine) == (written.input_digest, written.engine):
            raise Refusal("score_again", [Reason("nothing_to_score_again")])
        written.save(force_insert=True)
    return written
