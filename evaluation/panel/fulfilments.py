"""What becomes of the conditions that the panel set: evidence, check, ruling, and the outcome once all are met."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from evaluation.files.documents import save_document
from evaluation.files.inspection import Upload
from evaluation.files.kinds import Unacceptable
from evaluation.models import (
    Decision,
    Evaluation,
    Fulfilment,
    FulfilmentProof,
    Recommendation,
    Requirement,
    Step,
    User,
)
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.people.ties import clear_cached_ties
from evaluation.models.reasons import Reason
from evaluation.models.recommendations import SETTLED
from evaluation.scorecards import read_payload, write_scorecard
from evaluation.workflow import Act, Refusal, act_of, perform, register_act
from evaluation.workflow.noted_days import note_days

State = Fulfilment.State


# --- The decision ----------------------------------------------------------------------------------------------------


def begin_fulfilments(decision: Decision) -> None:
    """Create the fulfilment of each condition of a new decision.

    A correction takes over those of the corrected decision: of the same indicator and words, otherwise in their order
    of the same indicator. A day to which the panel extended a condition stays, if it is later.
    """
    former = list(_taken_over_by(decision))
    for requirement in decision.requirements.all():
        taken = _find_same(former, requirement)
        if taken is None:
            Fulfilment.objects.create(requirement=requirement, due_on=requirement.due_on)
            continue
        former.remove(taken)
        extended = taken.due_on if taken.is_extended else requirement.due_on
        Fulfilment.objects.filter(pk=taken.pk).update(requirement=requirement, due_on=max(extended, requirement.due_on))


def _taken_over_by(decision: Decision) -> Iterator[Fulfilment]:
    if decision.kind == Decision.Kind.CORRECTION and decision.replaces is not None:
        yield from Fulfilment.objects.filter(requirement__decision=decision.replaces).select_related("requirement")


def _find_same(former: list[Fulfilment], requirement: Requirement) -> Fulfilment | None:
    """Return the fulfilment of the same condition: equal words first, then the same indicator."""
    same = [one for one in former if one.requirement.code == requirement.code]
    equal = (one for one in same if one.requirement.text == requirement.text)
    return next(equal, same[0] if same and requirement.code else None)


def give_due_days(decision: Decision) -> None:
    """Set the due days of issued recommendations to those of the conditions on the same indicators."""
    for fulfilment in Fulfilment.objects.filter(requirement__decision=decision).exclude(requirement__code=""):
        _give_due_day(fulfilment)


def _give_due_day(fulfilment: Fulfilment) -> None:
    linked = fulfilment.recommendation
    if linked is not None and not linked.is_settled:
        Recommendation.objects.filter(pk=linked.pk).update(due_on=fulfilment.due_on)


# --- Proofs ----------------------------------------------------------------------------------------------------------


def _lock_to_work(fulfilment: Fulfilment, by: User) -> Fulfilment:
    """Lock the row as every move does, and return it. Raises Refusal without the right, Unacceptable once it is sent."""
    locked: Fulfilment = Fulfilment.objects.select_for_update().get(pk=fulfilment.pk)
    if not is_allowed("recommendation.work", by, locked):
        raise Refusal("show", [no_right("recommendation.work", by, locked)])
    return locked


def accepts_proofs(fulfilment: Fulfilment) -> bool:
    """Whether the hotline may add proofs: it has not sent the evidence, or the panel ruled that it is not enough."""
    return fulfilment.state in (State.SET, State.EXTENDED, State.NOT_MET) and fulfilment.is_asked


@transaction.atomic
def add_proof(
    fulfilment: Fulfilment, *, by: User, upload: Upload | None = None, address: str = "", words: str = ""
) -> FulfilmentProof:
    """Add a proof: a document, an address, or words why there can be neither. Raises Unacceptable, and Refusal."""
    name = upload.name if upload else address
    locked = _lock_to_work(fulfilment, by)
    if not accepts_proofs(locked):
        raise Unacceptable("not_under_way", name)
    document = save_document(locked.evaluation.hotline, upload, by=by) if upload else None
    same: dict[str, Any] = {"document": document} if document else {"address": address}
    if (document or address) and locked.proofs.filter(**same).exists():
        raise Unacceptable("shown_already", name)
    return FulfilmentProof.objects.create(
        fulfilment=locked, document=document, address="" if document else address, words=words.strip(), by=by
    )


@transaction.atomic
def withdraw_proof(proof: FulfilmentProof, *, by: User) -> None:
    """Delete a proof. Its document is kept. Raises Unacceptable if the proof was sent; raises Refusal."""
    locked = _lock_to_work(proof.fulfilment, by)
    if not accepts_proofs(locked):
        raise Unacceptable("not_under_way", str(proof))
    if is_sent(proof):
        raise Unacceptable("submitted", str(proof))
    proof.delete()


def last_sent(fulfilment: Fulfilment) -> Step | None:
    """Return the last step that sent evidence, or None."""
    return Step.objects.filter(kind=Fulfilment.kind, uid=fulfilment.uid, move="send").order_by("-seq").first()


def is_sent(proof: FulfilmentProof) -> bool:
    """Whether the proof was sent, so that it may have been checked."""
    step = last_sent(proof.fulfilment)
    return step is not None and proof.at <= step.at


# --- The moves -------------------------------------------------------------------------------------------------------


def _lock_evaluation(fulfilment: Fulfilment, by: User | None) -> None:
    """Lock the evaluation before the condition, so that two members cannot rule on the last two conditions at once."""
    if by is not None:
        clear_cached_ties(by)
    Evaluation.objects.select_for_update().get(pk=fulfilment.evaluation.pk)


def _store_check(fulfilment: Fulfilment, *, by: User, seems_met: bool) -> None:
    fulfilment.seems_met, fulfilment.checked_by = seems_met, by


register_act(Fulfilment.kind, "record_check", act=Act(lock=_lock_evaluation, prepare=_store_check))


def _is_another_person(fulfilment: Fulfilment, *, by: User | None, note: str) -> Iterator[Reason]:
    """Yield a reason if the member who rules on the condition checked it."""
    if by is not None and by.pk == fulfilment.checked_by_id:
        yield Reason("checked_it_oneself")


register_act(Fulfilment.kind, "fail", act=Act(lock=_lock_evaluation, check=_is_another_person))


@act_of(Fulfilment.kind, "meet", lock=_lock_evaluation, check=_is_another_person)
def _complete(fulfilment: Fulfilment, step: Step) -> None:
    """Verify the recommendation on the same indicator. After the last condition, write what the outcome becomes."""
    linked = fulfilment.recommendation
    if linked is not None and linked.state not in SETTLED:
        perform(linked, "settle_by_condition", by=step.words.by, caused_by=step)
    decision = fulfilment.requirement.decision
    evaluation = decision.evaluation
    becomes = evaluation.framework.rule.outcome(decision.outcome).becomes
    unmet = Fulfilment.objects.filter(requirement__decision=decision).exclude(state=State.MET)
    if becomes and not unmet.exists():
        by = step.words.by
        assert by is not None  # a member of the panel
        _write_outcome(decision, becomes, step.words.note, by=by)
        perform(evaluation, "meet_conditions", by=by, note=step.words.note, caused_by=step)


def _write_outcome(decision: Decision, outcome: str, reasons: str, *, by: User) -> None:
    """Create the decision with the outcome that the edition declares, until the same last day."""
    Decision.objects.create(
        evaluation=decision.evaluation,
        scorecard=decision.scorecard,
        kind=Decision.Kind.CONDITIONS_MET,
        replaces=decision,
        outcome=outcome,
        reasons=reasons,
        departs=outcome != decision.scorecard.proposal,
        decided_by=by,
        decided_on=decision.evaluation.round.today,
        valid_until=decision.valid_until,
    )


def find_extension_reasons(fulfilment: Fulfilment, until: date | None) -> Iterator[Reason]:
    """Yield a reason unless `until` is another day, from `first_day_to_extend` to the end of the accreditation."""
    last = fulfilment.requirement.decision.valid_until
    assert last is not None  # a decision with conditions accredits
    first = first_day_to_extend(fulfilment)
    if first > last:
        yield Reason("no_time_to_extend", day=last)
    elif until is None or not first <= until <= last:
        yield Reason("extended_outside", day=first, last=last)
    elif until == fulfilment.due_on:
        yield Reason("same_deadline", day=until)


def first_day_to_extend(fulfilment: Fulfilment) -> date:
    """Return the first day to which a condition can be extended: after its due day and today.

    While an extension is running, it can be shortened: to a day after the one that was set first.
    """
    today = fulfilment.evaluation.round.today
    is_running = fulfilment.is_extended and fulfilment.due_on >= today
    latest = max(fulfilment.requirement.due_on if is_running else fulfilment.due_on, today)
    return latest + timedelta(days=1)


def find_second_person_reasons(fulfilment: Fulfilment, by: User | None) -> Iterator[Reason]:
    """Yield a reason if nobody checked the condition, or if `by` was the last to check it, extend it or rule on it.

    So nobody extends a condition alone. The hotline asks for more time by sending words instead of evidence.
    """
    moves = ("record_check", "fail", "extend")
    steps = Step.objects.filter(kind=Fulfilment.kind, uid=fulfilment.uid, move__in=moves)
    last = steps.select_related("words").order_by("-seq").first()
    if last is None:
        yield Reason("not_checked")
    elif by is not None and last.words.by_id == by.pk:
        yield Reason("checked_it_oneself" if last.move == "record_check" else "another_member_extends")


def _may_extend(fulfilment: Fulfilment, *, by: User | None, note: str, until: date | None) -> list[Reason]:
    return [*find_second_person_reasons(fulfilment, by), *find_extension_reasons(fulfilment, until)]


def _extension_note(fulfilment: Fulfilment, note: str, *, until: date | None) -> str:
    """Return the note with the former and the new day, which the step seals."""
    return note_days(fulfilment.due_on, until, note) if until else note


def _set_day(fulfilment: Fulfilment, *, by: User | None, until: date | None) -> None:
    if until is not None:
        fulfilment.due_on = until


def _follow_day(fulfilment: Fulfilment, _step: Step, *, until: date | None) -> None:
    _give_due_day(fulfilment)


register_act(
    Fulfilment.kind,
    "extend",
    act=Act(lock=_lock_evaluation, check=_may_extend, note=_extension_note, prepare=_set_day, run=_follow_day),
)


def _is_late(fulfilment: Fulfilment, *, by: User | None, note: str, on: date | None = None) -> Iterator[Reason]:
    """Yield a reason unless the due day has passed on the day `on`, by default today in the round's time zone."""
    if (on or fulfilment.evaluation.round.today) <= fulfilment.due_on:
        yield Reason("too_early", day=fulfilment.due_on)


register_act(Fulfilment.kind, "run_out", act=Act(check=_is_late))


# --- The panel's new decision ----------------------------------------------------------------------------------------


@act_of(Evaluation.kind, "reconsider")
def _give_scorecard(evaluation: Evaluation, _step: Step) -> None:
    """Store a copy of the decided scorecard, on which no votes count, unless it was scored again since."""
    decision = evaluation.current_decision
    assert decision is not None  # it is decided anew
    if not evaluation.has_unmet_condition:
        return  # the votes are on the scorecard that proposes another outcome
    payload = read_payload(decision.scorecard)
    write_scorecard(evaluation, payload.evidence, payload.card).save(force_insert=True)
