"""What is declared of a field beside its type: how it is written down, where, and how much room it has."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import date
from enum import Enum, StrEnum, auto
from typing import Any, get_type_hints


class Written(Enum):
    """When a field stands in the canonical form. A field that is not there has its default."""

    ALWAYS = auto()
    WITH_FIGURE = auto()
    """If the indicator has a figure."""
    IF_SET = auto()


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a dataclass, declared by `Annotated[its type, Field(...)]` there. `fields_of` fills in name and default.

    `kind` is the type in which files hold it. `read` makes its value of what `write` makes of that for the canonical
    form; it raises MalformedEdition for what is not written as it should be, ValueError for what is none of `choices`.
    """

    kind: type
    read: Callable[[Any], Any] = _as_it_is
    write: Callable[[Any], Any] = _as_it_is
    written: Written = Written.ALWAYS
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    """Of a text whose form alone does not bound it."""
    bounds: tuple[int, int] | None = None
    of_figure: bool = False
    """Only an indicator with a figure has it."""
    is_meaning: bool = True
    """Whether an answer given before a change of this field is no answer any more."""
    name: str = ""
    default: Any = None
    """What stands for a field that is not written; nothing for one that always is."""


def text(max_length: int | None = None, **declared: Any) -> Field:
    return Field(kind=str, max_length=max_length, **declared)


def choice(of: type[StrEnum], **declared: Any) -> Field:
    """One of an enumeration. A member without a value stands for no choice."""
    return Field(kind=str, read=of, write=str, choices=tuple(filter(None, of)), **declared)


def flag(**declared: Any) -> Field:
    return Field(kind=bool, **declared)


def day(**declared: Any) -> Field:
    return Field(kind=date, read=date.fromisoformat, write=date.isoformat, **declared)


def fields_of(declaring: type) -> tuple[Field, ...]:
    """The declared fields of a dataclass, in its order."""
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
    """A text that each language has of its own. `path` is its place in a wording, under the path of what it describes."""

    path: str
    max_length: int | None = None
    is_meaning: bool = True
    """False for a text that may be put in other words while it means the same."""

    @property
    def name(self) -> str:
        """What pages call it."""
        return self.path.replace("/", "_")

    @property
    def table(self) -> str:
        """The group it belongs to, if one."""
        return self.path.rpartition("/")[0]

    @property
    def key(self) -> str:
        """What it is called in that group."""
        return self.path.rpartition("/")[2]


def read_plain(declared: tuple[Field, ...], data: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a canonical form, by name. Raises KeyError without a field that is always written."""
    return {
        field.name: field.read(data[field.name])
        for field in declared
        if field.name in data or field.written is Written.ALWAYS
    }
