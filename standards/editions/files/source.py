"""The entries of an edition in any format, with their places, as the reader of editions takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standards.editions.files.entry_reader import TOML, Dialect


class Row(dict[str, Any]):
    """The entries of a part with its own place, such as the row of a sheet."""

    def __init__(self, entries: Mapping[str, Any], place: str) -> None:
        super().__init__(entries)
        self.place = place


@dataclass
class Source:
    """The title page, each domain with its place, and the names of files or sheets that were not read."""

    title: Mapping[str, Any]
    domains: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    dialect: Dialect = TOML
    name: str = "domains/"
    """The name of the file or folder with the domains."""
    location: str = "the folder"
    """The word for the location of unread files or sheets."""

    def places_of_code(self, code: str, *, of_rule: bool = False) -> list[str]:
        """Return the places of a code, or with `of_rule`, those of the code of a part of the rule."""
        raise NotImplementedError

    def show(self, place: str) -> str:
        """Format a place of the reader for a person."""
        return place


def place_of(entries: Mapping[str, Any], otherwise: str) -> str:
    """Return the place of a part if it is a `Row`, and else `otherwise`."""
    return entries.place if isinstance(entries, Row) else otherwise
