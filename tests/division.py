"""Divides the tests of one run among several processes: each takes the next file that no other has taken."""

import fcntl
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest


def take_turns(record: Path, count: int) -> Iterator[int]:
    """Yield the numbers below `count` that no other process has taken from the same record, which begins empty."""
    while True:
        with record.open("a+") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)
            opened.seek(0)
            number = len(opened.read())
            opened.write("." * (number < count))
        if number >= count:
            return
        yield number


class Division:
    """Runs the files that this process takes. A file stays whole: what its tests share is set up once."""

    def __init__(self, record: Path) -> None:
        self.record = record

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None  # pytest's own loop says what is wrong, or lists the tests
        files: dict[Path, list[pytest.Item]] = {}
        for item in session.items:
            files.setdefault(item.path, []).append(item)
        each = list(files.values())
        items = chain.from_iterable(each[number] for number in take_turns(self.record, len(each)))
        for item, following in pairwise(chain(items, [None])):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
        return True
