"""Load the files of an edition into the pages of the Guide."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.page_loader import load_guide
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = "Load the files of an edition, such as fixtures/practical_guide/2026, into the pages of the Guide."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="the folder of the edition, with edition.toml and domains/*.toml")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        try:
            loaded = load_guide(path)
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                self.stderr.write(problem)
            count = len(malformed.problems)
            things = "One thing is" if count == 1 else f"{count} things are"
            raise CommandError(f"Nothing was written. {things} to be mended.") from malformed
        for name in loaded.unread:
            self.stderr.write(f"Note: {name} lies in the folder and is not read.", self.style.WARNING)
        self.stdout.write(
            f"Edition {loaded.page.code}: {loaded.made} pages made, {loaded.changed} changed, "
            f"{loaded.removed} removed, {loaded.unchanged} as they were."
        )
