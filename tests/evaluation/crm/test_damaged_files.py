"""Files damaged by chance, of every level and format: a clear refusal, or the same figures; never anything else.

`DAMAGED` says how many; `./go prove damage` tries 5,000.
"""

import os
import resource
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from evaluation.crm.dictionary import example_of
from evaluation.crm.opening import Limits, Source, Unreadable, open_file
from evaluation.crm.problems import Problem, words
from evaluation.crm.reading import read
from evaluation.crm.spoiling import FORMATS, damage

pytestmark = pytest.mark.once

MEGABYTE = 1024 * 1024
LIMITS = Limits(inflated_bytes=20 * MEGABYTE)
KILLED_AFTER = 60
MOST_MEMORY = 400
"""Megabytes above what the process took before, the damaged file among them."""


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
    """What came of a damaged file: refused or harmless."""
    damaged = damage(good(seed), seed)
    with killed_if_endless():
        rows, problems = figures(damaged.content)
    about = (seed, damaged.format, damaged.kind)
    if not problems:
        assert rows == good_figures(seed % 3), about
        return "harmless"
    assert not damaged.is_harmless, (about, problems)
    for problem in problems:
        assert words(problem), about
        assert all(isinstance(value, int) or len(value) < 300 for value in problem.params.values()), about
    return "refused"


def test_a_damaged_file_is_refused_or_says_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    came: Counter[str] = Counter()
    slowest = 0.0
    for level in range(3):
        good_figures(level)
    before = peak()
    for seed in range(int(os.environ.get("DAMAGED", "500"))):
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
