"""Declarations of editable texts: where each appears, what it may contain, and its default."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import trans_real

from standards.presentation.reading_language import active_language, interface_language

PLACE = re.compile(r"\{(\w+)\}")
"""A placeholder in the form that editors see."""

Piece = str | Promise
"""A part of a default: a literal, or a message of the catalogues, whose placeholders are `%(name)s` or `{name}`."""


class Kind(StrEnum):
    """The kinds of content of a text."""

    LINE = "line"
    LINES = "lines"
    RICH = "rich"
    ORDER = "order"
    """The order of named parts, one code per line. It is the same in every language."""


Example = date | int | Piece


@dataclass(frozen=True)
class Text:
    """An editable text. Its key never changes, as the edited versions are stored under it.

    `place` tells editors where the text appears. `default` is a sequence of pieces that are joined without a separator.
    `counted` is the placeholder whose number chooses the plural form; empty if the text has one form. The placeholders
    are those of the default. `examples` has a value for each. A paragraph with a placeholder of `optional` that has no
    value is left out. `longest` is the limit in characters. `page` is the name of a view without arguments whose page
    has the text. `parts` are the names of the parts of an order, by code.
    """

    key: str
    group: str
    place: Piece
    kind: Kind
    default: tuple[Piece, ...]
    examples: Mapping[str, Example] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    longest: int = 2_000
    counted: str = ""
    page: str = ""
    parts: Mapping[str, Piece] | None = None

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the placeholders."""
        return frozenset(PLACE.findall(" ".join(self.default_forms(source_language()))))

    @property
    def required(self) -> frozenset[str]:
        """The names of the placeholders that each form must have. A form such as “One thing” needs no number."""
        return self.names - {self.counted}

    def fits(self, forms: Iterable[str]) -> bool:
        """Whether all forms have the placeholders of this text. Forms of another version of the software may not."""
        return all(self.required <= set(PLACE.findall(form)) <= self.names for form in forms if form)

    def values(self) -> dict[str, Any]:
        """Return an example for each placeholder, in the active language. Raises KeyError if one has none."""
        return {name: _show(self.examples[name]) for name in sorted(self.names)}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be edited, the source first."""
        others = tuple(code for code, _name in settings.LANGUAGES if code != source_language())
        return (source_language(), *(() if self.kind is Kind.ORDER else others))

    def default_in(self, language: str, number: int = 0) -> str:
        """Return the default in a language, with placeholders such as `{name}`, for a number if it counts."""
        with translation.override(active_language(language)):
            return "".join(_with_braces(piece, self.counted, number) for piece in self.default)

    def default_forms(self, language: str) -> list[str]:
        """Return the plural forms of the default in a language; one form if nothing is counted."""
        return [self.default_in(language, numbers[0]) for numbers in self.numbers(language)]

    def is_default_translated(self, language: str) -> bool:
        """Whether the default is in this language, or is empty. A language of the Guide alone has no defaults."""
        is_own = interface_language(active_language(language)) == language
        return is_own or not any(self.default_forms(source_language()))

    def numbers(self, language: str) -> list[list[int]]:
        """Return some of the numbers of each plural form; a single list with 0 if nothing is counted."""
        return plural_numbers(language) if self.counted else [[0]]

    def choose(self, forms: list[str], language: str, number: int = 0) -> str:
        """Return the form for a number, or the last one if the language had fewer forms when `forms` were written."""
        if not self.counted:
            return forms[0]
        used = _used_forms(language)
        form = plural_form(language, number)
        place = list(used).index(form) if form in used else len(used) - 1
        return forms[min(place, len(forms) - 1)]


def source_language() -> str:
    """Return the language in which texts are first edited."""
    return str(settings.LANGUAGE_CODE)


def _show(example: Example) -> Any:
    return date_format(example, "DATE_FORMAT") if isinstance(example, date) else example


class _Counted(int):
    """A number that chooses the plural form and is formatted as the placeholder `name`."""

    name: str

    def __str__(self) -> str:
        return f"{{{self.name}}}"


class _Braces(dict[str, Any]):
    """The values of placeholders: each `%(name)s` is replaced by `{name}`."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _with_braces(piece: Piece, counted: str, number: int) -> str:
    if counted and isinstance(piece, Promise):
        value = _Counted(number)
        value.name = counted
        return str(piece % _Braces({counted: value}))
    text = str(piece)
    return text % _Braces() if "%(" in text else text


def plural_form(language: str, number: int) -> int:
    """Return the index of the plural form of a language for a number."""
    return int(trans_real.translation(language).plural(number))


def plural_numbers(language: str) -> list[list[int]]:
    """Return the first three numbers of each plural form that the whole numbers below 200 have in a language."""
    return list(_used_forms(language).values())


@cache
def _used_forms(language: str) -> dict[int, list[int]]:
    """Return the indexes of the plural forms of the numbers 1 to 199, in order, with the first three numbers of each.

    The other forms are those of fractions and of millions.
    """
    found: dict[int, list[int]] = {}
    for number in range(1, 200):
        numbers = found.setdefault(plural_form(language, number), [])
        if len(numbers) < 3:
            numbers.append(number)
    return dict(sorted(found.items()))


_declared: dict[str, Text] = {}


def declare(texts: Iterable[Text]) -> None:
    """Register texts. Raises ValueError for a key that another text has."""
    for text in texts:
        if text.key in _declared and _declared[text.key] is not text:
            raise ValueError(f"two texts have the key {text.key}")
        _declared[text.key] = text


def is_declared(key: str) -> bool:
    """Whether this version of the software has a text with this key."""
    return key in _declared


def text_of(key: str) -> Text:
    """Return the declared text with a key. Raises KeyError if there is none."""
    return _declared[key]


def declared_texts() -> Iterator[Text]:
    """Yield all texts in the order of their declaration."""
    yield from _declared.values()
