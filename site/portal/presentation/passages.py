"""Sentences of the pages that hold words of the Guide, as HTML in which these are marked with their language."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info

from standards.presentation.marking import marked
from standards.presentation.sentences import fill


def language_name(code: str) -> str:
    """What a language is called inside a sentence; its code when nobody knows it."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name if get_language() == "en" else name[:1].lower() + name[1:]


def in_sentence(sentence: str, **words: Any) -> SafeString:
    """A sentence of ours with words in its named places: escaped, and each passage marked with its language."""
    return marked(fill(sentence, **words))
