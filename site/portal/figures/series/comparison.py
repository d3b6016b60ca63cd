"""The hotlines compared in one period, by name, for MCE only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.cached import get_or_compute_parts
from evaluation.figures.series.totals import CountedFile, counting_files, totals_over
from evaluation.figures.series.trends import Grain, Moment, Period, period_at, read_period
from evaluation.models import Hotline, StatisticsImport
from portal.access import require
from portal.figures.series.benchmark import Benchmarks, explain_benchmarks, read_benchmarks
from portal.figures.series.deliveries import ON_A_PAGE, DeliveryFilter
from portal.figures.series.figure_versions import versions_of_files
from portal.figures.series.queries import NamedFormula, format_period, formulas
from portal.presentation.numbers import plain_number
from portal.presentation.tables import Cell, Line, Table, missing, text
from portal.requests.signed_in import SignedInRequest
from standards.framework.units import PERCENT
from standards.presentation.units import unit_words

COMPLETENESS = "completeness"

SortKeys = Mapping[str, tuple[int, int]]
"""The sort keys of a hotline: its share of recorded items, and each formula that has a value, as fractions."""


@dataclass(frozen=True, slots=True)
class HotlineFigures:
    """A hotline in one period. `is_accepted` if all of its counting files are accepted."""

    hotline: Hotline
    moment: Moment

    @property
    def is_accepted(self) -> bool:
        return all(file.is_accepted for file in self.moment.files)


def read_hotline_figures(hotlines: Sequence[Hotline], period: Period) -> list[HotlineFigures]:
    """Return the figures of those hotlines that have any in a period. Two queries for any number of them."""
    files = counting_files(hotlines, start=period.start, end=period.end)
    return [
        HotlineFigures(
            one, Moment(period, tuple(own), totals_over(own, period.start, period.end), has_new_definitions=False)
        )
        for one in hotlines
        if (own := files[one.pk])
    ]


def sort_keys_of(
    wanted: DeliveryFilter, period: Period, named_formulas: Sequence[NamedFormula]
) -> dict[Hotline, SortKeys]:
    """Return every hotline with figures of a period, with its sort keys; cached until its counting files change."""
    hotlines = {hotline.pk: hotline for hotline in wanted.hotlines()}

    def read(changed: Sequence[int]) -> dict[int, SortKeys | None]:
        all_figures = read_hotline_figures([hotlines[key] for key in changed], period)
        found = {one.hotline.pk: _sort_keys_of(one.moment, named_formulas) for one in all_figures}
        return {key: found.get(key) for key in changed}

    cached = get_or_compute_parts(
        f"places-1-{wanted.is_invented}-{period.code}", versions_of_files(hotlines, period), read
    )
    return {hotlines[key]: place for key, place in cached.items() if place is not None}


def _sort_keys_of(moment: Moment, named_formulas: Sequence[NamedFormula]) -> SortKeys:
    values = {
        one.code: one.measure(moment.totals).value for one in named_formulas if not one.has_small_base(moment.totals)
    }
    ratios = {code: (value.numerator, value.denominator) for code, value in values.items() if value is not None}
    return {COMPLETENESS: (moment.share_recorded[0], 1), **ratios}


def narrow(places: Mapping[Hotline, SortKeys], wanted: DeliveryFilter, order: str) -> list[Hotline]:
    """Filter the hotlines and sort them by name, by share of recorded items or by a formula, ascending or descending.

    Hotlines without a number are always last.
    """
    figure, is_down = order.removeprefix("-"), order.startswith("-")
    by_name = sorted(filter(wanted.finds, places), key=lambda one: one.name)
    if figure == "name":
        return by_name[::-1] if is_down else by_name
    values = {one: Fraction(*places[one][figure]) for one in by_name if figure in places[one]}
    ranked = sorted(values, key=lambda one: values[one], reverse=is_down)
    return ranked + [one for one in by_name if one not in values]


def compare_table(
    all_figures: Sequence[HotlineFigures], named_formulas: Sequence[NamedFormula], lines: Benchmarks
) -> Table:
    """Return a row for each hotline, a column for each formula, and the median and the quartiles at the end."""
    columns = [_("Items recorded"), *map(_head, named_formulas)]
    rows = [
        *(_hotline_line(found_figures, named_formulas) for found_figures in all_figures),
        *_benchmark_lines(named_formulas, lines),
    ]
    return Table("comparison", _("Hotlines beside each other"), _("Hotline"), columns, rows, words=explain_benchmarks())


def _head(named_formula: NamedFormula) -> str:
    """Return the heading of a column with its unit; per cent signs are in the cells instead."""
    unit = named_formula.indicator.unit
    return named_formula.code if unit == PERCENT else f"{named_formula.code} ({unit_words(unit)})"


def _bare(named_formula: NamedFormula, cell: Cell) -> Cell:
    """Return a number without the unit, which the column heading has."""
    if cell.number is None or named_formula.indicator.unit == PERCENT:
        return cell
    return replace(cell, text=plain_number(Decimal(cell.number)))


def _hotline_line(found_figures: HotlineFigures, named_formulas: Sequence[NamedFormula]) -> Line:
    recorded, of = found_figures.moment.share_recorded
    share = _("%(recorded)d of %(of)d") % {"recorded": recorded, "of": of}
    where = reverse("workspace:hotline_trends", args=[found_figures.hotline.country])
    return Line(
        found_figures.hotline.name,
        [Cell(share, recorded), *(_short(one, found_figures.moment) for one in named_formulas)],
        url=f"{where}?period={found_figures.moment.period.code}&by={found_figures.moment.period.grain}",
        tag="" if found_figures.is_accepted else "waiting",
        code=found_figures.hotline.country,
    )


def _short(named_formula: NamedFormula, moment: Moment) -> Cell:
    """Return the cell without the names of missing items, which the hotline's own page has."""
    cell = named_formula.cell(moment.totals, is_estimated=moment.is_estimated(*named_formula.items))
    return (
        _bare(named_formula, cell)
        if cell.is_number or named_formula.has_small_base(moment.totals)
        else missing(_("no data"))
    )


def _benchmark_lines(named_formulas: Sequence[NamedFormula], lines: Benchmarks) -> list[Line]:
    named = ((_("Lower quartile"), "low"), (_("Median"), "median"), (_("Upper quartile"), "high"))
    found = [(one, lines[one.code]) for one in named_formulas]
    return [
        Line(
            name,
            [
                missing(""),
                *(
                    missing(_("too few hotlines")) if s is None else _bare(one, one.value_cell(getattr(s, part)))
                    for one, s in found
                ),
            ],
            tag="sum",
        )
        for name, part in named
    ]


def orders(named_formulas: Sequence[NamedFormula]) -> list[tuple[str, str]]:
    """Return the possible orders of the hotlines."""
    by_formula = [
        (f"{way}{one.code}", words % {"figure": one.code})
        for one in named_formulas
        for way, words in (("", _("%(figure)s, lowest first")), ("-", _("%(figure)s, highest first")))
    ]
    return [
        ("name", _("Hotline, A to Z")),
        ("-name", _("Hotline, Z to A")),
        ("completeness", _("Items recorded, fewest first")),
        ("-completeness", _("Items recorded, most first")),
        *by_formula,
    ]


@require_safe
def comparison(request: SignedInRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted, period, named_formulas = DeliveryFilter.read(request), chosen_period(request), formulas()
    order = request.GET.get("order", "name")
    places = sort_keys_of(wanted, period, named_formulas)
    page = Paginator(narrow(places, wanted, order), ON_A_PAGE).get_page(request.GET.get("page"))
    all_figures = read_hotline_figures(list(page), period)
    lines = read_benchmarks(named_formulas, period, is_invented=wanted.is_invented)
    return render(
        request,
        "figures/series/comparison.html",
        {
            "wanted": wanted,
            "period": period,
            "period_label": format_period(period),
            "years": years_known(wanted),
            "page": page,
            "table": compare_table(all_figures, named_formulas, lines),
            "asked": named_formulas,
            "order": order,
            "orders": orders(named_formulas),
            "hotlines": len(places),
            "of": Hotline.objects.filter(is_invented=wanted.is_invented).count(),
        },
    )


def chosen_period(request: SignedInRequest) -> Period:
    """Return the requested period, or else the year in which the newest file ends."""
    return read_period(request.GET.get("period", "")) or period_at(_last_year(), Grain.YEAR)


def _last_year() -> date:
    newest = StatisticsImport.objects.counting().order_by("-period_end").first()
    return newest.span[1] if newest else date.today()  # noqa: DTZ011 - only which year is offered first


def years_known(wanted: DeliveryFilter) -> list[int]:
    """Return the years of all files, newest first."""
    known = StatisticsImport.objects.counting().filter(hotline__is_invented=wanted.is_invented)
    return [day.year for day in known.dates("period_start", "year", order="DESC")]


def files_behind(all_figures: Sequence[HotlineFigures]) -> list[tuple[Hotline, CountedFile]]:
    return [(found_figures.hotline, file) for found_figures in all_figures for file in found_figures.moment.files]


def key_of(named_formulas: Sequence[NamedFormula]) -> Table:
    """Return the meanings of the columns' codes."""
    lines = [Line(one.name, [text(one.formula.text)], code=one.code) for one in named_formulas]
    return Table("formulas", _("What the columns are"), _("Figure"), [_("Formula")], lines)
