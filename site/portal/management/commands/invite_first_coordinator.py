from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from evaluation.models import Role
from portal.accounts.invitations import WORKS_FOR, invite_first_coordinator
from portal.letters.recipients import holders_of

FIRST = 2
"""The number of coordinators that the command line may invite. A further one is proposed and confirmed."""


class Command(BaseCommand):
    help = (
        "Invites one of the first two coordinators of Missing Children Europe, and prints the link. They invite everybody "
        "else: what one of them proposes for MCE or the panel, the other one confirms."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, choices=list(dict(settings.LANGUAGES)))

    def handle(self, *_args: Any, email: str, name: str, language: str, **_options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"{email} is not an e-mail address.") from wrong
        holders = holders_of(Role.MCE_COORDINATOR)
        if len(holders) >= FIRST:
            names = " and ".join(holder.name for holder in holders)
            raise CommandError(f"{names} are coordinators already, and invite others on the page People.")
        link = invite_first_coordinator(email=email, name=name, language=language)
        self.stdout.write(f"Open this link within {WORKS_FOR.days} days and choose a password:\n{link}")
