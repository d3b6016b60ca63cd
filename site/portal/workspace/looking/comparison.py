"""The hotlines beside each other in one period, with their names, for MCE alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.crm.benchmarking import spread
from evaluation.crm.counting import counting_files, totals_over
from evaluation.crm.trends import Grain, Moment, Period, period_at, read_period
from evaluation.models import Hotline, StatisticsImport
from portal.workspace.doorway import require
from portal.workspace.indicators import plain_number, unit_words
from portal.workspace.looking.asking import Asked, formulas, tell_period, whole
from portal.workspace.looking.deliveries import Wanted
from portal.workspace.looking.tables import Cell, Line, Table, missing, text


@dataclass(frozen=True, slots=True)
class Standing:
    """A hotline in one period. `is_accepted` when all that it counts is accepted."""

    hotline: Hotline
    moment: Moment

    @property
    def is_accepted(self) -> bool:
        return all(file.is_accepted for file in self.moment.files)


def read_standings(wanted: Wanted, period: Period) -> list[Standing]:
    """Every hotline that has figures of a period. Two queries for any number of them."""
    hotlines = wanted.hotlines()
    files = counting_files(hotlines, start=period.start, end=period.end)
    return [
        Standing(one, Moment(period, tuple(own), totals_over(own, period.start, period.end), starts_anew=False))
        for one in hotlines
        if (own := files[one.pk])
    ]


def compare_table(standings: Sequence[Standing], asked: Sequence[Asked], order: str) -> Table:
    """A line for each hotline, a column for each formula, the lines of the benchmark at the end."""
    chosen = next((one for one in asked if one.code == order), None)
    if order == "completeness":
        standings = sorted(standings, key=lambda s: (s.moment.share_recorded[0], s.hotline.name))
    elif chosen is not None:
        values = {s.hotline.pk: chosen.cell(s.moment.totals).number for s in standings}
        standings = sorted(
            standings, key=lambda s: (values[s.hotline.pk] is None, values[s.hotline.pk] or 0, s.hotline.name)
        )
    lines = [_standing_line(standing, asked) for standing in standings]
    lines += _benchmark_lines(standings, asked)
    columns = [_("Items recorded"), *map(_head, asked)]
    return Table("comparison", _("Hotlines beside each other"), _("Hotline"), columns, lines)


def _head(asked: Asked) -> str:
    """The unit stands once, over its column; only the sign of per cent is short enough for every cell."""
    unit = asked.indicator.unit
    return asked.code if unit == "percent" else f"{asked.code} ({unit_words(unit)})"


def _bare(asked: Asked, cell: Cell) -> Cell:
    """A number without the unit that its column names."""
    if cell.number is None or asked.indicator.unit == "percent":
        return cell
    return replace(cell, text=plain_number(Decimal(cell.number)))


def _standing_line(standing: Standing, asked: Sequence[Asked]) -> Line:
    recorded, of = standing.moment.share_recorded
    said = _("%(recorded)d of %(of)d") % {"recorded": recorded, "of": of}
    where = reverse("workspace:hotline_trends", args=[standing.hotline.country])
    return Line(
        standing.hotline.name,
        [Cell(said, recorded), *(_short(one, standing.moment) for one in asked)],
        url=f"{where}?period={standing.moment.period.code}&by={standing.moment.period.grain}",
        tag="" if standing.is_accepted else "waiting",
        code=standing.hotline.country,
    )


def _short(asked: Asked, moment: Moment) -> Cell:
    """Which item is missing stands on the hotline's own page."""
    cell = asked.cell(moment.totals, is_estimated=moment.is_estimated(*asked.items))
    return _bare(asked, cell) if cell.is_number or asked.has_small_base(moment.totals) else missing(_("no data"))


def _benchmark_lines(standings: Sequence[Standing], asked: Sequence[Asked]) -> list[Line]:
    spreads = [spread(_measured(standings, one)) for one in asked]
    named = ((_("Middle half from"), "low"), (_("Middle"), "median"), (_("Middle half to"), "high"))
    return [
        Line(
            name,
            [
                missing(""),
                *(
                    missing(_("fewer than 5")) if found is None else _line_cell(getattr(found, part), one)
                    for found, one in zip(spreads, asked, strict=True)
                ),
            ],
            tag="sum",
        )
        for name, part in named
    ]


def _line_cell(line: int, asked: Asked) -> Cell:
    return _bare(asked, Cell(whole(line, asked), line))


def _measured(standings: Sequence[Standing], asked: Asked) -> list[Fraction]:
    """The accepted and measured values of a formula, as the hotlines' own pages compare them."""
    return [
        value
        for standing in standings
        if standing.is_accepted and not standing.moment.is_estimated(*asked.items)
        if (value := asked.compared(standing.moment.totals)) is not None
    ]


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted, period, asked = Wanted.read(request), chosen_period(request), formulas()
    order = request.GET.get("order", "")
    table = compare_table(read_standings(wanted, period), asked, order)
    of = Hotline.objects.filter(is_invented=wanted.is_invented).count()
    return render(
        request,
        "workspace/looking/comparison.html",
        {
            "wanted": wanted,
            "period": period,
            "period_label": tell_period(period),
            "years": _years(wanted),
            "table": table,
            "asked": asked,
            "order": order,
            "hotlines": sum(line.tag != "sum" for line in table.lines),
            "of": of,
        },
    )


def chosen_period(request: HttpRequest) -> Period:
    """The period that is asked for, else the last whole year."""
    return read_period(request.GET.get("period", "")) or period_at(_last_year(), Grain.YEAR)


def _last_year() -> date:
    newest = StatisticsImport.objects.filter(state__in=StatisticsImport.COUNTING).order_by("-period_end").first()
    return newest.period_end if newest else date.today()  # noqa: DTZ011 - only which year is offered first


def _years(wanted: Wanted) -> list[int]:
    """The years that somebody's files are about, the newest first."""
    known = StatisticsImport.objects.filter(
        hotline__is_invented=wanted.is_invented, state__in=StatisticsImport.COUNTING
    )
    return [day.year for day in known.dates("period_start", "year", order="DESC")]


def key_of(asked: Sequence[Asked]) -> Table:
    """What the codes of the columns stand for."""
    lines = [Line(one.name, [text(one.formula.text)], code=one.code) for one in asked]
    return Table("formulas", _("What the columns are"), _("Figure"), [_("Formula")], lines)
