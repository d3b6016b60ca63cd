"""Randomly damaged files, of every level and format: a clear refusal, or the same figures.

`DAMAGED` is their number; `./go prove damage` tries 5,000.
"""

import io
import os
import resource
import signal
import struct
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from django.utils import timezone

from evaluation.figures.dictionary.items import example_of
from evaluation.figures.formats import Limits, Source, Unreadable, open_file
from evaluation.figures.intake import spool
from evaluation.figures.intake.dry_run import UnreadableStatistics
from evaluation.figures.intake.imports import examine_spooled, import_source, limits, receive
from evaluation.figures.intake.published_format import read
from evaluation.figures.problems.file_problems import Problem, describe_problem
from evaluation.models import Figure, Hotline, SpooledFile, StatisticsImport
from tests.bystander import new
from tests.evaluation.figures.damaged_files import FORMATS, damage
from tests.evaluation.figures.damaged_files.formats import unpack

pytestmark = pytest.mark.once

State = StatisticsImport.State
MEGABYTE = 1024 * 1024
GIGABYTE = 1024 * MEGABYTE
BOMB = 150
"""The megabytes that a workbook unpacks to."""
STORED = 30
"""The number of damaged files that are sent through the spool into the database."""
LIMITS = Limits(inflated_bytes=20 * MEGABYTE)
KILLED_AFTER = 60
MOST_MEMORY = 400
"""The tolerated growth of the process's memory in megabytes, including the damaged file."""


@contextmanager
def killed_if_endless() -> Iterator[None]:
    def stop(*_signal: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(KILLED_AFTER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def figures(content: bytes) -> tuple[list[tuple[object, ...]], tuple[Problem, ...]]:
    try:
        reading = read(open_file(Source.of_bytes(content, "figures"), LIMITS))
    except Unreadable as unreadable:
        return [], unreadable.problems
    rows = [(row.item, row.codes, row.amount, row.quality) for row in reading.rows]
    return sorted(rows, key=repr), reading.problems


def good(seed: int) -> bytes:
    return example_of(("aggregate", "contact", "case")[seed % 3])


@cache
def good_figures(level: int) -> list[tuple[object, ...]]:
    rows, problems = figures(good(level))
    assert problems == ()
    return rows


def try_one(seed: int) -> str:
    """Return the result of a damaged file: refused or harmless."""
    damaged = damage(good(seed), seed)
    with killed_if_endless():
        rows, problems = figures(damaged.content)
    about = (seed, damaged.format, damaged.kind)
    if not problems:
        assert rows == good_figures(seed % 3), about
        return "harmless"
    assert not damaged.is_harmless, (about, problems)
    for problem in problems:
        assert describe_problem(problem), about
        assert all(isinstance(value, int) or len(value) < 300 for value in problem.params.values()), about
    return "refused"


def test_a_damaged_file_is_refused_or_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    came: Counter[str] = Counter()
    slowest = 0.0
    for level in range(3):
        good_figures(level)
    before = peak()
    for seed in range(int(os.environ.get("DAMAGED", "250"))):
        start = time.perf_counter()
        came[try_one(seed)] += 1
        slowest = max(slowest, time.perf_counter() - start)
        assert peak() - before < MOST_MEMORY, seed
    assert list(tmp_path.iterdir()) == []
    assert came["refused"] > came["harmless"] > 0
    print(f"\n{came.total()} damaged files: {came['refused']} refused, {came['harmless']} harmless;", end=" ")
    print(f"slowest {slowest:.2f} s, damaging it included; peak {peak()} MB, {peak() - before} MB above the base")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("level", ["contact", "case"])
def test_records_give_the_same_figures_in_every_format(name, level):
    assert figures(FORMATS[name](example_of(level))) == figures(example_of(level))
    assert figures(example_of(level))[0]


# --- Through the spool into the database -----------------------------------------------------------------------------


def sent(hotline: Hotline, content: bytes) -> StatisticsImport:
    """Return a file after it was received and read by the worker."""
    statistics, _is_new = receive(hotline, spool.spool([content]), "figures", by=None, way="api")
    examine_spooled(statistics)
    statistics.refresh_from_db()
    return statistics


def refuse_in_time(statistics: StatisticsImport) -> None:
    """Expire a file whose unknown columns nobody matched."""
    assert statistics.draft == []
    SpooledFile.objects.update(expires_at=timezone.now())
    assert spool.sweep() == 1
    statistics.refresh_from_db()


@pytest.mark.django_db(transaction=True)
def test_a_damaged_file_leaves_no_figure_and_no_file(hotline):
    drafts = [sent(hotline, good(level)).draft for level in range(3)]
    came: Counter[str] = Counter()
    for seed in range(STORED):
        damaged = damage(good(seed), seed)
        about = (seed, damaged.format, damaged.kind)
        with killed_if_endless():
            statistics = sent(hotline, damaged.content)
        if statistics.state == State.UNMATCHED:
            refuse_in_time(statistics)
        came[statistics.state] += 1
        if statistics.state == State.CHECKED:
            assert statistics.draft == drafts[seed % 3], about
        else:
            assert (statistics.state, statistics.draft, damaged.is_harmless) == (State.REFUSED, [], False), about
            assert statistics.problems, about
        assert (new(Figure).count(), SpooledFile.objects.count(), list(spool.root().iterdir())) == (0, 0, []), about
        statistics.delete()
    assert came[State.REFUSED] > came[State.CHECKED] > 0


class Unwritten(io.RawIOBase):
    """A file of `begin` followed by repetitions: a gigabyte that is never in memory at once."""

    def __init__(self, begin: bytes, again: bytes) -> None:
        self.begin, self.again, self.place = begin, again * (MEGABYTE // len(again)), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self.place = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self.place, os.SEEK_END: GIGABYTE}[whence]
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer) -> int:
        if self.place < len(self.begin):
            part = self.begin[self.place : self.place + len(buffer)]
        else:
            start = (self.place - len(self.begin)) % len(self.again)
            part = self.again[start : start + min(len(buffer), GIGABYTE - self.place)]
        buffer[: len(part)] = part
        self.place += len(part)
        return len(part)


@pytest.mark.parametrize(
    ("again", "code"),
    [(b"x", "line_too_long"), (b"x" * 1023 + b"\n", "quotation_open"), (b"\0", "not_text")],
    ids=["no_end", "quoted", "empty"],
)
@pytest.mark.django_db(transaction=True)
def test_a_cell_of_a_gigabyte_is_refused_and_never_held(hotline, again, code):
    begin = b"".join(good(0).splitlines(True)[:20]) + b'116000-XA,"'
    file = io.BufferedReader(Unwritten(begin, again))
    before = peak()
    with killed_if_endless(), pytest.raises(UnreadableStatistics) as refused:
        import_source(hotline, Source(file, "figures.csv", GIGABYTE), by=None, bounds=Limits(bytes=GIGABYTE))
    assert {(problem.code, problem.row) for problem in refused.value.problems} == {(code, 21)}
    file.seek(0)
    with pytest.raises(spool.TooLarge):
        spool.spool(iter(lambda: file.read(MEGABYTE), b""), limits().bytes)
    assert peak() - before < MOST_MEMORY
    assert (new(StatisticsImport).count(), list(spool.root().iterdir())) == (0, [])


def bomb(says: int) -> bytes:
    """Return a small workbook that unpacks to `BOMB` megabytes and, with `says`, declares that many bytes."""
    name, written = "xl/worksheets/sheet1.xml", io.BytesIO()
    members = unpack(FORMATS["xlsx"](good(0)))
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for other in members.keys() - {name}:
            archive.writestr(other, members[other])
        with archive.open(name, "w") as member:
            member.write(members[name])
            for _ in range(BOMB):
                member.write(b" " * MEGABYTE)
    true, declared = (struct.pack("<I", size) for size in (len(members[name]) + BOMB * MEGABYTE, says))
    return written.getvalue().replace(true, declared) if says else written.getvalue()


@pytest.mark.parametrize("says", [0, 1000], ids=["honest", "lying"])
@pytest.mark.django_db(transaction=True)
def test_a_workbook_that_unpacks_beyond_the_bound_is_refused_and_never_unpacked(hotline, says):
    content = bomb(says)
    assert BOMB * MEGABYTE > limits().inflated_bytes > 100 * len(content)
    before = peak()
    with killed_if_endless():
        statistics = sent(hotline, content)
    assert peak() - before < MOST_MEMORY
    assert (statistics.state, [p["code"] for p in statistics.problems]) == (State.REFUSED, ["workbook_too_large"])
    assert (new(Figure).count(), SpooledFile.objects.count(), list(spool.root().iterdir())) == (0, 0, [])
