"""A pytest plugin that runs each mutant in a child process after collecting the tests once."""

import os
import signal
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from inspect import getattr_static
from types import FunctionType
from typing import Any

import coverage
import pytest

from tests.mutation.mutants import Mutant, code_of

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


@dataclass
class Laboratory:
    """Runs all tests once to record which lines they reach, then, for each mutant, those that reach its line."""

    mutants: list[Mutant]
    workers: int = os.cpu_count() or 1
    results: dict[Mutant, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def pytest_configure(self) -> None:
        """Let Hypothesis draw the same examples each time, without shrinking failures."""
        from hypothesis import Phase, settings  # imported after the test runner has prepared it

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile(
            "mutation", derandomize=True, database=None, max_examples=40, phases=phases, deadline=None
        )
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        watch = coverage.Coverage(
            data_file=None, config_file=False, include=sorted({str(m.path) for m in self.mutants})
        )
        watch.start()
        for item in session.items:
            watch.switch_context(item.nodeid)
            began = time.perf_counter()
            if not self._passes(item):
                raise pytest.UsageError(f"{item.nodeid} fails as things are.")
            self.seconds[item.nodeid] = time.perf_counter() - began
        watch.stop()
        items = {item.nodeid: item for item in session.items}
        reached = {str(m.path): watch.get_data().contexts_by_lineno(str(m.path)) for m in self.mutants}
        waiting = iter(self.mutants)
        running: dict[int, Mutant] = {}
        while True:
            for mutant in waiting:
                ids = [name for name in reached[str(mutant.path)].get(mutant.line, ()) if name in items]
                running[self._fork(mutant, [items[name] for name in sorted(ids, key=self.seconds.__getitem__)])] = (
                    mutant
                )
                if len(running) >= self.workers:
                    break
            if not running:
                return True
            child, status = os.wait()
            self._note(running.pop(child), status)

    def _note(self, mutant: Mutant, status: int) -> None:
        if os.WIFSIGNALED(status):
            result = TIMED_OUT if os.WTERMSIG(status) == signal.SIGALRM else KILLED
        else:
            result = SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED
        self.results[mutant] = result
        survivor = f"{result}: {mutant.name}\n" if result != KILLED else ""
        print(f"\r{survivor}{len(self.results)} of {len(self.mutants)}", end="", file=sys.__stderr__, flush=True)

    def _fork(self, mutant: Mutant, items: list[pytest.Item]) -> int:
        child = os.fork()
        if child:
            return child
        signal.alarm(30 + int(3 * sum(self.seconds[item.nodeid] for item in items)))
        try:
            put_in_place(mutant)
            survives = all(self._passes(item) for item in items)
        except BaseException:  # noqa: BLE001 - whatever it breaks, it is seen
            survives = False
        os._exit(0 if survives else 1)

    def _passes(self, item: pytest.Item) -> bool:
        from _pytest.runner import runtestprotocol

        item.session._setupstate.stack.clear()
        return all(not report.failed for report in runtestprotocol(item, nextitem=None, log=False))


def put_in_place(mutant: Mutant) -> None:
    """Replace the code of the running function by the mutant's: existing references to the function run it, too."""
    found: Any = import_module(mutant.module)
    for name in mutant.function.split("."):
        found = getattr_static(found, name)
    function_of(found).__code__ = code_of(mutant)


def function_of(found: Any) -> FunctionType:
    while not isinstance(found, FunctionType):
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, cached_property):
            found = found.func
        elif isinstance(found, classmethod | staticmethod):
            found = found.__func__
        else:
            found = found.__wrapped__
    return found
