"""Sentences that contain texts of the Guide, as HTML in which these texts are marked with their language."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from standards.presentation.marking import marked
from standards.presentation.reading_language import interface_language
from standards.presentation.sentences import fill


def language_name(code: str) -> str:
    """Return the name of a language inside a sentence; its code if the name is unknown."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name if interface_language() == "en" else name[:1].lower() + name[1:]


def in_sentence(sentence: str, **words: Any) -> SafeString:
    """Fill the placeholders of a sentence: escaped, and each passage marked with its language."""
    return marked(fill(sentence, **words))
