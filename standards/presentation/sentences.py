"""Texts with their language, and sentences of the interface that contain such texts. Pure.

A translator sees a whole sentence with named placeholders. `fill` inserts texts and keeps the language of each, so that
pages and reports can mark the parts in other languages.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

_PERCENT_PLACES = re.compile(r"%\((?P<name>\w+)\)[sd]|%%")
_BRACE_PLACES = re.compile(r"\{(?P<name>\w+)\}")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and its actual language. An empty language is that of the surrounding text."""

    text: str
    language: str = ""

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as passages in order."""

    parts: tuple[Passage, ...] = ()

    def __str__(self) -> str:
        return "".join(part.text for part in self.parts)

    def __bool__(self) -> bool:
        return any(self.parts)

    @classmethod
    def joined(cls, items: Iterable[Any], separator: str = " ") -> Self:
        """Join sentences, passages and texts."""
        parts: list[Passage] = []
        for item in items:
            parts += [Passage(separator), *_parts_of(item)] if parts else _parts_of(item)
        return cls(tuple(parts))

    def capitalised(self) -> Self:
        """Return the sentence with a capital first letter."""
        first, *others = self.parts
        return type(self)((replace(first, text=first.text[:1].upper() + first.text[1:]), *others))

    def within(self, language: str) -> Self:
        """Return the sentence for a text in `language`: only passages in other languages keep theirs."""
        parts: list[Passage] = []
        for part in self.parts:
            own = Passage(part.text, "" if part.language == language else part.language)
            if parts and parts[-1].language == own.language:
                own = Passage(parts.pop().text + own.text, own.language)
            parts.append(own)
        return type(self)(tuple(part for part in parts if part))


def fill(message: str, **words: Any) -> Sentence:
    """Fill the placeholders of a message with texts, numbers, passages or sentences.

    Placeholders are `%(name)s`, as in messages of pages, or `{name}`, as in those of reports. Raises KeyError for a
    placeholder without a value.
    """
    return Sentence(tuple(_fill(message, words)))


def _fill(message: str, words: dict[str, Any]) -> Iterator[Passage]:
    places, end = _PERCENT_PLACES if "%(" in message else _BRACE_PLACES, 0
    for place in places.finditer(message):
        yield from _parts_of(message[end : place.start()])
        yield from _parts_of(words[place["name"]] if place["name"] else "%")
        end = place.end()
    yield from _parts_of(message[end:])


def _parts_of(word: Any) -> tuple[Passage, ...]:
    if isinstance(word, Sentence):
        return word.parts
    passage = word if isinstance(word, Passage) else Passage(word if isinstance(word, str) else str(word))
    return (passage,) if passage else ()
