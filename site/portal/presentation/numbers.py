"""Formats numbers for readers: scores rounded down, exact ratios unchanged, figures with their units."""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from evaluation.engine.scoring import as_percent, as_tenths, in_tenths, tenths_as_text
from evaluation.figures.dictionary.items import Item
from standards.framework import Percentage
from standards.framework.units import PERCENT, SECONDS
from standards.presentation.units import format_decimal, format_percentage, format_unit, unit_words

_FEWEST, _MOST = 2, 12
"""The numbers of decimals of an exact score."""


def percent(ratio: Fraction | None) -> str:
    """Format a ratio from 0 to 1, localised and rounded down: `79.9 %`. None gives “no data”."""
    return percent_of_tenths(as_tenths(ratio))


def percent_of_tenths(tenths: int | None) -> str:
    """Format tenths of a per cent: 799 -> `79.9 %`."""
    return _("no data") if tenths is None else format_unit(format_decimal(tenths_as_text(tenths)), PERCENT)


def format_percent(ratio: Fraction | None) -> str:
    """Format a ratio like `percent`, but without the sign, for a column whose heading has it; empty for None."""
    return "" if ratio is None else format_decimal(as_percent(ratio))


def threshold(percent: Percentage) -> str:
    """Format a threshold: `60 %`, `66.5 %`, `66 2/3 %`."""
    return format_unit(format_percentage(percent), PERCENT)


def fraction(value: Fraction | None) -> str:
    """Format an exact ratio: `1919/2400`, `12`. Without separators of thousands, which would be harder to read."""
    return "" if value is None else str(value)


def format_exactly(ratio: Fraction | None) -> str:
    """Format the exact score, to be shown next to the rounded one."""
    tenths = as_tenths(ratio)
    if ratio is None or tenths is None:
        return _("Nothing in it counts, so there is no score.")
    shown = percent_of_tenths(tenths)
    if Fraction(tenths, 1000) == ratio:
        return _("%(ratio)s is exactly %(shown)s.") % {"ratio": fraction(ratio), "shown": shown}
    # Translators: 1919/2400 is 79.95… %, shown as 79.9 %: always rounded down.
    return _("%(ratio)s is %(exact)s, shown as %(shown)s: always rounded down.") % {
        "ratio": fraction(ratio),
        "exact": format_unit(f"{_more_exactly(ratio, tenths)}…", PERCENT),
        "shown": shown,
    }


def _more_exactly(ratio: Fraction, tenths: int) -> str:
    """Format with as many decimals as show that it is more than the rounded number."""
    for places in range(_FEWEST, _MOST + 1):
        cut = ratio.numerator * 10 ** (places + 2) // ratio.denominator
        if cut > tenths * 10 ** (places - 1):
            break
    return number_format(Decimal(cut).scaleb(-places), places)


def plain_number(value: Decimal | Fraction) -> str:
    """Format a number without trailing zeros, localised; a fraction rounded down to one decimal."""
    if isinstance(value, Fraction):
        return rounded_down(value)
    text = format(value, "f")
    return number_format(text.rstrip("0").rstrip(".") if "." in text else text, use_l10n=True, force_grouping=True)


def rounded_down(value: Fraction) -> str:
    if value.denominator == 1:
        return number_format(value.numerator, use_l10n=True, force_grouping=True)
    return number_format(tenths_as_text(in_tenths(value)), 1, use_l10n=True, force_grouping=True)


def named_unit(item: Item) -> str:
    """Return the unit of a figure; empty for counts, which have it in their name."""
    return unit_words(item.unit) if item.unit in (SECONDS, "EUR") else ""
