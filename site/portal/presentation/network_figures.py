"""The network's year for display: the tables of accepted figures, their charts and downloads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation.engine.scoring import in_tenths, tenths_as_text
from evaluation.figures.dictionary.items import code_name
from evaluation.figures.publishing import network_tables
from evaluation.figures.publishing.counts import TOTAL
from evaluation.figures.publishing.network_tables import YearTables
from evaluation.figures.publishing.suppression import Mark
from portal.presentation.numbers import percent
from portal.presentation.tables import Cell, Line, Table, missing
from reports.charts.bars import Bar, BarChart
from standards.presentation.units import format_decimal

DIMENSIONS = {
    "channels": "channel",
    "categories": "category_published",
    "ages": "age_band",
    "regions": "region",
    "outcomes": "outcome",
}
DRAWN = ("channels", "categories", "outcomes", "regions")


@dataclass(frozen=True, slots=True)
class Shown:
    """One table with its chart. A table that is withheld has only its notes."""

    table: Table
    chart: BarChart | None
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class ShownYear:
    """The network's year on the page."""

    year: int
    hotlines: int
    tables: tuple[Shown, ...]
    answering: str
    data: YearTables

    @property
    def too_few(self) -> str:
        """The sentence in place of the tables if none includes enough hotlines."""
        has_tables = any(not table.has_too_few_hotlines for table in self.data.tables)
        return "" if has_tables or not self.data.tables else _too_few_sentence()


def show_year(year_tables: YearTables) -> ShownYear:
    return ShownYear(
        year=year_tables.year,
        hotlines=year_tables.hotlines,
        tables=tuple(_show(year_tables, table) for table in year_tables.tables),
        answering=_answering_sentence(year_tables),
        data=year_tables,
    )


def draw_in_every_language(year_tables: YearTables) -> None:
    """Draw the charts of a year in every language, so that no reader waits for them."""
    for code, _name in settings.INTERFACE_LANGUAGES:
        with translation.override(code):
            for shown in show_year(year_tables).tables:
                if shown.chart:
                    shown.chart.draw_once()


def _show(year: YearTables, table: network_tables.Table) -> Shown:
    title = _titles()[table.code]
    shares = _shares(table)
    lines = [] if table.is_withheld else list(_lines(table, shares))
    shown = Table(
        code=table.code,
        title=title,
        corner=_corners()[table.code],
        columns=[*(_column(table, column) for column in table.columns), *(_column(table, name) for name in shares)],
        lines=lines,
        words=tuple(_words(year, table)),
    )
    is_drawn = table.code in DRAWN and not table.is_withheld
    return Shown(shown, _chart(table, title) if is_drawn else None, table.is_withheld)


def _shares(table: network_tables.Table) -> list[str]:
    """Return the columns of ratios, in order."""
    return list(dict.fromkeys(column for row, column in table.ratios if row in table.rows))


def _lines(table: network_tables.Table, shares: Iterable[str]) -> Iterator[Line]:
    shares = list(shares)
    for row in table.rows:
        cells = [_cell(table.cells[row, column]) for column in table.columns]
        ratios = [_ratio(table.ratios.get((row, name))) for name in shares]
        yield Line(name=_row(table, row), cells=[*cells, *ratios])
    for row, column in table.ratios:
        if row not in table.rows:
            yield Line(name=_row(table, row), cells=[_ratio(table.ratios[row, column], in_words=True)])


def _cell(cell: network_tables.Cell) -> Cell:
    if cell.mark is Mark.SMALL:
        return Cell("<5")
    if cell.mark is Mark.HIDDEN:
        return Cell(pgettext("a number that is not told", "hidden"), kind="missing")
    assert cell.value is not None  # without a mark there is a number
    return Cell(number_format(cell.value, 0, force_grouping=True), cell.value)


def _ratio(ratio: network_tables.Ratio | None, *, in_words: bool = False) -> Cell:
    """Return a share as text; for programs as per cent, rounded down like the text."""
    if ratio is None or ratio.is_hidden:
        return Cell(pgettext("a number that is not told", "hidden"), kind="missing")
    if ratio.value is None:
        return missing(_("no data (fewer than 20)"))
    return Cell(percent(ratio.value), None if in_words else Decimal(in_tenths(ratio.value * 100)) / 10)


def _chart(table: network_tables.Table, title: str) -> BarChart:
    """Draw bars of the first column. A suppressed number has its mark instead of a bar."""
    column = table.columns[0]
    rows = [row for row in table.rows if row != TOTAL]
    bars = [Bar(_row(table, row), cell.value, _cell(cell).text) for row in rows for cell in [table.cells[row, column]]]
    return BarChart(bars, title, f"network-{table.code}")


def _words(year: YearTables, table: network_tables.Table) -> Iterator[str]:
    """Yield the notes on a table: its period, its hotlines, its definitions, its quality, its rules."""
    yield ngettext(
        "%(year)s, %(count)s of %(all)s hotline.", "%(year)s, %(count)s of %(all)s hotlines.", year.hotlines
    ) % {"year": year.year, "count": table.hotlines, "all": year.hotlines}
    if table.release < year.release:
        yield _("As in release %(number)s: since then too few hotlines have changed to show it anew.") % {
            "number": table.release
        }
    if table.has_too_few_hotlines:
        yield _too_few_sentence()
        return
    if table.definitions:
        yield _("Definitions of the data dictionary: version %(versions)s.") % {
            "versions": ", ".join(table.definitions)
        }
    if table.estimated == 0:
        yield _("None of the figures of these hotlines is an estimate.")
    elif table.estimated is not None:
        yield _("Estimated: %(share)s of the figures of these hotlines.") % {"share": percent(table.estimated)}
    if table.is_withheld:
        yield _("The numbers of this table are too small to be told without giving single cases away.")
    if table.code == "answering":
        yield _("Only the hotlines that count calls abandoned within 10 seconds: the answer rate leaves those out.")
    elif ("rate", "calls") in table.ratios:
        yield _("Answer rate: answered, of the calls that were not abandoned within 10 seconds.")


def _too_few_sentence() -> str:
    return _("Told from three hotlines on: of two, each could work out the other’s numbers.")


def _answering_sentence(year: YearTables) -> str:
    if year.answering is None:
        return ""
    lines = {
        name: format_decimal(tenths_as_text(in_tenths(line)))
        for name, line in (
            ("low", year.answering.low),
            ("median", year.answering.median),
            ("high", year.answering.high),
        )
    }
    return _(
        "The median answer rate of %(count)s hotlines is %(median)s %%; the lower quartile is %(low)s %% and the upper "
        "%(high)s %%. Of the hotlines in their order, half lie below the median and half above it; a quarter lies below "
        "the lower quartile, and a quarter above the upper one. Each is the mean of the three or four hotlines at that "
        "place."
    ) % {"count": year.answering.count, **lines}


# --- Names ---------------------------------------------------------------------------------------------------------


def _titles() -> dict[str, str]:
    return {
        "calls": _("Calls to 116 000"),
        "answering": _("Calls, and how many were answered"),
        "channels": _("Contacts by channel"),
        "categories": _("New cases by category"),
        "ages": _("Children in new cases by age and sex"),
        "regions": _("Cross-border cases by region"),
        "outcomes": _("Closed cases by outcome"),
    }


def _corners() -> dict[str, str]:
    return {
        "calls": pgettext("head of a column", "Calls"),
        "answering": pgettext("head of a column", "Calls"),
        "channels": pgettext("head of a column", "Channel"),
        "categories": pgettext("head of a column", "Category"),
        "ages": pgettext("head of a column", "Age"),
        "regions": pgettext("head of a column", "Region of the counterpart"),
        "outcomes": pgettext("head of a column", "Outcome"),
    }


def _row(table: network_tables.Table, code: str) -> str:
    if code == TOTAL:
        return pgettext("row of a table", "Total")
    named = {
        "received": _("Calls received"),
        "answered": _("Answered by a person"),
        "short": _("Abandoned within 10 seconds"),
        "missed": _("Not answered after 10 seconds"),
        "rate": _("Answer rate"),
    }
    return named[code] if code in named else str(code_name(DIMENSIONS[table.code], code))


def _column(table: network_tables.Table, code: str) -> str:
    named: dict[str, Any] = {
        TOTAL: pgettext("head of a column", "Total"),
        "calls": pgettext("head of a column", "Number"),
        "count": pgettext("head of a column", "Number"),
        "share": pgettext("head of a column", "Share, in per cent"),
        "new": pgettext("head of a column", "New cases"),
        "children": pgettext("head of a column", "Children"),
        "cross_border": pgettext("head of a column", "Cross-border"),
        "cross_border_share": pgettext("head of a column", "Cross-border, in per cent"),
    }
    return named[code] if code in named else str(code_name("sex", code))
