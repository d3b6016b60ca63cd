"""Acts and letters of moves, registered by the kind of object and the name of the move.

An act has the further checks and writes of a move. Letters notify those concerned by it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluation.models import User
from evaluation.models.reasons import Reason

Run = Callable[..., None]
"""Called after the move with the locked object, the step, and the arguments of the act. The user is `step.words.by`."""
Lock = Callable[[Any, Any], object]
"""Called with the object, before it is locked, and the user. Locks the rows that must be locked before the object."""
Check = Callable[..., Iterable[Reason]]
"""Called with the locked object, `by`, `note` and the act's arguments, after right, state and conditions are checked.

Returns further reasons against the move.
"""
Objections = Callable[[Any], Iterable[Reason]]
"""Called with the object. Returns reasons against the move that the act's arguments can answer."""
Prepare = Callable[..., object]
"""Called before the move with the locked object, `by` and the act's arguments. Writes what its conditions require."""
Note = Callable[..., str]
"""Called with the locked object, the given note and the act's arguments. Returns the note that the step seals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """The functions of a move. They are called in this order, in the transaction of the move."""

    lock: Lock | None = None
    check: Check | None = None
    note: Note | None = None
    objections: Objections | None = None
    """`find_reasons` returns them; `perform` leaves them to `check`, which knows whether they are answered."""
    prepare: Prepare | None = None
    meets: tuple[str, ...] = ()
    """The codes of the reasons that `prepare` removes: before it, they do not block the move."""
    run: Run | None = None

    @property
    def functions(self) -> tuple[Callable[..., object], ...]:
        """The functions that write to the database: `prepare` and `run`, if given."""
        return tuple(one for one in (self.prepare, self.run) if one)


ACTS: dict[tuple[str, str], Act] = {}
"""The acts by kind and move."""


def register_act(kind: str, *names: str, act: Act) -> None:
    """Register the act of these moves of a kind of object.

    The keyword arguments of its functions are passed to `perform`; those without a default are required. Every function
    is called with all arguments.
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
    objections: Objections | None = None,
    prepare: Prepare | None = None,
    meets: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Register the decorated function as `run` of an act of these moves, with its other functions."""

    def register(run: Run) -> Run:
        act = Act(lock=lock, check=check, note=note, objections=objections, prepare=prepare, meets=meets, run=run)
        register_act(kind, *names, act=act)
        return run

    return register


# --- Letters ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoveMade:
    """A move that was made, for its letters."""

    thing: Any
    """The object after the move and its act, read again."""
    move: str
    by: User | None
    """The user who made the move; None for the system."""
    note: str = ""
    """The note that was given to `perform`."""
    sealed: str = ""
    """The note of the step: what the act made of the given one."""
    needs: Mapping[str, Any] = field(default_factory=dict)
    """The arguments of the act."""
    before: Any = None
    """What `Letters.read_before` returned."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a move. `perform` writes them in the transaction of the move, after its act."""

    write: Callable[[MoveMade], object]
    read_before: Callable[[Any], object] | None = None
    """Called with the locked object before the move. Returns what the letters need and the move changes."""


LETTERS: dict[tuple[str, str], Letters] = {}
"""The letters by kind and move."""


def register_letters(kind: str, move: str, letters: Letters) -> None:
    """Register the letters of a move of a kind of object."""
    assert (kind, move) not in LETTERS, f"{kind} {move} has letters already"
    LETTERS[kind, move] = letters
