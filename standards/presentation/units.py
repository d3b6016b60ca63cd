"""The names of the units that the system knows, and numbers with them."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from standards.framework import Bound, Percentage, write_percentage
from standards.framework.units import DAYS, HOURS, MINUTES, PERCENT, SECONDS


def unit_words(unit: str) -> str:
    """Return the name of a unit in the active language. A unit that the edition defines is not translated."""
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


def format_percentage(percent: Percentage) -> str:
    """Return a percentage in the format of the locale, without the sign: `80`, `66.5`, or else `66 2/3`."""
    written = str(write_percentage(percent))
    return written.replace(" ", "\u00a0") if "/" in written else format_decimal(written)


def describe_bound(bound: Bound, unit: str) -> str:
    """Describe the bound of a number: `at least 80 %`."""
    return {
        ">=": _("at least %(value)s"),
        "<=": _("at most %(value)s"),
        ">": _("more than %(value)s"),
        "<": _("less than %(value)s"),
    }[bound.comparison] % {"value": format_unit(format_decimal(bound.bound), unit)}


def format_decimal(text: str) -> str:
    """Return a decimal in the format of the locale, with as many places as the text has."""
    return number_format(Decimal(text), len(text.partition(".")[2]))
