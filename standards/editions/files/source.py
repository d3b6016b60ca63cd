"""What a format gives to the reader of editions: the entries, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standards.editions.files.entry_reader import TOML, Dialect


class Row(dict[str, Any]):
    """The entries of a part that has a place of its own, such as the row of a sheet."""

    def __init__(self, entries: Mapping[str, Any], place: str) -> None:
        super().__init__(entries)
        self.place = place


@dataclass
class Source:
    """The title page, each domain with its place, and what was not read."""

    title: Mapping[str, Any]
    domains: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    dialect: Dialect = TOML
    name: str = "domains/"
    """What has the domains."""
    container: str = "the folder"
    """What else could be in it."""

    def places_of_code(self, code: str, *, of_rule: bool = False) -> list[str]:
        """Return where a code is written, or with `of_rule` that of an obligation or an outcome."""
        raise NotImplementedError

    def show(self, place: str) -> str:
        """Return a place of the reader as a person finds it."""
        return place


def place_of(entries: Mapping[str, Any], otherwise: str) -> str:
    """Return the own place of a part, if it has one."""
    return entries.place if isinstance(entries, Row) else otherwise
