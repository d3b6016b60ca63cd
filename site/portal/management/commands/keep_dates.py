"""Runs the calendar. Call it at least once a day; a second run on the same day repeats nothing."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluation.answers.evidence.uploads import expire_uploads
from evaluation.figures.intake.worker import recover_and_clean_up
from portal.discussions.letters import write_assignment_letters
from portal.figures.letters import end_keys
from portal.operations.log_seal import SealFailed, append_heads, count_lines
from portal.operations.models import CalendarRun
from portal.reminders.calendar import ImplausibleClock, keep_consultations, keep_dates, open_rounds
from portal.requests.stored_files import forget_found_files

TASKS_KEPT_FOR = timedelta(days=30)


class Command(BaseCommand):
    help = (
        "Opens rounds on their day, opens and closes consultations, ends accreditations whose last day is over, writes "
        "the reminders that are due and the letters about new assignments, ends keys of case systems whose maker left, "
        "forgets missing files that are back, removes files of figures that waited too long to be read and uploads of "
        "evidence that nobody finished, and seals the step log."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", metavar="DAY", help="as on this day, such as 2027-03-01; not a day to come")
        parser.add_argument(
            "--clock-is-right",
            action="store_true",
            help="somebody has looked at the clock of this machine: keep the dates although it is far from the last day",
        )

    @no_translations  # of its output; letters are in the language of their recipients
    def handle(self, *_args: Any, **options: Any) -> None:
        day = self._read(options["on"]) if options["on"] else None
        unsealed = self._seal()
        try:
            done = keep_dates(day, clock_is_right=options["clock_is_right"])
        except ImplausibleClock as found:
            raise CommandError(
                f"Nothing was done: the clock of this machine says {found.today}, and the last day that is known is "
                f"{found.last}. Look at the clock. If it is right, run `keep_dates --clock-is-right` once."
            ) from found
        if not unsealed:
            CalendarRun.objects.update(seal_lines=count_lines(Path(settings.LOG_SEAL)))
        for round_ in open_rounds(day):
            self.stdout.write(f"Opened: {round_}")
        for consultation in keep_consultations(day):
            self.stdout.write(f"{consultation}: {consultation.get_state_display()}")
        recover_and_clean_up()
        expire_uploads()
        forget_found_files()
        DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - TASKS_KEPT_FOR).delete()
        end_keys()
        if assigned := write_assignment_letters(day):
            self.stdout.write(f"Letters about new assignments: {len(assigned)}")
        for due in done:
            self.stdout.write(f"{due.evaluation.hotline.country}: {due.about.label}, {due.due_on}")
        if options["verbosity"] > 1 or done:
            self.stdout.write(f"{len(done)} date{'' if len(done) == 1 else 's'} kept.")
        if unsealed:
            raise CommandError(f"The dates are kept. {unsealed}") from unsealed

    def _seal(self) -> SealFailed | None:
        """Seal new steps before the calendar runs, so that the seal contains every step before its last run."""
        path = Path(settings.LOG_SEAL)
        is_new = not path.exists()
        try:
            append_heads(path)
        except SealFailed as failed:
            return failed  # the dates do not depend on it
        if is_new:
            self.stderr.write(
                f"{path} was not there: a new seal of the step log begins. If there was one, put it back."
            )
        return None

    def _read(self, text: str) -> date:
        try:
            day = date.fromisoformat(text)
        except ValueError as wrong:
            raise CommandError(f"{text} is not a day. Write it as 2027-03-01.") from wrong
        if day > timezone.localdate() and not settings.DEMONSTRATION:
            raise CommandError(f"{text} is to come. What would end by then would end now, for good.")
        return day
