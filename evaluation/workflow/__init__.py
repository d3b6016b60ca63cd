"""State changes: `perform`, the registered acts of moves, and the step log."""

from evaluation.workflow.acts import ACTS, Act, act_of, register_act
from evaluation.workflow.log import verify_chain, write_step
from evaluation.workflow.transitions import (
    LACKS_RIGHT,
    MACHINES,
    Notify,
    Refusal,
    arrow,
    find_reasons,
    is_button,
    moves_of,
    notify_nobody,
    perform,
    possible_moves,
)

__all__ = [
    "ACTS",
    "LACKS_RIGHT",
    "MACHINES",
    "Act",
    "Notify",
    "Refusal",
    "act_of",
    "arrow",
    "find_reasons",
    "is_button",
    "moves_of",
    "notify_nobody",
    "perform",
    "possible_moves",
    "register_act",
    "verify_chain",
    "write_step",
]
