"""The conditions of a follow-up visit of an accredited hotline: for its beginning and end, and for moves it blocks."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.decision_conditions import it_has_not_ended
from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Accreditation, Evaluation


@Condition
def its_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The current decision granted an accreditation that is valid or suspended, and whose last day has not passed."""
    accreditation = getattr(evaluation.current_decision, "accreditation", None)
    if accreditation is None or not accreditation.is_running:
        yield Reason("no_running_accreditation")
    else:
        yield from it_has_not_ended.reasons(accreditation)


@Condition
def the_time_to_appeal_is_over(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline cannot appeal against the current decision any more: the time has passed, or an appeal was closed."""
    decision = evaluation.current_decision
    if decision is None or decision.kind == decision.Kind.APPEAL:
        return
    states = evaluation.appeals.model.State
    closed = evaluation.appeals.filter(decision=decision).exclude(state__in=(states.WRITTEN, states.LODGED))
    if evaluation.round.today <= decision.last_day_to_appeal and not closed.exists():
        yield Reason("time_to_appeal", day=decision.last_day_to_appeal)


@Condition
def no_correction_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No correction is proposed: it could not be confirmed before the next decision."""
    if evaluation.corrections.filter(state=evaluation.corrections.model.State.PROPOSED).exists():
        yield Reason("correction_is_open")


@Condition
def a_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """A follow-up visit of an accredited hotline is under way, and the current decision is published."""
    if evaluation.followed_up is None or getattr(evaluation.current_decision, "publication", None) is None:
        yield Reason("no_follow_up")


@Condition
def no_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """No follow-up visit is under way: excusing the hotline must not undo a published outcome."""
    if evaluation.followed_up is not None:
        yield Reason("follow_up_is_under_way")


@Condition
def nothing_newer_is_published(evaluation: "Evaluation") -> Iterator[Reason]:
    """No outcome of another round has replaced the accreditation that the follow-up visit reviews."""
    decision, followed = evaluation.current_decision, evaluation.followed_up
    if followed is None and decision is not None and decision.kind in decision.REVIEWS:
        followed = decision.followed_up
    accreditation = getattr(followed, "accreditation", None)
    if accreditation is not None and accreditation.is_replaced and _is_replaced_by_another(accreditation):
        yield Reason("newer_outcome")


def _is_replaced_by_another(accreditation: "Accreditation") -> bool:
    """Whether an outcome of the hotline from another evaluation was published later. Deferrals do not count."""
    decision = accreditation.decision
    later = type(decision)._default_manager.filter(
        evaluation__hotline=accreditation.hotline_id, hand_in_by=None, publication__at__gt=decision.publication.at
    )
    return bool(later.exclude(evaluation=decision.evaluation_id).exists())
