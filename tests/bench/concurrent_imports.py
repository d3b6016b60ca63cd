"""Measures saving an answer while another process imports files of figures."""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING

from tests.bench import floors
from tests.bench.timing import count_queries, tell, timed

if TYPE_CHECKING:
    from tests.bench.measuring import Ground

ROOT = Path(__file__).resolve().parents[2]


def measure_during_imports(ground: "Ground", measure_saving: Callable[..., None]) -> None:
    """Measure the same saves while another process imports figures, and the act that confirms a file of figures."""
    from evaluation.figures.intake.confirmation import explain
    from evaluation.figures.intake.imports import import_statistics
    from evaluation.models import Answer, Role, StatisticsImport
    from evaluation.workflow import perform
    from tests import factories

    hotline = factories.HotlineFactory(country=free_letters())
    coordinator = factories.person(Role.COORDINATOR, hotline=hotline)
    contents = _files(hotline.code)

    def receive() -> StatisticsImport:
        statistics = import_statistics(hotline, next(contents), "figures.csv", by=None)
        explain(statistics, ["Invented for the bench."] * len(statistics.warnings), by=coordinator)
        return statistics

    taken = [timed(partial(perform, receive(), "confirm", by=coordinator)) for _ in range(ground.scale.runs(10))]
    queries = count_queries(partial(perform, receive(), "confirm", by=coordinator))
    tell("confirm a file of figures", taken, queries, Answer.objects.count(), floor=floors.bare_commit())
    neighbour = factories.HotlineFactory(country=free_letters())
    factories.person(Role.COORDINATOR, hotline=neighbour)
    command = [sys.executable, "-m", "tests.bench.concurrent_imports", neighbour.code, str(ground.scale.records)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as busy:
        assert busy.stdout is not None
        busy.stdout.readline()  # the first file has been written
        measure_saving(ground, "save one answer, files being read beside")
        assert busy.poll() is None
        busy.terminate()


def free_signs() -> Iterator[str]:
    """Yield codes of two characters that no hotline has, two letters last. Files of figures need codes of letters."""
    from evaluation.models import Hotline

    taken = set(Hotline.objects.values_list("country", flat=True))
    signs = [f"{one}{other}" for one, other in itertools.product(ascii_uppercase + digits, repeat=2)]
    return (sign for sign in sorted(signs, key=str.isalpha) if sign not in taken)


def free_letters() -> str:
    """Return two letters that no hotline has as its code."""
    return next(filter(str.isalpha, free_signs()))


def _files(code: str) -> Iterator[bytes]:
    """Yield files of totals, of different years and with different numbers."""
    from portal.demonstration.exports import generate

    return (generate(code, year, seed=seed) for seed in itertools.count(1) for year in range(2016, 2026))


def _files_and_records(code: str, contacts: int) -> Iterator[bytes]:
    """Yield files: one of records (a row for each contact of a year), then nine of totals, and so on."""
    from portal.demonstration.exports import Exports, period

    totals = _files(code)
    for number in itertools.count():
        records = Exports(code, seed=number, contacts_a_year=contacts)
        yield records.records("contact", *period(2016 + number % 10))
        yield from itertools.islice(totals, 9)


def import_repeatedly(code: str, contacts: int) -> None:
    """Read, confirm and supersede files of one hotline, some of them records, until the process is killed."""
    import django

    django.setup()

    from evaluation.figures.intake.confirmation import explain
    from evaluation.figures.intake.imports import import_statistics
    from evaluation.models import Hotline, Membership
    from evaluation.workflow import perform

    hotline = Hotline.objects.get(code=code)
    coordinator = Membership.objects.get(hotline=hotline).user
    for content in _files_and_records(code, contacts):
        statistics = import_statistics(hotline, content, "figures.csv", by=None)
        explain(statistics, ["Invented for the bench."] * len(statistics.warnings), by=coordinator)
        perform(statistics, "confirm", by=coordinator)
        print(statistics.uid, flush=True)


if __name__ == "__main__":
    import_repeatedly(sys.argv[1], int(sys.argv[2]))
