"""Lists stored files without a row, and deletes them on request."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser, no_translations

from portal.operations.leftovers import find_leftovers


class Command(BaseCommand):
    help = (
        "Names the stored files that no row has named for a week: what an upload or a print left behind when it broke off. "
        "Beside an older or another database they are files of rows that are elsewhere, so look before you remove them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="this is the latest database of these files, and theirs alone: remove them",
        )

    @no_translations
    def handle(self, *_args: Any, **options: Any) -> None:
        found = find_leftovers()
        for storage, name in found:
            if options["remove"]:
                storage.delete(name)
            self.stdout.write(name)
        done = "removed" if options["remove"] else "found; with --remove they are removed"
        self.stdout.write(f"{len(found)} stored file{'' if len(found) == 1 else 's'} that no row names {done}.")
