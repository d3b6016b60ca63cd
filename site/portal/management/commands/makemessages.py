"""Django's command for our catalogues: without line breaks, obsolete entries and locations, and in alphabetical order.

Such a catalogue changes only where a text does, and not when code moves.
"""

from pathlib import Path
from typing import Any

import polib
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages


class Command(makemessages.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(no_wrap=True, no_obsolete=True, no_location=True)

    def handle(self, *args: Any, **options: Any) -> None:
        is_chosen = options["locale"] or options["exclude"]
        super().handle(*args, **{**options, "all": options["all"] or not is_chosen})

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        path = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        catalogue.save()
