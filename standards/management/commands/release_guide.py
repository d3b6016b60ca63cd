"""Release an edition of the Guide."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.release import find_edition_page, release
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = "Release an edition: freeze its structure and source wording. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the edition, such as 2026")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        try:
            edition = release(find_edition_page(code))
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                self.stderr.write(problem)
            raise CommandError(f"Edition {code} was not released.") from malformed
        count = len(edition.framework.indicators)
        self.stdout.write(f"Edition {code} is released: {count} indicators, sha256 {edition.sha256}.")
