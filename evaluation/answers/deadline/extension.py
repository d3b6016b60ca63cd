"""Extensions: the last day of the self-assessment of one or several hotlines is moved, or moved back, with a reason."""

from collections.abc import Collection, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from evaluation.answers.deadline.timing import last_day_so_far, last_days_of
from evaluation.models import Evaluation, User
from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.people.ties import cache_ties
from evaluation.models.reasons import Reason
from evaluation.workflow import Act, find_reasons, perform, register_act
from evaluation.workflow.noted_days import note_days

MOVE = "extend"
SHORTEN = "shorten"


def _is_later(evaluation: Evaluation, *, by: User | None, note: str, until: date) -> Iterator[Reason]:
    """Yield a reason unless `until` is later than the current last day and not in the past."""
    yield from _find_wrong_day(evaluation, last_day_so_far(evaluation), until)


def _find_wrong_day(evaluation: Evaluation, former: date, until: date) -> Iterator[Reason]:
    if until <= former:
        yield Reason("no_later_deadline", day=former)
    elif until < evaluation.round.today:
        yield Reason("deadline_in_the_past", day=until)
    else:
        yield from find_day_reasons("round.answers_until", until, evaluation.round.today)


def _name_both_days(evaluation: Evaluation, note: str, *, until: date) -> str:
    return note_days(last_day_so_far(evaluation), until, note)


def _extend(evaluation: Evaluation, *, by: User | None, until: date) -> None:
    """Set a later last day for this hotline only. The step stores both days and the reason."""
    evaluation.extended_until = until


register_act(Evaluation.kind, MOVE, act=Act(check=_is_later, note=_name_both_days, prepare=_extend))


# --- Correcting an extension -----------------------------------------------------------------------------------------


def find_days_to_shorten(evaluation: Evaluation) -> tuple[date, date] | None:
    """Return the first and the last day to which an extension can be shortened; None if none is running.

    The first is today or the last day without the extension, which takes it back.
    """
    if evaluation.extended_until is None or not evaluation.is_open:
        return None
    first, former = max(evaluation.round.today, _without_extension(evaluation)), last_day_so_far(evaluation)
    return (first, former - timedelta(days=1)) if first < former else None


def _without_extension(evaluation: Evaluation) -> date:
    plain = copy(evaluation)
    plain.extended_until = None
    return last_day_so_far(plain)


def _is_possible(evaluation: Evaluation, *, by: User | None, note: str, until: date) -> Iterator[Reason]:
    days = find_days_to_shorten(evaluation)
    if days is None:
        yield Reason("not_extended")
    elif not days[0] <= until <= days[1]:
        yield Reason("day_outside", day=days[0], last=days[1])


def _shorten(evaluation: Evaluation, *, by: User | None, until: date) -> None:
    """Set an earlier last day for this hotline, or take the extension back. The step stores both days and the reason."""
    evaluation.extended_until = None if until == _without_extension(evaluation) else until


register_act(Evaluation.kind, SHORTEN, act=Act(check=_is_possible, note=_name_both_days, prepare=_shorten))


# --- Several hotlines ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Extension:
    """A possible extension for one hotline: its current last day, and the reasons against the new one."""

    evaluation: Evaluation
    former: date
    reasons: tuple[Reason, ...]


def find_extensions(evaluations: Collection[Evaluation], until: date, *, by: User) -> list[Extension]:
    """Return the extension of each evaluation to `until`, in their order. A constant number of queries."""
    last_days = last_days_of(evaluations)
    cache_ties([by], [evaluation.hotline for evaluation in evaluations])
    found = []
    for evaluation in evaluations:
        former = last_days.get(evaluation.pk) or evaluation.answers_until
        reasons = find_reasons(evaluation, MOVE, by) or tuple(_find_wrong_day(evaluation, former, until))
        found.append(Extension(evaluation, former, reasons))
    return found


@transaction.atomic
def extend_together(evaluations: Collection[Evaluation], until: date, *, by: User, note: str) -> None:
    """Extend all evaluations to the same day, or none. Raises Refusal."""
    for evaluation in evaluations:
        perform(evaluation, MOVE, by=by, note=note, until=until)
