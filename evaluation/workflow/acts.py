"""The acts: what else is checked and written with a move, registered by kind and name of the move."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from evaluation.guards.conditions import Reason

Run = Callable[..., None]
"""Called with the thing that moved, still locked, its step, and what the act needs by name. Who moved it: `step.words.by`."""
Lock = Callable[[Any, Any], object]
"""Called with the thing before it is locked, and who moves it: locks the rows that have to be locked before its own."""
Check = Callable[..., Iterable[Reason]]
"""Called with the locked thing, `by`, `note` and what the act needs: what stands in the way beside the conditions."""


@dataclass(frozen=True, slots=True)
class Act:
    """What belongs to a move; all of it happens in the transaction of the move."""

    run: Run
    lock: Lock | None = None
    check: Check | None = None


ACTS: dict[tuple[str, str], Act] = {}
"""By kind and move."""


def act_of(kind: str, *names: str, lock: Lock | None = None, check: Check | None = None) -> Callable[[Run], Run]:
    """Register a function as the act of these moves of a kind of thing.

    A keyword of the function without a default is something the act needs: `perform` takes it, and does not move without it.
    """

    def register(run: Run) -> Run:
        for name in names:
            assert (kind, name) not in ACTS, f"{kind} {name} has an act already"
            ACTS[kind, name] = Act(run, lock, check)
        return run

    return register
