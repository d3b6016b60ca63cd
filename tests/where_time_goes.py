"""Measures the processor time of the tests by kind: `./go test --where-time-goes`."""

import functools
import json
import os
import resource
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

KINDS = {
    "templates": ("django.template.base.Template.render", "django.template.base.Template.__init__"),
    "SQL, on the side of Python": (
        "django.db.backends.utils.CursorWrapper.execute",
        "django.db.backends.utils.CursorWrapper.executemany",
        "django.db.backends.base.base.BaseDatabaseWrapper.connect",
        "django.db.transaction.Atomic.__exit__",
    ),
    "passwords": (
        "django.contrib.auth.hashers.MD5PasswordHasher.encode",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher.encode",
    ),
    "copies of the database": (
        "tests.template_database.SQLiteDatabase.prepare",
        "tests.template_database.SQLiteDatabase.restore",
        "tests.template_database.PostgreSQLDatabase.prepare",
        "tests.template_database.PostgreSQLDatabase.restore",
    ),
    "scenes": ("tests.template_database.TestDatabase.enter",),
    "migrations": ("django.db.migrations.executor.MigrationExecutor.migrate",),
    "pages flattened for the test client": ("tests.rendering.flat",),
    "requests, without their templates and SQL": (
        "django.test.client.ClientHandler.__call__",
        "django.core.handlers.wsgi.WSGIHandler.__call__",
    ),
}
"""The functions of each kind. Their time counts without that of another kind inside."""


class Clock:
    """A clock of CPU seconds, and what nested blocks of the present block have already counted."""

    def __init__(self, read: Callable[[], float]) -> None:
        self.read = read
        self.inside = 0.0


class Ledger:
    """CPU seconds by kind, over all threads of this process and the browser it started."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stage = threading.local()

    @contextmanager
    def counting(self, kind: str, clock: Clock | None = None) -> Iterator[None]:
        """Count the CPU time of this thread (or of `clock`) in the block, without that of nested blocks."""
        clock = clock or self._clock_of_thread()
        outside, clock.inside = clock.inside, 0.0
        began = clock.read()
        try:
            yield
        finally:
            spent = clock.read() - began
            self.seconds[kind] += spent - clock.inside
            clock.inside = outside + spent

    def _clock_of_thread(self) -> Clock:
        if not hasattr(self._stage, "clock"):
            self._stage.clock = Clock(time.thread_time)
        return self._stage.clock

    def watch(self, kind: str, name: str) -> None:
        """Replace a function by one that counts its time."""
        owner, attribute = find_function(name)
        function = getattr(owner, attribute)

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            with self.counting(kind):
                return function(*args, **kwargs)

        setattr(owner, attribute, counted)


def find_function(name: str) -> tuple[Any, str]:
    """Return the class or module of the function with this dotted name, and the function's own name."""
    path, _, attribute = name.rpartition(".")
    try:
        return import_module(path), attribute
    except ModuleNotFoundError:
        module, _, owner = path.rpartition(".")
        return getattr(import_module(module), owner), attribute


LEDGER = Ledger()
CHROMIUM = "Chromium"
CLOCK = pytest.StashKey[Clock]()


@contextmanager
def counting_browser(config: pytest.Config, kind: str, browser: Any) -> Iterator[None]:
    """Count the CPU time of a browser's processes during the block, with `--where-time-goes` only."""
    if not config.getoption("where_time_goes"):
        yield
        return
    if CLOCK not in config.stash:
        config.stash[CLOCK] = Clock(lambda: _browser_seconds(browser))
    with LEDGER.counting(f"{CHROMIUM}, {kind}", config.stash[CLOCK]):
        yield


def _browser_seconds(browser: Any) -> float:
    """Return the CPU seconds of the processes that show pages. The browser's first process counts when it has ended."""
    session = browser.new_browser_cdp_session()
    answer = session.send("SystemInfo.getProcessInfo")
    session.detach()
    return sum(process["cpuTime"] for process in answer["processInfo"] if process["type"] != "browser")


class WhereTimeGoes:
    """A pytest plugin that measures a run from collection to end and writes the seconds into the run's folder."""

    def __init__(self) -> None:
        os.register_at_fork(after_in_child=LEDGER.seconds.clear)  # what the parent process has counted
        for kind, names in KINDS.items():
            for name in names:
                LEDGER.watch(kind, name)

    def pytest_collection_finish(self) -> None:
        LEDGER.seconds["starting and collecting"] = time.process_time() - sum(LEDGER.seconds.values())

    def pytest_unconfigure(self) -> None:
        seconds = LEDGER.seconds
        outside = sum(spent for kind, spent in seconds.items() if kind.startswith(CHROMIUM))
        seconds["tests and fixtures by themselves"] = time.process_time() - (sum(seconds.values()) - outside)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds["other programs: PDF, Playwright, commands"] = children.ru_utime + children.ru_stime
        account_of(Path(os.environ["VAR_DIR"])).write_text(json.dumps(seconds))


def account_of(place: Path) -> Path:
    return place / "where_time_goes.json"


def table(accounts: Iterable[Path], others: Mapping[str, float]) -> str:
    """Format the seconds of several runs and of `others` by kind, the longest first."""
    total = Counter(others)
    for account in accounts:
        total.update(json.loads(account.read_text()))
    rows = [f"{seconds:9.1f}  {kind}" for kind, seconds in total.most_common()]
    return "\n".join(["CPU seconds by kind:", *rows, f"{sum(total.values()):9.1f}  in all"])
