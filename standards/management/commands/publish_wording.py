"""Freeze the texts of a released edition in another language."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.editions.languages.translation_files import read_translation_file
from standards.editions.languages.unit import TranslationFile
from standards.editions.release import publish_translation, publish_wording
from standards.framework import MalformedEdition
from standards.models import Edition


class Command(BaseCommand):
    help = "Publish the wording of a released edition in a further language. It cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the code of the edition, such as 2026")
        parser.add_argument("language", help="the language, such as fr")
        parser.add_argument(
            "--same",
            action="append",
            default=[],
            metavar="PATH",
            help="a text that may read as in the source, such as domain/D1/short_title; may be given several times",
        )

        parser.add_argument(
            "--from",
            dest="file",
            type=Path,
            metavar="FILE",
            help="a translators' PO or XLIFF file, such as fixtures/practical_guide/2026/translations/fr.po, instead of pages",
        )

    def handle(
        self, *args: Any, code: str, language: str, same: list[str], file: Path | None = None, **options: Any
    ) -> None:
        edition = Edition.objects.filter(code=code).first()
        if edition is None:
            raise CommandError(f"There is no released edition {code}. Release it first with `release_guide {code}`.")
        try:
            if file:
                wording = publish_translation(edition, self._read(file, language))
            else:
                wording = publish_wording(edition, language, accept_same=same)
        except MalformedEdition as malformed:
            for problem in malformed.problems:
                self.stderr.write(problem)
            raise CommandError(f"The wording of edition {code} in “{language}” was not published.") from malformed
        self.stdout.write(f"Edition {code} is published in “{language}”, sha256 {wording.sha256}.")

    def _read(self, file: Path, language: str) -> TranslationFile:
        read = read_translation_file(file)
        if read.language != language:
            raise MalformedEdition([f"{file.name} says that its language is “{read.language}”, not “{language}”."])
        return read
