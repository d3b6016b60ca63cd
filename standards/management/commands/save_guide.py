"""Write the pages of an edition to files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.file_writer import write_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import find_edition_page
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = "Write the pages of an edition into a folder of files, which load_guide reads. Drafts are written too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the edition, such as 2026")
        parser.add_argument(
            "path", help="the folder of the edition; an older state of the same edition there is overwritten"
        )

    def handle(self, *args: Any, code: str, path: str, **options: Any) -> None:
        try:
            written = write_edition(read_tree(find_edition_page(code)).text, path)
        except MalformedEdition as malformed:
            raise CommandError(" ".join(malformed.problems)) from malformed
        except OSError as error:
            raise CommandError(
                f"{error.filename} cannot be written: {error.strerror}. Name a folder that is empty or not there yet."
            ) from error
        self.stdout.write(f"Edition {code} is written into {path}: {len(written)} files.")
