"""The formulas of series: those of the newest edition and the cross-border share, with their terms as text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.engine.scoring import Measured, measure, value_as_tenths
from evaluation.figures.dictionary.items import items
from evaluation.figures.dictionary.sums import total_as_text
from evaluation.figures.series.benchmark import SMALLEST_BASE
from evaluation.figures.series.trends import Grain, Period
from evaluation.models import Hotline
from evaluation.result_sentences import format_value
from evaluation.result_texts import missing_figure_texts
from portal.presentation.numbers import plain_number
from portal.presentation.tables import Cell, missing
from standards.framework import Formula, Indicator, Measure, Source
from standards.framework.units import PERCENT
from standards.models import Edition
from standards.presentation.sentences import Passage

Totals = Mapping[str, Fraction | None]

CROSS_BORDER = Indicator(
    "cross_border", "", Measure.NUMERIC, Source.STATISTICS, unit=PERCENT, formula=Formula("A26/A21")
)
"""Not an indicator of the Guide, but the network is most often asked about it."""


@dataclass(frozen=True, slots=True)
class NamedFormula:
    """A formula with its name in the newest edition."""

    code: str
    name: Any
    indicator: Indicator

    @property
    def title(self) -> Passage:
        """The name with the code, in the language of the name."""
        return Passage(f"{self.code} {self.name}", getattr(self.name, "language", ""))

    @property
    def formula(self) -> Formula:
        assert self.indicator.formula is not None
        return self.indicator.formula

    @property
    def items(self) -> tuple[str, ...]:
        base = self.indicator.minimum_base
        return (*self.formula.items, *((base.item,) if base and base.item not in self.formula.items else ()))

    def measure(self, totals: Totals) -> Measured:
        return measure(self.indicator, totals)

    def compared(self, totals: Totals) -> Fraction | None:
        """Return the value for comparisons: None for a ratio with too small a base."""
        base = self.base(totals)
        if self.formula.is_ratio and (base is None or base < SMALLEST_BASE):
            return None
        return self.measure(totals).value

    def base(self, totals: Totals) -> Fraction | None:
        """Return the denominator of a ratio."""
        _numerator, signed = self.formula.parts()
        values = [totals.get(item) for _sign, item in signed]
        if None in values:
            return None
        return sum((sign * (totals.get(item) or Fraction(0)) for sign, item in signed), Fraction(0))

    def has_small_base(self, totals: Totals) -> bool:
        """Return whether the base is too small for a percentage; its terms are shown anyway."""
        base = self.base(totals)
        is_percentage = self.formula.is_ratio and self.indicator.unit == PERCENT
        return is_percentage and base is not None and 0 < base < SMALLEST_BASE

    def cell(self, totals: Totals, *, is_estimated: bool = False) -> Cell:
        """Return the formatted value, or the reason why there is none."""
        measured = self.measure(totals)
        if measured.value is None:
            return missing(missing_figure_texts(self.indicator, measured, translation).in_cell)
        if self.has_small_base(totals):
            return missing(_("fewer than 20"))
        return self.value_cell(measured.value, _("estimated") if is_estimated else "", is_estimated=is_estimated)

    def value_cell(self, value: Fraction, note: str = "", *, is_estimated: bool = False) -> Cell:
        """Return a value, median or quartile in the unit of the formula, with the displayed precision."""
        number = Decimal(value_as_tenths(self.indicator, value)) / 10
        return Cell(format_value(self.indicator, value), number, note, is_estimated=is_estimated)

    def terms(self, totals: Totals) -> str:
        """Return the formula with its numbers: `880/(1,000-40)`."""
        written = self.formula.text
        for item in self.formula.items:
            written = written.replace(item, format_total(totals.get(item)) or "–")
        return written


def formulas() -> list[NamedFormula]:
    """Return the cross-border share and every formula of the newest edition, in the order of the Guide."""
    found = [NamedFormula("A26/A21", _("New cases that cross a border"), CROSS_BORDER)]
    edition = Edition.objects.first()
    if edition is None:
        return found
    texts = edition.texts(get_language())
    return found + [
        NamedFormula(indicator.code, texts[f"indicator/{indicator.code}/wording"], indicator)
        for indicator in edition.framework.indicators.values()
        if indicator.formula
    ]


def items_of(named_formulas: Iterable[NamedFormula]) -> set[str]:
    """Return every item that some formulas need."""
    return {item for one in named_formulas for item in one.items}


def format_exactly(total: Fraction) -> Decimal:
    """Return a total with the four decimals of figures: exact, except for a mean of means, which is rounded down."""
    return Decimal(total.numerator * 10_000 // total.denominator) / 10_000


def format_total(total: Fraction | None) -> str:
    return "" if total is None else plain_number(total_as_text(total))


def total_cell(total: Fraction | None, *, url: str = "", is_estimated: bool = False) -> Cell:
    """Return the cell of a total, or of one that is not recorded."""
    if total is None:
        return missing(_("not recorded"), url=url)
    note = _("estimated") if is_estimated else ""
    return Cell(format_total(total), format_exactly(total), note=note, url=url, is_estimated=is_estimated)


def format_period(period: Period) -> str:
    """Format a period: `2025`, `Q3 2025`, `July 2025`."""
    if period.grain is Grain.YEAR:
        return str(period.start.year)
    if period.grain is Grain.QUARTER:
        # Translators: a quarter of a year, short: Q3 2025.
        return _("Q%(quarter)d %(year)d") % {
            "quarter": (period.start.month + 2) // 3,
            "year": period.start.year,
        }
    return date_format(period.start, "M Y")


def address_of(hotline: Hotline, item: str, period: Period) -> str:
    """Return the URL of the page of one number."""
    return f"{reverse('workspace:hotline_item', args=[hotline.country, item])}?period={period.code}"


def item_name(item: str) -> str:
    return str(items()[item].name)
