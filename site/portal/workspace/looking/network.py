"""The network's accepted figures over time, and what its four pages show as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.crm.counting import CountedFile, cells_over, counting_files, totals_over
from evaluation.crm.dictionary import PUBLISHED_CATEGORIES, code_name
from evaluation.crm.trends import Grain, Moment, group_categories, period_at
from evaluation.kept import keep, keep_parts
from evaluation.models import Hotline
from portal.workspace.doorway import require
from portal.workspace.looking.asking import Asked, Totals, formulas, item_name, items_of, tell_period, total_cell
from portal.workspace.looking.benchmark import line_up, read_lines
from portal.workspace.looking.comparison import chosen_period, compare_table, files_behind, key_of, read_standings
from portal.workspace.looking.comparison import narrow as narrow_standings
from portal.workspace.looking.deliveries import Wanted, deliveries_table, read_deliveries, years_of
from portal.workspace.looking.deliveries import narrow as narrow_deliveries
from portal.workspace.looking.figure_versions import version_of_figures, versions_of_files
from portal.workspace.looking.hotline import Chart, draw_bars, draw_lines
from portal.workspace.looking.provenance import read_digests, sources_table
from portal.workspace.looking.recording import tables_of
from portal.workspace.looking.tables import Cell, Line, Table, as_file, missing, text
from reports.figure_charts import Bar

COUNTED_OVER_TIME = ("A03", "A04", "A09", "A21", "A23", "A25", "A26")

Known = Mapping[int, Moment]
"""By hotline, what those say of a year that are in a number."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """The accepted figures of the network by year. `latest` names the year of the bars."""

    charts: list[Chart]
    categories: Chart | None = None
    latest: str = ""
    files: Sequence[tuple[Hotline, CountedFile]] = ()

    @property
    def tables(self) -> list[Table]:
        return [chart.table for chart in (*self.charts, *([self.categories] if self.categories else []))]


@dataclass(frozen=True, slots=True)
class _Years:
    """The hotlines' years: `by_year` has the years in their order, `of` is how many hotlines there are."""

    columns: Sequence[str]
    by_year: Sequence[Known]
    of: int

    def that_know(self, items: Sequence[str]) -> list[Known]:
        """The hotlines that have a total of every item, by year."""
        return [
            {key: own for key, own in year.items() if all(own.totals[item] is not None for item in items)}
            for year in self.by_year
        ]


def over_time(wanted: Wanted, asked: Sequence[Asked]) -> OverTime:
    """Totals of the network by year, ratios of its sums and its cases by category, each with what it is made of."""
    hotlines = wanted.hotlines()
    files = _files_of(hotlines, asked)
    behind = [(hotline, file) for hotline in hotlines for file in files[hotline.pk]]
    return replace(_draw({key: _years_of(own) for key, own in files.items()}, asked), files=behind)


def _kept_over_time(wanted: Wanted, asked: Sequence[Asked]) -> OverTime:
    """The same for a page, which does not list the files that are behind it."""
    version = [*version_of_figures(wanted), [[one.code, str(one.name)] for one in asked]]
    return keep("trends-2", version, lambda: _draw(_kept_years(wanted, asked), asked))


def _kept_years(wanted: Wanted, asked: Sequence[Asked]) -> dict[int, dict[int, Moment]]:
    """The years of each hotline, kept until its own files change."""
    hotlines = {hotline.pk: hotline for hotline in wanted.hotlines()}
    items = sorted(items_of(asked))
    versions = {key: [*own, items] for key, own in versions_of_files(hotlines).items()}

    def read(changed: Sequence[int]) -> dict[int, dict[int, Moment]]:
        files = _files_of([hotlines[key] for key in changed], asked)
        return {key: _years_of(own) for key, own in files.items()}

    return keep_parts(f"years-1-{wanted.is_invented}", versions, read)


def _files_of(hotlines: Sequence[Hotline], asked: Sequence[Asked]) -> dict[int, list[CountedFile]]:
    return counting_files(hotlines, accepted_only=True, only=items_of(asked) | set(COUNTED_OVER_TIME))


def _years_of(files: Sequence[CountedFile]) -> dict[int, Moment]:
    """What a hotline has in each year in which a file of it begins."""
    found = {}
    for year in sorted({file.start.year for file in files}):
        period = period_at(date(year, 1, 1), Grain.YEAR)
        within = tuple(file for file in files if period.holds(file))
        totals = totals_over(within, period.start, period.end)
        found[year] = Moment(period, within, totals, starts_anew=False)
    return found


def _draw(known: Mapping[int, Mapping[int, Moment]], asked: Sequence[Asked]) -> OverTime:
    years = {year for own in known.values() for year in own}
    if not years:
        return OverTime([])
    shown = range(min(years), max(years) + 1)
    columns = [tell_period(period_at(date(year, 1, 1), Grain.YEAR)) for year in shown]
    by_year = [{key: own[year] for key, own in known.items() if year in own} for year in shown]
    all_years = _Years(columns, by_year, len(known))
    charts = [_sum_chart(code, all_years) for code in COUNTED_OVER_TIME]
    charts += [_ratio_chart(one, number, all_years) for number, one in enumerate(asked)]
    return OverTime(charts, _by_category(all_years), columns[-1])


def _sum_chart(code: str, years: _Years) -> Chart:
    known = years.that_know([code])
    sums = [_sum_cell([own.totals[code] for own in year.values()]) for year in known]
    lines = [Line(item_name(code), sums, code=code), *_made_of(known, [code], years.of)]
    table = Table(f"sum-{code}", item_name(code), _("Item"), years.columns, lines)
    return Chart(draw_lines(table, _changes(known, [code])), table, code)


def _sum_cell(values: Sequence[Fraction | None]) -> Cell:
    """What some hotlines have together; what does not apply to one of them adds nothing."""
    told = [value for value in values if value is not None]
    return total_cell(sum(told, Fraction(0))) if told else missing(_("no data"))


def _ratio_chart(asked: Asked, number: int, years: _Years) -> Chart:
    """A ratio of sums over the hotlines that recorded every term: never a mean of ratios.

    What is no ratio is a mean of each hotline's own and cannot be added: of those that measured it, the median.
    """
    known = years.that_know(asked.items)
    if asked.formula.is_ratio:
        cells = [_ratio_of_sums(asked, [own.totals for own in year.values()]) for year in known]
    else:
        known = [{key: own for key, own in year.items() if not own.is_estimated(*asked.items)} for year in known]
        cells = [_median(asked, list(year.values())) for year in known]
    lines = [Line(asked.name, cells, code=asked.code), *_made_of(known, asked.items, years.of)]
    table = Table(f"ratio-{number}", asked.title, _("Figure"), years.columns, lines)
    return Chart(draw_lines(table, _changes(known, asked.items)), table, asked.code)


def _by_category(years: _Years) -> Chart:
    """New cases in the published groups: a table of the years, and bars of the last one."""
    known, grouped = [], []
    for year in years.that_know(["A21"]):
        found = {key: groups for key, own in year.items() if (groups := _groups_of(own)) is not None}
        known.append({key: year[key] for key in found})
        grouped.append(list(found.values()))
    groups = [
        Line(
            code_name("category_published", group),
            [_sum_cell([of_hotline[group] for of_hotline in year]) for year in grouped],
        )
        for group in PUBLISHED_CATEGORIES
    ]
    lines = [*groups, *_made_of(known, ["A21"], years.of)]
    table = Table("categories", _("New cases by category"), _("Category"), years.columns, lines)
    last = [(str(line.name), line.cells[-1]) for line in groups]
    title = _("New cases by category, %(period)s") % {"period": years.columns[-1]}
    return Chart(draw_bars([Bar(name, cell.number, cell.text or cell.note) for name, cell in last], title), table)


def _groups_of(own: Moment) -> dict[str, Fraction | None] | None:
    """A hotline's cases by group; None for a group that does not apply, and instead of what makes no total."""
    cells = cells_over(own.files, own.period.start, own.period.end).get("A21", {})
    told = {group: [v for v in found.values() if v is not None] for group, found in group_categories(cells).items()}
    groups = {group: sum(map(Fraction, values), Fraction(0)) if values else None for group, values in told.items()}
    return groups if sum(value or 0 for value in groups.values()) == own.totals["A21"] else None


def _ratio_of_sums(asked: Asked, totals: Sequence[Totals]) -> Cell:
    if not totals:
        return missing(_("no data"))
    return asked.cell({item: sum((own[item] or Fraction(0) for own in totals), Fraction(0)) for item in asked.items})


def _median(asked: Asked, moments: Sequence[Moment]) -> Cell:
    if not moments:
        return missing(_("no data"))
    found = line_up(asked, moments)
    return missing(_("fewer than 5 hotlines")) if found is None else asked.told(found.median, _("the median"))


def _changes(known: Sequence[Known], items: Sequence[str]) -> list[bool]:
    """Where other hotlines are in a number than in the one before, or count otherwise: no line may lead there."""
    counted = [{key: own.definitions(*items) for key, own in year.items()} for year in known]
    return [False, *(before != now for before, now in pairwise(counted))]


def _made_of(known: Sequence[Known], items: Sequence[str], of: int) -> list[Line]:
    """How many hotlines are in a number, by which definitions they counted, and how many of them estimated."""
    said = _("%(hotlines)d of %(of)d")
    definitions = [sorted({version for own in year.values() for version in own.definitions(*items)}) for year in known]
    estimating = [sum(own.is_estimated(*items) for own in year.values()) for year in known]
    return [
        Line(_("Hotlines"), [text(said % {"hotlines": len(year), "of": of}) for year in known]),
        Line(_("Definitions"), [text(", ".join(versions)) for versions in definitions]),
        Line(
            _("With an estimate"),
            [text(said % {"hotlines": n, "of": len(year)}) for n, year in zip(estimating, known, strict=True)],
        ),
    ]


def _behind(files: Sequence[tuple[Hotline, CountedFile]]) -> Table:
    return sources_table(files, read_digests(file for _hotline, file in files))


@require_safe
def network_trends(request: HttpRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted = Wanted.read(request)
    return render(
        request,
        "workspace/looking/network_trends.html",
        {"wanted": wanted, "over_time": _kept_over_time(wanted, formulas())},
    )


@require_safe
def network_table(request: HttpRequest, part: str, wanted: str) -> HttpResponse:
    """What one of the four pages shows, every page of it, as CSV or XLSX."""
    require(request, "statistics.compare")
    narrowed, asked = Wanted.read(request), formulas()
    if part == "deliveries":
        rows = narrow_deliveries(read_deliveries(narrowed), narrowed)
        tables = [deliveries_table(rows, years_of(rows))]
    elif part == "comparison":
        period = chosen_period(request)
        standings = narrow_standings(
            read_standings(narrowed, period), asked, narrowed, request.GET.get("order", "name")
        )
        lines = read_lines(asked, period, is_invented=narrowed.is_invented)
        tables = [compare_table(standings, asked, lines), key_of(asked), _behind(files_behind(standings))]
    elif part == "recorded":
        tables = tables_of(request, narrowed)
    elif part == "trends":
        found = over_time(narrowed, asked)
        tables = [*found.tables, _behind(found.files)]
    else:
        raise Http404
    return as_file(tables, wanted, name=f"116000-{part}", title=_("Figures of the network"))
