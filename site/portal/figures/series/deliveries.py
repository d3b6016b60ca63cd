"""The deliveries of all hotlines for MCE: by year, and the files that wait to be accepted first."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from evaluation.figures.formats.published.header import PART_MISSING
from evaluation.figures.series.trends import months_in
from evaluation.models import Hotline, StatisticsImport
from portal.access import require
from portal.presentation.form_values import read_words
from portal.presentation.tables import Cell, Line, Table, missing
from portal.requests.signed_in import SignedInRequest
from standards.presentation.folding import fold

State = StatisticsImport.State

ON_A_PAGE = 25
MOST_YEARS = 8
"""The most columns of the matrix: the newest years."""

ORDERS = {
    "waiting": gettext_lazy("Waiting for us first"),
    "name": gettext_lazy("Hotline"),
    "least": gettext_lazy("Fewest periods first"),
}
WAITING_STATES = {
    "": gettext_lazy("all"),
    "waiting": gettext_lazy("waiting for us"),
    "nothing": gettext_lazy("nothing sent"),
}


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """The filter: real or invented hotlines, never both, with search and order."""

    is_invented: bool
    words: str
    order: str
    state: str

    @classmethod
    def read(cls, request: SignedInRequest) -> "DeliveryFilter":
        of, order, state = (request.GET.get(name, "") for name in ("of", "order", "state"))
        return cls(
            is_invented=of == "invented" if of in ("invented", "real") else settings.DEMONSTRATION,
            words=read_words(request.GET, "q").strip(),
            order=order if order in ORDERS else "waiting",
            state=state if state in WAITING_STATES else "",
        )

    def hotlines(self) -> QuerySet[Hotline]:
        """Return all hotlines: counts and comparisons do not depend on the search."""
        return Hotline.objects.filter(is_invented=self.is_invented)

    def finds(self, hotline: Hotline) -> bool:
        return fold(self.words) in fold(f"{hotline.name} {hotline.recorded_name}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A hotline's files by year, and those that wait for MCE."""

    hotline: Hotline
    by_year: dict[int, list[StatisticsImport]]
    waiting: list[StatisticsImport]

    def cell(self, year: int) -> Cell:
        """Return how many months of a year are accepted, or the state of its files."""
        files = self.by_year.get(year, [])
        if not files:
            return missing(_("no file"), kind="no_file")
        months = Counter[str]()
        for state in (State.ACCEPTED, State.CONFIRMED):
            months[state] = len(_months(one for one in files if one.state == state))
        url = f"{reverse('workspace:hotline_trends', args=[self.hotline.country])}?period={year}"
        if months[State.CONFIRMED]:
            words = ngettext(
                "%(months)d month to be accepted", "%(months)d months to be accepted", months[State.CONFIRMED]
            )
            return Cell(words % {"months": months[State.CONFIRMED]}, kind="partly", url=url)
        if any(one.completeness == PART_MISSING for one in files if one.state == State.ACCEPTED):
            return Cell(_("accepted, a part of the time is missing"), kind="partly", url=url)
        if months[State.ACCEPTED] == 12:
            return Cell(_("accepted"), kind="yes", url=url)
        if months[State.ACCEPTED]:
            words = _("%(months)d of 12 months accepted") % {"months": months[State.ACCEPTED]}
            return Cell(words, kind="partly", url=url)
        return Cell(_("with the hotline"), kind="no", url=url)


def _months(files: Iterable[StatisticsImport]) -> set[str]:
    return months_in((one.period_start, one.period_end) for one in files if one.period_start and one.period_end)


@dataclass(frozen=True, slots=True)
class Summary:
    """A hotline with the number of its files that the page counts, and of those that wait for MCE."""

    hotline: Hotline
    files: int = 0
    waiting: int = 0


def _files_of(hotlines: QuerySet[Hotline]) -> QuerySet[StatisticsImport]:
    """Return the files that the page counts."""
    states = (State.UNMATCHED, State.CHECKED, State.RETURNED, *StatisticsImport.COUNTING)
    return StatisticsImport.objects.filter(hotline__in=hotlines, state__in=states).order_by("period_start", "pk")


def summarise(wanted: DeliveryFilter) -> list[Summary]:
    """Return every hotline, with the fields of its name, and the counts of its files. Two queries for any number."""
    listed = _files_of(wanted.hotlines()).order_by().values_list("hotline")
    counts = listed.annotate(files=Count("pk"), waiting=Count("pk", filter=Q(state=State.CONFIRMED)))
    counted = {key: found for key, *found in counts}
    named = wanted.hotlines().only("country", "recorded_name", "is_invented")
    return [Summary(hotline, *counted.get(hotline.pk, ())) for hotline in named]


def read_deliveries(hotlines: Sequence[Hotline]) -> list[Delivered]:
    """Return hotlines with their files. One query for any number of them."""
    files = _files_of(Hotline.objects.filter(pk__in=[hotline.pk for hotline in hotlines])).only(
        "hotline_id", "uid", "state", "period_start", "period_end", "file_name", "uploaded_at", "level", "completeness"
    )
    found = {hotline.pk: Delivered(hotline, {}, []) for hotline in hotlines}
    for one in files:
        if one.state == State.CONFIRMED:
            found[one.hotline_id].waiting.append(one)
        if one.period_start:
            found[one.hotline_id].by_year.setdefault(one.period_start.year, []).append(one)
    return list(found.values())


def narrow(rows: Iterable[Summary], wanted: DeliveryFilter) -> list[Summary]:
    """Filter and sort the hotlines."""
    states: dict[str, Callable[[Summary], object]] = {
        "": lambda row: True,
        "waiting": lambda row: row.waiting,
        "nothing": lambda row: not row.files,
    }
    found = [row for row in rows if wanted.finds(row.hotline) and states[wanted.state](row)]
    if wanted.order == "least":
        periods: dict[int, list[tuple[date, date]]] = defaultdict(list)
        dated = _files_of(wanted.hotlines())
        for key, start, end in dated.values_list("hotline", "period_start", "period_end"):
            if start and end:
                periods[key].append((start, end))
        return sorted(found, key=lambda row: (len(months_in(periods[row.hotline.pk])), row.hotline.name))
    if wanted.order == "name":
        return sorted(found, key=lambda row: row.hotline.name)
    return sorted(found, key=lambda row: (-row.waiting, row.hotline.name))


def deliveries_table(rows: Sequence[Delivered], years: Sequence[int]) -> Table:
    lines = [
        Line(
            row.hotline.name,
            [*(row.cell(year) for year in years), Cell(str(len(row.waiting)), len(row.waiting))],
            url=reverse("workspace:hotline_figures", args=[row.hotline.country]),
            code=row.hotline.country,
        )
        for row in rows
    ]
    columns = [*map(str, years), _("Files that wait for us")]
    return Table("deliveries", _("Who delivered what"), _("Hotline"), columns, lines)


def years_of(wanted: DeliveryFilter) -> list[int]:
    """Return the years from the first delivery of all hotlines to the last, at most the newest few. One query."""
    found = _files_of(wanted.hotlines()).aggregate(oldest=Min("period_start"), newest=Max("period_start"))
    if not found["oldest"]:
        return []
    return list(range(found["oldest"].year, found["newest"].year + 1))[-MOST_YEARS:]


@require_safe
def deliveries(request: SignedInRequest) -> HttpResponse:
    require(request, "statistics.compare")
    wanted = DeliveryFilter.read(request)
    everybody = summarise(wanted)
    rows = narrow(everybody, wanted)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    waits = StatisticsImport.objects.filter(hotline__is_invented=wanted.is_invented, state=State.CONFIRMED)
    oldest = waits.select_related("hotline").defer("draft", "row_account", "problems").order_by("uploaded_at", "pk")
    return render(
        request,
        "figures/series/deliveries.html",
        {
            "wanted": wanted,
            "page": page,
            "table": deliveries_table(read_deliveries([row.hotline for row in page]), years_of(wanted)),
            "waiting": [(one.hotline.name, one) for one in oldest[:ON_A_PAGE]],
            "waiting_count": sum(row.waiting for row in everybody),
            "orders": ORDERS.items(),
            "states": WAITING_STATES.items(),
            "delivered": sum(row.files > 0 for row in everybody),
            "of": len(everybody),
        },
    )
