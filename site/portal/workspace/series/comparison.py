"""The hotlines beside each other in one period, with their names, for MCE alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.cached import keep_parts
from evaluation.crm.series.totals import CountedFile, counting_files, totals_over
from evaluation.crm.series.trends import Grain, Moment, Period, period_at, read_period
from evaluation.models import Hotline, StatisticsImport
from portal.presentation.indicators import plain_number
from portal.presentation.tables import Cell, Line, Table, missing, text
from portal.workspace.doorway import require
from portal.workspace.series.benchmark import Lines, explain_lines, read_lines
from portal.workspace.series.deliveries import ON_A_PAGE, Wanted
from portal.workspace.series.figure_versions import versions_of_files
from portal.workspace.series.queries import Asked, formulas, tell_period
from standards.framework.units import PERCENT
from standards.presentation.units import unit_words

COMPLETENESS = "completeness"

Place = Mapping[str, tuple[int, int]]
"""What a hotline can be sorted by: how much it records, and each formula that has a value, as fractions."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A hotline in one period. `is_accepted` when all that it counts is accepted."""

    hotline: Hotline
    moment: Moment

    @property
    def is_accepted(self) -> bool:
        return all(file.is_accepted for file in self.moment.files)


def read_standings(hotlines: Sequence[Hotline], period: Period) -> list[Standing]:
    """These hotlines with what they say of a period, as far as they say anything. Two queries for any number of them."""
    files = counting_files(hotlines, start=period.start, end=period.end)
    return [
        Standing(one, Moment(period, tuple(own), totals_over(own, period.start, period.end), starts_anew=False))
        for one in hotlines
        if (own := files[one.pk])
    ]


def places_of(wanted: Wanted, period: Period, asked: Sequence[Asked]) -> dict[Hotline, Place]:
    """Every hotline that has figures of a period, with its place; kept until a file of it counts, or counts no more."""
    hotlines = {hotline.pk: hotline for hotline in wanted.hotlines()}

    def read(changed: Sequence[int]) -> dict[int, Place | None]:
        standings = read_standings([hotlines[key] for key in changed], period)
        found = {one.hotline.pk: _place_of(one.moment, asked) for one in standings}
        return {key: found.get(key) for key in changed}

    kept = keep_parts(f"places-1-{wanted.is_invented}-{period.code}", versions_of_files(hotlines, period), read)
    return {hotlines[key]: place for key, place in kept.items() if place is not None}


def _place_of(moment: Moment, asked: Sequence[Asked]) -> Place:
    values = {one.code: one.measure(moment.totals).value for one in asked if not one.has_small_base(moment.totals)}
    told = {code: (value.numerator, value.denominator) for code, value in values.items() if value is not None}
    return {COMPLETENESS: (moment.share_recorded[0], 1), **told}


def narrow(places: Mapping[Hotline, Place], wanted: Wanted, order: str) -> list[Hotline]:
    """Those that are asked for: by name, by how much is recorded or by a formula, either way.

    Who has no number comes last both ways.
    """
    figure, is_down = order.removeprefix("-"), order.startswith("-")
    by_name = sorted(filter(wanted.finds, places), key=lambda one: one.name)
    if figure == "name":
        return by_name[::-1] if is_down else by_name
    values = {one: Fraction(*places[one][figure]) for one in by_name if figure in places[one]}
    told = sorted(values, key=lambda one: values[one], reverse=is_down)
    return told + [one for one in by_name if one not in values]


def compare_table(standings: Sequence[Standing], asked: Sequence[Asked], lines: Lines) -> Table:
    """A line for each hotline, a column for each formula, the median and the quartiles of all at the end."""
    columns = [_("Items recorded"), *map(_head, asked)]
    rows = [*(_standing_line(standing, asked) for standing in standings), *_benchmark_lines(asked, lines)]
    return Table("comparison", _("Hotlines beside each other"), _("Hotline"), columns, rows, words=explain_lines())


def _head(asked: Asked) -> str:
    """The unit stands once, over its column; only the sign of per cent is short enough for every cell."""
    unit = asked.indicator.unit
    return asked.code if unit == PERCENT else f"{asked.code} ({unit_words(unit)})"


def _bare(asked: Asked, cell: Cell) -> Cell:
    """A number without the unit that its column names."""
    if cell.number is None or asked.indicator.unit == PERCENT:
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


def _benchmark_lines(asked: Sequence[Asked], lines: Lines) -> list[Line]:
    named = ((_("Lower quartile"), "low"), (_("Median"), "median"), (_("Upper quartile"), "high"))
    found = [(one, lines[one.code]) for one in asked]
    return [
        Line(
            name,
            [
                missing(""),
                *(
                    missing(_("fewer than 5")) if s is None else _bare(one, one.told(getattr(s, part)))
                    for one, s in found
                ),
            ],
            tag="sum",
        )
        for name, part in named
    ]


def orders(asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """What the hotlines can be sorted by."""
    by_formula = [
        (f"{way}{one.code}", words % {"figure": one.code})
        for one in asked
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
def comparison(request: HttpRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted, period, asked = Wanted.read(request), chosen_period(request), formulas()
    order = request.GET.get("order", "name")
    places = places_of(wanted, period, asked)
    page = Paginator(narrow(places, wanted, order), ON_A_PAGE).get_page(request.GET.get("page"))
    standings = read_standings(page.object_list, period)
    lines = read_lines(asked, period, is_invented=wanted.is_invented)
    return render(
        request,
        "workspace/series/comparison.html",
        {
            "wanted": wanted,
            "period": period,
            "period_label": tell_period(period),
            "years": years_known(wanted),
            "page": page,
            "table": compare_table(standings, asked, lines),
            "asked": asked,
            "order": order,
            "orders": orders(asked),
            "hotlines": len(places),
            "of": Hotline.objects.filter(is_invented=wanted.is_invented).count(),
        },
    )


def chosen_period(request: HttpRequest) -> Period:
    """The period that is asked for, else the last whole year."""
    return read_period(request.GET.get("period", "")) or period_at(_last_year(), Grain.YEAR)


def _last_year() -> date:
    newest = StatisticsImport.objects.counting().order_by("-period_end").first()
    return newest.period_end if newest else date.today()  # noqa: DTZ011 - only which year is offered first


def years_known(wanted: Wanted) -> list[int]:
    """The years that somebody's files are about, the newest first."""
    known = StatisticsImport.objects.counting().filter(hotline__is_invented=wanted.is_invented)
    return [day.year for day in known.dates("period_start", "year", order="DESC")]


def files_behind(standings: Sequence[Standing]) -> list[tuple[Hotline, CountedFile]]:
    return [(standing.hotline, file) for standing in standings for file in standing.moment.files]


def key_of(asked: Sequence[Asked]) -> Table:
    """What the codes of the columns stand for."""
    lines = [Line(one.name, [text(one.formula.text)], code=one.code) for one in asked]
    return Table("formulas", _("What the columns are"), _("Figure"), [_("Formula")], lines)
