"""Bands and conditions as sentences: what a number or a rule means, said to somebody who does not read formulas."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standards.framework import Band, Condition, Indicator, Scale, Test
from standards.models.choices import Obligations

_PERCENT = "percent"


def tell_bands(indicator: Indicator, scale: Scale) -> Iterator[tuple[int, str]]:
    """Each level a number can reach with what it takes, the first band first, at last what is below all bands."""
    for band in indicator.bands:
        yield band.level, _tell_band(band, indicator.unit)
    if indicator.bands and scale.lowest not in {band.level for band in indicator.bands}:
        yield scale.lowest, _("everything else")


def _tell_band(band: Band, unit: str) -> str:
    number = number_format(Decimal(band.bound), len(band.bound.partition(".")[2]))
    if unit == _PERCENT:
        # Translators: a percentage; keep a no-break space where the language has a space.
        value = _("%(number)s\u00a0%%") % {"number": number}
    else:
        words = {"hours": _("hours"), "minutes": _("minutes"), "seconds": _("seconds"), "days": _("days")}
        value = _("%(number)s %(unit)s") % {"number": number, "unit": words.get(unit, unit)}
    return {
        ">=": _("at least %(value)s"),
        "<=": _("at most %(value)s"),
        ">": _("more than %(value)s"),
        "<": _("less than %(value)s"),
    }[band.comparison] % {"value": value}


def tell_condition(condition: Condition) -> str:
    """One condition of an outcome as a sentence."""
    return _TELLERS[condition.test](condition)


def _obligation(condition: Condition) -> str:
    return str(Obligations(condition.obligation.value).label).lower() if condition.obligation else ""


def _incomplete(condition: Condition) -> str:
    return _("An indicator that is %(obligation)s has no finding.") % {"obligation": _obligation(condition)}


def _every(condition: Condition) -> str:
    return _("Every indicator that is %(obligation)s reaches level %(level)s.") % {
        "obligation": _obligation(condition),
        "level": condition.level,
    }


def _at_most(condition: Condition) -> str:
    return ngettext(
        "At most %(count)s indicator that is %(obligation)s stands at level %(level)s.",
        "At most %(count)s indicators that are %(obligation)s stand at level %(level)s.",
        condition.count or 0,
    ) % {"count": condition.count, "obligation": _obligation(condition), "level": condition.level}


def _none_at(condition: Condition) -> str:
    return _("No indicator that is %(obligation)s stands at level %(level)s or is missing.") % {
        "obligation": _obligation(condition),
        "level": condition.level,
    }


def _domains(condition: Condition) -> str:
    return _("Every domain reaches %(percent)s\u00a0%%.") % {"percent": condition.percent}


def _overall(condition: Condition) -> str:
    return _("The overall score reaches %(percent)s\u00a0%%.") % {"percent": condition.percent}


_TELLERS: dict[Test, Callable[[Condition], str]] = {
    Test.INCOMPLETE: _incomplete,
    Test.EVERY: _every,
    Test.AT_MOST: _at_most,
    Test.NONE_AT: _none_at,
    Test.DOMAINS: _domains,
    Test.OVERALL: _overall,
}
