"""An open self-assessment in time: how it came back to its hotline, its last day, and how it goes."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from evaluation.assessment.deadline.pace import WINDOW, Pace, last_day
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
    """Return the last day of an open self-assessment, None if it has none; one query if it was deferred."""
    returned = find_return(evaluation, steps)
    decision = evaluation.current_decision if returned and returned.move == "resume" else None
    return last_day(
        evaluation.answers_until,
        returned_on=day_in_round(evaluation, returned.at) if returned else None,
        hand_in_by=decision.hand_in_by if decision else None,
    )


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
