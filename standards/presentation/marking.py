"""Passages and sentences as HTML: escaped, and each text marked with its language if it is not the reader's."""

from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from standards.presentation.reading_language import interface_language
from standards.presentation.sentences import Passage, Sentence


def language_of(passage: Any, reader: str | None = None) -> str:
    """Return the language of a passage if it is not that of the interface around it; else an empty string."""
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
