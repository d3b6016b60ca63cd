"""Health checks of this installation, in a few milliseconds and a few short queries."""

import shutil
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_tasks_db.models import DBTaskResult, get_date_max

from evaluation.models import Step
from portal.letters.outbox import failing_letters
from portal.operations.models import CalendarRun
from portal.operations.stores import probe_stores
from portal.operations.worker import is_a_worker_alive, lost_tasks
from standards import frozen

PATIENCE = timedelta(minutes=5)
"""A task that waits longer than this has no worker."""
CALENDAR_MISSED_AFTER = timedelta(days=2)
LETTERS_COUNTED_FOR = timedelta(days=2)
LEAST_FREE_BYTES = 200 * 1024 * 1024


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Return the newest migration of each app in the code. Read from disk once per process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _migrations() -> bool:
    return _last_migrations() <= set(MigrationRecorder.Migration.objects.values_list("app", "name"))


def _triggers() -> bool:
    return frozen.present_triggers(connection) == frozen.trigger_names(connection.vendor)


def _has_queue() -> bool:
    backend: str = settings.TASKS["default"]["BACKEND"]
    return backend.endswith("DatabaseBackend")


def _worker() -> bool:
    """Whether a worker had a heartbeat within the last minute."""
    return not _has_queue() or is_a_worker_alive()


def _tasks() -> bool:
    """Whether no task has waited, or has been without a worker, for longer than `PATIENCE`."""
    if not _has_queue():
        return True
    late = timezone.now() - PATIENCE
    waiting = (
        DBTaskResult.objects.ready()
        .filter(Q(run_after__lt=late) | Q(run_after=get_date_max(), enqueued_at__lt=late))
        .exists()
    )
    return not waiting and not any(task.started_at and task.started_at < late for task in lost_tasks())


def _letters() -> bool:
    """Whether no letter of the last days waits after several attempts. An address that is refused is one mistake."""
    since = timezone.now() - LETTERS_COUNTED_FOR
    return not failing_letters().filter(written_at__gt=since).exclude(failure="SMTPRecipientsRefused").exists()


def _calendar() -> bool:
    """Whether the calendar ran recently. If it never did, the time since the oldest step counts."""
    run = CalendarRun.objects.first()
    since = run.at if run else Step.objects.order_by("at").values_list("at", flat=True).first()
    return since is None or since > timezone.now() - CALENDAR_MISSED_AFTER


def _disk() -> bool:
    """Whether there is free space for database, evidence and reports."""
    try:
        return shutil.disk_usage(settings.VAR_DIR).free >= LEAST_FREE_BYTES
    except OSError:  # the folder is gone, or not mounted
        return False


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Return 200 if everything is healthy, else 503, with the result of each check."""
    found: dict[str, bool] = {"database": False, "disk": _disk(), **probe_stores()}
    try:
        found |= {"migrations": _migrations(), "triggers": _triggers(), "worker": _worker(), "tasks": _tasks()}
        found |= {"calendar": _calendar(), "letters": _letters()}
        found["database"] = True
    except Error:
        pass
    is_well = all(found.values())
    words = {name: "ok" if good else "failing" for name, good in found.items()}
    return JsonResponse({"status": "ok" if is_well else "failing", **words}, status=200 if is_well else 503)
