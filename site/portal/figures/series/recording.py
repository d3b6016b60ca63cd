"""The items missing in the network in a period: the 54 items by hotline, for MCE only."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from evaluation.cached import get_or_compute_parts
from evaluation.figures.dictionary.items import Item, items
from evaluation.figures.series.totals import counting_files, totals_over
from evaluation.figures.series.trends import Moment, Period, Recorded
from evaluation.models import Hotline
from portal.access import require
from portal.figures.series.comparison import chosen_period, years_known
from portal.figures.series.deliveries import ON_A_PAGE, DeliveryFilter
from portal.figures.series.figure_versions import versions_of_files
from portal.figures.series.hotline import RECORDED
from portal.figures.series.queries import address_of, format_period
from portal.presentation.tables import Cell, Line, Table
from portal.requests.signed_in import SignedInRequest

COLUMNS = 12
"""Hotlines per page; the file has all of them."""

ORDERS = {
    "code": gettext_lazy("In the order of the dictionary"),
    "least": gettext_lazy("Recorded by the fewest first"),
    "most": gettext_lazy("Recorded by the most first"),
}
SHOWN = {
    "": gettext_lazy("all items"),
    "required": gettext_lazy("required items"),
    "lacking": gettext_lazy("what somebody lacks"),
    "nowhere": gettext_lazy("what nobody records"),
}
MARKS = {
    Recorded.YES: pgettext_lazy("short mark of an item in a table", "yes"),
    Recorded.PARTLY: pgettext_lazy("short mark of an item in a table", "part"),
    Recorded.NO: pgettext_lazy("short mark of an item in a table", "no"),
    Recorded.NOT_APPLICABLE: pgettext_lazy("short mark of an item in a table", "n/a"),
    Recorded.NO_FILE: "–",
}


@dataclass(frozen=True, slots=True)
class Recording:
    """One item with its status at each hotline, by the hotline's key."""

    item: Item
    found: Mapping[int, Recorded]

    @property
    def counts(self) -> Counter[Recorded]:
        return Counter(self.found.values())

    def is_shown(self, shown: str) -> bool:
        """Return whether it matches the filter `shown`, a key of `SHOWN`."""
        return {
            "required": self.item.required,
            "lacking": bool(self.counts[Recorded.PARTLY] or self.counts[Recorded.NO]),
            "nowhere": not self.counts[Recorded.YES],
        }.get(shown, True)


@dataclass(frozen=True, slots=True)
class Network:
    """The recorded items of all hotlines in a period."""

    period: Period
    hotlines: Sequence[Hotline]
    rows: Sequence[Recording]

    @property
    def with_files(self) -> int:
        """How many hotlines have a file in the period."""
        return sum(recorded is not Recorded.NO_FILE for recorded in self.rows[0].found.values())

    def matching_hotlines(self, wanted: DeliveryFilter) -> list[Hotline]:
        return [hotline for hotline in self.hotlines if wanted.finds(hotline)]


def read_network(wanted: DeliveryFilter, period: Period) -> Network:
    """Return the status of each item at each hotline, cached until the hotline's counting files change."""
    hotlines = {hotline.pk: hotline for hotline in wanted.hotlines()}

    def read(changed: Sequence[int]) -> dict[int, dict[str, Recorded]]:
        return _read_recorded([hotlines[key] for key in changed], period)

    name = f"recorded-2-{wanted.is_invented}-{period.code}"
    found = get_or_compute_parts(name, versions_of_files(hotlines, period), read)
    rows = [Recording(item, {key: own[item.code] for key, own in found.items()}) for item in items().values()]
    return Network(period, list(hotlines.values()), rows)


def _read_recorded(hotlines: Sequence[Hotline], period: Period) -> dict[int, dict[str, Recorded]]:
    """Return the status by hotline and item; two queries for any number of hotlines, files and items."""
    files = counting_files(hotlines, start=period.start, end=period.end)
    moments = {
        key: Moment(period, tuple(own), totals_over(own, period.start, period.end), has_new_definitions=False)
        for key, own in files.items()
    }
    return {
        key: {sys.intern(item.code): moment.recorded(item) for item in items().values()}
        for key, moment in moments.items()
    }


def narrow(rows: Sequence[Recording], shown: str, order: str) -> list[Recording]:
    """Filter and sort the items; those recorded by equally many hotlines stay in the order of the dictionary."""
    found = [row for row in rows if row.is_shown(shown)]
    if order in ("least", "most"):
        found.sort(key=lambda row: row.counts[Recorded.YES], reverse=order == "most")
    return found


def recording_table(network: Network, rows: Sequence[Recording], hotlines: Sequence[Hotline]) -> Table:
    """Return the table with the counts over all hotlines, then a column for each of `hotlines`."""
    lines = [
        Line(
            row.item.name,
            [*_counts(row), *(_cell(network.period, row, hotline) for hotline in hotlines)],
            tag="required" if row.item.required else "",
            code=row.item.code,
        )
        for row in rows
    ]
    columns = [_("Recorded"), *(str(RECORDED[one]).capitalize() for one in RECORDED), *(h.country for h in hotlines)]
    title = _("What the network records, %(period)s") % {"period": format_period(network.period)}
    words = _("yes: recorded; part: partly; no: not recorded; n/a: not applicable; –: no file in the period")
    return Table("recorded", title, _("Item"), columns, lines, words=[words])


def _counts(row: Recording) -> list[Cell]:
    return [Cell(str(row.counts[one]), row.counts[one], kind="count") for one in (Recorded.YES, *RECORDED)]


def _cell(period: Period, row: Recording, hotline: Hotline) -> Cell:
    found = row.found[hotline.pk]
    url = "" if found is Recorded.NO_FILE else address_of(hotline, row.item.code, period)
    return Cell(str(MARKS[found]), url=url, kind="" if found is Recorded.YES else found.value)


@require_safe
def recording(request: SignedInRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted, shown, order = DeliveryFilter.read(request), request.GET.get("show", ""), request.GET.get("order", "code")
    network = read_network(wanted, chosen_period(request))
    page = Paginator(narrow(network.rows, shown, order), ON_A_PAGE).get_page(request.GET.get("page"))
    columns = Paginator(network.matching_hotlines(wanted), COLUMNS).get_page(request.GET.get("hotlines"))
    return render(
        request,
        "figures/series/recording.html",
        {
            "wanted": wanted,
            "period": network.period,
            "period_label": format_period(network.period),
            "years": years_known(wanted),
            "page": page,
            "columns": columns,
            "table": recording_table(network, list(page), list(columns)),
            "orders": ORDERS.items(),
            "order": order,
            "shown": SHOWN.items(),
            "show": shown,
            "hotlines": network.with_files,
            "of": len(network.hotlines),
            "everywhere": sum(not row.is_shown("lacking") for row in network.rows),
            "items": len(network.rows),
        },
    )


def tables_of(request: SignedInRequest, wanted: DeliveryFilter) -> list[Table]:
    """Return the table of a file: unpaginated, with every hotline that matches the filter."""
    network = read_network(wanted, chosen_period(request))
    rows = narrow(network.rows, request.GET.get("show", ""), request.GET.get("order", "code"))
    return [recording_table(network, rows, network.matching_hotlines(wanted))]
