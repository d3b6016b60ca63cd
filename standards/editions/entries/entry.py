"""The definition of an entry and of a table of edition files."""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

NEEDED = object()
"""The default of required entries."""
ANY_NUMBER = (0, 9999)
WEIGHTS = (1, 99)
WEIGHTS_OF_OBLIGATIONS = (0, 99)
MONTHS = (0, 120)
PERCENT = (0, 100)


@dataclass(frozen=True)
class Entry:
    """One entry of a table. `example` is a value in TOML, or the header of the table that it contains.

    `longest` is the maximal length of a text, or of the joined texts of a list. `bounds` are those of a number.
    """

    name: str
    kind: type
    meaning: str
    example: str
    default: Any = NEEDED
    longest: int | None = None
    bounds: tuple[int, int] = ANY_NUMBER
    or_text: bool = False
    """Whether a number may be written as a text, such as a fraction."""
    choices: tuple[str, ...] = ()
    """The texts that are allowed, if they are the same in every edition."""

    @property
    def is_needed(self) -> bool:
        return self.default is NEEDED

    @property
    def is_list_of_tables(self) -> bool:
        return self.example.startswith("[[")

    @property
    def begins_table(self) -> bool:
        """Whether its value is written as separate tables with headers."""
        return self.kind is dict or self.is_list_of_tables

    @cached_property
    def example_value(self) -> Any:
        """The value of the example; None if that is the header of a table."""
        return None if self.begins_table else tomllib.loads(f"x = {self.example}")["x"]

    @property
    def item_kind(self) -> type:
        """The kind of the values in a list."""
        return dict if self.is_list_of_tables else type(self.example_value[0])


@dataclass(frozen=True)
class Table:
    """A table of a file: its header, its meaning, and its entries."""

    begins: str
    meaning: str
    entries: tuple[Entry, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries)

    def entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.name == name)
