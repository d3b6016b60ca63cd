"""The only way between two states: the door, the acts that belong to its moves, and the step log."""

from evaluation.workflow.acts import ACTS, Act, act_of, register_act
from evaluation.workflow.door import (
    LACKS_RIGHT,
    MACHINES,
    Refusal,
    Notify,
    arrow,
    find_reasons,
    is_button,
    moves_of,
    perform,
    possible_moves,
    notify_nobody,
)
from evaluation.workflow.log import verify_chain, write_step

__all__ = [
    "ACTS",
    "LACKS_RIGHT",
    "MACHINES",
    "Act",
    "Refusal",
    "Notify",
    "act_of",
    "arrow",
    "find_reasons",
    "is_button",
    "moves_of",
    "perform",
    "possible_moves",
    "register_act",
    "notify_nobody",
    "verify_chain",
    "write_step",
]
