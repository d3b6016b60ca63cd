"""More time for one hotline: the last day of its self-assessment is moved behind that of the round, with a reason."""

from collections.abc import Iterator
from datetime import date

from evaluation.assessment.deadline.timing import last_day_so_far
from evaluation.guards.reasons import Reason
from evaluation.models import Evaluation, User
from evaluation.workflow import Act, register_act
from evaluation.workflow.noted_days import note_days


def _is_later(evaluation: Evaluation, *, by: User | None, note: str, until: date) -> Iterator[Reason]:
    """Yield a reason unless the day is to come and lies behind the present last day."""
    former = last_day_so_far(evaluation)
    if until <= former:
        yield Reason("no_later_deadline", day=former)
    elif until < evaluation.round.today:
        yield Reason("deadline_in_the_past", day=until)


def _name_both_days(evaluation: Evaluation, note: str, *, until: date) -> str:
    return note_days(last_day_so_far(evaluation), until, note)


def _extend(evaluation: Evaluation, *, by: User | None, until: date) -> None:
    """Give the hotline until a day of its own; the step has both days and the reason."""
    evaluation.extended_until = until


register_act(Evaluation.kind, "extend", act=Act(check=_is_later, note=_name_both_days, prepare=_extend))
