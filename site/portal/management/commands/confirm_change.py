from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from evaluation.models import PersonChange
from evaluation.workflow import Refusal, perform
from portal.accounts import person_changes
from portal.presentation.reasons import show_reason


class Command(BaseCommand):
    help = (
        "Confirms a proposed change of a role or a country, as the second person. For an office in which no other "
        "coordinator can confirm it. The log says that the system confirmed it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uid", type=UUID, help="of the change, as the page People shows it")

    @no_translations
    def handle(self, *_args: Any, uid: UUID, **_options: Any) -> None:
        change = PersonChange.objects.filter(uid=uid).first()
        if change is None:
            raise CommandError(f"There is no change {uid}.")
        try:
            perform(change, "confirm", by=None)
        except Refusal as refusal:
            raise CommandError(
                " ".join(show_reason(reason, change).sentence for reason in refusal.reasons)
            ) from refusal
        self.stdout.write(person_changes.describe(change))
