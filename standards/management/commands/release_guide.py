"""Release an edition of the Guide."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.release import find_edition_page, prepare, release
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = "Release an edition: freeze its structure and source wording. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the edition, such as 2026")
        parser.add_argument(
            "--preview", action="store_true", help="release nothing: print the digest of its structure and words"
        )
        parser.add_argument(
            "--digest", help="release only if this is the digest of its structure and words, as --preview printed it"
        )

    def handle(self, *args: Any, code: str, preview: bool, digest: str | None, **options: Any) -> None:
        try:
            page = find_edition_page(code)
            shown = prepare(page).previewed if preview or digest else None
            if preview and shown:
                self.stdout.write(shown.sha256)
                return
            if digest and shown and shown.sha256 != digest:
                raise CommandError(
                    f"Edition {code} was not released: it changed. The digest of its structure and words is now "
                    f"{shown.sha256}. Look at it, then name this digest."
                )
            edition = release(page, shown=shown)
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                self.stderr.write(problem)
            raise CommandError(f"Edition {code} was not released.") from malformed
        count = len(edition.framework.indicators)
        self.stdout.write(f"Edition {code} is released: {count} indicators, sha256 {edition.sha256}.")
