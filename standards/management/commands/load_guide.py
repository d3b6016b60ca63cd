"""Load the files of an edition into the pages of the Guide."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.page_loader import load_guide
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = (
        "Load an edition, such as the folder fixtures/practical_guide/2026, a JSON document or an XLSX workbook, into the "
        "pages of the Guide. Loading it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "path", help="a folder with edition.toml and domains/*.toml, or a file such as 2026.json or 2026.xlsx"
        )

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        try:
            loaded = load_guide(path)
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                self.stderr.write(problem)
            count = len(malformed.problems)
            things = "One thing is" if count == 1 else f"{count} things are"
            raise CommandError(f"Nothing was written. {things} to be corrected.") from malformed
        for note in loaded.notes:
            self.stderr.write(f"Note: {note}", self.style.WARNING)
        self.stdout.write(
            f"Edition {loaded.page.code}: {loaded.made} pages made, {loaded.changed} changed, "
            f"{loaded.removed} removed, {loaded.unchanged} as they were."
        )
