"""The usual names of outcomes in every language of the site, for editions in another language."""

from django.utils.translation import gettext, gettext_lazy, override

_USUAL = {
    "Accredited": gettext_lazy("Accredited"),
    "Accredited with conditions": gettext_lazy("Accredited with conditions"),
    "With conditions": gettext_lazy("With conditions"),
    "Deferred": gettext_lazy("Deferred"),
    "Not accredited": gettext_lazy("Not accredited"),
}
"""By their usual English names. Any other name is the edition's own, and is not translated."""


def usual_name(name: str, language: str) -> str:
    """Return the translation of an English name of an outcome; empty if there is none."""
    if name not in _USUAL:
        return ""
    with override(language):
        translated = gettext(name)
    return "" if translated == name else translated
