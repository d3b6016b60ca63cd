from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from evaluation.directory import UnreadableDirectory, load_directory
from standards.editions.page_loader import load_guide
from standards.editions.release import find_edition_page, publish_translations, release
from standards.framework import MalformedEdition
from standards.models import Edition


class Command(BaseCommand):
    help = (
        "Loads the directory of hotlines and the files of an edition, and releases the edition with its complete "
        "translations. All of it or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("hotlines", type=Path, help="a CSV file, such as fixtures/hotlines.csv")
        parser.add_argument("guide", type=Path, help="the folder of the edition, such as fixtures/practical_guide/2026")

    def handle(self, *_args: Any, hotlines: Path, guide: Path, **_options: Any) -> None:
        try:
            with transaction.atomic():
                count = load_directory(hotlines)
                page = load_guide(guide).page
                edition = Edition.objects.filter(code=page.code).first() or release(find_edition_page(page.code))
                publish_translations(edition, guide)
        except FileNotFoundError as missing:
            raise CommandError(f"There is no file {missing.filename}.") from missing
        except OSError as unreadable:
            raise CommandError(f"{unreadable.filename} cannot be read: {unreadable.strerror}.") from unreadable
        except (UnreadableDirectory, MalformedEdition) as wrong:
            raise CommandError("Nothing was loaded.\n" + "\n".join(wrong.problems)) from wrong
        self.stdout.write(f"{count} hotlines, and edition {edition.code} is released, sha256 {edition.sha256}.")
