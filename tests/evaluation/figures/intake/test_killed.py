"""A process killed in the middle of an import stores all of it or nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from evaluation.models import Figure, Role, StatisticsImport
from portal.demonstration.exports import Exports, period
from tests.bystander import new
from tests.evaluation.figures.sheet import Sheet
from tests.factories import HotlineFactory, person
from tests.template_database import address_of_database

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[4]


def import_until(output: bytes, *arguments: str, wait: float = 0.0) -> bytes:
    """Run the command in a separate process, kill it `wait` seconds after this output, and return its output."""
    process = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "import_crm", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address_of_database(), "DJANGO_SETTINGS_MODULE": "portal.settings.test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    heard = b""
    assert process.stdout is not None
    for line in process.stdout:
        heard += line
        if output in line:
            time.sleep(wait)  # so that the kill happens at a different moment of the work each time
            process.send_signal(signal.SIGKILL)
            break
    process.stdout.close()
    process.wait(timeout=60)
    return heard


def stored() -> tuple[list[str], int]:
    connection.close()
    return list(new(StatisticsImport).values_list("state", flat=True)), new(Figure).count()


@pytest.fixture
def hotline():
    hotline = HotlineFactory(country="XA")
    person(Role.COORDINATOR, hotline=hotline)
    return hotline


@pytest.mark.long
def test_killed_while_it_reads_nothing_is_there(hotline, tmp_path):
    """The output about the first file shows that the process is at work.

    The second one takes long and is read by then.
    """
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_bytes(Sheet(year=2024).content)
    with second.open("w") as file:
        file.writelines(long_file(hotline.code))
    heard = import_until(b"a.csv: read", str(first), str(second), wait=0.5)
    assert b"b.csv" not in heard
    assert stored() == (["checked"], 0)


def long_file(code: str) -> Iterator[str]:
    """Yield a month of contacts many times, each row with a key of its own."""
    *head, row = Exports(code, seed=1).records("contact", *period(2025, month=3)).decode().splitlines()[:12]
    yield from (f"{line}\n" for line in head[:10])
    rest = row.split(",", 1)[1]
    yield from (f"k{number:020}x,{rest}\n" for number in range(1_500_000))


@pytest.mark.parametrize("wait", [0.0, 0.02])
def test_killed_while_it_writes_all_of_it_is_there_or_nothing(hotline, tmp_path, wait):
    path = tmp_path / "totals.csv"
    sheet = Sheet()
    path.write_bytes(sheet.content)
    heard = import_until(b"totals.csv: read", "--confirm", str(path), wait=wait)
    assert b"totals.csv: read" in heard
    states, figures = stored()
    assert (states, figures) in ((["checked"], 0), (["confirmed"], len(sheet.read().rows)))
