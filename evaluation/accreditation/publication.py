"""Making an outcome public, and what begins and ends with that: the accreditation of the hotline."""

from datetime import date

from django.db import transaction

from evaluation.guards.conditions import Reason
from evaluation.models import Accreditation, Decision, Evaluation, Publication, Step, User
from evaluation.workflow import Refusal, move


@transaction.atomic
def publish(evaluation: Evaluation, *, by: User, note: str = "") -> Step:
    """Publish the newest decision. What it grants begins, and what the hotline held before is replaced.

    A deferral grants nothing and takes nothing away.
    """
    step = move(evaluation, "publish", by=by, note=note)
    publication = Publication.objects.create(decision=evaluation.decisions.first(), by=by, at=step.at)
    if publication.decision.hand_in_by is None:
        _begin(publication.decision, by)
    return step


def _begin(decision: Decision, by: User) -> None:
    evaluation = decision.evaluation
    running = Accreditation.objects.filter(hotline=evaluation.hotline_id, state__in=Accreditation.RUNNING)
    former = running.select_for_update().first()
    was_suspended = (
        former is not None
        and former.state == Accreditation.State.SUSPENDED
        and former.decision.evaluation_id == evaluation.pk
    )
    if former is not None:
        move(former, "replace", by=by)
    if decision.valid_until is None or _was_withdrawn(evaluation):
        return
    granted = Accreditation.objects.create(hotline=evaluation.hotline, decision=decision)
    # Correcting a decision does not lift a suspension that is about something else.
    move(granted, "begin_suspended" if was_suspended else "begin", by=by)


def _was_withdrawn(evaluation: Evaluation) -> bool:
    """What this evaluation granted was withdrawn: another decision on it brings nothing back."""
    return Accreditation.objects.filter(decision__evaluation=evaluation, state=Accreditation.State.WITHDRAWN).exists()


@transaction.atomic
def expire(accreditation: Accreditation, *, on: date) -> Step:
    """End an accreditation whose last day is over on the day `on`. The calendar does this, nobody else."""
    locked = Accreditation.objects.select_for_update(of=("self",)).select_related("decision").get(pk=accreditation.pk)
    if on <= locked.valid_until:
        raise Refusal("expire", [Reason("too_early", day=locked.valid_until)])
    return move(accreditation, "expire", by=None)
