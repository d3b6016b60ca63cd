"""Define the tasks of reading received files: once each, and again if the worker was lost. No content is logged."""

import contextlib
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from evaluation.figures.intake.imports import examine_spooled, receive
from evaluation.figures.intake.spool import Progress, Spooled, refuse, sweep
from evaluation.figures.mapping import ColumnMapping, Period
from evaluation.figures.problems.file_problems import Problem
from evaluation.models import Hotline, SpooledFile, StatisticsImport, User
from evaluation.workflow import Refusal, perform

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=2)
"""The time without progress after which a worker is assumed lost, and the file is queued again."""

BROKEN = "reading_broken"


class Unread(Exception):
    """Reading failed. The message has the type of the error and, if known, the row: never its content."""


class Interrupted(Unread):
    """Reading failed for a transient reason: the task may be repeated."""


def queue_file(
    hotline: Hotline, spooled: Spooled, name: str, *, by: User | None, way: str
) -> tuple[StatisticsImport, bool]:
    """Receive a file and queue its reading, atomically. Return the import and whether it is new. Raises Refusal."""
    with transaction.atomic():
        statistics, is_new = receive(hotline, spooled, name, by=by, way=way)
        if is_new:
            read_statistics.enqueue(str(statistics.uid))
    return statistics, is_new


def queue_matched_file(
    statistics: StatisticsImport, names: tuple[str, ...], mapping: ColumnMapping, *, period: Period | None, by: User
) -> None:
    """Save the mapping of an export and queue its reading, atomically. Raises Refusal."""
    with transaction.atomic():
        perform(statistics, "match_columns", by=by, names=names, mapping=mapping, period=period)
        read_statistics.enqueue(str(statistics.uid))


@task()
def read_statistics(uid: str) -> None:
    """Read the spooled file of the import `uid`. A second call does not read it again."""
    statistics = StatisticsImport.objects.select_related("hotline").filter(uid=uid).first()
    if statistics is None or not _claim(statistics):
        recover_and_clean_up()
        return
    failure, is_transient = "", False
    try:
        examine_spooled(statistics, Progress(statistics))
    except Refusal:
        pass  # concurrently withdrawn, or read by another worker
    except (OperationalError, InterfaceError) as error:
        failure, is_transient = _describe(error), True
    except Exception as error:  # noqa: BLE001 - the text and traceback of any error may quote the file
        failure = _describe(error)
    except BaseException as error:  # noqa: BLE001 - the worker must stop: the file waits for the next one
        failure, is_transient = _describe(error), True
    # Here the error is no longer referenced, so that no traceback contains its text.
    if not failure:
        _schedule_expiry_check(statistics)
        recover_and_clean_up()
        return
    log.error("file of figures not read: %s", failure, extra={"statistics": uid})
    if is_transient:
        _release(statistics)
        raise Interrupted(failure)
    refuse(statistics, Problem(BROKEN))
    raise Unread(failure)


@task()
def sweep_spool() -> None:
    """Queue files of lost workers again, and remove expired files, such as one whose columns were not matched."""
    recover_and_clean_up()


@task()
def follow_up_import(uid: str) -> None:
    """Queue the file of the import `uid` again if its worker was lost; repeat while a worker reads it."""
    recover_and_clean_up()
    row = SpooledFile.objects.filter(statistics__uid=uid, statistics__state=StatisticsImport.State.UPLOADED).first()
    if row is not None and row.phase != SpooledFile.Phase.WAITING:
        _enqueue_after(follow_up_import, row.changed_at + LOST_AFTER, uid)


def recover_and_clean_up() -> int:
    """Queue files again whose worker was lost, then remove expired ones; return the number of both.

    In this order, a file whose worker was lost is read once more before it is refused as expired.
    """
    return _recover() + sweep()


def _claim(statistics: StatisticsImport) -> bool:
    """Claim the import for this worker; return whether that succeeded.

    If the worker is lost, a later task queues the file again.

    The UPDATE filters by columns of its own table only. After waiting for a concurrent UPDATE, PostgreSQL does not read
    columns of a joined table again, so two workers could claim the file.
    """
    waiting = SpooledFile.objects.filter(statistics=statistics, phase=SpooledFile.Phase.WAITING)
    with transaction.atomic():
        is_uploaded = StatisticsImport.objects.filter(pk=statistics.pk, state=StatisticsImport.State.UPLOADED).exists()
        is_ours = is_uploaded and waiting.update(phase=SpooledFile.Phase.OPENING, changed_at=timezone.now()) == 1
        if is_ours:
            _enqueue_after(follow_up_import, timezone.now() + LOST_AFTER, str(statistics.uid))
    return is_ours


def _release(statistics: StatisticsImport) -> None:
    """Release the claim. If the database is unavailable, `follow_up_import` queues the file again later."""
    with contextlib.suppress(OperationalError, InterfaceError):
        SpooledFile.objects.filter(statistics=statistics).update(
            phase=SpooledFile.Phase.WAITING, changed_at=timezone.now()
        )


def _recover() -> int:
    """Queue each file without progress for `LOST_AFTER` again; return their number.

    The expiry is extended for the next worker, up to twice the normal time: a file that keeps crashing its worker
    expires in the end.
    """
    now, spooled_for = timezone.now(), timedelta(minutes=settings.STATISTICS_SPOOL_MINUTES)
    stalled = SpooledFile.objects.filter(
        statistics__state=StatisticsImport.State.UPLOADED, changed_at__lt=now - LOST_AFTER
    ).select_related("statistics")
    queued = 0
    for row in stalled:
        is_ours = SpooledFile.objects.filter(pk=row.pk, changed_at=row.changed_at).update(
            phase=SpooledFile.Phase.WAITING, changed_at=now
        )
        if is_ours:
            if row.statistics.uploaded_at + 2 * spooled_for >= now + LOST_AFTER:
                short = SpooledFile.objects.filter(pk=row.pk, expires_at__lt=now + LOST_AFTER)
                short.update(expires_at=now + LOST_AFTER)
            read_statistics.enqueue(str(row.statistics.uid))
            queued += 1
    return queued


def _schedule_expiry_check(statistics: StatisticsImport) -> None:
    """Schedule the removal of a file that waits for a user, as no other file may arrive to trigger it."""
    row = SpooledFile.objects.filter(statistics=statistics).first()
    if row is not None:
        _enqueue_after(sweep_spool, row.expires_at)


def _enqueue_after(wanted: "Task[Any, Any]", moment: datetime, *args: str) -> None:
    """Enqueue a task to run shortly after a moment, if the queue supports it."""
    if wanted.get_backend().supports_defer:
        wanted.using(run_after=moment + timedelta(seconds=5)).enqueue(*args)


def _describe(error: BaseException) -> str:
    row = getattr(error, "row", None)
    return type(error).__name__ + (f", row {row}" if isinstance(row, int) else "")
