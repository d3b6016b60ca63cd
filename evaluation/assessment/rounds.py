"""Planning, opening and correcting a round: one evaluation for each hotline, pinned to the released edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from evaluation.assessment.renewal import create_answers, hotlines_with_open_self_assessment, last_evaluations
from evaluation.guards.conditions import Reason, no_right, wrong_state
from evaluation.guards.permissions import is_allowed
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
from evaluation.workflow import Refusal, perform


def _names(hotlines: Iterable[Hotline]) -> tuple[str, ...]:
    return tuple(hotline.name for hotline in hotlines)


def hotlines_without_people(hotlines: Iterable[Hotline]) -> list[Hotline]:
    """The hotlines where nobody has a role today, so that a letter reaches nobody."""
    hotlines = list(hotlines)
    there = Membership.objects.today().filter(
        hotline__in=hotlines, role__in=(Role.COORDINATOR, Role.CONTRIBUTOR), user__is_active=True
    )
    reached = set(there.values_list("hotline", flat=True))
    return [hotline for hotline in hotlines if hotline.pk not in reached]


# --- Planning --------------------------------------------------------------------------------------------------------


@transaction.atomic
def plan_round(round_: Round, hotlines: Iterable[Hotline], *, by: User) -> Round:
    """Keep a round that has not opened, with the hotlines that it is for. Saves `round_` as it is.

    Raises Refusal when it is not planned any more, when no hotline is chosen, or when its deadline is over.
    """
    reasons, chosen = [], list(hotlines)
    if not is_allowed("round.open", by):
        reasons.append(no_right("round.open", by))
    kept = Round.objects.select_for_update().filter(pk=round_.pk).first()
    if kept and kept.state != Round.State.PLANNED:
        reasons.append(wrong_state(kept, Round.State.PLANNED))
    if not chosen:
        reasons.append(Reason("no_hotline"))
    if round_.today > round_.answers_until:
        reasons.append(Reason("deadline_in_the_past", day=round_.answers_until))
    if reasons:
        raise Refusal("plan", reasons)
    round_.save()
    round_.chosen.set(chosen)
    return round_


@transaction.atomic
def discard_round(round_: Round, *, by: User, note: str) -> Step:
    """Discard a planned round. Its row goes; the step stays in the log."""
    step = perform(round_, "discard", by=by, note=note)
    round_.delete()
    return step


# --- Opening ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenedRound:
    """What opening a planned round made; `busy` are the chosen hotlines that already have an open self-assessment."""

    evaluations: list[Evaluation]
    busy: list[Hotline]


@transaction.atomic
def open_planned_round(round_: Round, *, by: User | None) -> OpenedRound:
    """Open a round on its opening day for its chosen hotlines. `by` None is the calendar.

    A hotline with an open self-assessment elsewhere is left out, so that it does not hold up the others.
    """
    chosen = list(round_.chosen.all())
    busy = hotlines_with_open_self_assessment(chosen)
    free = [hotline for hotline in chosen if hotline not in busy]
    if busy and not free:
        raise Refusal("open", [Reason("has_open_self_assessment", names=_names(busy))])
    return OpenedRound(open_round(round_, free, by=by, renewing=round_.is_renewing), busy)


@transaction.atomic
def open_round(
    round_: Round, hotlines: Iterable[Hotline], *, by: User | None, renewing: bool = False
) -> list[Evaluation]:
    """Open `round_` for the hotlines: an evaluation each, with an answer to be given for every indicator.

    `renewing` starts each hotline from its last evaluation that was published, where there is one. Raises Refusal when
    the round is not planned any more, when its opening day is to come, when no hotline is chosen, or when one of them
    has an open self-assessment.
    """
    chosen = {hotline.pk for hotline in hotlines}
    if not chosen:
        raise Refusal("open", [Reason("no_hotline")])
    perform(round_, "open", by=by)
    return _create_evaluations(round_, Hotline.objects.filter(pk__in=chosen), renewing=renewing, act="open")


def _create_evaluations(round_: Round, hotlines: QuerySet[Hotline], *, renewing: bool, act: str) -> list[Evaluation]:
    running = Prefetch("operations", Operation.objects.filter(is_current=True))
    chosen = list(hotlines.prefetch_related(running))
    if busy := hotlines_with_open_self_assessment(chosen):
        raise Refusal(act, [Reason("has_open_self_assessment", names=_names(busy))])
    last = last_evaluations(chosen) if renewing else {}
    try:
        with transaction.atomic():
            evaluations = Evaluation.objects.bulk_create(
                Evaluation(
                    round=round_,
                    hotline=hotline,
                    renews=last.get(hotline.pk),
                    operator_id=hotline.operation_today.operator_id if hotline.operation_today else None,
                )
                for hotline in chosen
            )
    except IntegrityError as clash:  # somebody took one of them into a round at this moment
        busy = hotlines_with_open_self_assessment(chosen)
        raise Refusal(act, [Reason("has_open_self_assessment", names=_names(busy))]) from clash
    create_answers(evaluations)
    return evaluations


# --- Correcting ------------------------------------------------------------------------------------------------------


@transaction.atomic
def move_deadline(round_: Round, until: date, *, by: User, note: str) -> Step:
    """Move the last day of the self-assessment to `until`, today or later; the step says both days and the reason."""
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    former = locked.answers_until
    if until == former:
        raise Refusal("move_deadline", [Reason("same_deadline", day=former)])
    if not note.strip():
        raise Refusal("move_deadline", [Reason("needs_note")])
    Round.objects.filter(pk=round_.pk).update(answers_until=until)
    return perform(round_, "move_deadline", by=by, note=f"{former.isoformat()} > {until.isoformat()}: {note.strip()}")


@transaction.atomic
def add_hotline(round_: Round, hotline: Hotline, *, renewing: bool, by: User, note: str) -> Evaluation:
    """Add a hotline to an open round, as if it had been chosen when the round opened."""
    if not note.strip():
        raise Refusal("add_hotline", [Reason("needs_note")])
    perform(round_, "add_hotline", by=by, note=f"{hotline.name}: {note.strip()}")
    if round_.evaluations.filter(hotline=hotline).exists():
        raise Refusal("add_hotline", [Reason("already_in_the_round")])
    chosen = Hotline.objects.filter(pk=hotline.pk)
    return _create_evaluations(round_, chosen, renewing=renewing, act="add_hotline")[0]


def has_begun(evaluation: Evaluation) -> bool:
    """Somebody has written, attached, arranged or moved something; what a renewal carried over does not count."""
    carried = Evidence.objects.filter(evaluation=evaluation.renews_id) if evaluation.renews_id else None
    attached = Evidence.objects.filter(evaluation=evaluation).count()
    return (
        evaluation.state != Evaluation.State.SELF_ASSESSMENT
        or Answer.objects.filter(evaluation=evaluation, version__gt=0).exists()
        or (attached > 0 and (carried is None or attached > carried.count()))
        or Visit.objects.filter(evaluation=evaluation).exists()
        or Step.objects.filter(kind=Evaluation.kind, uid=evaluation.uid).exists()
    )


@transaction.atomic
def remove_hotline(evaluation: Evaluation, *, by: User, note: str) -> Step:
    """Remove a hotline from an open round as long as it has not begun. The step names it with the reason.

    A hotline that has begun is excused instead: its words stay.
    """
    locked = Evaluation.objects.select_for_update().select_related("hotline", "round").get(pk=evaluation.pk)
    if not note.strip():
        raise Refusal("remove_hotline", [Reason("needs_note")])
    step = perform(locked.round, "remove_hotline", by=by, note=f"{locked.hotline.name}: {note.strip()}")
    if has_begun(locked):
        raise Refusal("remove_hotline", [Reason("has_begun", names=(locked.hotline.name,))])
    locked.delete()
    return step


# --- Those who are late ----------------------------------------------------------------------------------------------


def late_evaluations(round_: Round) -> QuerySet[Evaluation]:
    """The self-assessments of a round that are still open after its deadline."""
    open_ = round_.evaluations.filter(state=Evaluation.State.SELF_ASSESSMENT).select_related("hotline", "round")
    return open_ if round_.today > round_.answers_until else open_.none()


@transaction.atomic
def remind_late(round_: Round, *, by: User, note: str = "") -> list[Evaluation]:
    """Say in the log that those who are late are written to, once a day. The caller writes the letters."""
    locked = Round.objects.select_for_update().get(pk=round_.pk)
    late = list(late_evaluations(locked))
    if not late:
        raise Refusal("remind", [Reason("nobody_is_late")])
    last = Step.objects.filter(kind=Round.kind, uid=locked.uid, move="remind").order_by("-seq").first()
    if last and timezone.localdate(last.at) == timezone.localdate():
        raise Refusal("remind", [Reason("reminded_today")])
    names = ", ".join(evaluation.hotline.name for evaluation in late)
    perform(round_, "remind", by=by, note=f"{names}: {note.strip()}" if note.strip() else names)
    return late
