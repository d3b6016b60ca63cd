"""Verifies the step log, the frozen rows, the released editions and their seal; prints codes and numbers, no names."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from portal.operations.log_seal import SealFailed, append_heads, last_sealed_moment, read_seal
from portal.operations.verification import verify_log


class Command(BaseCommand):
    help = (
        "Verifies every chain of the step log, every decision, vote, scorecard, answer, report and other frozen row, and "
        "every released edition, by itself and against the seal that `keep_dates` writes outside the database. "
        "Says what is missing, changed, inserted or cut off, and ends with 0, or with 1 where anything is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="a copy of the seal file to verify against, instead of LOG_SEAL")
        parser.add_argument("--seal", action="store_true", help="afterwards seal what has moved, if nothing is wrong")

    @no_translations
    def handle(self, *_args: Any, **options: Any) -> None:
        if options["seal"] and options["file"]:
            raise CommandError("--seal writes to LOG_SEAL. Use it without --file.")
        path = options["file"] or Path(settings.LOG_SEAL)
        if options["file"] and not path.exists():
            raise CommandError(f"There is no file {path}. Name a copy of the seal file.")
        try:
            # A copy may be older than the last run of `keep_dates`.
            until = None if options["file"] else last_sealed_moment()
            seal = read_seal(path)
            found = verify_log(seal, sealed_until=until)
            for problem in found.problems:
                self.stderr.write(problem)
            since = f", the first of {seal.lines[0].at}" if seal.lines else ""
            counts = (
                f"Steps: {found.steps}. Chains: {found.chains}. Rows: {found.rows}. Lines of the seal: {found.seals}{since}. "
                f"Problems: {len(found.problems)}."
            )
            if found.problems:
                raise CommandError(counts)
            if options["seal"]:
                self.stdout.write(f"Sealed now: {append_heads(path)}.")
        except SealFailed as failed:
            raise CommandError(str(failed)) from failed
        self.stdout.write(counts)
