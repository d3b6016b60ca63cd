"""Whether this installation can work: asked by machines, answered in a few milliseconds and three short queries."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django_tasks_db.models import DBTaskResult, get_date_max

from standards import frozen

PATIENCE = timedelta(minutes=5)
"""A task that waits longer than this has no worker."""


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """The newest migration of each app, as the code has it. Read from disk once in a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _migrations() -> bool:
    return _last_migrations() <= set(MigrationRecorder.Migration.objects.values_list("app", "name"))


def _triggers() -> bool:
    return frozen.present_triggers(connection) == frozen.trigger_names(connection.vendor)


def _worker() -> bool:
    """Whether somebody takes the tasks. With nothing to do, nobody is missed."""
    if not settings.TASKS["default"]["BACKEND"].endswith("DatabaseBackend"):
        return True
    late = timezone.now() - PATIENCE
    return (
        not DBTaskResult.objects.ready()
        .filter(Q(run_after__lt=late) | Q(run_after=get_date_max(), enqueued_at__lt=late))
        .exists()
    )


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 when everything is well, 503 when something is not; the answer names what."""
    found: dict[str, bool] = {"database": False}
    try:
        found |= {"migrations": _migrations(), "triggers": _triggers(), "worker": _worker()}
        found["database"] = True
    except DatabaseError:
        pass
    is_well = all(found.values())
    words = {name: "ok" if good else "failing" for name, good in found.items()}
    return JsonResponse({"status": "ok" if is_well else "failing", **words}, status=200 if is_well else 503)
