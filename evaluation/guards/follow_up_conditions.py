"""The conditions of a follow-up visit of an accredited hotline: when it begins, how it ends, what it rules out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluation.guards.decision_conditions import it_has_not_ended
from evaluation.guards.reasons import Condition, Reason

if TYPE_CHECKING:
    from evaluation.models import Accreditation, Evaluation


@Condition
def its_accreditation_runs(evaluation: "Evaluation") -> Iterator[Reason]:
    """The current decision granted an accreditation that is valid or suspended, and its last day is not over."""
    accreditation = getattr(evaluation.current_decision, "accreditation", None)
    if accreditation is None or not accreditation.is_running:
        yield Reason("no_running_accreditation")
    else:
        yield from it_has_not_ended.reasons(accreditation)


@Condition
def the_time_to_appeal_is_over(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline cannot contest the current decision any more: its time is over, or an appeal was ruled on."""
    decision = evaluation.current_decision
    if decision is None or decision.kind == decision.Kind.APPEAL:
        return
    states = evaluation.appeals.model.State
    closed = evaluation.appeals.filter(decision=decision).exclude(state__in=(states.WRITTEN, states.LODGED))
    if evaluation.round.today <= decision.last_day_to_appeal and not closed.exists():
        yield Reason("time_to_appeal", day=decision.last_day_to_appeal)


@Condition
def no_correction_is_open(evaluation: "Evaluation") -> Iterator[Reason]:
    """No correction waits for a second member: it could not be confirmed before the next decision."""
    if evaluation.corrections.filter(state=evaluation.corrections.model.State.PROPOSED).exists():
        yield Reason("correction_is_open")


@Condition
def a_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """A follow-up visit of an accredited hotline is under way, and the current decision is published."""
    if evaluation.followed_up is None or getattr(evaluation.current_decision, "publication", None) is None:
        yield Reason("no_follow_up")


@Condition
def no_follow_up_is_under_way(evaluation: "Evaluation") -> Iterator[Reason]:
    """The hotline is not accredited by this evaluation: an outcome is not undone by excusing it."""
    if evaluation.followed_up is not None:
        yield Reason("follow_up_is_under_way")


@Condition
def nothing_newer_is_published(evaluation: "Evaluation") -> Iterator[Reason]:
    """No outcome of another round has replaced the accreditation that a follow-up visit is about."""
    decision, followed = evaluation.current_decision, evaluation.followed_up
    if followed is None and decision is not None and decision.kind == decision.Kind.FOLLOW_UP:
        followed = decision.followed_up
    accreditation = getattr(followed, "accreditation", None)
    if accreditation is not None and accreditation.is_replaced and _is_replaced_by_another(accreditation):
        yield Reason("newer_outcome")


def _is_replaced_by_another(accreditation: "Accreditation") -> bool:
    """Whether another round of the hotline has an outcome since, not only an own decision that gave none."""
    decision = accreditation.decision
    later = type(decision)._default_manager.filter(
        evaluation__hotline=accreditation.hotline_id, hand_in_by=None, publication__at__gt=decision.publication.at
    )
    return bool(later.exclude(evaluation=decision.evaluation_id).exists())
