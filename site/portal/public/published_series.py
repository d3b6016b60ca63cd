"""The earlier published figures of the network: charts, tables with their sources, and notes on contradictions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from evaluation.figures.publishing.published_names import SERIES, UNITS
from evaluation.figures.publishing.published_series import (
    BLOCKS,
    Published,
    PublishedSeries,
    is_counted_alike,
    read_published,
    series_of,
)
from portal.presentation.tables import Cell, Line, Table, text
from reports.charts.lines import LineChart
from reports.charts.series import Point, Series
from standards.framework.units import PERCENT
from standards.presentation.units import format_unit

TOGETHER = {"calls_received": ("calls_responded_to",)}
"""Series that are drawn in one chart because they contradict each other."""


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A published number with its notes and source."""

    number: Published
    value: str
    note: str
    sources: tuple[tuple[str, str], ...]
    """Name and address."""


@dataclass(frozen=True, slots=True)
class ShownSeries:
    name: str
    numbers: tuple[ShownNumber, ...]
    chart: LineChart | None


@dataclass(frozen=True, slots=True)
class Caveat:
    """A note on why numbers must not be read literally."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """The content under one heading."""

    code: str
    title: str
    caveats: tuple[Caveat, ...]
    series: tuple[ShownSeries, ...]


@cache
def published() -> tuple[Published, ...]:
    """Return the parsed file, read once per process."""
    path = settings.BASE_DIR / "fixtures" / "network_figures.csv"
    return read_published(path.read_text(encoding="utf-8").splitlines())


def show_blocks() -> list[Block]:
    """Return every published figure, by subject."""
    titles = {
        "contacts": _("Calls and contacts"),
        "cases": _("Cases and children"),
        "categories": _("What the cases are"),
        "abroad": _("Across borders"),
        "children": _("The children, and how they were found"),
        "hotlines": _("The hotlines themselves"),
    }
    found, caveats = series_of(published()), _caveats()
    return [
        Block(code, titles[code], tuple(caveats.get(code, ())), tuple(_show(one, found[code]) for one in found[code]))
        for code in BLOCKS
    ]


def _show(series: PublishedSeries, others: Sequence[PublishedSeries]) -> ShownSeries:
    together = [other for other in others if other.item in TOGETHER.get(series.item, ())]
    return ShownSeries(
        name=str(SERIES[series.item]),
        numbers=tuple(
            ShownNumber(
                n, _describe_number(n), _note(n), tuple((_host(source), _address(source)) for source in n.sources)
            )
            for n in series.numbers
        ),
        chart=_chart(series, together) if series.has_chart else None,
    )


def _describe_number(number: Published) -> str:
    """Return the value with its qualifier, and with its unit if needed."""
    value = _plain(number)
    formats = {
        "~": _("about %(value)s"),
        "<": _("less than %(value)s"),
        ">": _("more than %(value)s"),
    }.get(number.qualifier)
    return formats % {"value": value} if formats else value


def _plain(number: Published) -> str:
    value = Decimal(number.value.numerator) / Decimal(number.value.denominator)
    places = 0 if value == value.to_integral_value() else 1
    written = number_format(value, places, force_grouping=True)
    return format_unit(written, PERCENT) if number.unit == PERCENT else written


def _note(number: Published) -> str:
    return str(_(number.note)) if number.note else ""


def _host(source: str) -> str:
    return urlsplit(source).netloc.removeprefix("www.").removeprefix("m.")


def _address(source: str) -> str:
    return quote(source, safe=":/?&=%#._-~")


def _chart(series: PublishedSeries, together: Sequence[PublishedSeries]) -> LineChart:
    """Draw a point for each number. Two numbers of one year are in two series, so that no line connects them."""
    years = list(range(series.numbers[0].year, series.numbers[-1].year + 1))
    first: dict[int, Published] = {}
    second: dict[int, Published] = {}
    for number in series.numbers:
        (second if number.year in first else first)[number.year] = number
    name = str(SERIES[series.item])
    lines = [Series(name, _points(years, first))]
    if second:
        lines.append(Series(_("Second number published for the year"), _points(years, second)))
    lines += [
        Series(str(SERIES[other.item]), _points(years, {number.year: number for number in other.numbers}))
        for other in together
    ]
    return LineChart([str(year) for year in years], lines, name, f"published-{series.item}")


def _points(years: Sequence[int], numbers: dict[int, Published]) -> list[Point]:
    joined = {
        year
        for before, year in pairwise(years)
        if before in numbers and year in numbers and is_counted_alike(numbers[before], numbers[year])
    }
    return [
        Point(
            numbers[year].value if year in numbers else None,
            _describe_number(numbers[year]) if year in numbers else "",
            is_hollow=year in numbers and not numbers[year].is_exact,
            has_new_definitions=year not in joined,
        )
        for year in years
    ]


def _caveats() -> dict[str, list[Caveat]]:
    def n(number: int | str) -> str:
        return number_format(Decimal(number), force_grouping=True)

    return {
        "contacts": [
            Caveat(
                _("Two numbers for 2013, and no explanation"),
                _(
                    "One page of Missing Children Europe gives %(received)s calls received in 2013, and %(responded)s "
                    "calls that hotlines responded to. Nobody can respond to more calls than come in, so the two "
                    "must count different things; the page does not say which. Both are shown. Neither is corrected, "
                    "they are not averaged, and no line leads to them."
                )
                % {"received": n(250012), "responded": n(630476)},
            ),
            Caveat(
                _("2014 and 2015 are read from a chart"),
                _(
                    "The reports print a chart without numbers for these two years. The numbers here were worked out "
                    "from the chart and the percentages beside it: derived, not quoted."
                ),
            ),
            Caveat(
                _("The increase to 2013 is rounded down in the report"),
                _("It says %(said)s %%; from %(before)s to %(after)s calls are %(exact)s %%.")
                % {"said": n(179), "before": n(89340), "after": n(250012), "exact": n("179.8")},
            ),
            Caveat(
                _("Fewer calls, or fewer hotlines that report"),
                _(
                    "26 of 32 hotlines reported for 2018, 23 for 2019, 18 for 2022. A lower total comes partly from "
                    "fewer hotlines reporting. Where the reports count other hotlines, no line joins the years."
                ),
            ),
        ],
        "cases": [
            Caveat(
                _("Two numbers for 2022"),
                _(
                    "The press release gives %(release)s cases for 2022, the report about %(report)s. Neither says "
                    "which cases it counts. Both are shown, and no line leads to them."
                )
                % {"release": n(6668), "report": n(8200)},
            ),
            Caveat(
                _("Cases, new cases and children are three things"),
                _(
                    "For 2018 the report counts %(cases)s cases: %(new)s new ones and %(open)s that were still open "
                    "from before. In them are %(children)s children. Other years do not say what a case is."
                )
                % {"cases": n(8845), "new": n(6221), "open": n(2624), "children": n(9115)},
            ),
        ],
        "categories": [
            Caveat(
                _("Runaways count more children since 2015"),
                _(
                    "Since about 2015 the reports count children who were pushed out of their home together with "
                    "runaways. The line begins anew there."
                ),
            ),
            Caveat(
                _("Lost and otherwise missing: 2018 stands alone"),
                _(
                    "The report for 2018 shows “otherwise missing” and “other” apart, so that its share cannot be "
                    "compared with those of 2014 and 2016."
                ),
            ),
        ],
    }


def tables() -> Iterator[Table]:
    """Yield one table of the same numbers for a file, with a row for each."""
    lines = [
        Line(
            code=number.item,
            name=str(SERIES[number.item]),
            cells=[
                Cell(str(number.year), number.year),
                text(number.qualifier),
                Cell(_plain(number), Decimal(number.value.numerator) / Decimal(number.value.denominator)),
                text(UNITS[number.unit]),
                Cell("", number.hotlines) if number.hotlines else text(""),
                text(_note(number)),
                text(_("yes") if number.is_contradicted else ""),
                text(" ".join(number.sources)),
            ],
        )
        for block in series_of(published()).values()
        for one in block
        for number in one.numbers
    ]
    columns: list[Any] = [
        pgettext("head of a column", "Year"),
        pgettext("head of a column", "Qualifier"),
        pgettext("head of a column", "Value"),
        pgettext("head of a column", "Unit"),
        pgettext("head of a column", "Hotlines reporting"),
        pgettext("head of a column", "Definition"),
        pgettext("head of a column", "Contradicted"),
        pgettext("head of a column", "Sources"),
    ]
    yield Table(
        code="published",
        title=_("Published figures of the network"),
        corner=pgettext("head of a column", "Figure"),
        columns=columns,
        lines=lines,
    )
