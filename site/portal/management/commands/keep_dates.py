"""Keeps the calendar; run it once a day or more often: again on the same day it does nothing more."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone

from evaluation.crm.taking import tidy_up
from portal.dates import keep_dates, open_rounds


class Command(BaseCommand):
    help = (
        "Opens rounds on their day, ends accreditations whose last day is over, writes the reminders that are due, and removes files of figures "
        "that waited too long to be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", metavar="DAY", help="as on this day, such as 2027-03-01; not a day to come")

    @no_translations  # of what it prints; letters are in the language of whom they go to
    def handle(self, *_args: Any, **options: Any) -> None:
        day = self._read(options["on"]) if options["on"] else None
        for round_ in open_rounds(day):
            self.stdout.write(f"Opened: {round_}")
        kept = keep_dates(day)
        tidy_up()
        for due in kept:
            self.stdout.write(f"{due.evaluation.hotline.country}: {due.about.label}, {due.due_on}")
        if options["verbosity"] > 1 or kept:
            self.stdout.write(f"{len(kept)} date{'' if len(kept) == 1 else 's'} kept.")

    def _read(self, typed: str) -> date:
        try:
            day = date.fromisoformat(typed)
        except ValueError as wrong:
            raise CommandError(f"{typed} is not a day. Write it as 2027-03-01.") from wrong
        if day > timezone.localdate() and not settings.DEMONSTRATION:
            raise CommandError(f"{typed} is to come. What would end by then would end now, for good.")
        return day
