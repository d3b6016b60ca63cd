"""The queue of the tests: a task runs in the same process, once the transaction that queued it is committed.

A test that is wrapped in a transaction never commits. There, files of figures are read when the outermost transaction of
the code under test ends, so that pages can be looked at afterwards; letters and reports wait for
`django_capture_on_commit_callbacks`.

What keeps the indexes of Wagtail up to date is not run: it costs a fifth of each write of a page, and one test asks them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.transaction import Atomic
from django_tasks.backends.immediate import ImmediateBackend

AT_ONCE = "evaluation.figures.intake.worker"
"""The module whose tasks a wrapped test does not wait for."""

OF_INDEXES = ("modelsearch.tasks", "wagtail.tasks", "standards.editions.bulk.indexes")
"""Where pages are searched by their words, and which page refers to which: for editors in the CMS."""


@dataclass
class Queued:
    path: str
    run: Callable[[], Any]

    def __call__(self) -> None:
        self.run()


class OnCommitBackend(ImmediateBackend):
    """A worker sees a task when its transaction is committed, never before; so does a test."""

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> None:  # type: ignore[override] # nobody asks for the result
        if task.module_path.startswith(OF_INDEXES):
            return
        queued = Queued(task.module_path, lambda: super(OnCommitBackend, self).enqueue(task, args, kwargs))
        transaction.on_commit(queued)
        _run_those_of_a_wrapped_test()


def _run_those_of_a_wrapped_test() -> None:
    blocks = connection.atomic_blocks
    if not blocks or not all(block._from_testcase for block in blocks):
        return
    waiting = connection.run_on_commit
    ready = [hook[1] for hook in waiting if isinstance(hook[1], Queued) and hook[1].path.startswith(AT_ONCE)]
    waiting[:] = [hook for hook in waiting if hook[1] not in ready]
    for task in ready:
        task()


def run_tasks_at_the_end_of_transactions() -> None:
    """Called once, before the first test."""
    leave = Atomic.__exit__

    def leave_and_run(self: Atomic, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        leave(self, exc_type, exc_value, traceback)
        if not self._from_testcase:  # type: ignore[attr-defined] # set by Django's TestCase
            _run_those_of_a_wrapped_test()

    Atomic.__exit__ = leave_and_run  # type: ignore[method-assign]
