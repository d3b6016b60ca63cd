"""A text for translators, and a file of translations as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from standards.framework import MalformedEdition, Wording, digest


class UnitState(StrEnum):
    """How far a text is in a file."""

    DRAFT = "draft"
    """It is missing, or was translated from an older source."""
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    """Somebody other than the translator read and confirmed it."""


def base_of(text: str) -> str:
    """Return a short digest of a translation, by which its file tells later whether it has changed since."""
    return digest(text)[:16]


@dataclass(frozen=True, slots=True)
class Unit:
    """One text: its path, the source, the translation if any, and what a translator needs to know."""

    path: str
    source: str
    text: str
    place: str
    longest: int | None
    state: UnitState

    @property
    def is_stale(self) -> bool:
        """Whether it has a translation that needs another look."""
        return bool(self.text) and self.state is UnitState.DRAFT

    @property
    def base(self) -> str:
        return base_of(self.text)


@dataclass(frozen=True)
class TranslationFile:
    """The entries of a file, by path: the source text they were made from, and the translation unless it is open.

    `bases` are digests of the translations that the file was given with, `reviewed` the texts that are marked as such.
    """

    language: str
    sources: Mapping[str, str]
    texts: Wording
    lines: Mapping[str, int] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    reviewed: tuple[str, ...] = ()


def describe_control_character(line: int, character: str) -> str:
    """Describe a character that no text may have, such as `U+0007`, and how to mend that."""
    sentence = _("Line %(line)s: The text holds the control character %(character)s, which nobody sees. Take it out.")
    return sentence % {"line": line, "character": character}


class Entries:
    """Collects the entries of a file while it is read. Raises MalformedEdition for a second one of a text."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.bases: dict[str, str] = {}
        self.reviewed: list[str] = []

    def add(self, path: str, source: str, text: str, line: int, *, base: str = "", is_reviewed: bool = False) -> None:
        """Add an entry; an empty text is open."""
        if path in self.sources:
            place = {"line": line, "text": path}
            raise MalformedEdition([_("Line %(line)s: %(text)s stands twice in the file. Delete one.") % place])
        self.sources[path], self.lines[path] = source, line
        if text := text.replace("\r\n", "\n").strip():
            self.texts[path] = text
            if is_reviewed:
                self.reviewed.append(path)
        if base:
            self.bases[path] = base

    def as_file(self, language: str) -> TranslationFile:
        return TranslationFile(
            language, self.sources, Wording(self.texts), self.lines, self.bases, tuple(self.reviewed)
        )
