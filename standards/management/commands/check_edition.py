"""Report every problem of an edition's files. Uses no database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.files.checks import check_edition
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = (
        "Check an edition in a folder, a JSON document or an XLSX workbook, and whether what they say makes sense: bands, conditions, outcomes. "
        "It needs no database and changes nothing. Ends with 0 when there is nothing to correct, else with 1."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", help="a folder such as fixtures/practical_guide/2026, or a file such as 2026.json or 2026.xlsx"
        )

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        try:
            checked = check_edition(path)
        except MalformedEdition as malformed:
            raise CommandError("\n".join(malformed.problems)) from malformed
        for line in checked.summary:
            self.stdout.write(line)
        for note in checked.notes:
            self.stderr.write(f"Note: {note}", self.style.WARNING)
        for problem in checked.problems:
            self.stderr.write(problem)
        if count := len(checked.problems):
            raise CommandError(
                "One thing is to be corrected." if count == 1 else f"{count} things are to be corrected."
            )
        self.stdout.write("Nothing is to be corrected.")
