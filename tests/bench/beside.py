"""Measures what saving an answer costs while files of figures come in beside it, from a process of their own."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.timing import count_queries, tell, timed

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

RECORDS = 20_000
"""Contacts in a file of records, about."""
ROOT = Path(__file__).resolve().parents[2]


def measure_beside_imports(ground: "Ground", measure_saving: Callable[..., None]) -> None:
    """The same saves as before, and the act that writes a file's figures, in its one short transaction."""
    from evaluation.crm.confirming import confirm, explain
    from evaluation.crm.importing import import_statistics
    from evaluation.models import Answer, Role, StatisticsImport
    from tests import factories

    hotline = factories.HotlineFactory(country="QY")
    coordinator = factories.person(Role.COORDINATOR, hotline=hotline)
    contents = _files(hotline.code)

    def receive() -> StatisticsImport:
        statistics = import_statistics(hotline, next(contents), "figures.csv", by=None)
        explain(statistics, ["Invented for the bench."] * len(statistics.warnings), by=coordinator)
        return statistics

    taken = [timed(partial(confirm, receive(), coordinator)) for _ in range(10)]
    queries = count_queries(partial(confirm, receive(), coordinator))
    tell("confirm a file of figures", taken, queries, Answer.objects.count())
    neighbour = factories.HotlineFactory(country="QZ")
    factories.person(Role.COORDINATOR, hotline=neighbour)
    command = [sys.executable, "-m", "tests.bench.beside", neighbour.code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as busy:
        assert busy.stdout is not None
        busy.stdout.readline()  # its first file is written
        measure_saving(ground, "save one answer, files being read beside")
        assert busy.poll() is None
        busy.terminate()


def _files(code: str) -> Iterator[bytes]:
    """One file of totals after the other, of other years and other numbers."""
    from evaluation.crm.generating import generate

    return (generate(code, year, seed=seed) for seed in itertools.count(1) for year in range(2016, 2026))


def _files_and_records(code: str) -> Iterator[bytes]:
    """After each nine files of totals one of records: a row for each contact of a year."""
    from evaluation.crm.generating import Exports, period

    totals = _files(code)
    for number in itertools.count():
        records = Exports(code, seed=number, contacts_a_year=RECORDS)
        yield records.records("contact", *period(2016 + number % 10))
        yield from itertools.islice(totals, 9)


def import_for_ever(code: str) -> None:
    """Read, confirm and supersede files of one hotline, records among them, until somebody stops it."""
    import django

    django.setup()

    from evaluation.crm.confirming import confirm, explain
    from evaluation.crm.importing import import_statistics
    from evaluation.models import Hotline, Membership

    hotline = Hotline.objects.get(code=code)
    coordinator = Membership.objects.get(hotline=hotline).user
    for content in _files_and_records(code):
        statistics = import_statistics(hotline, content, "figures.csv", by=None)
        explain(statistics, ["Invented for the bench."] * len(statistics.warnings), by=coordinator)
        confirm(statistics, coordinator)
        print(statistics.uid, flush=True)


if __name__ == "__main__":
    import_for_ever(sys.argv[1])
