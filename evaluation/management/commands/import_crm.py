"""Imports export files of the hotlines' case systems, each as a whole or not at all."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.crm.importing import UnreadableStatistics, confirm, import_statistics
from evaluation.crm.problems import Problem, words
from evaluation.models import Membership, Role, StatisticsImport, User


class Command(BaseCommand):
    help = "Read export files of totals. Each finds its hotline by the code inside; a refused file leaves nothing."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--confirm",
            action="store_true",
            help="in the demonstration: let the coordinator of each invented hotline confirm its figures",
        )

    def handle(self, *, paths, **options):
        refused = unconfirmed = 0
        for path in paths:
            statistics = self.take(path)
            if statistics is None:
                refused += 1
            elif options["confirm"] and statistics.state == StatisticsImport.State.READ:
                unconfirmed += not self.let_confirm(path, statistics)
        if refused:
            raise CommandError(
                ngettext("%(count)d file was refused.", "%(count)d files were refused.", refused) % {"count": refused}
            )
        if unconfirmed:
            raise CommandError(
                ngettext("%(count)d file is not confirmed.", "%(count)d files are not confirmed.", unconfirmed)
                % {"count": unconfirmed}
            )

    def take(self, path: Path) -> StatisticsImport | None:
        """Import one file and say so, or say why it is refused."""
        try:
            statistics = import_statistics(None, _read(path), path.name, by=None)
        except UnreadableStatistics as unreadable:
            return self.refuse(path, [words(problem) for problem in unreadable.problems])
        except OSError as error:
            return self.refuse(path, [_("The file cannot be opened: %(reason)s.") % {"reason": error.strerror}])
        self.stdout.write(
            _("%(path)s: read, %(hotline)s, %(start)s to %(end)s.")
            % {
                "path": path,
                "hotline": statistics.hotline.code,
                "start": statistics.period_start,
                "end": statistics.period_end,
            }
        )
        for warning in statistics.warnings:
            self.stdout.write(f"  {words(Problem.from_data(warning))}")
        return statistics

    def let_confirm(self, path: Path, statistics: StatisticsImport) -> bool:
        coordinator = _coordinator_of_demonstration(statistics)
        if coordinator is None:
            self.stderr.write(
                _("%(path)s: not confirmed. Only an invented hotline with a coordinator confirms this way.")
                % {"path": path}
            )
            return False
        confirm(statistics, coordinator)
        self.stdout.write(_("%(path)s: confirmed by %(name)s.") % {"path": path, "name": coordinator.name})
        return True

    def refuse(self, path: Path, sentences: list[str]) -> None:
        self.stderr.write(_("%(path)s: refused, nothing of it was kept.") % {"path": path})
        for sentence in sentences:
            self.stderr.write(f"  {sentence}")


def _read(path: Path) -> bytes:
    """The file, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(settings.STATISTICS_MAX_BYTES + 1)


def _coordinator_of_demonstration(statistics: StatisticsImport) -> User | None:
    """A real hotline's figures are confirmed by its own coordinator, signed in."""
    if not statistics.hotline.is_invented:
        return None
    membership = (
        Membership.objects.today()
        .filter(role=Role.COORDINATOR, hotline=statistics.hotline)
        .select_related("user")
        .first()
    )
    return membership and membership.user
