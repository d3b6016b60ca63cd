"""Hotlines with counting files, and the content of a table of numbers."""

from typing import Any

from django.test import Client
from django.urls import reverse

from evaluation.figures.series.trends import read_period
from evaluation.models import Hotline, StatisticsImport
from portal.presentation.tables import Line, Table
from tests.factories import HotlineFactory, confirmed_figures

GOOD = {"A03": 1000, "A04": 880, "A05": 40, "A06": 80}
INVENTED = {"of": "invented"}
"""The hotlines of the tests are invented ones."""


def counted(hotline: Hotline, code: str, figures: dict[str, Any], *, accepted: bool = False, **details: Any) -> Any:
    """Create a counting file of a period."""
    period = read_period(code)
    assert period is not None
    kept = confirmed_figures(
        hotline,
        figures,
        period_start=period.start,
        period_end=period.end,
        **({"file_name": f"{hotline.country}-{code}.csv"} | details),
    )
    if accepted:
        StatisticsImport.objects.filter(pk=kept.pk).update(state=StatisticsImport.State.ACCEPTED)
    return kept


def line_of(table: Table, code: str) -> Line:
    return next(line for line in table.lines if line.code == code)


def format_line(line: Line) -> list[str]:
    return [cell.text or cell.note for cell in line.cells]


def network_chart(page: Any, code: str) -> Any:
    return next(chart for chart in page.context["over_time"].charts if chart.code == code)


def others(count: int, *, answered: int = 800, accepted: bool = True, is_invented: bool = True) -> list[Hotline]:
    """Create hotlines, each of which answered ten calls of a thousand more than the one before."""
    found = []
    for number in range(count):
        country = f"{'Y' if is_invented else 'Z'}{chr(65 + number)}"
        hotline = HotlineFactory(country=country, code=f"116000-{country}", is_invented=is_invented)
        answers = answered + 10 * number
        counted(hotline, "2025", {"A03": 1000, "A04": answers, "A05": 0, "A06": 1000 - answers}, accepted=accepted)
        found.append(hotline)
    return found


def trends(client: Client, country: str = "XA", **asked: str) -> Any:
    page = client.get(reverse("workspace:hotline_trends", args=[country]), asked)
    assert page.status_code == 200
    return page


def item(client: Client, code: str, period: str, country: str = "XA") -> Any:
    page = client.get(reverse("workspace:hotline_item", args=[country, code]), {"period": period})
    assert page.status_code == 200
    return page


def network_line(page: Any, code: str = "3.1.1") -> dict[str, str]:
    table = page.context["network"]
    return dict(zip(table.columns, format_line(line_of(table, code)), strict=True))
