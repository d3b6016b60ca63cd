"""The network's accepted figures over time, and what its three pages show as a file."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.crm.benchmarking import spread
from evaluation.crm.counting import CountedFile, counting_files, totals_over
from evaluation.crm.trends import Grain, Period, period_at
from evaluation.models import Hotline
from portal.workspace.doorway import require
from portal.workspace.looking.asking import Asked, Totals, formulas, item_name, items_of, tell_period, total_cell, whole
from portal.workspace.looking.comparison import chosen_period, compare_table, key_of, read_standings
from portal.workspace.looking.deliveries import Wanted, deliveries_table, read_deliveries, years_of
from portal.workspace.looking.hotline import Chart, draw_lines
from portal.workspace.looking.tables import Cell, Line, Table, as_file, missing, text

COUNTED_OVER_TIME = ("A03", "A04", "A09", "A21", "A23", "A25", "A26")


def over_time(wanted: Wanted, asked: Sequence[Asked]) -> list[Chart]:
    """Accepted totals of the network by year, and ratios of its sums, each with how many hotlines are in it."""
    hotlines = Hotline.objects.filter(is_invented=wanted.is_invented)
    only = items_of(asked) | set(COUNTED_OVER_TIME)
    files = counting_files(hotlines, accepted_only=True, only=only)
    years = sorted({file.start.year for own in files.values() for file in own})
    if not years:
        return []
    periods = [period_at(date(year, 1, 1), Grain.YEAR) for year in range(years[0], years[-1] + 1)]
    by_period = [_totals_in(files, period) for period in periods]
    columns, of = [tell_period(period) for period in periods], len(files)
    counts = [_sum_chart(code, columns, by_period, of) for code in COUNTED_OVER_TIME]
    return counts + [_ratio_chart(one, number, columns, by_period, of) for number, one in enumerate(asked)]


def _totals_in(files: Mapping[int, Sequence[CountedFile]], period: Period) -> dict[int, Totals]:
    """What each hotline has in a period, by its key."""
    return {key: totals_over(_within(own, period), period.start, period.end) for key, own in files.items()}


def _within(files: Sequence[CountedFile], period: Period) -> list[CountedFile]:
    return [file for file in files if period.holds(file)]


def _sum_chart(code: str, columns: Sequence[str], by_period: Sequence[Any], of: int) -> Chart:
    known = [{key: value for key, found in year.items() if (value := found[code]) is not None} for year in by_period]
    sums = [total_cell(sum(own.values(), Fraction(0))) if own else missing(_("no data")) for own in known]
    lines = [Line(item_name(code), sums, code=code), _coverage(known, of)]
    table = Table(f"sum-{code}", item_name(code), _("Item"), columns, lines)
    return Chart(draw_lines(table, _changes(known)), table, code)


def _ratio_chart(asked: Asked, number: int, columns: Sequence[str], by_period: Sequence[Any], of: int) -> Chart:
    """A ratio of sums over the hotlines that recorded every term: never a mean of ratios."""
    known = [
        {key: found for key, found in year.items() if all(found[item] is not None for item in asked.items)}
        for year in by_period
    ]
    cells = [_together(asked, list(own.values())) for own in known]
    lines = [Line(asked.name, cells, code=asked.code), _coverage(known, of)]
    table = Table(f"ratio-{number}", f"{asked.code} {asked.name}", _("Figure"), columns, lines)
    return Chart(draw_lines(table, _changes(known)), table, asked.code)


def _together(asked: Asked, whole_ones: Sequence[Totals]) -> Cell:
    """One number for the hotlines that recorded every term: the ratio of their sums, or the middle of their means."""
    if not whole_ones:
        return missing(_("no data"))
    if asked.formula.is_ratio:
        return asked.cell(
            {item: sum((own[item] or Fraction(0) for own in whole_ones), Fraction(0)) for item in asked.items}
        )
    found = spread([own[asked.formula.text] or Fraction(0) for own in whole_ones])
    if found is None:
        return missing(_("fewer than 5 hotlines"))
    return Cell(whole(found.median, asked), found.median, _("the middle of the hotlines"))


def _changes(known: Sequence[Mapping[int, Any]]) -> list[bool]:
    """Where other hotlines are in a number than in the one before: no line may lead there."""
    return [False, *(set(before) != set(now) for before, now in pairwise(known))]


def _coverage(known: Sequence[Mapping[int, Any]], of: int) -> Line:
    said = _("%(hotlines)d of %(of)d")
    return Line(_("Hotlines"), [text(said % {"hotlines": len(own), "of": of}) for own in known])


@require_safe
def network_trends(request: HttpRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted = Wanted.read(request)
    return render(
        request,
        "workspace/looking/network_trends.html",
        {"wanted": wanted, "charts": over_time(wanted, formulas())},
    )


@require_safe
def network_table(request: HttpRequest, part: str, wanted: str) -> HttpResponse:
    """What one of the three pages shows, every page of it, as CSV or XLSX."""
    require(request, "statistics.compare")
    narrowed, asked = Wanted.read(request), formulas()
    if part == "deliveries":
        rows = read_deliveries(narrowed)
        tables = [deliveries_table(rows, years_of(rows))]
    elif part == "comparison":
        standings = read_standings(narrowed, chosen_period(request))
        tables = [compare_table(standings, asked, request.GET.get("order", "")), key_of(asked)]
    elif part == "trends":
        tables = [chart.table for chart in over_time(narrowed, asked)]
    else:
        raise Http404
    return as_file(tables, wanted, name=f"116000-{part}", title=_("Figures of the network"))
