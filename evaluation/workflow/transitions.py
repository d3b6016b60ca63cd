"""Move objects between states.

`perform` locks, checks, saves, writes the step, runs the act and writes the letters in one transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django_fsm import ConcurrentTransition

from evaluation.models import (
    Accreditation,
    Appeal,
    Consultation,
    Correction,
    Evaluation,
    Exchange,
    Fulfilment,
    GoodPractice,
    NetworkYear,
    PersonChange,
    Recommendation,
    Round,
    StatisticsImport,
    Step,
    User,
    Visit,
    Withdrawal,
)
from evaluation.models.people.permissions import no_right
from evaluation.models.reasons import Condition, Reason
from evaluation.models.states import Stateful, wrong_state
from evaluation.workflow.acts import ACTS, LETTERS, Act, MoveMade
from evaluation.workflow.log import write_step

Thing = TypeVar("Thing", bound=Stateful)

MACHINES: tuple[type[Stateful], ...] = (
    *(Round, Evaluation, Visit, StatisticsImport, Recommendation),
    *(Appeal, Correction, Accreditation, NetworkYear, Consultation),
    *(GoodPractice, Exchange, PersonChange, Fulfilment, Withdrawal),
)
"""Every model with a state."""


NO_ACT = Act()
"""The act of moves that write nothing else."""

LACKS_RIGHT = (
    *("not_permitted", "role_ended", "has_a_stake", "coordinator_is_tied", "needs_another_coordinator"),
    *("took_part", "assessed_it"),
)
"""The codes of the reasons for a missing right that apply in every state of the object."""


class Refusal(Exception):
    """The move is refused. Pages show `reasons` as sentences with links."""

    def __init__(self, move: str, reasons: Iterable[Reason]) -> None:
        self.move = move
        self.reasons = tuple(reasons)
        super().__init__(f"{move}: {', '.join(reason.code for reason in self.reasons)}")


class Arrow(Protocol):
    """A move from one state, as django-fsm-2 describes it and `evaluation.models.states.transition` declares it."""

    source: str
    target: str | None
    conditions: Sequence[Condition[Any]]
    permission: Any
    custom: Mapping[str, Any]

    def has_perm(self, instance: Stateful, user: User, /) -> bool: ...


def moves_of(thing: Stateful) -> dict[str, Any]:
    """Return django-fsm's description of each move of the machine, by method name."""
    return {
        name: method._django_fsm  # noqa: SLF001 - django-fsm has no public API for this
        for name, method in vars(type(thing)).items()
        if hasattr(method, "_django_fsm")
    }


def arrow(thing: Stateful, name: str) -> Arrow | None:
    """Return the transition `name` from the current state, or None."""
    machine = moves_of(thing).get(name)
    found: Arrow | None = machine and machine.get_transition(thing.state)
    return found


def find_reasons(thing: Stateful, name: str, by: User | None) -> tuple[Reason, ...]:
    """Return the reasons why `thing` cannot make the move: a missing right, a wrong state, or unmet conditions.

    A user who has the right in no state gets only that reason, which does not reveal the state. Reasons that the act
    removes before the move are left out. The last ones are those that the arguments of the act can answer.
    """
    return _find_reasons(thing, name, by, with_objections=True)


def _find_reasons(thing: Stateful, name: str, by: User | None, *, with_objections: bool) -> tuple[Reason, ...]:
    step = arrow(thing, name)
    arrows: list[Arrow] = (
        [step] if step else [*moves_of(thing)[name].transitions.values()] if name in moves_of(thing) else []
    )
    if by is not None and arrows and not any(one.has_perm(thing, by) for one in arrows):
        lacking = no_right(arrows[0].permission.right, by, thing)
        if step or lacking.code in LACKS_RIGHT:
            return (lacking,)
    if step is None:
        return (wrong_state(thing, *(one.source for one in arrows)),)
    act = ACTS.get((thing.kind, name), NO_ACT)
    objections = act.objections(thing) if act.objections and with_objections else ()
    return (*(reason for reason in _unmet(step, thing) if reason.code not in act.meets), *objections)


def _unmet(step: Arrow, thing: Stateful) -> Iterator[Reason]:
    """Yield the reasons of the unmet conditions of an arrow."""
    for condition in step.conditions:
        yield from condition.reasons(thing)


def possible_moves(thing: Stateful, by: User, *, only: Collection[str] = ()) -> dict[str, tuple[Reason, ...]]:
    """Return the moves from the current state that `by` has the right to make, each with the reasons against it.

    With `only`, only these moves are checked. Moves without a button are left out: those made only with another move,
    those that need a form, and those whose `only_when` is False.
    """
    return {
        name: find_reasons(thing, name, by)
        for name in moves_of(thing)
        if (not only or name in only)
        and (step := arrow(thing, name))
        and is_button(step)
        and step.has_perm(thing, by)
        and step.custom.get("only_when", _always)(thing)
    }


def is_button(step: Arrow) -> bool:
    """Whether a user can make the move with at most a note: it needs no form, and is not part of another move."""
    return not (step.custom.get("by_itself") or step.custom.get("by_form"))


def _always(_thing: Stateful) -> bool:
    return True


_RUNNING: ContextVar[tuple[Step, ...]] = ContextVar("running", default=())
"""The steps whose acts are running, the innermost last."""


@contextmanager
def _running(step: Step) -> Iterator[None]:
    before = _RUNNING.set((*_RUNNING.get(), step))
    try:
        yield
    finally:
        _RUNNING.reset(before)


def _may_be_made(step: Arrow, by: User | None, caused_by: Step | None) -> bool:
    """Whether the move may be made in this way: by a user, by the act of another move, or by the system.

    A user cannot make a move marked `by_itself`; the system alone can make only those marked `by_system`. Raises
    ValueError if the act of `caused_by` is not running.
    """
    if caused_by is not None:
        if not any(caused_by is one for one in _RUNNING.get()):
            raise ValueError("A move is caused only by a step whose act is running.")
        return by is not None or bool(step.custom.get("by_itself"))
    return bool(step.custom.get("by_system")) if by is None else not step.custom.get("by_itself")


@transaction.atomic
def perform(
    thing: Thing, name: str, *, by: User | None, note: str = "", caused_by: Step | None = None, **needs: Any
) -> Step:
    """Make the move `name` of `thing`, with its act and letters, and return the step. Raises Refusal with reasons.

    In one transaction: lock the row; check right, state and conditions; call `check` and `prepare` of the act; check
    the conditions again; change the state and save; write the step; call `run` of the act; write the letters of the
    move. A move made by the act of another one has none: the letters of the other cover it. See
    `evaluation.workflow.acts`. `needs` are the arguments of the act; if one is missing or unknown, TypeError is raised
    and nothing is written.

    A move marked `by_itself` can only be made by the act of another move, which passes its own step as `caused_by`.
    `by` is None for the system: the calendar, background tasks, and acts that move other objects without a user.
    The note is required if the arrow has `needs_note`; the act may replace it. It is sealed in the log.
    """
    act = ACTS.get((thing.kind, name), NO_ACT)
    if needs and act is NO_ACT:
        raise TypeError(f"{thing.kind} {name} has no act that needs {', '.join(needs)}")
    if act.lock:
        act.lock(thing, by)
    locked = type(thing)._base_manager.select_for_update().get(pk=thing.pk)
    step = arrow(locked, name)
    if step:  # read once what several conditions use
        prefetch_related_objects([locked], *step.custom.get("reads", ()))
    reasons = list(_find_reasons(locked, name, by, with_objections=False))
    if step and step.custom.get("needs_note") and not note.strip():
        reasons.append(Reason("needs_note"))
    if step and not _may_be_made(step, by, caused_by) and Reason("not_permitted") not in reasons:
        reasons.append(Reason("not_permitted"))
    if act.check and not reasons:
        reasons += act.check(locked, by=by, note=note, **needs)
    if reasons or step is None:
        raise Refusal(name, reasons)
    sealed = act.note(locked, note, **needs) if act.note else note
    letters = LETTERS.get((thing.kind, name)) if caused_by is None else None
    before = letters.read_before(locked) if letters and letters.read_before else None
    if act.prepare:
        act.prepare(locked, by=by, **needs)
        if unmet := tuple(_unmet(step, locked)):
            raise Refusal(name, unmet)
    source, locked.conditions_met = locked.state, step.conditions
    try:
        getattr(locked, name)()
        locked.save()
        written = write_step(locked, name, source, by=by, note=sealed)
    except (ConcurrentTransition, IntegrityError) as error:
        raise Refusal(name, [Reason("wrong_state")]) from error
    finally:
        locked.conditions_met = ()
    if act.run:
        with _running(written):
            act.run(locked, written, **needs)
    if locked.pk is not None:  # the act may have deleted it
        thing.refresh_from_db()
    if letters:
        letters.write(MoveMade(thing, name, by, note, sealed, needs, before))
    return written
