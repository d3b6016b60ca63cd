"""How a number is written for a reader: scores rounded down in one place, exact ratios as they are."""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from evaluation.scoring import as_tenths

_FEWEST, _MOST = 2, 12
"""Decimals by which a score is told more exactly than it is shown."""


def percent(ratio: Fraction | None) -> str:
    """A ratio from 0 to 1 as the reader's language writes it, rounded down: `79.9 %`. No score gives no data."""
    return percent_of_tenths(as_tenths(ratio))


def percent_of_tenths(tenths: int | None) -> str:
    """799 -> `79.9 %`."""
    return _("no data") if tenths is None else _with_sign(number_format(Decimal(tenths) / 10, 1))


def format_percent(ratio: Fraction | None) -> str:
    """The same without its sign, for a column that says per cent in its head; no score says nothing."""
    tenths = as_tenths(ratio)
    return "" if tenths is None else number_format(Decimal(tenths) / 10, 1)


def whole_percent(percent: int) -> str:
    """A threshold: `60 %`."""
    return _with_sign(number_format(percent))


def _with_sign(number: str) -> str:
    # Translators: a percentage; keep a no-break space where the language has a space.
    return _("%(number)s\u00a0%%") % {"number": number}


def fraction(value: Fraction | None) -> str:
    """An exact ratio as it is: `1919/2400`, `12`. Groups would make it harder to read, not easier."""
    return "" if value is None else str(value)


def format_exactly(ratio: Fraction | None) -> str:
    """A score as it is, beside what is shown of it."""
    tenths = as_tenths(ratio)
    if ratio is None or tenths is None:
        return _("Nothing in it counts, so there is no score.")
    shown = percent_of_tenths(tenths)
    if Fraction(tenths, 1000) == ratio:
        return _("%(ratio)s is exactly %(shown)s.") % {"ratio": fraction(ratio), "shown": shown}
    # Translators: 1919/2400 is 79.95… %, shown as 79.9 %: always rounded down.
    return _("%(ratio)s is %(exact)s, shown as %(shown)s: always rounded down.") % {
        "ratio": fraction(ratio),
        "exact": _with_sign(f"{_more_exactly(ratio, tenths)}…"),
        "shown": shown,
    }


def _more_exactly(ratio: Fraction, tenths: int) -> str:
    """With as many decimals as it takes to see that it is more than what is shown."""
    for places in range(_FEWEST, _MOST + 1):
        cut = ratio.numerator * 10 ** (places + 2) // ratio.denominator
        if cut > tenths * 10 ** (places - 1):
            break
    return number_format(Decimal(cut).scaleb(-places), places)
