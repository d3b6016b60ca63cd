"""The language of the interface and the language of the Guide, which may differ for a reader.

A language of the site may have translations of the Guide, but no catalogue of the interface. Its readers have the
interface in English. Django's active language is then for example `en-x-el`: English words, dates and numbers around
texts in Greek.
"""

from django.conf import settings
from django.utils.translation import get_language

_BETWEEN = "-x-"
"""The prefix of the private part of a language tag, see RFC 5646."""


def active_language(language: str) -> str:
    """Return the language to activate for a reader of a language of the site."""
    known = dict(settings.INTERFACE_LANGUAGES)
    return language if language in known or _BETWEEN in language else f"{settings.LANGUAGE_CODE}{_BETWEEN}{language}"


def content_language(active: str | None = None) -> str:
    """Return the language of the Guide for an active language, by default the present one."""
    active = active or get_language() or settings.LANGUAGE_CODE
    return active.partition(_BETWEEN)[2] or active


def interface_language(active: str | None = None) -> str:
    """Return the language of the interface for an active language, by default the present one."""
    active = active or get_language() or settings.LANGUAGE_CODE
    return active.partition(_BETWEEN)[0]
