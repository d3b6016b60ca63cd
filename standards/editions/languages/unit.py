"""A text for translators, and the content of a file of translations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from standards.framework import MalformedEdition, Wording, digest


class UnitState(StrEnum):
    """The state of a text in a file."""

    DRAFT = "draft"
    """It is missing, or was translated from an older source."""
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    """Somebody other than the translator read and confirmed it."""


def base_of(text: str) -> str:
    """Return a short digest of a translation. An exported file has it, so that later changes are detected."""
    return digest(text)[:16]


@dataclass(frozen=True, slots=True)
class Unit:
    """One text: its path, the source, the translation if any, its place, its maximal length and its state."""

    path: str
    source: str
    text: str
    place: str
    longest: int | None
    state: UnitState

    @property
    def is_stale(self) -> bool:
        """Whether it has a translation that needs work."""
        return bool(self.text) and self.state is UnitState.DRAFT

    @property
    def base(self) -> str:
        return base_of(self.text)


@dataclass(frozen=True)
class TranslationFile:
    """The entries of a file by path: the source text that each was translated from, and its translation if any.

    `bases` are digests of the translations at the export of the file. `reviewed` are the paths of texts that are marked
    as reviewed.
    """

    language: str
    sources: Mapping[str, str]
    texts: Wording
    lines: Mapping[str, int] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    reviewed: tuple[str, ...] = ()


def describe_control_character(line: int, character: str) -> str:
    """Describe a character that no text may have, such as `U+0007`, and how to fix that."""
    sentence = _("Line %(line)s: The text holds the control character %(character)s, which nobody sees. Take it out.")
    return sentence % {"line": line, "character": character}


class Entries:
    """The entries of a file while it is read."""

    def __init__(self) -> None:
        self.sources: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.bases: dict[str, str] = {}
        self.reviewed: list[str] = []

    def add(self, path: str, source: str, text: str, line: int, *, base: str = "", is_reviewed: bool = False) -> None:
        """Add an entry. An empty text is untranslated. Raises MalformedEdition for a duplicate path."""
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
