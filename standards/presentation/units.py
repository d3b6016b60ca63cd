"""The names of the units that the system knows."""

from django.utils.translation import gettext as _

from standards.framework.units import DAYS, HOURS, MINUTES, PERCENT, SECONDS


def unit_words(unit: str) -> str:
    """Return a unit's name in the active language; one of the edition's own as its editors wrote it."""
    words = {
        PERCENT: _("per cent"),
        SECONDS: _("seconds"),
        MINUTES: _("minutes"),
        HOURS: _("hours"),
        DAYS: _("days"),
    }
    return words.get(unit, unit)


def format_unit(number: str, unit: str) -> str:
    """Return a formatted number with its unit."""
    if unit == PERCENT:
        # Translators: a percentage; keep a no-break space where the language has a space.
        return _("%(number)s\u00a0%%") % {"number": number}
    return _("%(number)s %(unit)s") % {"number": number, "unit": unit_words(unit)}
