"""A text as its readers get it, with example values."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from portal.templatetags.texts import rich
from reports.texts.declaration import Kind, Text, text_of
from reports.texts.reading import edited_texts, fill_text
from standards.presentation.marking import marked
from standards.presentation.reading_language import active_language
from standards.presentation.sentences import Passage, Sentence


def show_preview(text: Text, language: str, forms: Sequence[str]) -> SafeString:
    """Return the forms as HTML, each with examples for its placeholders. They must be valid."""
    shown = []
    for numbers, form in zip(text.numbers(language), forms, strict=True):
        with translation.override(active_language(language)):
            values = text.values() | ({text.counted: numbers[0]} if text.counted else {})
            sentence = fill_text(text, Passage(form, language), language, values)
            shown.append(_as_html(text, sentence, language))
    return format_html(
        '<div lang="{}">{}</div>', language, format_html_join("", "<div>{}</div>", ((p,) for p in shown))
    )


def _as_html(text: Text, sentence: Sentence, language: str) -> Any:
    if text.kind is Kind.RICH:
        return rich(sentence)
    if text.key.startswith("letters.") and text.key.endswith(".body"):
        greeting, end = (_frame(part, language) for part in ("greeting", "end"))
        return format_html('<p class="words">{}\n\n{}\n\n{}</p>', greeting, marked(sentence, language), end)
    return format_html('<p class="words">{}</p>', marked(sentence, language))


def _frame(part: str, language: str) -> SafeString:
    text = text_of(f"letters.{part}")
    return marked(fill_text(text, edited_texts().message(text, language), language, text.values()), language)
