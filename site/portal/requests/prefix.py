"""Public addresses begin with the language in which the Guide is read, whatever the language of the interface."""

from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import LocalePrefixPattern

from standards.presentation.reading_language import content_language


class ReadingLanguagePrefix(LocalePrefixPattern):
    """Replaces Django's prefix, which is the active language: `en-x-el` for a language without a catalogue."""

    @property
    def language_prefix(self) -> str:
        return f"{content_language()}/"


def in_reading_language(*patterns: Any) -> list[URLResolver]:
    """Return the patterns under the prefix, as `i18n_patterns` does."""
    return [URLResolver(ReadingLanguagePrefix(), list(patterns))]
