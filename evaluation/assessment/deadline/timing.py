"""An open self-assessment in time: how it came back to its hotline, its last day, and how it goes."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects
from django.utils import timezone

from evaluation.assessment.deadline.pace import WINDOW, Pace
from evaluation.models import AnswerVersion, Evaluation, Step
from standards.framework import Indicator

RETURNS = ("send_back", "resume", "readmit")
"""The moves by which a self-assessment comes back to its hotline."""


def find_return(evaluation: Evaluation, steps: Iterable[Step]) -> Step | None:
    """Return the step by which an open self-assessment came back to its hotline; `steps` has its steps, newest first.

    None if it was not submitted before, or is submitted again.
    """
    own = (step for step in steps if step.kind == evaluation.kind and step.uid == evaluation.uid)
    newest = next((step for step in own if step.move in (*RETURNS, "submit")), None)
    return newest if newest and newest.move in RETURNS and evaluation.is_open else None


def last_day_of(evaluation: Evaluation, steps: Iterable[Step]) -> date | None:
    """Return the last day of an open self-assessment, None if it has none; one query if it was deferred.

    It is that of the round, or a later one of its own; for a deferred evaluation that is taken up again, the day set by
    its decision, or a later one of its own. What comes back to the hotline after its last day has none until that is
    moved.
    """
    last, returned = evaluation.answers_until, find_return(evaluation, steps)
    if returned is None:
        return last
    decision = evaluation.current_decision if returned.move == "resume" else None
    if decision and decision.hand_in_by:
        return max(decision.hand_in_by, evaluation.extended_until or decision.hand_in_by)
    return last if day_in_round(evaluation, returned.at) <= last else None


def last_days_of(evaluations: Iterable[Evaluation]) -> dict[int, date | None]:
    """Return the last day of each of these that is open, by its key. One query, two if some were deferred."""
    open_ = [evaluation for evaluation in evaluations if evaluation.is_open]
    by_uid: dict[UUID, list[Step]] = {evaluation.uid: [] for evaluation in open_}
    moves = Step.objects.filter(kind=Evaluation.kind, uid__in=list(by_uid), move__in=(*RETURNS, "submit"))
    for step in moves.order_by("-at", "-pk"):
        by_uid[step.uid].append(step)
    resumed = [evaluation for evaluation in open_ if any(step.move == "resume" for step in by_uid[evaluation.uid])]
    prefetch_related_objects(resumed, "decisions")
    return {evaluation.pk: last_day_of(evaluation, by_uid[evaluation.uid]) for evaluation in open_}


def last_day_so_far(evaluation: Evaluation) -> date:
    """Return the last day of an open self-assessment; of what came back after it, the one that it had."""
    return last_days_of([evaluation]).get(evaluation.pk) or evaluation.answers_until


def day_in_round(evaluation: Evaluation, moment: datetime) -> date:
    """Return the day of a moment in the time zone of the round."""
    return timezone.localdate(moment, ZoneInfo(evaluation.round.time_zone))


def count_begun_within(evaluation: Evaluation, days: int, *, but: Collection[str] = ()) -> int:
    """Return how many indicators got their first answer in the last days, today included; `but` are left out."""
    first_day = evaluation.round.today - timedelta(days=days - 1)
    begins = datetime.combine(first_day, time.min, ZoneInfo(evaluation.round.time_zone))
    begun = AnswerVersion.objects.filter(evaluation_id=evaluation.pk, version=1, at__gte=begins)
    return len(set(begun.values_list("code", flat=True)) - set(but))


def find_pace(evaluation: Evaluation, steps: Iterable[Step], unanswered: Collection[Indicator]) -> Pace:
    """Return the pace of an open self-assessment. One query; two once it was taken up again."""
    today = evaluation.round.today
    window = min(WINDOW, (today - day_in_round(evaluation, evaluation.opened_at)).days + 1)
    return Pace(
        left=len(unanswered),
        today=today,
        until=last_day_of(evaluation, steps),
        recent=count_begun_within(evaluation, window, but=[indicator.code for indicator in unanswered]),
        window=window,
    )
