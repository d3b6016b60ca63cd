"""Passages and sentences as escaped HTML. A text in another language than the reader's has a `lang` attribute."""

from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from standards.presentation.reading_language import interface_language
from standards.presentation.sentences import Passage, Sentence


def language_of(passage: Any, reader: str | None = None) -> str:
    """Return the language of a passage, or an empty text if that is the language of the interface around it."""
    language = getattr(passage, "language", "")
    return "" if language == interface_language(reader) else language


def marked(words: Any, reader: str | None = None) -> SafeString:
    """Return a text, a passage or a sentence as HTML for a reader of the active language, or of `reader`."""
    if isinstance(words, Sentence):
        return format_html_join("", "{}", ((marked(part, reader),) for part in words.parts))
    text = words.text if isinstance(words, Passage) else words
    if language := language_of(words, reader):
        return format_html('<span lang="{}">{}</span>', language, text)
    return conditional_escape(text)
