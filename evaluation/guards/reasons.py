"""Reasons why a move is refused, as data, and conditions, which return them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from evaluation.guards.permissions import find_denial_reason, find_ended_role, hotline_of
from evaluation.guards.ties import untied_coordinators

if TYPE_CHECKING:
    from evaluation.models import User
    from evaluation.models.states import Stateful

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Reason:
    """The reason why a move is refused: a code that pages describe, with the indicators or users concerned."""

    code: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    highest_count: int = 0
    """How many of the indicators have the highest obligation."""
    have: int = 0
    need: int = 0
    """The present number, and the number that is needed."""
    day: date | None = None
    """The day before or after which the move is possible."""
    last: date | None = None
    """The last possible day, of a range that begins with `day`."""
    right: str = field(default="", compare=False)
    """The missing right."""
    states: tuple[Any, ...] = field(default=(), compare=False)
    """The states in which the move is possible."""
    state: Any = field(default=None, compare=False)
    """The current state of the object."""

    @property
    def count(self) -> int:
        return len(self.codes) or len(self.names)


def no_right(name: str, user: "User | None", thing: object = None) -> Reason:
    """Return the reason why `user` lacks the right `name` on `thing`."""
    code, hotline = find_denial_reason(name, user, thing), hotline_of(thing)
    if code == "coordinator_is_tied" and user is not None and hotline is not None:
        return Reason(code, names=tuple(one.name for one in untied_coordinators(user, hotline)), right=name)
    if code == "role_ended" and (ended := find_ended_role(name, user, thing)):
        return Reason(code, codes=(ended.role,), day=ended.until, right=name)
    return Reason(code, right=name)


def wrong_state(thing: "Stateful", *states: str) -> Reason:
    """Return the reason that the object is in none of `states`."""
    known = type(thing).State
    return Reason("wrong_state", states=tuple(known(state) for state in states), state=known(thing.state))


class Condition(Generic[Thing]):
    """A condition of a move: a boolean for django-fsm, with reasons for users.

    django-fsm asks again for what `workflow.perform` has just found met; that is answered without a query.
    """

    def __init__(self, find: Callable[[Thing], Iterable[Reason]]) -> None:
        self._find: Callable[[Any], Iterable[Reason]] = find
        self.__doc__ = find.__doc__
        self.__name__ = find.__name__

    def __call__(self, thing: "Stateful") -> bool:
        return self in thing.conditions_met or not any(self._find(thing))

    def reasons(self, thing: Thing) -> tuple[Reason, ...]:
        return tuple(self._find(thing))
