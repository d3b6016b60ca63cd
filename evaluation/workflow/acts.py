"""The acts: what else is checked and written with a move, registered by kind and name of the move."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.guards.reasons import Reason

Run = Callable[..., None]
"""Called with the moved, locked object, its step, and the arguments of the act by name. The user is `step.words.by`."""
Lock = Callable[[Any, Any], object]
"""Called with the object before it is locked, and the user: locks rows that must be locked before it."""
Check = Callable[..., Iterable[Reason]]
"""Called with the locked object, `by`, `note` and the act's arguments, once right, state and conditions hold.

Returns further reasons.
"""
Prepare = Callable[..., object]
"""Called with the locked object, `by` and the act's arguments: writes what the conditions of the move require."""
Note = Callable[..., str]
"""Called with the locked object, the given note and the act's arguments: returns the note that the step seals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What belongs to a move; all of it runs in the transaction of the move, in this order."""

    lock: Lock | None = None
    check: Check | None = None
    note: Note | None = None
    prepare: Prepare | None = None
    meets: tuple[str, ...] = ()
    """Codes of the conditions' reasons that `prepare` removes: they do not block the move before."""
    run: Run | None = None

    @property
    def functions(self) -> tuple[Callable[..., object], ...]:
        """The functions that write to the database: `prepare` and `run`, if given."""
        return tuple(one for one in (self.prepare, self.run) if one)


ACTS: dict[tuple[str, str], Act] = {}
"""By kind and move."""


def register_act(kind: str, *names: str, act: Act) -> None:
    """Register the act of these moves of a kind of object.

    A keyword argument of its functions without a default is required: `perform` accepts it, and does not move without
    it. Each of the functions is called with all of them.
    """
    for name in names:
        assert (kind, name) not in ACTS, f"{kind} {name} has an act already"
        ACTS[kind, name] = act


def act_of(
    kind: str,
    *names: str,
    lock: Lock | None = None,
    check: Check | None = None,
    note: Note | None = None,
    prepare: Prepare | None = None,
    meets: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Register a function that runs after these moves as their act, with its checks."""

    def register(run: Run) -> Run:
        register_act(kind, *names, act=Act(lock=lock, check=check, note=note, prepare=prepare, meets=meets, run=run))
        return run

    return register
