"""Planning, opening and correcting a round: one evaluation per hotline, pinned to the released edition."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from evaluation.answers.deadline.timing import last_days_of
from evaluation.answers.traits import last_traits
from evaluation.models import (
    Answer,
    Evaluation,
    Evidence,
    Hotline,
    Membership,
    Operation,
    Role,
    Round,
    Step,
    User,
    Visit,
)
from evaluation.models.day_bounds import find_day_reasons
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.models.states import wrong_state
from evaluation.rounds.renewal import (
    create_answers,
    find_end_of_round,
    hotlines_with_open_self_assessment,
    last_evaluations,
)
from evaluation.workflow import Act, Refusal, act_of, perform, register_act
from evaluation.workflow.noted_days import note_days


def hotlines_without_people(hotlines: Iterable[Hotline]) -> list[Hotline]:
    """Return the hotlines in which no active user has a role today, so that no letter can reach them."""
    hotlines = list(hotlines)
    reached = set(_reaching().filter(hotline__in=hotlines).values_list("hotline", flat=True))
    return [hotline for hotline in hotlines if hotline.pk not in reached]


def without_people() -> Q:
    """Return the condition that an evaluation is of a hotline without people, as `hotlines_without_people`."""
    return ~Q(Exists(_reaching().filter(hotline=OuterRef("hotline"))))


def _reaching() -> QuerySet[Membership]:
    roles = (Role.COORDINATOR, Role.CONTRIBUTOR)
    return Membership.objects.today().filter(role__in=roles, user__is_active=True)


# --- Planning --------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_round(round_: Round, hotlines: Iterable[Hotline], *, by: User) -> Round:
    """Save the fields of `round_`, which is not open yet, and its chosen hotlines.

    Raises Refusal if the user lacks the right, the round is no longer planned, no hotline is chosen, or its deadline
    has passed; and if a day is outside its bounds.
    """
    reasons, chosen = [], list(hotlines)
    if not is_allowed("round.open", by):
        reasons.append(no_right("round.open", by))
    stored = Round.objects.select_for_update().filter(pk=round_.pk).first()
    if stored and stored.state != Round.State.PLANNED:
        reasons.append(wrong_state(stored, Round.State.PLANNED))
    if not chosen:
        reasons.append(Reason("no_hotline"))
    if round_.today > round_.answers_until:
        reasons.append(Reason("deadline_in_the_past", day=round_.answers_until))
    reasons += (reason for _field, reason in find_planned_day_reasons(round_) if reason not in reasons)
    if reasons:
        raise Refusal("plan", reasons)
    round_.save()
    round_.chosen.set(chosen)
    return round_


def find_planned_day_reasons(round_: Round) -> Iterator[tuple[str, Reason]]:
    """Yield the field and the reason of each day of a planned round that is outside its bounds.

    A deadline that has passed is a reason of its own.
    """
    today, opens = round_.today, round_.opens_on
    begins = max(today, opens)
    for name, bounds, base in (
        ("opens_on", "round.opens_on", today),
        ("answers_until", "round.answers_until", begins),
        ("figures_from", "round.figures", opens),
        ("figures_until", "round.figures", opens),
    ):
        day = getattr(round_, name)
        if name != "answers_until" or day >= begins:
            yield from ((name, reason) for reason in find_day_reasons(bounds, day, base))


@act_of(Round.kind, "discard")
def _delete(round_: Round, _step: Step) -> None:
    """Delete the row of a planned round; the step stays in the log."""
    round_.delete()


# --- Opening ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """The result of opening a round; `busy` are the chosen hotlines with an open self-assessment elsewhere."""

    evaluations: list[Evaluation]
    busy: list[Hotline]


@transaction.atomic
def open_planned_round(round_: Round, *, by: User | None) -> OpenedRound:
    """Open a planned round. `by` is None if the calendar opens it on its opening day."""
    perform(round_, "open", by=by)
    evaluations = list(round_.evaluations.select_related("hotline").order_by("pk"))
    evaluated = {evaluation.hotline for evaluation in evaluations}
    return OpenedRound(evaluations, [hotline for hotline in round_.chosen.all() if hotline not in evaluated])


def _may_open(round_: Round, *, by: User | None, note: str) -> Iterator[Reason]:
    chosen = list(round_.chosen.all())
    busy = hotlines_with_open_self_assessment(chosen)
    if not chosen:
        yield Reason("no_hotline")
    elif len(busy) == len(chosen):
        yield _is_busy(busy)


@act_of(Round.kind, "open", check=_may_open)
def _begin_evaluations(round_: Round, _step: Step) -> None:
    """Create an evaluation for each chosen hotline, with a blank answer for every indicator.

    In a renewing round each hotline starts from its last published evaluation, if any. A hotline with an open
    self-assessment elsewhere is left out, so that it does not delay the others.
    """
    busy = hotlines_with_open_self_assessment(round_.chosen.all())
    free = round_.chosen.exclude(pk__in=[hotline.pk for hotline in busy])
    if busy and not free.exists():  # another round opened for all of them since the conditions were checked
        raise Refusal("open", [_is_busy(busy)])
    _create_evaluations(round_, free, renewing=round_.is_renewing, act="open")


def _is_busy(hotlines: Iterable[Hotline]) -> Reason:
    return Reason("has_open_self_assessment", names=tuple(hotline.name for hotline in hotlines))


def _create_evaluations(round_: Round, hotlines: QuerySet[Hotline], *, renewing: bool, act: str) -> None:
    running = Prefetch("operations", Operation.objects.filter(is_current=True))
    chosen = list(hotlines.prefetch_related(running))
    last = last_evaluations(chosen) if renewing else {}
    traits = last_traits(chosen, round_.edition.framework)
    try:
        with transaction.atomic():
            evaluations = Evaluation.objects.bulk_create(
                Evaluation(
                    round=round_,
                    hotline=hotline,
                    renews=last.get(hotline.pk),
                    traits=traits.get(hotline.pk),
                    operator_id=hotline.operation_today.operator_id if hotline.operation_today else None,
                )
                for hotline in chosen
            )
    except IntegrityError as error:  # one of them was added to a round concurrently
        raise Refusal(act, [_is_busy(hotlines_with_open_self_assessment(chosen))]) from error
    create_answers(evaluations)


# --- Correcting ------------------------------------------------------------------------------------------------------


def _is_another_day(round_: Round, *, by: User | None, note: str, until: date) -> Iterator[Reason]:
    if until == round_.answers_until:
        yield Reason("same_deadline", day=until)
    elif until >= round_.today:  # an earlier day is a reason of its own
        yield from find_day_reasons("round.answers_until", until, round_.today)


def _name_both_days(round_: Round, note: str, *, until: date) -> str:
    return note_days(round_.answers_until, until, note)


def _set_deadline(round_: Round, *, by: User | None, until: date) -> None:
    """Set the last day of the self-assessment to `until`, today or later. The step stores both days and the reason."""
    round_.answers_until = until


register_act(
    Round.kind,
    "move_deadline",
    act=Act(check=_is_another_day, note=_name_both_days, prepare=_set_deadline, meets=("deadline_in_the_past",)),
)


@transaction.atomic
def add_hotline(round_: Round, hotline: Hotline, *, renewing: bool, by: User, note: str) -> Evaluation:
    """Add a hotline to an open round, as if it had been chosen when the round opened."""
    perform(round_, "add_hotline", by=by, note=note, hotline=hotline, renewing=renewing)
    return round_.evaluations.get(hotline=hotline)


def _is_tied(hotline: Hotline, by: User | None) -> Iterator[Reason]:
    """Yield a reason if a tie binds the coordinator. The right to a round is about no hotline."""
    if by is not None and not is_allowed("evaluation.run", by, hotline):
        yield no_right("evaluation.run", by, hotline)


def _may_be_added(round_: Round, *, by: User | None, note: str, hotline: Hotline, renewing: bool) -> Iterator[Reason]:
    yield from _is_tied(hotline, by)
    yield from find_end_of_round(round_)
    if round_.evaluations.filter(hotline=hotline).exists():
        yield Reason("already_in_the_round")
    elif busy := hotlines_with_open_self_assessment([hotline]):
        yield _is_busy(busy)


def _name_hotline(_round: Round, note: str, *, hotline: Hotline, renewing: bool = False) -> str:
    return f"{hotline.recorded_name}: {note.strip()}"


@act_of(Round.kind, "add_hotline", check=_may_be_added, note=_name_hotline)
def _begin_evaluation(round_: Round, _step: Step, *, hotline: Hotline, renewing: bool) -> None:
    """Create the evaluation of the hotline."""
    _create_evaluations(round_, Hotline.objects.filter(pk=hotline.pk), renewing=renewing, act="add_hotline")


def has_begun(evaluation: Evaluation) -> bool:
    """Whether something was written, discussed, attached, arranged or moved in the evaluation.

    Content carried over by a renewal, traits that Missing Children Europe sets, and extensions do not count.
    """
    attached, of_former = (
        set(Evidence.objects.filter(evaluation=one).values_list("document", "address", "begins_on", "ends_on"))
        for one in (evaluation.pk, evaluation.renews_id)
    )
    return (
        evaluation.state != Evaluation.State.SELF_ASSESSMENT
        or Answer.objects.filter(evaluation=evaluation, version__gt=0).exists()
        or not attached <= of_former
        or evaluation.evidence_changes.exists()
        or Visit.objects.filter(evaluation=evaluation).exists()
        or evaluation.discussions.exists()
        or Step.objects.filter(kind=Evaluation.kind, uid=evaluation.uid)
        .exclude(move__in=("set_traits", "extend", "shorten"))
        .exists()
    )


def _may_be_removed(round_: Round, *, by: User | None, note: str, hotline: Hotline) -> Iterator[Reason]:
    """Yield a reason if the hotline has begun. It must be excused instead, which keeps its answers."""
    yield from _is_tied(hotline, by)
    if has_begun(round_.evaluations.select_for_update().get(hotline=hotline)):
        yield Reason("has_begun", names=(hotline.name,))


@act_of(Round.kind, "remove_hotline", check=_may_be_removed, note=_name_hotline)
def _delete_evaluation(round_: Round, _step: Step, *, hotline: Hotline) -> None:
    """Delete the evaluation of a hotline that has not begun. The step stores the hotline's name and the reason."""
    round_.evaluations.get(hotline=hotline).delete()


# --- Late hotlines ---------------------------------------------------------------------------------------------------


def late_evaluations(round_: Round) -> list[Evaluation]:
    """Return the evaluations of a round whose self-assessment is still open after its last day."""
    open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline", "round")
    last_days = last_days_of(open_)
    return [evaluation for evaluation in open_ if (last := last_days[evaluation.pk]) and last < round_.today]


@transaction.atomic
def remind_late(round_: Round, *, by: User, note: str = "") -> list[Evaluation]:
    """Remind the late hotlines, and return their evaluations."""
    perform(round_, "remind", by=by, note=note)
    return late_evaluations(round_)


def _may_remind(round_: Round, *, by: User | None, note: str) -> Iterator[Reason]:
    """Yield a reason unless a hotline is late and no reminder was sent today."""
    last = Step.objects.filter(kind=Round.kind, uid=round_.uid, move="remind").order_by("-seq").first()
    if not late_evaluations(round_):
        yield Reason("nobody_is_late")
    elif last and timezone.localdate(last.at) == timezone.localdate():
        yield Reason("reminded_today")


def _name_late_hotlines(round_: Round, note: str) -> str:
    names = ", ".join(evaluation.hotline.recorded_name for evaluation in late_evaluations(round_))
    return f"{names}: {note.strip()}" if note.strip() else names


register_act(Round.kind, "remind", act=Act(check=_may_remind, note=_name_late_hotlines))


# --- Letters to chosen hotlines --------------------------------------------------------------------------------------


def _name_recipients(_round: Round, note: str, *, evaluations: Collection[Evaluation]) -> str:
    return f"{', '.join(evaluation.hotline.recorded_name for evaluation in evaluations)}: {note.strip()}"


def _may_write(round_: Round, *, by: User | None, note: str, evaluations: Collection[Evaluation]) -> Iterator[Reason]:
    """Yield a reason if no hotline is chosen, or if the same text was sent to the same hotlines today."""
    if not evaluations:
        yield Reason("no_hotline_chosen")
        return
    written = Step.objects.filter(kind=Round.kind, uid=round_.uid, move="write_to").select_related("words")
    same = _name_recipients(round_, note, evaluations=evaluations)
    if any(step.words.note == same and timezone.localdate(step.at) == timezone.localdate() for step in written):
        yield Reason("written_today")


register_act(Round.kind, "write_to", act=Act(check=_may_write, note=_name_recipients))
