import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.models import Hotline, Membership, Role, StatisticsImport, User
from evaluation.workflow import perform

if TYPE_CHECKING:
    from evaluation.figures.formats import Source
    from evaluation.figures.intake.dry_run import ReportProgress

SKIPPED = (".part", ".tmp", ".result.txt")
PROGRESS_INTERVAL = {True: 0.2, False: 10}
"""The seconds between two progress reports: on a terminal, and elsewhere."""


class Command(BaseCommand):
    help = (
        "Reads export files of the hotlines' case systems (CSV, XLSX, ODS, JSON), or all files of a folder, each as a "
        "whole or not at all. A file in the published format finds its hotline by the code inside; an export with "
        "columns of its own needs --hotline, whose people have matched its columns on the site. "
        "Ends with 0 when every file was read, 1 when one was not, 2 when the command cannot be followed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--hotline", metavar="CODE", help="whose files these are, such as 116000-BE")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of each file; write nothing")
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="in the demonstration: let the coordinator of each invented hotline confirm its figures",
        )

    def handle(self, *, paths: list[Path], hotline: str | None, dry_run: bool, confirm: bool, **options: Any) -> None:
        self.hotline: Hotline | None = None
        if hotline:
            self.hotline = Hotline.objects.filter(code=hotline).first()
            if self.hotline is None:
                raise CommandError(_("No hotline here has the code %(code)s.") % {"code": hotline}, returncode=2)
        refused = unconfirmed = 0
        for path in _files(paths):
            statistics = self.take(path, dry_run)
            if statistics is None:
                refused += 1
            elif confirm and not dry_run and statistics.state == StatisticsImport.State.CHECKED:
                unconfirmed += not self.confirm_import(path, statistics)
        if refused:
            raise CommandError(
                ngettext("%(count)d file was refused.", "%(count)d files were refused.", refused) % {"count": refused}
            )
        if unconfirmed:
            raise CommandError(
                ngettext("%(count)d file is not confirmed.", "%(count)d files are not confirmed.", unconfirmed)
                % {"count": unconfirmed}
            )

    def take(self, path: Path, dry_run: bool) -> StatisticsImport | None:
        """Read one file and print the result, or why it is refused."""
        from evaluation.figures.formats import Source
        from evaluation.figures.intake.dry_run import UnmatchedColumns, UnreadableStatistics
        from evaluation.figures.problems.file_problems import describe_problem

        statistics, sentences = None, []
        try:
            source = Source.of_path(path)
            with source.file:
                statistics = self.read(source, ProgressPrinter(self.stderr), dry_run)
        except UnreadableStatistics as unreadable:
            sentences = [describe_problem(problem) for problem in unreadable.problems]
        except UnmatchedColumns:
            sentences = [_unmatched(self.hotline)]
        except OSError as error:
            sentences = [_("The file cannot be opened: %(reason)s.") % {"reason": error.strerror}]
        except Exception as error:  # noqa: BLE001 - the message and the traceback may quote the file
            sentences = [_("Reading broke off: %(kind)s.") % {"kind": type(error).__name__}]
        if statistics is None:
            self.refuse(path, sentences)
        else:
            self.print_result(path, statistics, dry_run)
        return statistics

    def read(self, source: "Source", report_progress: "ReportProgress", dry_run: bool) -> StatisticsImport:
        """Return the import, saved or, in a dry run, only in memory."""
        from evaluation.figures.formats import Limits
        from evaluation.figures.intake.dry_run import check_file
        from evaluation.figures.intake.imports import import_source

        # The size of a local file is not limited: a text table is limited by its number of rows.
        bounds = Limits(bytes=max(Limits().bytes, source.size))
        if not dry_run:
            return import_source(self.hotline, source, by=None, bounds=bounds, report_progress=report_progress)
        checked_file = check_file(self.hotline, source, limits=bounds, report_progress=report_progress)
        return StatisticsImport(
            hotline=checked_file.hotline,
            level=checked_file.header.level,
            period_start=checked_file.header.period_start,
            period_end=checked_file.header.period_end,
            rows_read=checked_file.account.read,
            row_account=checked_file.account.as_data(),
            warnings=[warning.as_data() for warning in checked_file.warnings],
            draft=checked_file.draft,
        )

    def print_result(self, path: Path, statistics: StatisticsImport, dry_run: bool) -> None:
        from evaluation.figures.problems.file_problems import Problem, describe_problem
        from evaluation.figures.problems.row_sentences import describe_rows

        facts = {
            "path": path,
            "hotline": statistics.hotline.code,
            "start": statistics.period_start,
            "end": statistics.period_end,
        }
        if dry_run:
            self.stdout.write(_("%(path)s: can be read, %(hotline)s, %(start)s to %(end)s.") % facts)
            for sentence in describe_rows(statistics.row_account):
                self.stdout.write(f"  {sentence}")
            self.print_changes(statistics)
        else:
            self.stdout.write(_("%(path)s: read, %(hotline)s, %(start)s to %(end)s.") % facts)
        for warning in statistics.warnings:
            self.stdout.write(f"  {describe_problem(Problem.from_data(warning))}")

    def print_changes(self, statistics: StatisticsImport) -> None:
        from evaluation.figures.intake.changes import cells_in, changes

        cells = cells_in(statistics)
        changed = changes(statistics, cells)
        count = len(cells)
        self.stdout.write(
            "  " + ngettext("%(count)d figure found.", "%(count)d figures found.", count) % {"count": count}
        )
        if changed.neighbours:
            names = ", ".join(file.file_name for file in changed.neighbours)
            self.stdout.write(f"  {_('For the same time these count too, and stay:')} {names}")
        if changed.earlier:
            self.stdout.write(
                "  "
                + ngettext(
                    "It would take the place of %(count)d file that counts now:",
                    "It would take the place of %(count)d files that count now:",
                    len(changed.earlier),
                )
                % {"count": len(changed.earlier)}
            )
        if not (changed.earlier or changed.neighbours):
            return
        for change in changed.found:
            for difference in change.parts or (change.total,):
                part = ", ".join(code for code in difference.codes if code)
                was, now = map(_format_number, (difference.before, difference.now))
                self.stdout.write(f"    {change.item}{part and f' ({part})'}: {was} > {now}")
        if not changed.found:
            self.stdout.write("    " + _("No figure differs."))

    def confirm_import(self, path: Path, statistics: StatisticsImport) -> bool:
        from evaluation.figures.intake.confirmation import explain, recheck

        coordinator = _coordinator_of_demonstration(statistics)
        if coordinator is None:
            self.stderr.write(
                _("%(path)s: not confirmed. Only an invented hotline with a coordinator confirms this way.")
                % {"path": path}
            )
            return False
        recheck(statistics)
        explain(statistics, [_("The figures are invented.")] * len(statistics.warnings), by=coordinator)
        perform(statistics, "confirm", by=coordinator)
        self.stdout.write(_("%(path)s: confirmed by %(name)s.") % {"path": path, "name": coordinator.name})
        return True

    def refuse(self, path: Path, sentences: list[str]) -> None:
        self.stderr.write(_("%(path)s: refused, nothing of it was kept.") % {"path": path})
        for sentence in sentences:
            self.stderr.write(f"  {sentence}")


class ProgressPrinter:
    """Prints the progress of reading: on one line of a terminal, otherwise on a line now and then."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.is_terminal = out.isatty() and sys.stderr.isatty()
        self.reported_at = time.monotonic()

    def __call__(self, phase: str, *, rows: int | None = None, share: int | None = None) -> None:
        now = time.monotonic()
        is_last = phase == "checking"
        if rows is None or (not is_last and now - self.reported_at < PROGRESS_INTERVAL[self.is_terminal]):
            return
        self.reported_at = now
        text = _("%(rows)d rows, %(share)d %%") % {"rows": rows, "share": share or 0}
        if self.is_terminal:
            self.out.write("\r\033[K" + ("" if is_last else f"  {text}"), ending="")
            self.out.flush()
        elif not is_last:
            self.out.write(f"  {text}")


def _files(paths: list[Path]) -> Iterator[Path]:
    """Yield these files, and all files in these folders, sorted by name."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for found in sorted(path.rglob("*")):
            if found.is_file() and not found.name.startswith(".") and not found.name.lower().endswith(SKIPPED):
                yield found


def _format_number(number: Decimal | Fraction | None) -> str:
    if number is None:
        return _("not recorded")
    return f"{number.normalize():f}" if isinstance(number, Decimal) else f"{float(number):.1f}"


def _unmatched(hotline: Hotline | None) -> str:
    return _(
        "The file has columns of its own that nobody of %(hotline)s has matched, or rows that leave something open. "
        "Upload it on the site and say what is asked there; from then on such files are understood."
    ) % {"hotline": hotline and hotline.code}


def _coordinator_of_demonstration(statistics: StatisticsImport) -> User | None:
    """Return the coordinator of an invented hotline, or None: real figures are confirmed by a signed-in coordinator."""
    if not statistics.hotline.is_invented:
        return None
    membership = (
        Membership.objects.today()
        .filter(role=Role.COORDINATOR, hotline=statistics.hotline)
        .select_related("user")
        .first()
    )
    return membership.user if membership else None
