"""Print the report on a hotline's latest decision in a round, without the worker."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from evaluation.models import Decision
from reports.models import Printing
from reports.pdf import NO_PANGO, PrintingFailed
from reports.printing import make_issue


class Command(BaseCommand):
    help = "Print the report on the latest decision about a hotline in a round, and keep it as an issue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("hotline", help="the hotline's code (116000-XH) or its country (XH)")
        parser.add_argument("round", help="the round's name")
        languages = [code for code, _ in settings.INTERFACE_LANGUAGES]
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=languages)
        parser.add_argument("--out", type=Path, help="also write the PDF to this file")

    def handle(self, *args: Any, hotline: str, round: str, language: str, out: Path | None, **options: Any) -> None:  # noqa: A002 - an option's name
        code = hotline if "-" in hotline else f"116000-{hotline}"
        decision = (
            Decision.objects.filter(evaluation__hotline__code=code, evaluation__round__name=round)
            .select_related("evaluation__round__edition")
            .first()
        )
        if decision is None:
            raise CommandError(
                f"There is no decision about {code} in “{round}”. "
                "Name a hotline and a round that the panel has decided on."
            )
        try:
            issue = make_issue(decision, language, self._describe)
        except PrintingFailed as failure:
            if failure.code == NO_PANGO:
                raise CommandError(
                    "The report cannot be set: Pango is missing. On Debian or Ubuntu: "
                    "sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"
                ) from failure
            raise CommandError(f"The report was not printed ({failure.code}). Nothing was kept.") from failure
        if out:
            with issue.pdf.open("rb") as pdf:
                out.write_bytes(pdf.read())
        self.stdout.write(
            f"{code}, {round}, issue {issue.number} ({language}): {issue.pages} pages, {issue.size} bytes, "
            f"sha256 {issue.pdf_sha256}"
        )

    def _describe(self, stage: str) -> None:
        self.stdout.write(f"{Printing.State(stage).label} …")
