"""Import a file as a draft of figures, through the spool or at once. It is read outside any transaction."""

import hashlib
from dataclasses import replace
from typing import BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from evaluation.figures.formats import Limits, Opened, Source, TableLayout
from evaluation.figures.intake import spool
from evaluation.figures.intake.confirmation import name_what_is_missing
from evaluation.figures.intake.dry_run import (
    CheckedFile,
    ReportProgress,
    UnmatchedColumns,
    UnreadableStatistics,
    check_file,
    ignore_progress,
)
from evaluation.figures.intake.file_names import acceptable_name, name_read, name_unread
from evaluation.figures.intake.spool import Spooled
from evaluation.figures.mapping import ColumnMapping, Period
from evaluation.figures.mapping.saved_mappings import save_mapping
from evaluation.figures.mapping.tables.across import open_export
from evaluation.figures.problems.file_problems import Problem
from evaluation.models import Hotline, SpooledFile, StatisticsImport, Step, User
from evaluation.models.people.permissions import is_allowed, no_right
from evaluation.models.reasons import Reason
from evaluation.workflow import Refusal, act_of, perform

BLOCK = 1024 * 1024
MAX_WAITING = 10
"""The most files of one hotline in the spool, so that the disk does not fill up."""


def limits(*, in_web_process: bool = False) -> Limits:
    """Return the limits of reading a file that is sent. In a web process, no parser runs."""
    return Limits(bytes=settings.STATISTICS_MAX_BYTES, is_separate=in_web_process)


# --- Through the spool, in the background -------------------------------------------------------------------------


def receive(
    hotline: Hotline, spooled: Spooled, name: str, *, by: User | None, way: str
) -> tuple[StatisticsImport, bool]:
    """Create an import for a file in the spool; return it, and whether it is new. The same file gives the same import.

    The name is stored if it contains nothing about a person. `examine_spooled` reads the file later. Raises Refusal
    without the right, or if too many files of the hotline are waiting.
    """
    try:
        _demand_right(by, hotline)
        if not can_receive(hotline):
            raise Refusal("import", [Reason("too_many_waiting", have=MAX_WAITING, need=MAX_WAITING)])
        with transaction.atomic():
            statistics = _create_import(hotline, spooled.digest, name, by=by, way=way)
            spool.attach_to_import(spooled, statistics)
    except IntegrityError:
        # the same file is imported already
        spooled.remove()
        return _find_live(hotline, spooled.digest).get(), False
    except Refusal:
        spooled.remove()
        raise
    return statistics, True


def can_receive(hotline: Hotline) -> bool:
    """Whether the hotline may have one more file waiting."""
    return SpooledFile.objects.filter(statistics__hotline=hotline).count() < MAX_WAITING


def examine_spooled(statistics: StatisticsImport, report_progress: ReportProgress = ignore_progress) -> None:
    """Read a received file. Save its draft, or why it is refused, or that a user must match its columns."""
    problems: tuple[Problem, ...] = ()
    checked_file = None
    with spool.open_spooled(statistics) as file:
        source = Source(file, statistics.file_name, statistics.spooled.size)
        try:
            checked_file = check_file(
                statistics.hotline,
                source,
                limits=limits(),
                period=_period_of(statistics),
                report_progress=report_progress,
            )
        except UnreadableStatistics as unreadable:
            problems = unreadable.problems
        except UnmatchedColumns:
            pass
    if problems:
        spool.refuse(statistics, *problems)
    elif checked_file is None:
        perform(statistics, "ask_for_columns", by=None)
    else:
        perform(statistics, "pass_checks", by=None, checked_file=checked_file)


def _period_of(statistics: StatisticsImport) -> Period | None:
    """Return the period that a user gave for an export that does not contain it, or None."""
    if statistics.period_start is None or statistics.period_end is None:
        return None
    return statistics.period_start, statistics.period_end


@act_of(StatisticsImport.kind, "ask_for_columns")
def _extend_expiry(statistics: StatisticsImport, _step: Step) -> None:
    """Extend the expiry of the file, so that a user has time to match its columns."""
    spool.extend_expiry(statistics)


@act_of(StatisticsImport.kind, "pass_checks")
def _save_draft(statistics: StatisticsImport, _step: Step, *, checked_file: CheckedFile) -> None:
    """Save the figures that were read as a draft, and delete the file."""
    header = checked_file.header
    if statistics.file_name == _name_unread(statistics):
        statistics.file_name = name_read(
            checked_file.hotline.code, header.period_start, header.period_end, header.level
        )
    statistics.level = header.level
    statistics.period_start = header.period_start
    statistics.period_end = header.period_end
    statistics.definitions = header.definition_set
    statistics.completeness = header.completeness_note
    statistics.source_system = header.source_system
    statistics.rows_read = checked_file.account.read
    statistics.row_account = checked_file.account.as_data()
    statistics.matching = checked_file.matching
    statistics.warnings = [problem.as_data() for problem in checked_file.warnings]
    statistics.explanations = [""] * len(checked_file.warnings)
    statistics.draft = checked_file.draft
    name_what_is_missing(statistics)
    statistics.save()
    spool.release_file(statistics)


# --- At once, without the spool -------------------------------------------------------------------------------------


def import_source(
    hotline: Hotline | None,
    source: Source,
    *,
    by: User | None,
    way: str = StatisticsImport.Way.COMMAND,
    bounds: Limits | None = None,
    report_progress: ReportProgress = ignore_progress,
) -> StatisticsImport:
    """Read a file and save its draft. Nothing of a refused file is stored. The same file gives the same import.

    Without a hotline, the header of the file names it. `by` None is the system.
    Raises UnreadableStatistics, UnmatchedColumns, and Refusal without the right.
    """
    if hotline is not None:
        _demand_right(by, hotline)
    checked_file = check_file(hotline, source, limits=bounds or limits(), report_progress=report_progress)
    _demand_right(by, checked_file.hotline)
    digest = _digest_of(source)
    known = _find_live(checked_file.hotline, digest)
    if (same := known.first()) is not None:
        return same
    try:
        with transaction.atomic():
            statistics = _create_import(checked_file.hotline, digest, source.name, by=by, way=way)
            perform(statistics, "pass_checks", by=None, checked_file=checked_file)
    except IntegrityError:
        # another request imported the same file at the same moment
        return known.get()
    return statistics


def import_statistics(hotline: Hotline | None, content: bytes, name: str, by: User | None) -> StatisticsImport:
    """Import a file in memory; see `import_source`."""
    return import_source(hotline, Source.of_bytes(content, name), by=by, way=StatisticsImport.Way.UPLOAD)


# --- Exports with their own columns ---------------------------------------------------------------------------------


def source_of_unmatched(statistics: StatisticsImport, file: BinaryIO) -> Source:
    """Return the source of an export that waits for its columns to be matched. `file` is from the spool."""
    return Source(file, statistics.file_name, statistics.spooled.size)


def open_unmatched(source: Source, layout: TableLayout | None = None, *, first_rows: int = 0) -> Opened:
    """Open an export that waits for its columns to be matched, in its own format, where a user chose its table.

    Only its first rows are read if `first_rows` is their number.
    """
    return open_export(source, replace(limits(in_web_process=True), first_rows=first_rows), layout)


@act_of(StatisticsImport.kind, "match_columns")
def _save_matching(
    statistics: StatisticsImport, step: Step, *, names: tuple[str, ...], mapping: ColumnMapping, period: Period | None
) -> None:
    """Save the mapping of the columns `names`, for this and later exports, and the period of this export."""
    assert step.words.by is not None
    save_mapping(statistics.hotline, names, mapping, by=step.words.by)
    statistics.period_start, statistics.period_end = period or (None, None)
    statistics.save(update_fields=["period_start", "period_end"])


# --- Shared helpers -------------------------------------------------------------------------------------------------


def _demand_right(by: User | None, hotline: Hotline) -> None:
    if by is not None and not is_allowed("statistics.import", by, hotline):
        raise Refusal("import", [no_right("statistics.import", by, hotline)])


def _find_live(hotline: Hotline, digest: str) -> QuerySet[StatisticsImport]:
    return StatisticsImport.objects.filter(hotline=hotline, file_digest=digest, state__in=StatisticsImport.LIVE)


def _digest_of(source: Source) -> str:
    source.file.seek(0)
    digest = hashlib.sha256()
    while block := source.file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _create_import(hotline: Hotline, digest: str, name: str, *, by: User | None, way: str) -> StatisticsImport:
    statistics = StatisticsImport(hotline=hotline, file_digest=digest, uploaded_by=by, way=way)
    statistics.file_name = acceptable_name(name, hotline.code) or _name_unread(statistics)
    statistics.save()
    return statistics


def _name_unread(statistics: StatisticsImport) -> str:
    return name_unread(statistics.hotline.code, timezone.localdate(statistics.uploaded_at), statistics.file_digest)
