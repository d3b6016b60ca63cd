"""The acts of publishing an outcome: the hotline's accreditation begins or is replaced. And the check of its expiry."""

from collections.abc import Iterator
from datetime import date

from evaluation.guards.reasons import Reason
from evaluation.models import Accreditation, Decision, Evaluation, Publication, Step, User
from evaluation.workflow import Act, act_of, perform, register_act


@act_of(Evaluation.kind, "publish")
def _publish(evaluation: Evaluation, step: Step) -> None:
    """Publish the newest decision. Its accreditation begins and replaces the hotline's former one.

    A deferral neither grants nor ends an accreditation.
    """
    newest = evaluation.current_decision
    assert newest is not None  # its report is printed
    publication = Publication.objects.create(decision=newest, by=step.words.by, at=step.at)
    if publication.decision.hand_in_by is None:
        _begin(publication.decision, step)


def _begin(decision: Decision, step: Step) -> None:
    evaluation, by = decision.evaluation, step.words.by
    running = Accreditation.objects.filter(hotline=evaluation.hotline_id, state__in=Accreditation.RUNNING)
    former = running.select_for_update().first()
    was_suspended = (
        former is not None
        and former.state == Accreditation.State.SUSPENDED
        and former.decision.evaluation_id == evaluation.pk
    )
    if former is not None:
        perform(former, "replace", by=by, caused_by=step)
    if decision.valid_until is None or _was_withdrawn(evaluation):
        return
    granted = Accreditation.objects.create(hotline=evaluation.hotline, decision=decision)
    # Another decision of the same evaluation does not end a suspension.
    perform(granted, "begin_suspended" if was_suspended else "begin", by=by, caused_by=step)


def _was_withdrawn(evaluation: Evaluation) -> bool:
    """Whether an accreditation of this evaluation was withdrawn. Another decision does not restore it."""
    granted = Accreditation.objects.filter(decision__evaluation=evaluation)
    return bool(granted.filter(state=Accreditation.State.WITHDRAWN).exists())


def _is_over(accreditation: Accreditation, *, by: User | None, note: str, on: date | None = None) -> Iterator[Reason]:
    """Yield a reason unless the last day has passed on the day `on`, by default today in its time zone."""
    if (on or accreditation.today) <= accreditation.valid_until:
        yield Reason("too_early", day=accreditation.valid_until)


register_act(Accreditation.kind, "expire", act=Act(check=_is_over))
