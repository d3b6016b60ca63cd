"""A text for translators, and a file of translations as it was read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from standards.framework import MalformedEdition, Wording


@dataclass(frozen=True, slots=True)
class Unit:
    """One text: its path, the source, the translation if any, and what a translator needs to know."""

    path: str
    source: str
    text: str
    place: str
    longest: int | None
    is_stale: bool
    """Whether the source has changed since it was translated."""


@dataclass(frozen=True)
class TranslationFile:
    """The entries of a file, by path: the source text they were made from, and the translation unless it is open."""

    language: str
    sources: Mapping[str, str]
    texts: Wording
    lines: Mapping[str, int] = field(default_factory=dict)


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

    def add(self, path: str, source: str, text: str, line: int) -> None:
        """Add an entry; an empty text is open."""
        if path in self.sources:
            place = {"line": line, "text": path}
            raise MalformedEdition([_("Line %(line)s: %(text)s stands twice in the file. Delete one.") % place])
        self.sources[path], self.lines[path] = source, line
        if text := text.replace("\r\n", "\n").strip():
            self.texts[path] = text

    def as_file(self, language: str) -> TranslationFile:
        return TranslationFile(language, self.sources, Wording(self.texts), self.lines)
