"""The dates of an evaluation's stages for its rail: when each was left, and the last day of the present one."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.answers.deadline.timing import day_in_round
from evaluation.models import Evaluation, Step, Visit

State = Evaluation.State


def notes_of_stages(
    evaluation: Evaluation, steps: Iterable[Step], visit: Visit | None, until: date | None
) -> dict[str, str]:
    """Return the date of each stage that has one, by stage; `steps` has the steps of the evaluation, newest first.

    A past stage has the day on which it was left, the visit has its days, and the present stage has its last day, which
    is `until` for the self-assessment. A follow-up visit that ended without a decision does not replace the dates of
    the decision.
    """
    if evaluation.state == State.EXCUSED:
        return {}
    order: list[str] = [state for state in State if state != State.EXCUSED]
    everything = [step for step in steps if step.kind == evaluation.kind and step.uid == evaluation.uid]
    own = list(_without_ended_follow_ups(everything))
    notes: dict[str, str] = {}
    for stage in order[: order.index(evaluation.state)]:
        if left := next((step for step in own if step.source == stage != step.target), None):
            notes[stage] = _format(day_in_round(evaluation, left.at))
    last_move = next((step.move for step in everything if step.source != step.target), "")
    if visit is not None and (days := visit.agreed_days) and last_move != "end_follow_up":
        notes[State.STUDY_VISIT] = _format_days(*days)
    last_days: dict[str, date | None] = {State.SELF_ASSESSMENT: until, State.RESPONSE: evaluation.respond_by}
    if last := last_days.get(evaluation.state):
        notes[evaluation.state] = _("to %(day)s") % {"day": _format(last)}
    if evaluation.is_decided:
        entered = next((step for step in own if step.target == evaluation.state != step.source), None)
        if entered:
            notes[evaluation.state] = _format(day_in_round(evaluation, entered.at))
    return notes


def _without_ended_follow_ups(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps, newest first, without those of follow-up visits that ended without a decision."""
    is_ended = False
    for step in steps:
        is_ended = is_ended or step.move == "end_follow_up"
        if not is_ended:
            yield step
        elif step.move in Evaluation.REOPENING_MOVES:
            is_ended = False


def _format(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _format_days(first: date, last: date) -> str:
    return _format(first) if first == last else f"{_format(first)} – {_format(last)}"
