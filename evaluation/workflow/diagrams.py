"""The state machines as a document: a Mermaid diagram and a table of moves for each, generated from the code."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from evaluation.guards.reasons import Condition
from evaluation.models.states import Stateful
from evaluation.workflow.acts import ACTS
from evaluation.workflow.transitions import MACHINES, NO_ACT, moves_of

HEAD = """# State machines

Written by `./go manage describe_machines` from the models and the registered acts; a test holds it against the code.
Each move is made by `evaluation.workflow.perform`. “By itself” means with another move and in no other way, “by the system”
by the calendar or a background task, and “on a form” with what its act needs. The act is what is written with the move.
"""

HOW = {
    "by_itself": "by itself",
    "by_system": "by the system",
    "by_form": "on a form",
    "needs_note": "with a note",
}
"""How a move is made, by the key of its arrow."""


def describe_machines() -> str:
    """The whole document, in English."""
    with override("en"):
        return "\n".join([HEAD, *("\n".join(_describe(machine)) + "\n" for machine in MACHINES)])


def _describe(machine: type[Stateful]) -> Iterator[str]:
    yield f"## {str(machine._meta.verbose_name).capitalize()}"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for value, label in machine.State.choices:
        yield f'    state "{label}" as {value}'
    yield f"    [*] --> {machine().state}"
    moves = {
        name: sorted(
            ((one.source, one.target or one.source, one) for one in machine_move.transitions.values()),
            key=lambda arrow: arrow[:2],
        )
        for name, machine_move in moves_of(machine()).items()
    }
    for name, arrows in moves.items():
        for source, target, _arrow in arrows:
            yield f"    {source} --> {target}: {name}"
    yield "```"
    yield ""
    yield "| move | what it does | right | conditions | how | act |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, arrows in moves.items():
        yield _row(machine, name, arrows[0][2])


def _row(machine: type[Stateful], name: str, arrow: Any) -> str:
    conditions = [f"`{one.__name__}`" for one in arrow.conditions if isinstance(one, Condition)]
    how = [text for key, text in HOW.items() if arrow.custom.get(key)]
    act = ACTS.get((machine.kind, name), NO_ACT)
    writes = ", ".join(f"`{one.__module__}.{one.__name__}`" for one in act.functions)
    does = " ".join((getattr(machine, name).__doc__ or "").split())
    cells = (f"`{name}`", does, f"`{arrow.permission.right}`", ", ".join(conditions), ", ".join(how))
    return f"| {' | '.join(cells)} | {writes} |"
