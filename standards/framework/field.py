"""The declaration of a field beyond its type: how it is written in files, and its length."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from enum import Enum, StrEnum, auto
from typing import Any, get_type_hints


class Written(Enum):
    """The condition under which the canonical form contains a field. A field that is left out has its default."""

    ALWAYS = auto()
    WITH_FIGURE = auto()
    """If the indicator has a figure."""
    IF_SET = auto()


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a dataclass, declared by `Annotated[its type, Field(...)]`. `fields_of` adds `name` and `default`.

    `kind` is the type of its value in files. `write` returns that value for the canonical form, and `read` is its
    inverse. `read` raises MalformedEdition for a malformed value, and ValueError for one that is not in `choices`.
    """

    kind: type
    read: Callable[[Any], Any] = _as_it_is
    write: Callable[[Any], Any] = _as_it_is
    written: Written = Written.ALWAYS
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    """The maximal length of a text, unless its pattern limits it."""
    bounds: tuple[int, int] | None = None
    of_figure: bool = False
    """Whether only an indicator with a figure has it."""
    is_meaning: bool = True
    """Whether it is part of the question. If it changes, earlier answers are carried over only once confirmed."""
    name: str = ""
    default: Any = None
    """The value of a field that is left out. None for a field that is always written."""


def text(max_length: int | None = None, **declared: Any) -> Field:
    return Field(kind=str, max_length=max_length, **declared)


def choice(of: type[StrEnum], **declared: Any) -> Field:
    """Return the declaration of a field with an enumeration. A member with an empty value represents no choice."""
    return Field(kind=str, read=of, write=str, choices=tuple(filter(None, of)), **declared)


def flag(**declared: Any) -> Field:
    return Field(kind=bool, **declared)


def day(**declared: Any) -> Field:
    return Field(kind=date, read=date.fromisoformat, write=date.isoformat, **declared)


def fields_of(declaring: type) -> tuple[Field, ...]:
    """Return the declared fields of a dataclass, in order."""
    hints = get_type_hints(declaring, include_extras=True)
    return tuple(
        replace(
            hints[field.name].__metadata__[0],
            name=field.name,
            default=None if field.default is MISSING else field.default,
        )
        for field in fields(declaring)
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A text with a translation per language. `path` is its place in a wording, below the path of its part."""

    path: str
    max_length: int | None = None

    @property
    def name(self) -> str:
        """Its field name on pages."""
        return self.path.replace("/", "_")

    @property
    def table(self) -> str:
        """The table of edition files that has it, empty if none."""
        return self.path.rpartition("/")[0]

    @property
    def key(self) -> str:
        """Its name in that table."""
        return self.path.rpartition("/")[2]


def read_plain(declared: tuple[Field, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values in a canonical form by name. Raises KeyError if a field that is always written is missing."""
    return {
        field.name: field.read(data[field.name])
        for field in declared
        if field.name in data or field.written is Written.ALWAYS
    }
