"""The declaration of the texts of a move."""

from dataclasses import dataclass

from django.utils.functional import Promise


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
