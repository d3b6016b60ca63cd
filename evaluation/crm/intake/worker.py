"""The worker reads what has arrived: once each, again when its worker was lost, and without a word of what it says."""

import contextlib
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

from evaluation.crm.intake.imports import examine_spooled, receive
from evaluation.crm.intake.spool import Progress, Spooled, refuse, sweep
from evaluation.crm.mapping import ColumnMapping, Period
from evaluation.crm.problems.file_problems import Problem
from evaluation.models import Hotline, SpooledFile, StatisticsImport, User
from evaluation.workflow import Refusal, perform

log = logging.getLogger(__name__)

LOST_AFTER = timedelta(minutes=2)
"""A reading that has told nothing for so long lost its worker, and another one takes it up."""

BROKEN = "reading_broken"


class Unread(Exception):
    """Reading broke off. It says which kind of error and, if it is known, at which row: never what stood there."""


class Interrupted(Unread):
    """Reading broke off for a reason that passes: the worker queues the task again."""


def queue_file(
    hotline: Hotline, spooled: Spooled, name: str, *, by: User | None, way: str
) -> tuple[StatisticsImport, bool]:
    """Receive a file and queue its reading, both or neither; the import, and whether it is new. Raises Refusal."""
    with transaction.atomic():
        statistics, is_new = receive(hotline, spooled, name, by=by, way=way)
        if is_new:
            read_statistics.enqueue(str(statistics.uid))
    return statistics, is_new


def queue_matched_file(
    statistics: StatisticsImport, names: tuple[str, ...], mapping: ColumnMapping, *, period: Period | None, by: User
) -> None:
    """Keep what the columns of an export mean and queue its reading, both or neither. Raises Refusal."""
    with transaction.atomic():
        perform(statistics, "match_columns", by=by, names=names, mapping=mapping, period=period)
        read_statistics.enqueue(str(statistics.uid))


@task()
def read_statistics(uid: str) -> None:
    """Read the file that waits in the spool for the import `uid`; whoever comes second does nothing."""
    statistics = StatisticsImport.objects.select_related("hotline").filter(uid=uid).first()
    if statistics is None or not _claim(statistics):
        recover_and_clean_up()
        return
    failure, is_passing = "", False
    try:
        examine_spooled(statistics, Progress(statistics))
    except Refusal:
        pass  # it was taken back, or read by somebody else, a moment ago
    except (OperationalError, InterfaceError) as error:
        failure, is_passing = _describe(error), True
    except Exception as error:  # noqa: BLE001 - whatever it is, its text and its traceback may quote the file
        failure = _describe(error)
    except BaseException as error:  # noqa: BLE001 - the worker is told to stop: the file waits for the next one
        failure, is_passing = _describe(error), True
    # From here on nothing hangs on the error any more.
    if not failure:
        _schedule_expiry_check(statistics)
        recover_and_clean_up()
        return
    log.error("file of figures not read: %s", failure, extra={"statistics": uid})
    if is_passing:
        _release(statistics)
        raise Interrupted(failure)
    refuse(statistics, Problem(BROKEN))
    raise Unread(failure)


@task()
def sweep_spool() -> None:
    """Remove what has waited too long for somebody to match its columns."""
    recover_and_clean_up()


@task()
def follow_up_import(uid: str) -> None:
    """See whether somebody still reads the file of the import `uid`, again and again until it is read or asked for anew."""
    recover_and_clean_up()
    row = SpooledFile.objects.filter(statistics__uid=uid, statistics__state=StatisticsImport.State.UPLOADED).first()
    if row is not None and row.phase != SpooledFile.Phase.WAITING:
        _later(follow_up_import, row.changed_at + LOST_AFTER, uid)


def recover_and_clean_up() -> int:
    """Have read again what lost its worker, and remove what has expired; how many files that were.

    In this order: what waited for a worker in vain is read once more before it is refused for having waited.
    """
    return _recover() + sweep()


def _claim(statistics: StatisticsImport) -> bool:
    """Whether this worker is the one that reads it. If it is lost, the file is looked for when that is certain."""
    with transaction.atomic():
        is_ours = bool(
            SpooledFile.objects.filter(
                statistics=statistics,
                statistics__state=StatisticsImport.State.UPLOADED,
                phase=SpooledFile.Phase.WAITING,
            ).update(phase=SpooledFile.Phase.OPENING, changed_at=timezone.now())
        )
        if is_ours:
            _later(follow_up_import, timezone.now() + LOST_AFTER, str(statistics.uid))
    return is_ours


def _release(statistics: StatisticsImport) -> None:
    """Let the next attempt claim it. Where the database is still away, `follow_up_import` does it later."""
    with contextlib.suppress(OperationalError, InterfaceError):
        SpooledFile.objects.filter(statistics=statistics).update(
            phase=SpooledFile.Phase.WAITING, changed_at=timezone.now()
        )


def _recover() -> int:
    """Ask once more for each file that nobody has moved for long.

    One whose time ran out meanwhile is given some for another worker, up to twice the time that files have: what keeps
    breaking its worker expires in the end.
    """
    now, spooled_for = timezone.now(), timedelta(minutes=settings.STATISTICS_SPOOL_MINUTES)
    silent = SpooledFile.objects.filter(
        statistics__state=StatisticsImport.State.UPLOADED, changed_at__lt=now - LOST_AFTER
    ).select_related("statistics")
    asked = 0
    for row in silent:
        is_ours = SpooledFile.objects.filter(pk=row.pk, changed_at=row.changed_at).update(
            phase=SpooledFile.Phase.WAITING, changed_at=now
        )
        if is_ours:
            if row.statistics.uploaded_at + 2 * spooled_for >= now + LOST_AFTER:
                short = SpooledFile.objects.filter(pk=row.pk, expires_at__lt=now + LOST_AFTER)
                short.update(expires_at=now + LOST_AFTER)
            read_statistics.enqueue(str(row.statistics.uid))
            asked += 1
    return asked


def _schedule_expiry_check(statistics: StatisticsImport) -> None:
    """A file that waits for a person goes in time, even if no other file comes."""
    row = SpooledFile.objects.filter(statistics=statistics).first()
    if row is not None:
        _later(sweep_spool, row.expires_at)


def _later(wanted: "Task[Any, Any]", moment: datetime, *args: str) -> None:
    """Have a task done soon after a moment, where the queue can wait."""
    if wanted.get_backend().supports_defer:
        wanted.using(run_after=moment + timedelta(seconds=5)).enqueue(*args)


def _describe(error: BaseException) -> str:
    row = getattr(error, "row", None)
    return type(error).__name__ + (f", row {row}" if isinstance(row, int) else "")
