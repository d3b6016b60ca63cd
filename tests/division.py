"""Divides the tests of one process among several: they are collected once, then the process forks.

Each process takes the next file that no other has taken, so that all end at the same time. Long tests that are marked
`apart` are taken one by one, before the files. One process first runs the tests that drive a browser, which wait more
than they compute.
"""

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse

from tests.turns import forbid_priorities, restore_turns

FORKED = ("SQLite, two", "Browser")
"""The runs that are forked; the first run on SQLite is the process that collected the tests."""

_WIDTH = 2
"""The bytes of a number of a file."""


def distribute(count: int) -> Iterator[int]:
    """Yield the numbers below `count`. Of the processes that are forked after this call, each number reaches one only."""
    reader, writer = os.pipe()
    os.write(writer, b"".join(number.to_bytes(_WIDTH) for number in range(count)))
    os.close(writer)
    return (int.from_bytes(number) for number in iter(lambda: os.read(reader, _WIDTH), b""))


class Division:
    """Forks when the tests are collected. A file stays in one process, where what its tests share is set up once.

    A test that is marked `apart` shares nothing with the others of its file.

    `places` are the folders of the forked runs, in the order of `FORKED`: each writes its output there.
    """

    def __init__(self, places: Iterable[Path]) -> None:
        self.places = dict(zip(FORKED, places, strict=True))
        self.forked: list[int] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None  # pytest's own loop says what is wrong, or lists the tests
        apart: list[list[pytest.Item]] = []
        files: dict[Path, list[pytest.Item]] = {}
        browser: list[pytest.Item] = []
        for item in session.items:
            if item.get_closest_marker("browser"):
                browser.append(item)
            elif item.get_closest_marker("apart"):
                apart.append([item])
            else:
                files.setdefault(item.path, []).append(item)
        each = [*apart, *files.values()]
        taken = chain.from_iterable(each[number] for number in distribute(len(each)))
        warm_up()
        if self._fork(session.config) == "Browser":
            session.testscollected = len(browser)
            run(session, chain(browser, taken))
        else:
            session.testscollected -= len(browser)
            run(session, taken)
        return True

    def _fork(self, config: pytest.Config) -> str:
        """Return the name of a forked run in its process, "" in the one that forks."""
        for name, place in self.places.items():
            if process := os.fork():
                self.forked.append(process)
            else:
                self.forked.clear()
                if name == "Browser":
                    restore_turns(os.getpid())
                    forbid_priorities()
                move_to(place, config)
                return name
        signal.signal(signal.SIGTERM, self._terminate)
        return ""

    def _terminate(self, number: int, _frame: object) -> None:
        for process in (*self.forked, os.getpid()):
            signal.signal(number, signal.SIG_DFL)
            os.kill(process, number)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Wait for the forked runs. Raises RuntimeError if one was killed, or broke after its summary."""
        codes = [os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in self.forked]
        if broken := [code for code in codes if code not in tuple(pytest.ExitCode)]:
            raise RuntimeError(f"A forked run ended with {broken}")


def warm_up() -> None:
    """Load what each process would load for its first pages: addresses and templates."""
    reverse("workspace:home")
    for root in (Path(folder) for folder in settings.TEMPLATES[0]["DIRS"]):
        for path in root.rglob("*.html"):
            engines["django"].get_template(str(path.relative_to(root)))


def move_to(place: Path, config: pytest.Config) -> None:
    """Let this process write its output and its files into a folder of its own."""
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()  # it would restore the output of the process that forked
    sys.stdout.flush()
    with (place / "output.txt").open("wb") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    capture.start_global_capturing()
    capture.suspend_global_capture()
    os.environ["VAR_DIR"] = str(place)
    settings.VAR_DIR = place


def run(session: pytest.Session, items: Iterable[pytest.Item]) -> None:
    """Run these tests as pytest's own loop does."""
    for item, following in pairwise(chain(items, [None])):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
