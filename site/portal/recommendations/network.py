"""The indicators with recommendations across the network for MCE, with the hotlines of each."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluation.cached import get_or_compute
from evaluation.models import Round
from evaluation.recommendations.network_needs import (
    MISSING,
    NOT_APPLICABLE,
    IndicatorNeeds,
    read_addressed_recommendations,
    read_indicator_needs,
    sources_of_needs,
)
from evaluation.versions import marks_of, today_by_zone
from portal.access import require
from portal.presentation.numbers import rounded_down
from portal.presentation.tables import escape_formula
from portal.recommendations.rows import COLUMNS
from portal.requests.signed_in import SignedInRequest
from standards.framework import Scale
from standards.models import Edition, Texts

ORDERS: dict[str, tuple[Any, Callable[[IndicatorNeeds], Any]]] = {
    "hotlines": (gettext_lazy("Most hotlines"), lambda s: -s.hotlines),
    "overdue": (gettext_lazy("Most overdue"), lambda s: (-s.overdue, -s.hotlines)),
    "contested": (gettext_lazy("Most contested"), lambda s: (-s.contested, -s.hotlines)),
    "verified": (gettext_lazy("Most verified"), lambda s: (-s.verified, -s.hotlines)),
    "slowest": (gettext_lazy("Slowest"), lambda s: (s.median_days is None, -(s.median_days or 0))),
    "guide": (gettext_lazy("Order of the Guide"), lambda _struggle: 0),
}
"""The orders of the table. Rows with equal keys keep the order of the Guide."""


@dataclass(frozen=True, slots=True)
class NetworkFilter:
    """The filter and the order of the view."""

    round: Round | None
    domain: str
    obligation: str
    state: str
    sort: str

    @classmethod
    def read(cls, request: SignedInRequest, rounds: list[Round]) -> "NetworkFilter":
        query = request.GET
        chosen = next((round_ for round_ in rounds if str(round_.uid) == query.get("round")), None)
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            round=chosen,
            domain=query.get("domain", ""),
            obligation=query.get("obligation", ""),
            state=state if state == "overdue" or state in COLUMNS else "",
            sort=sort if sort in ORDERS else "hotlines",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.round or self.domain or self.obligation or self.state)


@dataclass(frozen=True, slots=True)
class Count:
    """The number of hotlines at one level, or without a level."""

    kind: str
    """`level`, `missing` or `not_applicable`."""
    level: int | None
    label: Any
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as a row of the table."""

    needs: IndicatorNeeds
    wording: Any
    obligation_name: Any
    domain_title: Any
    counts: list[Count]

    @property
    def scale(self) -> Scale:
        return self.needs.framework.scale

    @property
    def days(self) -> str:
        days = self.needs.median_days
        return "" if days is None else rounded_down(days)

    @property
    def days_words(self) -> str:
        days = self.needs.median_days
        if days is None:
            return ""
        return ngettext("%(days)s day", "%(days)s days", int(days) if days == int(days) else 2) % {"days": self.days}


class _Words:
    """The texts of the editions in a table, each read once."""

    def __init__(self) -> None:
        self._known: dict[int, Texts] = {}

    def of(self, edition: Edition) -> Texts:
        if edition.pk not in self._known:
            self._known[edition.pk] = edition.texts(get_language())
        return self._known[edition.pk]


def _row(needs: IndicatorNeeds, words: _Words) -> Row:
    texts = words.of(needs.edition)
    return Row(
        needs=needs,
        wording=texts[f"indicator/{needs.code}/wording"],
        obligation_name=texts[f"obligation/{needs.obligation}"],
        domain_title=texts[f"domain/{needs.domain}/short_title"],
        counts=_count(needs, texts),
    )


def _count(needs: IndicatorNeeds, texts: Texts) -> list[Count]:
    """Return the counts by level, from the worst to the best, then the counts of hotlines without a level."""
    scale = needs.framework.scale
    named: list[tuple[str, int | None, object]] = [
        ("level", level, texts[f"level/{level}"]) for level in sorted(scale.levels, key=scale.rank)
    ]
    named += [(MISSING, None, _("no data")), (NOT_APPLICABLE, None, _("not applicable"))]
    return [
        Count(kind, level, label, count)
        for kind, level, label in named
        if (count := needs.levels.get(kind if level is None else level, 0))
    ]


def _needs(wanted: NetworkFilter) -> list[IndicatorNeeds]:
    """Return the needs across the network, cached until a recommendation moves, a scorecard is stored or a day ends."""
    marks = marks_of(sources_of_needs())
    newest = Edition.objects.aggregate(Max("pk"))
    version = [marks, today_by_zone(), newest, wanted.round and str(wanted.round.uid), wanted.state]
    return get_or_compute("struggles-3", version, lambda: read_indicator_needs(round_=wanted.round, state=wanted.state))


def _read(request: SignedInRequest) -> tuple[NetworkFilter, list[Row], dict[str, Any]]:
    """Return the filter, the filtered rows, and the choices of the filter."""
    rounds = list(Round.objects.all())
    wanted = NetworkFilter.read(request, rounds)
    words = _Words()
    everything = [_row(needs, words) for needs in _needs(wanted)]
    rows = [
        row
        for row in everything
        if wanted.domain in ("", row.needs.domain) and wanted.obligation in ("", row.needs.obligation)
    ]
    rows.sort(key=lambda row: ORDERS[wanted.sort][1](row.needs))
    choices = {
        "rounds": rounds,
        "domains": {row.needs.domain: row.domain_title for row in everything},
        "obligations": {row.needs.obligation: row.obligation_name for row in everything},
        "states": [*((state.value, state.label) for state in COLUMNS), ("overdue", _("overdue"))],
        "orders": [(name, label) for name, (label, _key) in ORDERS.items()],
    }
    return wanted, rows, choices


@require_safe
def network(request: SignedInRequest) -> HttpResponse:
    require(request, "network.follow")
    wanted, rows, choices = _read(request)
    return render(
        request,
        "recommendations/network.html",
        {
            "wanted": wanted,
            "rows": rows,
            "asked": sum(row.needs.asked for row in rows),
            "overdue": sum(row.needs.late for row in rows),
            **choices,
        },
    )


@require_safe
def table(request: SignedInRequest) -> HttpResponse:
    """Return the table as CSV for spreadsheets."""
    require(request, "network.follow")
    _wanted, rows, _choices = _read(request)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recommendations.csv"'
    sheet = csv.writer(response)
    sheet.writerow(
        [
            *(_("Indicator"), _("Wording"), _("Domain"), _("Obligation"), _("Hotlines with one"), _("Hotlines scored")),
            *(_("Overdue"), _("Contested"), _("Verified"), _("Taken back"), _("Median days to verifying"), _("Levels")),
        ]
    )
    for row in rows:
        found = row.needs
        levels = "; ".join(f"{one.label}: {one.count}" for one in row.counts)
        days = "" if found.median_days is None else _plain(found.median_days)
        sheet.writerow(
            [
                *(escape_formula(str(text)) for text in (found.code, row.wording, found.domain, row.obligation_name)),
                *(found.hotlines, found.examined, found.overdue, found.contested, found.verified, found.taken_back),
                *(days, escape_formula(levels)),
            ]
        )
    return response


def _plain(days: Fraction) -> str:
    """Format whole or half days with a decimal point."""
    return format(Decimal(days.numerator) / days.denominator, "f")


@require_safe
def indicator(request: SignedInRequest, key: str) -> HttpResponse:
    """Show the hotlines with a recommendation on one indicator, by its permanent key."""
    require(request, "network.follow")
    wanted = NetworkFilter.read(request, list(Round.objects.all()))
    found = next((s for s in _needs(wanted) if s.key == key), None)
    if found is None:
        raise Http404
    return render(
        request,
        "recommendations/network_indicator.html",
        {
            "wanted": wanted,
            "row": _row(found, _Words()),
            "asked": read_addressed_recommendations(key, round_=wanted.round, state=wanted.state),
        },
    )
