"""The register of the texts of moves: buttons, questions, lines of the log. Each noun declares those of its machines."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from evaluation.models.states import Stateful


@dataclass(frozen=True, slots=True)
class MoveWords:
    """The texts of a move: its button (`act`), its line in the log (`done`), its question and its effects.

    Automatic moves have no button, and so no `ask` and no `means`. The timeline shows a move with `leads_back` as a
    diamond.
    """

    act: str | Promise
    done: str | Promise
    ask: str | Promise = ""
    means: str | Promise = ""
    leads_back: bool = False


MOVES: dict[tuple[str, str], MoveWords] = {}
"""By the kind of the machine and the name of the move."""


def declare_moves(machine: type[Stateful], words: Mapping[str, MoveWords]) -> None:
    """Declare the texts of the moves of a machine, by name. Raises ValueError for a move that has texts."""
    declared = {(machine.kind, name): texts for name, texts in words.items()}
    if twice := declared.keys() & MOVES.keys():
        raise ValueError(f"These moves have texts already: {sorted(twice)}")
    MOVES.update(declared)


def words_of(thing: Stateful, name: str) -> MoveWords:
    return MOVES[thing.kind, name]
