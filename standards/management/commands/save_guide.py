"""Write the pages of an edition to files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.files.writing import write_edition
from standards.editions.page_reader import read_tree
from standards.editions.release import find_edition_page
from standards.framework import MalformedEdition


class Command(BaseCommand):
    help = (
        "Write the pages of an edition into a folder of TOML files, a JSON document or an XLSX workbook, which load_guide "
        "reads. Drafts are written too. Over an older state of the same edition, a folder keeps the comments and the order "
        "of what did not change."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the edition, such as 2026")
        parser.add_argument(
            "path",
            help="a folder, or a file such as 2026.json or 2026.xlsx; an older state of the edition is overwritten",
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
        self.stdout.write(f"Edition {code} is written into {path}: {_count(len(written))}.")


def _count(files: int) -> str:
    return "1 file" if files == 1 else f"{files} files"
