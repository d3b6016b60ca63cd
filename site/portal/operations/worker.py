"""The worker: runs tasks, sends heartbeats, survives transient failures, and queues the tasks of dead workers again."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult, get_date_max

from evaluation.figures.intake.worker import Interrupted
from evaluation.figures.publishing.draft_task import compute_draft, mark_draft_failed
from portal.operations.models import RunningWorker
from portal.operations.transient import RETRY_AFTER, is_transient
from reports.guide import mark_guide_failed, print_guide
from reports.printing import mark_failed, print_report
from reports.submitted_answers import mark_answers_failed, print_answers

HEARTBEAT_SECONDS = 10
"""Seconds between two heartbeats."""
DEAD_AFTER = timedelta(seconds=60)
"""A worker without a heartbeat for this long counts as dead; its task is queued again."""
MAX_ATTEMPTS = 5
"""A task whose worker ended, or that was interrupted, this often is not run again."""
FORGOTTEN_AFTER = timedelta(days=1)
EVERY_QUEUE = "*"
"""Stands for the names of all queues."""

_RETRIED = {
    f"{error.__module__}.{error.__qualname__}" for error in (OperationalError, InterfaceError, Interrupted, SystemExit)
}
"""Errors after which a task is run again. The worker exits if it is stopped twice."""
_WHEN_GIVEN_UP: dict[str, Callable[..., None]] = {
    print_report.module_path: mark_failed,
    print_guide.module_path: mark_guide_failed,
    print_answers.module_path: mark_answers_failed,
    compute_draft.module_path: mark_draft_failed,
}
"""Functions that mark the result of a task as failed, by the path of the task.

Called with the arguments of the task, in the transaction that gives it up.
"""

TaskRow: TypeAlias = DBTaskResult[Any, Any]
"""The row of a task of any function."""

log = logging.getLogger(__name__)


class Worker(db_worker.Worker):
    """Runs one task after the other until it is stopped or the database fails."""

    def run_task(self, db_task_result: TaskRow) -> None:
        super().run_task(db_task_result)
        if db_task_result.status == TaskResultStatus.FAILED and db_task_result.exception_class_path in _RETRIED:
            _queue_again(db_task_result, after=timedelta(seconds=RETRY_AFTER * 2 ** len(db_task_result.worker_ids)))


def work(
    *, interval: float, batch: bool = False, queues: Sequence[str] = (EVERY_QUEUE,), left_out: Sequence[str] = ()
) -> None:
    """Run tasks of some queues, without those that are left out, until the process is stopped; with `batch`, until none is left.

    After a failure of the database the loop restarts under a new name after a pause; the interrupted task is queued
    again when the old name has had no heartbeat for `DEAD_AFTER`.
    """
    is_first = True
    while True:
        worker = Worker(
            queue_names=[*queues],
            excluded_queue_names=[*left_out],
            interval=interval,
            batch=batch,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        worker.configure_signals()
        try:
            with _heartbeats(worker.worker_id):
                if is_first:
                    take_up_lost_tasks()
                worker.run()
            return
        except Error as error:
            if not is_transient(error) or batch:
                raise
            log.warning("the database failed; the worker tries again", extra={"seconds": RETRY_AFTER})
            with contextlib.suppress(Error):
                connection.close()
            if not worker.running:  # it was stopped while the failing task ran
                return
            is_first = False
            time.sleep(RETRY_AFTER)  # a database that restarts is not asked without pause


@contextlib.contextmanager
def _heartbeats(worker_id: str) -> Iterator[None]:
    """While the block runs, update the row of this worker and look for tasks of dead ones, in a thread.

    After a failure of the database all workers look dead for a moment: the first successful check ignores them.
    """
    _write_heartbeat(worker_id)
    has_ended = threading.Event()

    def beat() -> None:
        had_database = True
        while not has_ended.wait(HEARTBEAT_SECONDS):
            try:
                close_old_connections()
                _write_heartbeat(worker_id)
                if had_database:
                    take_up_lost_tasks()
                had_database = True
            except Error:
                had_database = False
                log.warning("no sign of life: the database failed")
        connection.close()

    thread = threading.Thread(target=beat, name="signs-of-life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join()
        with contextlib.suppress(Error):
            RunningWorker.objects.filter(pk=worker_id).delete()


def _write_heartbeat(worker_id: str) -> None:
    RunningWorker.objects.update_or_create(pk=worker_id, defaults={"seen_at": timezone.now()})
    RunningWorker.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()


def is_a_worker_alive() -> bool:
    return RunningWorker.objects.filter(seen_at__gte=timezone.now() - DEAD_AFTER).exists()


def lost_tasks() -> list[TaskRow]:
    """Return the running tasks whose worker has no heartbeat.

    Includes those that a transient failure ended, whose worker died before it queued them again.
    """
    late = timezone.now() - DEAD_AFTER
    alive = set(RunningWorker.objects.filter(seen_at__gte=late).values_list("pk", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=late)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=late, exception_class_path__in=_RETRIED)
    return [task for task in running if not alive & set(task.worker_ids[-1:])] + [
        task for task in failed if len(task.worker_ids) < MAX_ATTEMPTS
    ]


def take_up_lost_tasks() -> int:
    """Queue each lost task again, or mark it as failed after too many attempts; return how many were queued."""
    queued = 0
    for lost in lost_tasks():
        with transaction.atomic():
            task = DBTaskResult.objects.select_for_update().get(pk=lost.pk)
            if (task.status, task.worker_ids) != (lost.status, lost.worker_ids):
                continue  # another worker was faster
            queued += _queue_again(task)
    return queued


def _queue_again(task: TaskRow, *, after: timedelta | None = None) -> bool:
    is_retried = len(task.worker_ids) < MAX_ATTEMPTS
    if is_retried:
        task.status, task.finished_at = TaskResultStatus.READY, None
        task.run_after = timezone.now() + after if after else get_date_max()
    else:
        task.status, task.finished_at = TaskResultStatus.FAILED, timezone.now()
    with transaction.atomic():
        task.save(update_fields=["status", "finished_at", "run_after"])
        if not is_retried and task.task_path in _WHEN_GIVEN_UP:
            _WHEN_GIVEN_UP[task.task_path](*task.args_kwargs["args"])
    log.warning(
        "task queued again" if is_retried else "task given up",
        extra={"task": task.task_path, "attempts": len(task.worker_ids)},
    )
    return is_retried
