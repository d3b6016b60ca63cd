"""The one door between two states: it locks, checks, moves, saves and writes the step, all or nothing."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django_fsm import ConcurrentTransition

from evaluation.guards.conditions import Condition, Reason, no_right, wrong_state
from evaluation.models import (
    Accreditation,
    Appeal,
    Correction,
    Evaluation,
    NetworkYear,
    Recommendation,
    Round,
    StatisticsImport,
    Step,
    StepWords,
    User,
    Visit,
)
from evaluation.models.states import Stateful
from evaluation.models.step import GENESIS

Thing = TypeVar("Thing", bound=Stateful)

MACHINES: tuple[type[Stateful], ...] = (
    *(Round, Evaluation, Visit, StatisticsImport, Recommendation),
    *(Appeal, Correction, Accreditation, NetworkYear),
)
"""Everything with a state."""


Tell = Callable[[Step], None]
"""Called with a step that was just made, to write letters about it in the same transaction."""


def tell_nobody(_step: Step) -> None:
    """Write no letters about a step."""


Act = Callable[[Any, Step], None]
"""Called with the thing that moved, still locked, and its step."""

ACTS: dict[tuple[str, str], Act] = {}
"""By kind and move: what else is written with it, in the same transaction, whoever calls `move`."""


def act_of(kind: str, *names: str) -> Callable[[Act], Act]:
    """Register a function as the act of these moves of a kind of thing."""

    def register(act: Act) -> Act:
        ACTS.update({(kind, name): act for name in names})
        return act

    return register


LACKS_RIGHT = ("not_permitted", "has_a_stake")
"""Codes of the reasons that hold whatever the state of the thing."""


class Refusal(Exception):
    """The move is not open. `reasons` say why, each as a code that a page can put into words and link."""

    def __init__(self, move: str, reasons: Iterable[Reason]) -> None:
        self.move = move
        self.reasons = tuple(reasons)
        super().__init__(f"{move}: {', '.join(reason.code for reason in self.reasons)}")

    @property
    def is_forbidden(self) -> bool:
        """The person lacks the right, whatever the state of the thing."""
        return any(reason.code in LACKS_RIGHT for reason in self.reasons)


def moves_of(thing: Stateful) -> dict[str, Any]:
    """The arrows of a machine by name: method name -> django-fsm's description of it."""
    return {
        name: method._django_fsm  # noqa: SLF001 - django-fsm offers no other way to read a machine
        for name, method in vars(type(thing)).items()
        if hasattr(method, "_django_fsm")
    }


def arrow(thing: Stateful, name: str) -> Any:
    """The transition `name` from the present state, or None."""
    machine = moves_of(thing).get(name)
    return machine and machine.get_transition(thing.state)


def find_reasons(thing: Stateful, name: str, by: User | None) -> tuple[Reason, ...]:
    """What stands between `thing` and the move: a missing right, a wrong state, or facts that do not hold.

    Who may not make the move in any state hears of the right, and never of the state.
    """
    step = arrow(thing, name)
    arrows = [step] if step else [*moves_of(thing)[name].transitions.values()] if name in moves_of(thing) else []
    if by is not None and arrows and not any(one.has_perm(thing, by) for one in arrows):
        lacking = no_right(arrows[0].permission.right, by, thing)
        if step or lacking.code in LACKS_RIGHT:
            return (lacking,)
    if step is None:
        return (wrong_state(thing, *(one.source for one in arrows)),)
    return tuple(
        reason
        for condition in step.conditions
        for reason in (condition.reasons(thing) if isinstance(condition, Condition) else ())
    )


def possible_moves(thing: Stateful, by: User) -> dict[str, tuple[Reason, ...]]:
    """The moves that lead away from here and that `by` may make, each with what still stands in its way.

    Moves that happen by themselves, with another act, are left out, and those that make no sense here: whose
    `only_when` does not hold.
    """
    return {
        name: find_reasons(thing, name, by)
        for name in moves_of(thing)
        if (step := arrow(thing, name))
        and not step.custom.get("by_itself")
        and step.has_perm(thing, by)
        and step.custom.get("only_when", _always)(thing)
    }


def _always(_thing: Stateful) -> bool:
    return True


@transaction.atomic
def move(thing: Thing, name: str, *, by: User | None, note: str = "") -> Step:
    """Move `thing` along the arrow `name`. Raises Refusal with every reason why not.

    `by` None is the system itself, which walks only arrows that another act or the calendar brings about.
    The note is required where the arrow says so; it goes to the log, sealed.
    """
    locked = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
    step = arrow(locked, name)
    if step:  # what several of its conditions read, once
        prefetch_related_objects([locked], *step.custom.get("reads", ()))
    reasons = list(find_reasons(locked, name, by))
    if step and step.custom.get("needs_note") and not note.strip():
        reasons.append(Reason("needs_note"))
    if step and by is None and not (step.custom.get("by_itself") or step.custom.get("by_calendar")):
        reasons.append(Reason("not_permitted"))
    if reasons:
        raise Refusal(name, reasons)
    source = locked.state
    try:
        getattr(locked, name)()
        locked.save()
        written = write_step(locked, name, source, by=by, note=note)
        if act := ACTS.get((locked.kind, name)):
            act(locked, written)
    except (ConcurrentTransition, IntegrityError) as clash:
        raise Refusal(name, [Reason("wrong_state")]) from clash
    thing.refresh_from_db()
    return written


def write_step(thing: Stateful, name: str, source: str, *, by: User | None, note: str = "") -> Step:
    """Add a step to the thing's chain. Called under the lock of its row."""
    last = Step.objects.filter(kind=thing.kind, uid=thing.uid).order_by("-seq").first()
    salt = StepWords.new_salt()
    who = by.name if by else ""
    step = Step(
        kind=thing.kind,
        uid=thing.uid,
        seq=last.seq + 1 if last else 1,
        move=name,
        source=source,
        target=thing.state,
        at=timezone.now(),
        by_seal=StepWords.seal(salt, f"{by.uid if by else ''}\n{who}"),
        note_seal=StepWords.seal(salt, note),
        previous=last.digest if last else GENESIS,
    )
    step.digest = step.own_digest
    step.save(force_insert=True)
    StepWords.objects.create(step=step, salt=salt, by=by, name=who, note=note)
    return step


def verify_chain(steps: Iterable[Step]) -> list[str]:
    """What is wrong with the steps of one thing, in the order of their numbers: a sentence each, with codes and numbers only.

    Whatever breaks the chain is found where it shows first. Who rewrites a chain to its end, or cuts its end off, leaves a chain
    that is whole in itself: that is found by the seal, which is kept outside the database.
    """
    problems, number = [], 0
    before, last = {GENESIS}, {GENESIS}  # digests of the steps with the last number but one, and with the last number
    for step in steps:
        place, named = f"{step.kind} {step.uid}", f"step {step.seq} ({step.move})"
        has_gap = step.seq > number + 1
        if has_gap:
            problems += [f"{place}: step {missing} is missing." for missing in range(number + 1, step.seq)]
        if step.digest != step.own_digest:
            problems.append(f"{place}: {named} was changed after it was written.")
        elif step.seq > number and not has_gap and step.previous not in last:
            if step.previous in before:
                problems.append(f"{place}: step {number} was inserted between the steps on both sides of it.")
            else:
                problems.append(
                    f"{place}: step {number}, before {named}, was changed after it was written, with its digest."
                )
        if number and step.seq == number:
            problems.append(f"{place}: {named} has a number that another step has; one of them was inserted.")
            last = last | {step.digest}
        else:
            before, last, number = last, {step.digest}, step.seq
        if not _words_fit(step):
            problems.append(f"{place}: who made {named}, or why, was changed after it was written.")
    return problems


def _words_fit(step: Step) -> bool:
    """Whether the words of a step are those that it sealed. Words that were erased fit."""
    words = getattr(step, "words", None)
    if words is None:
        return True
    by = f"{words.by.uid if words.by else ''}\n{words.name}"
    return step.by_seal == StepWords.seal(words.salt, by) and step.note_seal == StepWords.seal(words.salt, words.note)
