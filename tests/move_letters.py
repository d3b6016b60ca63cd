"""The letters of a move, written without making it: the object is in the state to which the move leads."""

from typing import Any

from evaluation.models import User
from evaluation.models.states import Stateful
from evaluation.workflow import LETTERS, MoveMade
from portal.letters.models import Letter
from portal.letters.outbox import collect_letters


def write_letters(
    thing: Stateful,
    move: str,
    *,
    by: User | None = None,
    note: str = "",
    sealed: str | None = None,
    before: Any = None,
    **needs: Any,
) -> list[Letter]:
    """Write the letters of a move and return them. `sealed` is the note of the step: by default the given note."""
    made = MoveMade(thing, move, by, note, note if sealed is None else sealed, needs, before)
    with collect_letters() as written:
        LETTERS[thing.kind, move].write(made)
    return [one.letter for one in written]
