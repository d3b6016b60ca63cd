"""The figures of one hotline over time, by category, compared with the network, and its recorded items."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_name, items
from evaluation.figures.series.provenance import Origins
from evaluation.figures.series.totals import cells_over, counting_files
from evaluation.figures.series.trends import (
    Grain,
    Moment,
    Recorded,
    follow,
    grains_of,
    group_categories,
    periods_of,
    read_period,
)
from evaluation.models import Hotline
from portal.access import find_hotline
from portal.figures.series.benchmark import POSITIONS, explain_benchmarks, read_benchmarks
from portal.figures.series.charts import Chart, line_chart
from portal.figures.series.provenance import Digests, describe_origin, origin_lines, read_digests, sources_table
from portal.figures.series.queries import (
    NamedFormula,
    address_of,
    format_period,
    formulas,
    item_name,
    items_of,
    total_cell,
)
from portal.presentation.tables import Cell, Line, Table, as_file, missing, text
from portal.requests.signed_in import SignedInRequest
from reports.charts.bars import Bar, BarChart

GRAINS = {
    Grain.YEAR: gettext_lazy("Years"),
    Grain.QUARTER: gettext_lazy("Quarters"),
    Grain.MONTH: gettext_lazy("Months"),
}

TOGETHER = (
    ("calls", gettext_lazy("Calls on 116 000"), ("A03", "A04")),
    ("contacts", gettext_lazy("Contacts"), ("A09", "A10")),
    ("cases", gettext_lazy("Cases"), ("A21", "A23", "A24")),
    ("children", gettext_lazy("Children in new cases"), ("A25",)),
)
"""Counts that are drawn in one chart because they are parts or consequences of each other."""


@dataclass(frozen=True, slots=True)
class HotlineSeries:
    """A hotline's files, split into periods, and the selected period."""

    hotline: Hotline
    grains: tuple[Grain, ...]
    grain: Grain
    moments: list[Moment]
    at: Moment | None
    named_formulas: list[NamedFormula]
    digests: Digests

    @property
    def columns(self) -> list[str]:
        return [format_period(moment.period) for moment in self.moments]


def read_hotline_series(request: SignedInRequest, code: str) -> HotlineSeries:
    """Read the series; four queries for any number of files."""
    hotline = find_hotline(request, code, "statistics.view")
    files = counting_files([hotline])[hotline.pk]
    grains = grains_of(files)
    grain = next((grain for grain in grains if grain == request.GET.get("by")), Grain.YEAR)
    moments = follow(files, periods_of(files, grain))
    wanted = read_period(request.GET.get("period", ""))
    filled = sorted((m for m in moments if m.files), key=lambda m: (m.is_filled, m.period.start))
    at = next((m for m in moments if m.period == wanted), filled[-1] if filled else None)
    return HotlineSeries(hotline, grains, grain, moments, at, formulas(), read_digests(files))


# --- Over time -------------------------------------------------------------------------------------------------------


def over_time(series: HotlineSeries) -> list[Chart]:
    """Return a chart for each group of counts and each formula."""
    charts = [_counts_chart(series, code, str(title), wanted) for code, title, wanted in TOGETHER]
    return charts + [
        _formula_chart(series, named_formula, number) for number, named_formula in enumerate(series.named_formulas)
    ]


def _counts_chart(series: HotlineSeries, code: str, title: str, wanted: Sequence[str]) -> Chart:
    lines = [
        Line(
            item_name(item),
            [
                _noted(total_cell(m.totals[item], url=_where(series, item, m), is_estimated=m.is_estimated(item)), m)
                for m in series.moments
            ],
            code=item,
        )
        for item in wanted
    ]
    rows = [*lines, *origin_lines(series.moments, wanted, series.digests)]
    table = Table(code, title, _("Item"), series.columns, rows)
    return Chart(line_chart(table, [m.has_new_definitions for m in series.moments], counted=len(lines)), table, code)


def _formula_chart(series: HotlineSeries, named_formula: NamedFormula, number: int) -> Chart:
    cells = [_noted(_formula_cell(named_formula, moment), moment) for moment in series.moments]
    terms = [
        Line(
            item_name(item),
            [
                total_cell(m.totals[item], url=_where(series, item, m), is_estimated=m.is_estimated(item))
                for m in series.moments
            ],
            code=item,
        )
        for item in named_formula.items
    ]
    origins = origin_lines(series.moments, named_formula.items, series.digests)
    lines = [Line(named_formula.name, cells, code=named_formula.code), *terms, *origins]
    table = Table(f"formula-{number}", named_formula.title, _("Figure"), series.columns, lines)
    return Chart(line_chart(table, [m.has_new_definitions for m in series.moments]), table, table.code)


def _formula_cell(named_formula: NamedFormula, moment: Moment) -> Cell:
    """Return the value of a formula; it is an estimate if one of its terms is."""
    return named_formula.cell(moment.totals, is_estimated=moment.is_estimated(*named_formula.items))


def _where(series: HotlineSeries, item: str, moment: Moment) -> str:
    return address_of(series.hotline, item, moment.period) if moment.files else ""


def _noted(cell: Cell, moment: Moment) -> Cell:
    """Return the cell with the notes of its period."""
    if not moment.files:
        return missing(_("no file counts"))
    if not moment.is_filled:
        return missing(_("the files do not fill the time"))
    if cell.number is None:
        return cell
    partly = _("a part of the period is missing") if moment.is_partial else ""
    anew = _("counted by other definitions than before") if moment.has_new_definitions else ""
    return replace(cell, note="; ".join(filter(None, [cell.note, partly, anew])))


# --- By category -----------------------------------------------------------------------------------------------------


def by_category(series: HotlineSeries) -> Chart:
    """Return new cases in the published groups, and in each of their nine categories."""
    cells = [cells_over(m.files, m.period.start, m.period.end, with_parts=True).get("A21", {}) for m in series.moments]
    grouped = [group_categories(found) for found in cells]
    lines = []
    for group, codes in PUBLISHED_CATEGORIES.items():
        sums = [_add(found[group], codes, m) for found, m in zip(grouped, series.moments, strict=True)]
        lines.append(
            Line(
                code_name("category_published", group),
                [_category_cell(s, m, codes) for s, m in zip(sums, series.moments, strict=True)],
                tag="group",
            )
        )
        if len(codes) > 1:
            lines += [
                Line(
                    code_name("category", code),
                    [
                        _category_cell(_fraction(found[group].get(code)), m, [code])
                        for found, m in zip(grouped, series.moments, strict=True)
                    ],
                    tag="part",
                )
                for code in codes
            ]
    table = Table("categories", _("New cases by category"), _("Category"), series.columns, lines)
    at = series.moments.index(series.at) if series.at else 0
    bars = [
        Bar(
            str(line.name),
            line.cells[at].number,
            line.cells[at].text or line.cells[at].note,
            is_hollow=line.cells[at].is_estimated,
        )
        for line in lines
        if line.tag == "group"
    ]
    title = _("New cases by category, %(period)s") % {"period": format_period(series.at.period)} if series.at else ""
    return Chart(BarChart(bars, title, table.code), table)


def _category_cell(count: Fraction | None, moment: Moment, codes: Sequence[str]) -> Cell:
    if count is None and all(_does_not_apply(code, moment) for code in codes):
        return missing(RECORDED[Recorded.NOT_APPLICABLE])
    return _noted(total_cell(count, is_estimated=moment.is_estimated("A21", among=codes)), moment)


def _does_not_apply(code: str, moment: Moment) -> bool:
    """Return whether a category is not applicable to the hotline, which is neither zero nor missing."""
    amounts = [file.cells.get("A21", {}).get((code, "")) for file in moment.files if "A21" in file.cells]
    return bool(amounts) and all(amount and amount.not_applicable for amount in amounts)


def _add(found: dict[str, Any], codes: Sequence[str], moment: Moment) -> Fraction | None:
    """Return the sum of the categories without those that are not applicable; None if a part is missing."""
    values = [found.get(code) for code in codes if not _does_not_apply(code, moment)]
    known = [Fraction(value) for value in values if value is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(values) else None


def _fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


# --- Compared with the network ---------------------------------------------------------------------------------------


def network_comparison(series: HotlineSeries) -> Table:
    """Return every formula in one period with its terms, and its position in the network's accepted figures."""
    assert series.at is not None
    period, totals = series.at.period, series.at.totals
    network = read_benchmarks(series.named_formulas, period, is_invented=series.hotline.is_invented)
    lines = []
    for named_formula in series.named_formulas:
        found = network[named_formula.code]
        is_none = series.at.is_partial or named_formula.has_small_base(totals)
        own = None if is_none else named_formula.measure(totals).value
        if found is None:
            others = [missing(_("too few hotlines"))] * 4
        else:
            others = [named_formula.value_cell(line) for line in (found.median, found.low, found.high)]
            others.append(missing(_("no number of its own")) if own is None else text(POSITIONS[found.place(own)]))
        counted = missing(_("too few hotlines")) if found is None else Cell(str(found.count), found.count)
        made_of = [text(named_formula.formula.text), text(named_formula.terms(totals))]
        own_cell = _noted(_formula_cell(named_formula, series.at), series.at)
        lines.append(Line(named_formula.name, [own_cell, *others, counted, *made_of], code=named_formula.code))
    columns = [
        *(_("This hotline"), _("Median"), _("Lower quartile"), _("Upper quartile"), _("Where it lies")),
        *(_("Hotlines"), _("Formula"), _("Its numbers")),
    ]
    title = _("Beside the network, %(period)s") % {"period": format_period(period)}
    origin = describe_origin(
        Origins(series.at.files, period.start, period.end, with_parts=True).of(items_of(series.named_formulas)),
        series.digests,
    )
    own_files = [_("This hotline’s numbers: %(origin)s") % {"origin": origin}] if origin else []
    return Table("network", title, _("Figure"), columns, lines, words=[*own_files, *explain_benchmarks()])


# --- Recorded items --------------------------------------------------------------------------------------------------

RECORDED = {
    Recorded.PARTLY: pgettext_lazy("an item in a period", "partly"),
    Recorded.NO: pgettext_lazy("an item in a period", "not recorded"),
    Recorded.NOT_APPLICABLE: pgettext_lazy("an item in a period", "not applicable"),
    Recorded.NO_FILE: pgettext_lazy("an item in a period", "no file"),
}


def recorded_items(series: HotlineSeries) -> Table:
    """Return the 54 items by period."""
    lines = [
        Line(
            item.name,
            [_recorded_cell(series, code, moment) for moment in series.moments],
            tag="required" if item.required else "",
            code=code,
        )
        for code, item in items().items()
    ]
    shares = [moment.share_recorded for moment in series.moments]
    message = _("%(recorded)d of %(of)d")
    lines.append(
        Line(
            _("Recorded"),
            [text(message % {"recorded": recorded, "of": of}) for recorded, of in shares],
            tag="sum",
        )
    )
    return Table("recorded", _("What is recorded"), _("Item"), series.columns, lines)


def _recorded_cell(series: HotlineSeries, code: str, moment: Moment) -> Cell:
    found = moment.recorded(items()[code])
    where = _where(series, code, moment)
    if found is Recorded.YES:
        total = moment.totals[code]
        if total is None:
            return text(_("recorded, no total"), url=where)
        return total_cell(total, url=where, is_estimated=moment.is_estimated(code))
    return missing(RECORDED[found], kind=found.value, url=where)


def files_behind(series: HotlineSeries) -> Table:
    """Return every file of the shown periods."""
    files = {file.statistics_id: file for moment in series.moments for file in moment.files}
    return sources_table(((series.hotline, file) for file in files.values()), series.digests)


# --- The page --------------------------------------------------------------------------------------------------------


@require_safe
def trends(request: SignedInRequest, code: str) -> HttpResponse:
    series = read_hotline_series(request, code)
    has_files = series.at is not None
    return render(
        request,
        "figures/series/hotline.html",
        {
            "hotline": series.hotline,
            "series": series,
            "grains": [(grain, GRAINS[grain]) for grain in series.grains],
            "periods": [(m.period.code, format_period(m.period)) for m in reversed(series.moments) if m.files],
            "charts": over_time(series) if has_files else [],
            "categories": by_category(series) if has_files else None,
            "network": network_comparison(series) if has_files else None,
            "recorded": recorded_items(series) if has_files else None,
            "sources": files_behind(series) if has_files else None,
            "at_label": format_period(series.at.period) if series.at else "",
            "unfilled": _describe_unfilled(series.at) if series.at else "",
            "required_missing": series.at.required_missing if series.at and series.at.is_filled else [],
        },
    )


def _describe_unfilled(at: Moment) -> str:
    """Describe that a period has no totals because files do not fill it; empty otherwise."""
    if at.is_filled:
        return ""
    return _("%(column)s: %(note)s") % {"column": format_period(at.period), "note": _("the files do not fill the time")}


@require_safe
def trends_table(request: SignedInRequest, code: str, wanted: str) -> HttpResponse:
    """Return all tables of the page, as CSV or XLSX."""
    series = read_hotline_series(request, code)
    tables = []
    if series.at is not None:
        tables = [chart.table for chart in over_time(series)]
        tables += [by_category(series).table, network_comparison(series), recorded_items(series)]
        tables.append(files_behind(series))
    title = _("Figures of %(hotline)s") % {"hotline": series.hotline.name}
    return as_file(tables, wanted, name=f"116000-{series.hotline.country}-{series.grain}", title=title)
