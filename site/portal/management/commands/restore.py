from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operations.backup import BackupFailed, restore, verify


class Command(BaseCommand):
    help = "Puts a backup into an installation whose database is empty, and checks everything afterwards."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="a file that `backup` wrote")
        parser.add_argument("--verify", action="store_true", help="only check the archive; nothing is restored")

    def handle(self, *_args: Any, archive: Path, **options: Any) -> None:
        try:
            if options["verify"]:
                manifest = verify(archive)
                rows, files = sum(manifest.rows.values()), len(manifest.sha256) - 1
                self.stdout.write(f"{archive} of {manifest.made_at}: {rows} rows and {files} files, all as written.")
                return
            faults = restore(archive)
        except BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"Restored, but not whole: {len(faults)} faults.")
        self.stdout.write("Restored: the rows, the files, the step log and the triggers are as they were.")
