"""The usual names of outcomes in every language of the site, for editions that are not written in the reader's."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _lazy

_USUAL = {
    "Accredited": _lazy("Accredited"),
    "Accredited with conditions": _lazy("Accredited with conditions"),
    "With conditions": _lazy("With conditions"),
    "Deferred": _lazy("Deferred"),
    "Not accredited": _lazy("Not accredited"),
}
"""By what an English edition calls them. Another name is the edition's own, and is shown as it was written."""


def usual_name(name: str, language: str) -> str:
    """What an English name of an outcome is in a language; empty when nobody has translated it."""
    if name not in _USUAL:
        return ""
    with override(language):
        told = gettext(name)
    return "" if told == name else told
