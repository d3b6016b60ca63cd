"""State changes: `perform`, the registered acts and letters of moves, and the step log."""

from evaluation.workflow.acts import ACTS, LETTERS, Act, Letters, MoveMade, act_of, register_act, register_letters
from evaluation.workflow.log import verify_chain, write_step
from evaluation.workflow.transitions import (
    LACKS_RIGHT,
    MACHINES,
    Refusal,
    arrow,
    find_reasons,
    is_button,
    moves_of,
    perform,
    possible_moves,
)

__all__ = [
    "ACTS",
    "LACKS_RIGHT",
    "LETTERS",
    "MACHINES",
    "Act",
    "Letters",
    "MoveMade",
    "Refusal",
    "act_of",
    "arrow",
    "find_reasons",
    "is_button",
    "moves_of",
    "perform",
    "possible_moves",
    "register_act",
    "register_letters",
    "verify_chain",
    "write_step",
]
