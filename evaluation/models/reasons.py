"""Reasons why a move is refused, as data, and conditions, which return them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from standards.framework import Framework, Indicator

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


class Condition(Generic[Thing]):
    """A condition of a move: a boolean for django-fsm, with reasons for users.

    django-fsm asks again for what `workflow.perform` has just found met; that is answered without a query.
    """

    def __init__(self, find: Callable[[Thing], Iterable[Reason]]) -> None:
        self._find: Callable[[Any], Iterable[Reason]] = find
        self.__doc__ = find.__doc__
        self.__name__ = find.__name__

    def __call__(self, thing: Any) -> bool:
        return self in thing.conditions_met or not any(self._find(thing))

    def reasons(self, thing: Thing) -> tuple[Reason, ...]:
        return tuple(self._find(thing))


def about(code: str, framework: Framework, indicators: Iterable[Indicator]) -> Iterator[Reason]:
    """Yield one reason that names all of the indicators; nothing if there are none."""
    found = list(indicators)
    if found:
        highest_count = sum(framework.has_highest_obligation(indicator) for indicator in found)
        yield Reason(code, codes=tuple(indicator.code for indicator in found), highest_count=highest_count)
