"""The network's accepted figures over time, and the downloads of its four pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.cached import get_or_compute
from evaluation.figures.dictionary.items import PUBLISHED_CATEGORIES, code_name
from evaluation.figures.series.benchmark import spread
from evaluation.figures.series.totals import CountedFile
from evaluation.figures.series.trends import Grain, period_at
from evaluation.models import Hotline
from portal.access import require
from portal.figures.series.benchmark import read_benchmarks
from portal.figures.series.charts import Chart, line_chart
from portal.figures.series.comparison import (
    chosen_period,
    compare_table,
    files_behind,
    key_of,
    read_hotline_figures,
    sort_keys_of,
)
from portal.figures.series.comparison import narrow as narrow_hotlines
from portal.figures.series.deliveries import DeliveryFilter, deliveries_table, read_deliveries, summarise, years_of
from portal.figures.series.deliveries import narrow as narrow_deliveries
from portal.figures.series.figure_versions import version_of_figures
from portal.figures.series.provenance import read_digests, sources_table
from portal.figures.series.queries import NamedFormula, format_period, formulas, item_name, total_cell
from portal.figures.series.recording import tables_of
from portal.figures.series.year_sums import (
    CATEGORIES,
    COUNTED_OVER_TIME,
    DEFINITIONS,
    ESTIMATING,
    HOTLINES,
    VALUE,
    YearSums,
    add_up,
    files_of,
    ratio_code,
    read_sums,
    sum_code,
)
from portal.presentation.tables import Cell, Line, Table, as_file, missing, text
from portal.requests.signed_in import SignedInRequest
from reports.charts.bars import Bar, BarChart


@dataclass(frozen=True, slots=True)
class OverTime:
    """The accepted figures of the network by year. `latest` is the year of the bars."""

    charts: list[Chart]
    categories: Chart | None = None
    latest: str = ""
    files: Sequence[tuple[Hotline, CountedFile]] = ()

    @property
    def tables(self) -> list[Table]:
        return [chart.table for chart in (*self.charts, *([self.categories] if self.categories else []))]


def over_time(wanted: DeliveryFilter, named_formulas: Sequence[NamedFormula]) -> OverTime:
    """Return the network's totals by year, ratios of sums and cases by category, each with its files."""
    hotlines = wanted.hotlines()
    files = files_of(hotlines, named_formulas)
    behind = [(hotline, file) for hotline in hotlines for file in files[hotline.pk]]
    return replace(_draw(add_up(files, named_formulas), named_formulas, of=len(hotlines)), files=behind)


def _cached_over_time(wanted: DeliveryFilter, named_formulas: Sequence[NamedFormula]) -> OverTime:
    """Return the cached charts for a page, without the list of files."""
    version = [*version_of_figures(wanted), [[one.code, str(one.name)] for one in named_formulas]]

    def draw() -> OverTime:
        of = Hotline.objects.filter(is_invented=wanted.is_invented).count()
        return _draw(read_sums(named_formulas, is_invented=wanted.is_invented), named_formulas, of=of)

    return get_or_compute("trends-4", version, draw)


def _draw(sums: YearSums, named_formulas: Sequence[NamedFormula], *, of: int) -> OverTime:
    """Return the charts; `of` is the number of hotlines."""
    if not sums.years:
        return OverTime([])
    columns = [format_period(period_at(date(year, 1, 1), Grain.YEAR)) for year in sums.years]
    charts = [_sum_chart(code, sums, columns, of) for code in COUNTED_OVER_TIME]
    charts += [_ratio_chart(one, number, sums, columns, of) for number, one in enumerate(named_formulas)]
    return OverTime(charts, _by_category(sums, columns, of), columns[-1])


def _sum_chart(code: str, sums: YearSums, columns: Sequence[str], of: int) -> Chart:
    chart = sum_code(code)
    cells = [_sum_cell(total) for total in sums.totals(chart, code)]
    lines = [Line(item_name(code), cells, code=code), *_sources_of(sums, chart, of)]
    table = Table(chart, item_name(code), _("Item"), columns, lines)
    return Chart(line_chart(table, sums.changes(chart)), table, code)


def _sum_cell(total: Fraction | None) -> Cell:
    """Return the cell of a sum over hotlines; a hotline to which it does not apply adds nothing."""
    return missing(_("no data")) if total is None else total_cell(total)


def _ratio_chart(named_formula: NamedFormula, number: int, sums: YearSums, columns: Sequence[str], of: int) -> Chart:
    """Return the chart of a ratio of sums over the hotlines that recorded every term, never a mean of ratios.

    A formula that is no ratio is a mean of each hotline and cannot be added: the chart has the median of the hotlines
    that measured it.
    """
    chart = ratio_code(named_formula)
    compute = _ratios_of_sums if named_formula.formula.is_ratio else _medians
    lines = [
        Line(named_formula.name, compute(named_formula, sums), code=named_formula.code),
        *_sources_of(sums, chart, of),
    ]
    table = Table(f"ratio-{number}", named_formula.title, _("Figure"), columns, lines)
    return Chart(line_chart(table, sums.changes(chart)), table, named_formula.code)


def _by_category(sums: YearSums, columns: Sequence[str], of: int) -> Chart:
    """Return new cases in the published groups: a table of the years, and bars of the last one."""
    groups = [
        Line(code_name("category_published", group), [_sum_cell(total) for total in sums.totals(CATEGORIES, group)])
        for group in PUBLISHED_CATEGORIES
    ]
    lines = [*groups, *_sources_of(sums, CATEGORIES, of)]
    table = Table("categories", _("New cases by category"), _("Category"), columns, lines)
    last = [(str(line.name), line.cells[-1]) for line in groups]
    title = _("New cases by category, %(period)s") % {"period": columns[-1]}
    bars = [Bar(name, cell.number, cell.text or cell.note) for name, cell in last]
    return Chart(BarChart(bars, title, table.code), table)


def _ratios_of_sums(named_formula: NamedFormula, sums: YearSums) -> list[Cell]:
    items = {item: sums.totals(ratio_code(named_formula), item) for item in named_formula.items}
    totals = [dict(zip(items, year, strict=True)) for year in zip(*items.values(), strict=True)]
    return [missing(_("no data")) if None in year.values() else named_formula.cell(year) for year in totals]


def _medians(named_formula: NamedFormula, sums: YearSums) -> list[Cell]:
    chart = ratio_code(named_formula)
    values = [[Fraction(*value) for value in year] for year in sums.details(chart, VALUE)]
    return [
        _median(named_formula, year) if hotlines else missing(_("no data"))
        for hotlines, year in zip(sums.count(chart, HOTLINES), values, strict=True)
    ]


def _median(named_formula: NamedFormula, values: Sequence[Fraction]) -> Cell:
    found = spread(values)
    return missing(_("too few hotlines")) if found is None else named_formula.value_cell(found.median, _("the median"))


def _sources_of(sums: YearSums, chart: str, of: int) -> list[Line]:
    """Return how many hotlines a number includes, their definitions, and how many of them estimated."""
    message = _("%(hotlines)d of %(of)d")
    hotlines, estimating = sums.count(chart, HOTLINES), sums.count(chart, ESTIMATING)
    definitions = [sorted(set(versions)) for versions in sums.details(chart, DEFINITIONS)]
    return [
        Line(_("Hotlines"), [text(message % {"hotlines": number, "of": of}) for number in hotlines]),
        Line(_("Definitions"), [text(", ".join(versions)) for versions in definitions]),
        Line(
            _("With an estimate"),
            [text(message % {"hotlines": n, "of": number}) for n, number in zip(estimating, hotlines, strict=True)],
        ),
    ]


def _files_of(files: Sequence[tuple[Hotline, CountedFile]]) -> Table:
    return sources_table(files, read_digests(file for _hotline, file in files))


@require_safe
def network_trends(request: SignedInRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted = DeliveryFilter.read(request)
    return render(
        request,
        "figures/series/network_trends.html",
        {"wanted": wanted, "over_time": _cached_over_time(wanted, formulas())},
    )


@require_safe
def network_table(request: SignedInRequest, part: str, wanted: str) -> HttpResponse:
    """Return all rows of one of the four pages, as CSV or XLSX."""
    require(request, "statistics.compare")
    narrowed, named_formulas = DeliveryFilter.read(request), formulas()
    if part == "deliveries":
        rows = narrow_deliveries(summarise(narrowed), narrowed)
        tables = [deliveries_table(read_deliveries([row.hotline for row in rows]), years_of(narrowed))]
    elif part == "comparison":
        period = chosen_period(request)
        hotlines = narrow_hotlines(
            sort_keys_of(narrowed, period, named_formulas), narrowed, request.GET.get("order", "name")
        )
        all_figures = read_hotline_figures(hotlines, period)
        lines = read_benchmarks(named_formulas, period, is_invented=narrowed.is_invented)
        tables = [
            compare_table(all_figures, named_formulas, lines),
            key_of(named_formulas),
            _files_of(files_behind(all_figures)),
        ]
    elif part == "recorded":
        tables = tables_of(request, narrowed)
    elif part == "trends":
        found = over_time(narrowed, named_formulas)
        tables = [*found.tables, _files_of(found.files)]
    else:
        raise Http404
    return as_file(tables, wanted, name=f"116000-{part}", title=_("Figures of the network"))
