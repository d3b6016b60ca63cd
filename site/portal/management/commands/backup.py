from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.operations.backup import BackupFailed, are_files_elsewhere, back_up


class Command(BaseCommand):
    help = "Writes a backup of database and files as one archive, while the site is used."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive", type=Path, help="the file to write, such as /backups/2027-03-01.tar")

    def handle(self, *_args: Any, archive: Path, **_options: Any) -> None:
        try:
            manifest = back_up(archive)
        except BackupFailed as failed:
            raise CommandError(str(failed)) from failed
        rows, files = sum(manifest.rows.values()), len(manifest.sha256) - 1
        self.stdout.write(f"{archive}: {rows} rows and {files} files. Check it: `restore --verify {archive}`.")
        self.stdout.write(f"The seal of the step log is not in it: keep copies of {settings.LOG_SEAL} somewhere else.")
        if are_files_elsewhere():
            self.stdout.write("Files in a bucket are not in it: the bucket has to keep copies of its own.")
