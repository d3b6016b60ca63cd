"""The time of an open self-assessment: the step that returned it to its hotline, its last day and its pace."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, F, OuterRef, QuerySet, Subquery, When, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils import timezone

from evaluation.answers.deadline.pace import WINDOW, Pace
from evaluation.models import AnswerVersion, Decision, Evaluation, Step, User
from standards.framework import Indicator

RETURNS = ("send_back", "resume", "readmit")
"""The moves that return a self-assessment to its hotline."""

RETURN_DAYS = 14
"""The least number of days that a hotline has for a self-assessment that is returned to it."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which an open self-assessment can be answered. `begun` is the day of its opening or its return."""

    begun: date
    last: date | None
    """None if it has no last day; see `last_day_of`."""


def find_return(evaluation: Evaluation, steps: Iterable[Step]) -> Step | None:
    """Return the step that returned an open self-assessment to its hotline; `steps` has its steps, newest first.

    None if it was never returned, or was submitted again.
    """
    own = (step for step in steps if step.kind == evaluation.kind and step.uid == evaluation.uid)
    newest = next((step for step in own if step.move in (*RETURNS, "submit")), None)
    return newest if newest and newest.move in RETURNS and evaluation.is_open else None


def last_day_of(evaluation: Evaluation, steps: Iterable[Step]) -> date | None:
    """Return the last day of an open self-assessment, None if it has none. One query if it was deferred.

    It is the last day of the round, or a later extension. For a resumed evaluation it is the day set by the decision
    that deferred it, or a later extension. Each return sets a last day of its own if less than `RETURN_DAYS` are left;
    one that was returned after its last day by an earlier version of the software has none until it is extended.
    """
    last, returned = evaluation.answers_until, find_return(evaluation, steps)
    if returned is None:
        return last
    decision = evaluation.current_decision if returned.move == "resume" else None
    if decision and decision.hand_in_by:
        return max(decision.hand_in_by, evaluation.extended_until or decision.hand_in_by)
    return last if day_in_round(evaluation, returned.at) <= last else None


def last_days_of(evaluations: Iterable[Evaluation]) -> dict[int, date | None]:
    """Return the last day of each open evaluation, by its key. One query, two if some were deferred."""
    return {key: period.last for key, period in periods_of(evaluations).items()}


def with_last_day(evaluations: QuerySet[Evaluation], zones: Iterable[str]) -> QuerySet[Evaluation]:
    """Annotate open self-assessments with their last day, as `last_day_of`: `last_day`, None if they have none.

    `zones` are the time zones of all rounds.
    """
    moves = Step.objects.filter(kind=Evaluation.kind, uid=OuterRef("uid"), move__in=(*RETURNS, "submit"))
    newest = moves.order_by("-at", "-pk")
    current = Decision.objects.filter(evaluation=OuterRef("pk"))  # in the order of `current_decision`
    returned_on = Case(
        *(When(round__time_zone=zone, then=TruncDate("moved_at", tzinfo=ZoneInfo(zone))) for zone in zones),
        output_field=DateField(),
    )
    moved = evaluations.alias(
        until=Greatest("round__answers_until", Coalesce("extended_until", "round__answers_until")),
        newest_move=Subquery(newest.values("move")[:1]),
        moved_at=Subquery(newest.values("at")[:1]),
        hand_in_by=Subquery(current.values("hand_in_by")[:1]),
        moved_on=returned_on,
    )
    return moved.annotate(
        last_day=Case(
            When(
                newest_move="resume",
                hand_in_by__isnull=False,
                then=Greatest("hand_in_by", Coalesce("extended_until", "hand_in_by")),
            ),
            When(newest_move__in=RETURNS, moved_on__gt=F("until"), then=None),
            default="until",
            output_field=DateField(),
        )
    )


def periods_of(evaluations: Iterable[Evaluation]) -> dict[int, Period]:
    """Return the period of each open evaluation, by its key. One query, two if some were deferred."""
    open_ = [evaluation for evaluation in evaluations if evaluation.is_open]
    by_uid: dict[UUID, list[Step]] = {evaluation.uid: [] for evaluation in open_}
    moves = Step.objects.filter(kind=Evaluation.kind, uid__in=list(by_uid), move__in=(*RETURNS, "submit"))
    for step in moves.order_by("-at", "-pk"):
        by_uid[step.uid].append(step)
    resumed = [evaluation for evaluation in open_ if any(step.move == "resume" for step in by_uid[evaluation.uid])]
    prefetch_related_objects(resumed, "decisions")
    return {evaluation.pk: _period_of(evaluation, by_uid[evaluation.uid]) for evaluation in open_}


def _period_of(evaluation: Evaluation, steps: Iterable[Step]) -> Period:
    steps = list(steps)
    returned = find_return(evaluation, steps)
    begun = day_in_round(evaluation, returned.at if returned else evaluation.opened_at)
    return Period(begun, last_day_of(evaluation, steps))


def give_time_to_complete(evaluation: Evaluation, *, by: User | None) -> None:
    """Set a last day of its own for a self-assessment that is being returned, unless enough days are left.

    The day that the panel set for what is missing stays if it is to come.
    """
    today, last = evaluation.round.today, evaluation.answers_until
    decision = evaluation.current_decision if evaluation.is_decided else None
    if decision and decision.hand_in_by:
        if decision.hand_in_by >= today:
            return
        last = decision.hand_in_by
    until = today + timedelta(days=RETURN_DAYS)
    if last < until:
        evaluation.extended_until = max(until, evaluation.answers_until)


def last_day_so_far(evaluation: Evaluation) -> date:
    """Return the last day of an open self-assessment, or its former last day if it was returned after that."""
    return last_days_of([evaluation]).get(evaluation.pk) or evaluation.answers_until


def day_in_round(evaluation: Evaluation, moment: datetime) -> date:
    """Return the date of a moment in the time zone of the round."""
    return timezone.localdate(moment, ZoneInfo(evaluation.round.time_zone))


def count_begun_within(evaluation: Evaluation, days: int, *, but: Collection[str] = ()) -> int:
    """Return how many indicators, except `but`, got their first answer in the last `days` days, today included."""
    first_day = evaluation.round.today - timedelta(days=days - 1)
    begins = datetime.combine(first_day, time.min, ZoneInfo(evaluation.round.time_zone))
    begun = AnswerVersion.objects.filter(evaluation_id=evaluation.pk, version=1, at__gte=begins)
    return len(set(begun.values_list("code", flat=True)) - set(but))


def find_pace(evaluation: Evaluation, steps: Iterable[Step], unanswered: Collection[Indicator]) -> Pace:
    """Return the pace of an open self-assessment. One query; two if it was resumed."""
    today = evaluation.round.today
    window = min(WINDOW, (today - day_in_round(evaluation, evaluation.opened_at)).days + 1)
    return Pace(
        left=len(unanswered),
        today=today,
        until=last_day_of(evaluation, steps),
        recent=count_begun_within(evaluation, window, but=[indicator.code for indicator in unanswered]),
        window=window,
        from_figures=sum(indicator.from_figures for indicator in unanswered),
    )
