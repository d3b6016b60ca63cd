"""More time than their round for one hotline or several: the last day of a self-assessment is moved, with a reason."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from evaluation.assessment.deadline.timing import last_day_so_far, last_days_of
from evaluation.guards.reasons import Reason
from evaluation.models import Evaluation, User
from evaluation.workflow import Act, find_reasons, perform, register_act
from evaluation.workflow.noted_days import note_days

MOVE = "extend"


def _is_later(evaluation: Evaluation, *, by: User | None, note: str, until: date) -> Iterator[Reason]:
    """Yield a reason unless the day is to come and lies behind the present last day."""
    yield from _find_wrong_day(evaluation, last_day_so_far(evaluation), until)


def _find_wrong_day(evaluation: Evaluation, former: date, until: date) -> Iterator[Reason]:
    if until <= former:
        yield Reason("no_later_deadline", day=former)
    elif until < evaluation.round.today:
        yield Reason("deadline_in_the_past", day=until)


def _name_both_days(evaluation: Evaluation, note: str, *, until: date) -> str:
    return note_days(last_day_so_far(evaluation), until, note)


def _extend(evaluation: Evaluation, *, by: User | None, until: date) -> None:
    """Give the hotline until a day of its own; the step has both days and the reason."""
    evaluation.extended_until = until


register_act(Evaluation.kind, MOVE, act=Act(check=_is_later, note=_name_both_days, prepare=_extend))


@dataclass(frozen=True, slots=True)
class Extension:
    """More time for one hotline: its last day so far, and the reasons why it cannot get it."""

    evaluation: Evaluation
    former: date
    reasons: tuple[Reason, ...]


def find_extensions(evaluations: Collection[Evaluation], until: date, *, by: User) -> list[Extension]:
    """Return for each of these what a new last day would do, in their order. The number of queries is constant."""
    last_days = last_days_of(evaluations)
    found = []
    for evaluation in evaluations:
        former = last_days.get(evaluation.pk) or evaluation.answers_until
        reasons = find_reasons(evaluation, MOVE, by) or tuple(_find_wrong_day(evaluation, former, until))
        found.append(Extension(evaluation, former, reasons))
    return found


@transaction.atomic
def extend_together(
    evaluations: Collection[Evaluation], until: date, *, by: User, note: str
) -> list[tuple[Evaluation, date]]:
    """Give all of these until the same day, each with its last day before; one that is refused refuses all."""
    given = []
    for evaluation in evaluations:
        former = last_day_so_far(evaluation)
        perform(evaluation, MOVE, by=by, note=note, until=until)
        given.append((evaluation, former))
    return given
