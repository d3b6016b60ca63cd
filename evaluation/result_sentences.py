"""Describe results of the engine in translated texts: bases of levels, checks, missing figures."""

from decimal import Decimal
from fractions import Fraction

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.engine.scoring import Check, LevelBasis, Measured, Partial, as_percent, value_as_tenths
from evaluation.result_texts import basis_texts, missing_figure_texts
from standards.framework import Indicator, Test
from standards.framework.units import PERCENT
from standards.presentation.units import format_decimal, format_unit


def describe_basis(why: LevelBasis) -> str:
    """Describe the basis of the level of an indicator, or why there is none, in a few words."""
    return basis_texts(why, translation).name


def describe_level_reason(why: LevelBasis) -> str:
    """Describe why this judgement counts and no other, or why none does."""
    return basis_texts(why, translation).reason


def describe_disallowed(who: LevelBasis) -> str:
    """Describe why a “not applicable” of the hotline or of an assessor does not count."""
    return {
        LevelBasis.HOTLINE: _("The hotline’s “not applicable” does not count: the Guide does not allow it here."),
        LevelBasis.ASSESSOR: _(
            "An assessor’s “not applicable” does not count: the Guide does not allow it here. It is as if nobody had looked."
        ),
    }[who]


def describe_check_result(check: Check) -> str:
    """Describe the result of a check in a few words."""
    count = len(check.codes)
    match check.condition.test:
        case Test.INCOMPLETE | Test.COMPLETE:
            none, some = _("nothing is missing"), ngettext("%(count)d is missing", "%(count)d are missing", count)
        case Test.EVERY:
            none, some = _("all reach it"), ngettext("%(count)d is short of it", "%(count)d are short of it", count)
        case Test.BELOW:
            none, some = _("none is below it"), ngettext("%(count)d is below it", "%(count)d are below it", count)
        case Test.AT_LEAST:
            reaching = int(check.found or 0)
            return ngettext("%(count)d reaches it", "%(count)d reach it", reaching) % {"count": reaching}
        case Test.FIGURE:
            return _describe_figure(check)
        case Test.ANY:
            holding = int(check.found or 0)
            return ngettext("%(count)d of %(of)d holds", "%(count)d of %(of)d hold", holding) % {
                "count": holding,
                "of": len(check.parts),
            }
        case Test.SHARE:
            return _("nothing applies") if check.found is None else _percent(check.found)
        case Test.SCORE:
            return _("no score") if check.found is None else _percent(check.found)
        case Test.DOMAINS:
            none = _("all reach it")
            some = ngettext("%(count)d domain is below it", "%(count)d domains are below it", count)
        case Test.GROUPS:
            none = _("all reach it")
            some = ngettext("%(count)d group of domains is below it", "%(count)d groups of domains are below it", count)
        case Test.STANDARDS:
            none = _("all reach it")
            some = ngettext("%(count)d standard is below it", "%(count)d standards are below it", count)
        case Test.FAILING:
            none, some = _("all pass"), ngettext("%(count)d does not pass", "%(count)d do not pass", count)
        case Test.REACHED:
            return _("reached") if check.holds else _("not reached")
    return some % {"count": count} if count else none


def _describe_figure(check: Check) -> str:
    if check.withheld and check.holds:
        return _("within it; the number is not published, as its count is small")
    if check.withheld:
        return _("not within it; the number is not published, as its count is small")
    if check.holds:
        return _("nothing applies") if check.found is None else _("within it")
    count = len(check.codes)
    return ngettext("%(count)d is not within it", "%(count)d are not within it", count) % {"count": count}


def _percent(ratio: Fraction) -> str:
    return format_unit(format_decimal(as_percent(ratio)), PERCENT)


def describe_months(part: Partial) -> str:
    """Describe which part of the period a number covers: `from 9 of 12 months`."""
    # Translators: said of a number, after it.
    return ngettext("from %(count)d of %(of)d month", "from %(count)d of %(of)d months", part.of) % {
        "count": len(part.months),
        "of": part.of,
    }


def describe_missing_reason(indicator: Indicator, measured: Measured) -> str:
    """Describe why a figure is missing; empty if it is not."""
    return missing_figure_texts(indicator, measured, translation).sentence


def format_value(indicator: Indicator, value: Fraction) -> str:
    """Format a measured value with its unit: `92.4 %`, `41 seconds`."""
    tenths = value_as_tenths(indicator, value)
    places = 0 if value.denominator == 1 else 1
    number = number_format(Decimal(tenths) / 10, places, use_l10n=True, force_grouping=True)
    return format_unit(number, indicator.unit)
