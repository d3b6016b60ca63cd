"""Read texts: the edited version in a language, else that in the source language, else the default.

Each process keeps the edited versions in memory. One query checks whether they are the latest, and runs at most once
inside `cached_texts`, which the middleware opens for each request.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Window

from reports.models import TextVersion
from reports.texts.declaration import PLACE, Text, is_declared, source_language, text_of
from standards.presentation.reading_language import active_language, content_language, interface_language
from standards.presentation.sentences import Passage, Sentence


@dataclass(frozen=True, slots=True)
class Version:
    """The latest version of a text in a language. Without forms, the text is the default again.

    It does not fit if its placeholders are not those of the present version of the software. It is then not shown.
    """

    number: int
    forms: tuple[str, ...]
    against: tuple[str, ...]
    fits: bool = True

    @property
    def read(self) -> tuple[str, ...]:
        """The forms that are shown; none if they do not fit."""
        return self.forms if self.fits else ()


NONE = Version(0, (), ())


@dataclass(frozen=True, slots=True)
class EditedTexts:
    """The latest versions by key and language. `stamp` is the uid of the newest row and the number of rows."""

    stamp: tuple[Any, ...]
    versions: Mapping[tuple[str, str], Version]

    def version(self, key: str, language: str) -> Version:
        return self.versions.get((key, language), NONE)

    def source_forms(self, text: Text) -> tuple[str, ...]:
        """Return the forms in the source language: the edited ones, or the default."""
        source = source_language()
        return self.version(text.key, source).read or tuple(text.default_forms(source))

    def message(self, text: Text, language: str, number: int = 0) -> Passage:
        """Return the text with its placeholders unfilled, and its actual language."""
        for code in dict.fromkeys((language, source_language())):
            if forms := self.version(text.key, code).read:
                return Passage(text.choose(list(forms), code, number), code)
        return Passage(text.default_in(language, number), interface_language(active_language(language)))


UNEDITED = EditedTexts((), {})
"""No edited versions: every text is its default."""

_latest: EditedTexts | None = None
_kept: ContextVar[list[EditedTexts] | None] = ContextVar("texts", default=None)


@contextmanager
def cached_texts() -> Iterator[None]:
    """Query for the latest versions at most once inside this context."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def texts_from_memory() -> Iterator[None]:
    """Run no query inside this context: use the versions in memory, for pages that must work without a database."""
    token = _kept.set([_latest or UNEDITED])
    try:
        yield
    finally:
        _kept.reset(token)


def edited_texts() -> EditedTexts:
    """Return the latest versions."""
    kept = _kept.get()
    if kept:
        return kept[0]
    found = _read()
    if kept is not None:
        kept.append(found)
    return found


def discard_cached_texts() -> None:
    """Discard the versions cached by `cached_texts`, so that the next read queries again."""
    if kept := _kept.get():
        kept.clear()


def _read() -> EditedTexts:
    global _latest  # noqa: PLW0603 - one for each process
    rows = TextVersion.objects.annotate(count=Window(Count("*"))).order_by("-pk")
    stamp = tuple(rows.values_list("uid", "count").first() or ())
    if _latest is None or _latest.stamp != stamp:
        _latest = EditedTexts(stamp, _versions() if stamp else {})
    return _latest


def _versions() -> dict[tuple[str, str], Version]:
    numbered = TextVersion.objects.exclude(number=None)
    newest = numbered.values("key", "language").annotate(newest=Max("pk")).values("newest")
    return {(row.key, row.language): _as_version(row) for row in TextVersion.objects.filter(pk__in=newest)}


def _as_version(row: TextVersion) -> Version:
    fits = not is_declared(row.key) or text_of(row.key).fits(row.forms)
    return Version(row.number or 0, tuple(row.forms), tuple(row.against), fits)


# --- Texts with their values ----------------------------------------------------------------------------------------


def read_text(key: str, language: str = "", /, **values: Any) -> Sentence:
    """Return a text with its placeholders filled. It has its language if that is not the reader's.

    Raises KeyError for an unknown key, or for a placeholder without a value.
    """
    text, language = text_of(key), language or content_language()
    number = values.get(text.counted, 0) if text.counted else 0
    page = interface_language(active_language(language))
    return fill_text(text, edited_texts().message(text, language, number), page, values)


def fill_text(text: Text, message: Passage, page: str, values: Mapping[str, Any]) -> Sentence:
    """Fill the placeholders of a message for a page in the language `page`.

    Paragraphs with an optional placeholder without a value are left out.
    """
    words = message.text
    if text.optional:
        missing = {name for name in text.optional if not values.get(name)}
        words = "\n\n".join(part for part in words.split("\n\n") if not missing & set(PLACE.findall(part)))
    pieces = PLACE.split(words)
    filled = Sentence.joined((values[piece] if place % 2 else piece for place, piece in enumerate(pieces)), "")
    own = "" if message.language == page else message.language
    return Sentence(tuple(Passage(part.text, part.language or own) for part in filled.parts if part))


def order_of(text: Text, chosen: str) -> tuple[str, ...]:
    """Return the codes of a text's parts in the order of the chosen lines. Parts that are not chosen come last."""
    known = list(text.parts or ())
    return tuple(dict.fromkeys([*(code for code in chosen.split() if code in known), *known]))
