"""The Guide's own words inside a sentence of ours: escaped, and marked with their language."""

from dataclasses import replace
from typing import Any

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

from standards.framework import Condition, Framework
from standards.telling_conditions import tell_condition


def language_of(passage: Any) -> str:
    """The language of a passage when it is another than the reader's; empty when it needs no mark."""
    language = getattr(passage, "language", "")
    return "" if language == get_language() else language


def language_name(code: str) -> str:
    """What a language is called inside a sentence; its code when nobody knows it."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name if get_language() == "en" else name[:1].lower() + name[1:]


def marked(passage: Any) -> SafeString:
    """A passage as it stands inside a sentence, with its language where that is not the reader's."""
    if language := language_of(passage):
        return format_html('<span lang="{}">{}</span>', language, str(passage))
    return conditional_escape(str(passage))


def in_sentence(sentence: str, **words: Any) -> SafeString:
    """A sentence of ours with words in its named places: escaped, and each passage marked with its language."""
    filled = escape(sentence) % {name: marked(word) for name, word in words.items()}
    return mark_safe(filled)  # noqa: S308 - our own sentence, and every word in it is escaped


class MarkedTexts:
    """The words of an edition, each marked with its language, for those who put them into sentences."""

    def __init__(self, texts: Any) -> None:
        self._texts = texts

    def __getitem__(self, path: str) -> SafeString:
        return marked(self._texts[path])


def tell_marked(condition: Condition, framework: Framework, texts: Any) -> SafeString:
    """A condition of the rule as a sentence in which the Guide's own words are marked with their language."""
    escaped = replace(condition, codes=tuple(escape(code) for code in condition.codes))
    sentence = tell_condition(escaped, framework, MarkedTexts(texts))
    return mark_safe(sentence)  # noqa: S308 - our own sentence, and every word in it is escaped
