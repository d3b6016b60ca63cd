"""The page of one number: its files, its cells, the users who confirmed and accepted it, its earlier values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from evaluation.figures.dictionary.items import Item, OverPeriods, code_name, items
from evaluation.figures.dictionary.levels import LEVELS
from evaluation.figures.dictionary.sums import NO_CODES, Amount, Codes, add_codes
from evaluation.figures.formats.published.header import PART_MISSING, months_of
from evaluation.figures.series.provenance import qualities_of
from evaluation.figures.series.totals import (
    CountedFile,
    amount_of,
    cells_over,
    chains_over,
    counting_files,
    totals_over,
)
from evaluation.figures.series.trends import Period, months_in, read_period
from evaluation.models import Figure, Hotline, StatisticsImport, Step
from portal.access import find_hotline
from portal.figures.series.queries import format_period, format_total, formulas, total_cell
from portal.presentation.numbers import named_unit, plain_number
from portal.presentation.tables import Cell, Line, Table, missing
from portal.requests.signed_in import SignedInRequest

State = StatisticsImport.State

OVER_PERIODS = {
    OverPeriods.SUM: gettext_lazy("The periods are added."),
    OverPeriods.FIRST: gettext_lazy("A stock at the start: the first period’s number is taken."),
    OverPeriods.LAST: gettext_lazy("A stock at the end: the last period’s number is taken."),
    OverPeriods.WEIGHTED: gettext_lazy("A mean: the number of each period is weighted by its %(weight)s."),
    OverPeriods.SINGLE: gettext_lazy("It cannot be added: it needs one file for the whole time."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that counts in the period, with its value of the item and the users who confirmed and accepted it."""

    statistics: StatisticsImport
    total: Fraction | None
    has_item: bool
    is_taken: bool
    """Whether the number comes from files of its level."""
    qualities: list[Any]
    confirmed: "Act | None"
    accepted: "Act | None"

    @property
    def value_text(self) -> str:
        return format_total(self.total)

    @property
    def is_known_in_full(self) -> bool:
        """Whether it is used and covers all of its months. If a part is missing, it is unknown which months are."""
        return self.is_taken and self.statistics.completeness != PART_MISSING

    @property
    def completeness(self) -> Any:
        return code_name("completeness_note", self.statistics.completeness)


@dataclass(frozen=True, slots=True)
class Act:
    """A step with its user; the name is empty if the user was anonymised."""

    name: str
    at: Any


@dataclass(frozen=True, slots=True)
class Earlier:
    """The value of the item in a superseded file, and the difference to the later file's."""

    statistics: StatisticsImport
    total: Fraction | None
    difference: Fraction | None

    @property
    def value_text(self) -> str:
        return format_total(self.total)

    @property
    def difference_words(self) -> str:
        if self.difference is None:
            return ""
        if self.difference == 0:
            return _("the same")
        words = format_total(abs(self.difference))
        return (
            _("%(number)s more now") % {"number": words}
            if self.difference > 0
            else _("%(number)s less now") % {"number": words}
        )


@require_safe
def item(request: SignedInRequest, code: str, item: str) -> HttpResponse:
    """Show the origin of one number of a hotline."""
    hotline = find_hotline(request, code, "statistics.view")
    if item not in items():
        raise Http404
    found, period = items()[item], _period(request, hotline)
    if period is None:
        return render(
            request, "figures/series/item.html", {"hotline": hotline, "item": found, "period": None, "sources": []}
        )
    files = counting_files([hotline], start=period.start, end=period.end, only={item})[hotline.pk]
    imports = _imports(hotline, period)
    chain = chains_over(files, period.start, period.end, with_parts=True).get(item)
    total = chain.totals[item] if chain else None
    sources = _sources(found, files, imports, period)
    return render(
        request,
        "figures/series/item.html",
        {
            "hotline": hotline,
            "item": found,
            "period": period,
            "period_label": format_period(period),
            "periods": _periods(hotline),
            "total": total,
            "total_text": format_total(total),
            "unit": named_unit(found),
            "is_partial": chain is not None and not chain.is_whole,
            "sources": sources,
            "months": len(months_in(s.statistics.span for s in sources if s.is_known_in_full)),
            "of_months": months_of(period.start, period.end),
            "how_added": OVER_PERIODS[found.over_periods] % {"weight": found.weight},
            "cells": _cells(found, files, period),
            "earlier": _earlier(found, imports),
            "formulas": [named_formula for named_formula in formulas() if item in named_formula.items],
        },
    )


def _period(request: SignedInRequest, hotline: Hotline) -> Period | None:
    """Return the requested period, else the newest of the hotline's files."""
    if wanted := read_period(request.GET.get("period", "")):
        return wanted
    newest = StatisticsImport.objects.counting().filter(hotline=hotline).first()
    return Period(*newest.span) if newest else None


def _periods(hotline: Hotline) -> list[tuple[str, str]]:
    """Return the periods and years of the counting files, as choices."""
    known = StatisticsImport.objects.counting().filter(hotline=hotline)
    spans = known.values_list("period_start", "period_end")
    found = {Period(start, end) for start, end in spans if start and end}
    found |= {year for p in found if (year := read_period(str(p.start.year)))}
    return [(p.code, format_period(p)) for p in sorted(found, key=lambda p: (-p.end.toordinal(), p.start))]


def _imports(hotline: Hotline, period: Period) -> dict[int, StatisticsImport]:
    """Return the files that count, or once counted, for part of the period."""
    states = (*StatisticsImport.COUNTING, State.SUPERSEDED)
    known = StatisticsImport.objects.filter(hotline=hotline, state__in=states).overlapping(period.start, period.end)
    return {one.pk: one for one in known.defer("draft").order_by("period_start", "pk")}


def _sources(
    item: Item, files: Sequence[CountedFile], imports: Mapping[int, StatisticsImport], period: Period
) -> list[Source]:
    level = _providing_level(item, files, period)
    acts = _acts(imports.values())
    return [
        Source(
            statistics=imports[file.statistics_id],
            total=_total(item, file.cells.get(item.code, {})),
            has_item=item.code in file.cells,
            is_taken=file.level == level,
            qualities=_qualities(file.cells.get(item.code, {}).values()),
            confirmed=acts.get((file.uid, State.CONFIRMED)),
            accepted=acts.get((file.uid, State.ACCEPTED)),
        )
        for file in files
        if file.statistics_id in imports
    ]


def _providing_level(item: Item, files: Sequence[CountedFile], period: Period) -> str | None:
    """Return the level that provides the number, else the first that has the item; None if no level may."""
    chains = chains_over(files, period.start, period.end, with_parts=True)
    if item.code in chains:
        return chains[item.code].level
    by_level = [[file for file in files if file.level == level] for level in LEVELS]
    if any(totals_over(own, period.start, period.end, with_parts=True)[item.code] is not None for own in by_level):
        return None
    return next((level for level in LEVELS for f in files if f.level == level and item.code in f.cells), None)


def _total(item: Item, cells: Mapping[Codes, Amount]) -> Fraction | None:
    total = add_codes(item, cells)
    return None if total is None else Fraction(total)


def _qualities(amounts: Iterable[Amount]) -> list[Any]:
    """Return the names of the distinct qualities of a file's cells."""
    return [code_name("quality", quality) for quality in qualities_of(amounts)]


def _acts(imports: Iterable[StatisticsImport]) -> dict[tuple[UUID, str], Act]:
    """Return the newest step into each state, of every file."""
    found: dict[tuple[UUID, str], Act] = {}
    known = list(imports)
    if not known:
        return found
    kind, uids = StatisticsImport.kind, [one.uid for one in known]
    for step in Step.objects.filter(kind=kind, uid__in=uids).select_related("words").order_by("seq"):
        words = getattr(step, "words", None)
        found[step.uid, step.target] = Act(words.name if words else "", step.at)
    return found


def _cells(item: Item, files: Sequence[CountedFile], period: Period) -> Table | None:
    """Return each cell of the item in each file, and their sums; None for an item without codes."""
    level = _providing_level(item, files, period)
    own = [file for file in files if file.level == level and item.code in file.cells]
    if not own or not item.dimensions:
        return None
    added = cells_over(own, period.start, period.end, with_parts=True).get(item.code, {})
    codes = sorted({codes for file in own for codes in file.cells[item.code]} - {NO_CODES})
    lines = [
        Line(
            ", ".join(str(code_name(list_, code)) for list_, code in zip(item.dimensions, pair, strict=False) if code),
            [*map(_amount_cell, amounts), _sum_cell(added.get(pair), amounts)],
        )
        for pair in codes
        for amounts in [[file.cells[item.code].get(pair) for file in own]]
    ]
    totals = totals_over(own, period.start, period.end, with_parts=True)
    sums = [total_cell(_total(item, file.cells[item.code])) for file in own]
    lines.append(Line(_("All together"), [*sums, total_cell(totals[item.code])], tag="sum"))
    columns = [format_period(Period(file.start, file.end)) for file in own]
    return Table("cells", _("The cells that were added"), _("Part"), [*columns, _("Together")], lines)


def _amount_cell(amount: Amount | None) -> Cell:
    if amount is None:
        return missing(_("not in the file"))
    if amount.not_applicable:
        return missing(_("not applicable"))
    if amount.value is None:
        return missing(_("not recorded"))
    return Cell(plain_number(amount.value), amount.value, note=_("estimated") if amount.is_estimated else "")


def _sum_cell(value: Decimal | None, amounts: Sequence[Amount | None]) -> Cell:
    if value is not None:
        return Cell(plain_number(value), value)
    if all(amount and amount.not_applicable for amount in amounts):
        return missing(_("not applicable"))
    return missing(_("a part is missing"))


def _are_for_one_time(one: StatisticsImport, other: StatisticsImport) -> bool:
    """Return whether both have the same period; otherwise the difference has no meaning."""
    return (one.period_start, one.period_end) == (other.period_start, other.period_end)


def _earlier(item: Item, imports: Mapping[int, StatisticsImport]) -> list[Earlier]:
    """Return the values of superseded files of the period, newest first. One query."""
    gone = [one for one in imports.values() if one.state == State.SUPERSEDED]
    later = {one.superseded_by_id for one in gone if one.superseded_by_id}
    cells: dict[int, dict[Codes, Amount]] = {}
    rows = Figure.objects.filter(statistics__in=[*{one.pk for one in gone} | later], item=item.code)
    for key, first, second, value, quality in rows.values_list(
        "statistics_id", "dim1_value", "dim2_value", "value", "quality"
    ):
        cells.setdefault(key, {})[first, second] = amount_of(value, quality)
    found = []
    now_of = {one.pk: one for one in imports.values()}
    for one in sorted(gone, key=lambda one: one.uploaded_at, reverse=True):
        then, later_one = _total(item, cells.get(one.pk, {})), now_of.get(one.superseded_by_id or 0)
        now = _total(item, cells.get(later_one.pk, {})) if later_one and _are_for_one_time(one, later_one) else None
        found.append(Earlier(one, then, None if then is None or now is None else now - then))
    return found
