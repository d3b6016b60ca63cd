"""Print the released editions of the Guide as PDF in their published languages, without the worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.guide import make_guide
from reports.models import GuidePrinting
from reports.pdf import PrintingFailed
from standards.models import EditionWording


class Command(BaseCommand):
    help = (
        "Print the whole Guide as PDF, each released edition in each published language. What is printed already and "
        "would be the same is left alone: run it after an upgrade, which may change the layout."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", help="the code of one edition")
        parser.add_argument("--language", help="one language only")

    def handle(self, *args: Any, edition: str | None, language: str | None, **options: Any) -> None:
        wordings = EditionWording.objects.select_related("edition").defer("payload").order_by("edition", "language")
        if edition:
            wordings = wordings.filter(edition__code=edition)
        if language:
            wordings = wordings.filter(language=language)
        if not wordings:
            raise CommandError("No such edition is released in this language.")
        for wording in wordings:
            printing, _is_new = GuidePrinting.objects.get_or_create(wording=wording)
            try:
                is_printed = make_guide(printing)
            except PrintingFailed as failure:
                printing.fail(failure.code)
                raise CommandError(f"Edition {wording} was not printed ({failure.code}).") from failure
            done = "printed" if is_printed else "as before"
            self.stdout.write(f"Edition {wording}: {done}, {printing.pages} pages, {printing.size} bytes")
