"""The language of the interface and the language of the Guide, which a reader may have two of.

A language of the site without a catalogue is one of the Guide's texts alone: its readers have the interface in English.
The active language of Django is then such as `en-x-el`: English words, dates and numbers around texts in Greek.
"""

from django.conf import settings
from django.utils.translation import get_language

_BETWEEN = "-x-"
"""Begins the private part of a language tag, see RFC 5646."""


def active_language(language: str) -> str:
    """Return the language to activate for a reader of a language of the site."""
    known = dict(settings.INTERFACE_LANGUAGES)
    return language if language in known or _BETWEEN in language else f"{settings.LANGUAGE_CODE}{_BETWEEN}{language}"


def content_language(active: str | None = None) -> str:
    """Return the language in which the Guide is read under an active language, by default the present one."""
    active = active or get_language() or settings.LANGUAGE_CODE
    return active.partition(_BETWEEN)[2] or active


def interface_language(active: str | None = None) -> str:
    """Return the language of the interface under an active language, by default the present one."""
    active = active or get_language() or settings.LANGUAGE_CODE
    return active.partition(_BETWEEN)[0]
