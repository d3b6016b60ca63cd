"""The languages of the countries with a hotline. An installation chooses those in which it has the Guide."""

from collections.abc import Iterable
from typing import Any

from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

LANG_INFO.setdefault("mt", {"bidi": False, "code": "mt", "name": "Maltese", "name_local": "Malti"})
MALTESE = _("Maltese")
"""Django knows neither the language nor its name."""

OF_COUNTRIES = {
    "AL": ("sq",),
    "AT": ("de",),
    "BE": ("nl", "fr", "de"),
    "BG": ("bg",),
    "CH": ("de", "fr", "it"),
    "CY": ("el", "tr"),
    "CZ": ("cs",),
    "DE": ("de",),
    "DK": ("da",),
    "EE": ("et",),
    "ES": ("es",),
    "FI": ("fi", "sv"),
    "FR": ("fr",),
    "GB": ("en",),
    "GR": ("el",),
    "HR": ("hr",),
    "HU": ("hu",),
    "IE": ("en", "ga"),
    "IT": ("it",),
    "LT": ("lt",),
    "LU": ("lb", "fr", "de"),
    "LV": ("lv",),
    "MT": ("mt", "en"),
    "NL": ("nl",),
    "PL": ("pl",),
    "PT": ("pt",),
    "RO": ("ro",),
    "RS": ("sr",),
    "SE": ("sv",),
    "SI": ("sl",),
    "SK": ("sk",),
    "UA": ("uk",),
}
"""The official languages of each country of `fixtures/hotlines.csv`, by its code. Serbian is written in Cyrillic."""
ALL = "all"


def further_languages(wanted: Iterable[str], known: Iterable[str]) -> list[tuple[str, Any]]:
    """Return the languages to add to the known ones, with their names. `all` stands for those of all countries.

    Raises ImproperlyConfigured for a code that is no language of a hotline's country.
    """
    possible = {code for codes in OF_COUNTRIES.values() for code in codes}
    asked = set(wanted)
    if unknown := asked - possible - {ALL}:
        message = (
            f"GUIDE_LANGUAGES has {', '.join(sorted(unknown))}. It may have: {', '.join(sorted(possible))}, or {ALL}."
        )
        raise ImproperlyConfigured(message)
    chosen = possible if ALL in asked else asked
    return [(code, _(LANG_INFO[code]["name"])) for code in sorted(chosen - set(known))]
