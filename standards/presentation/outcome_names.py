"""Translations of common names of outcomes, for readers of editions that are not in their language."""

from django.utils.translation import gettext, gettext_lazy, override

_USUAL = {
    "Accredited": gettext_lazy("Accredited"),
    "Accredited with conditions": gettext_lazy("Accredited with conditions"),
    "With conditions": gettext_lazy("With conditions"),
    "Deferred": gettext_lazy("Deferred"),
    "Not accredited": gettext_lazy("Not accredited"),
}
"""The translations by the English name. Any other name is not translated."""


def usual_name(name: str, language: str) -> str:
    """Return the translation of an English name of an outcome, or an empty text if there is none."""
    if name not in _USUAL:
        return ""
    with override(language):
        translated = gettext(name)
    return "" if translated == name else translated
