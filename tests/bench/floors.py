"""Lower bounds of the time of an operation on this machine, measured in the same run."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

if TYPE_CHECKING:
    from evaluation.engine.scoring import Scorecard
    from reports.document import Document

TABLE = "bench_floor"


@dataclass(frozen=True, slots=True)
class Floor:
    """A lower bound: what is measured in the same run as an operation, and its name."""

    what: str
    act: Callable[[], object]


def create_table() -> None:
    """Create a table of one row, for the floors of operations that write."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (number bigint)")
        cursor.execute(f"DELETE FROM {TABLE}")
        cursor.execute(f"INSERT INTO {TABLE} VALUES (0)")


def bare_commit() -> Floor:
    """Return the floor of a write: a row changed and committed, without Django's models."""
    from django.db import connection

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET number = number + 1")

    return Floor("bare UPDATE and COMMIT", write)


def inserted_rows(rows: int) -> Floor:
    """Return the floor of a bulk write: the rows in one INSERT and COMMIT, deleted in another transaction."""
    from django.db import connection

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {rows}) "
                f"INSERT INTO {TABLE} SELECT n FROM counted"
                if connection.vendor == "postgresql"
                else f"INSERT INTO {TABLE} WITH RECURSIVE counted(n) AS "
                f"(SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {rows}) SELECT n FROM counted"
            )
            cursor.execute(f"DELETE FROM {TABLE} WHERE number > 0")

    create_table()
    return Floor(f"bare INSERT and DELETE of {rows:,} narrow rows", write)


def figures_read(hotlines: list[Any]) -> Floor:
    """Return the floor of reading figures: the hotlines' figures, read as they are stored."""
    from evaluation.models import Figure

    figures = Figure.objects.filter(statistics__hotline__in=hotlines).order_by()
    return Floor("bare SELECT of the figures", lambda: list(figures.values_list("item", "dim1_value", "value")))


def rendering_of(act: Callable[[], object]) -> Floor:
    """Return the floor of a page: its template, rendered again with the same context."""
    with _last_rendered() as caught:
        act()
    template, context, request = caught[-1]

    def render() -> None:
        template.render(dict(context), request)

    render()  # loads everything that the template itself reads
    return Floor("the same template from ready data", render)


def written_rows_of(act: Callable[[], Any]) -> Floor:
    """Return the floor of a downloaded table: its rows, written again from ready data."""
    import csv
    from io import StringIO

    rows = list(csv.reader(StringIO(act().content.decode())))

    def write() -> None:
        csv.writer(StringIO()).writerows(rows)

    return Floor("the same rows from ready data", write)


@contextmanager
def _last_rendered() -> Any:
    from django.template.backends.django import Template

    caught: list[Any] = []
    original = Template.render

    def render(self: Template, context: Any = None, request: Any = None) -> Any:
        rendered = original(self, context, request)
        caught.append((self, context or {}, request))  # a page's own template is rendered after those of its parts
        return rendered

    with patch.object(Template, "render", render):
        yield caught


def float_score(card: "Scorecard", times: int = 1) -> Floor:
    """Return the floor of scoring: the mean of weighted means of the points, in floats.

    It explains and proposes nothing.
    """
    domains = [
        [[(i.reached, i.max_points, i.weight) for i in s.indicators if i.counts] for s in d.standards]
        for d in card.domains
    ]

    def add() -> float:
        for _ in range(times):
            result = mean_of_means(domains)
        return result

    return Floor(f"floats, added {times:,} times" if times > 1 else "floats, added", add)


def mean_of_means(domains: list[list[list[tuple[int, int, int]]]]) -> float:
    return _mean([_mean([_weighted(standard) for standard in domain if standard]) for domain in domains if any(domain)])


def _weighted(scores: list[tuple[int, int, int]]) -> float:
    return sum(reached / most * weight for reached, most, weight in scores) / sum(weight for _, _, weight in scores)


def _mean(parts: list[float]) -> float:
    return sum(parts) / len(parts) if parts else 0.0


def plain_weasyprint(document: "Document") -> Floor:
    """Return the floor of a report: the same HTML as an untagged PDF without charts, by WeasyPrint in this process."""
    from reports.charts.scores import draw_charts
    from reports.document import write_document
    from reports.pdf import HERE, write_html

    written = write_document(document)
    html = write_html(written, draw_charts(written), "")

    def set_plainly() -> None:
        from weasyprint import HTML

        HTML(string=html, base_url=HERE.as_uri() + "/").write_pdf()

    return Floor("plain WeasyPrint on the same HTML", set_plainly)


def started_python() -> Floor:
    """Return the floor of a command: a process that imports Django and ends."""

    def start() -> None:
        subprocess.run([sys.executable, "-c", "import django"], check=True)

    return Floor("a process that imports Django", start)
